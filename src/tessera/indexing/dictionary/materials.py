"""What a home has to learn from: its records, its vocabularies, and files of pairs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from tessera.engine.audience import Audience
from tessera.engine.expansion import DictionaryError, Label, Pair, pairs_of, read_pairs
from tessera.records.models import ConceptLabel, Record, Vocabulary
from tessera.records.models.store import corrected
from tessera.schema.visibility import visible

TEXTS: Final = ("title", "summary")
"""Fields of a record whose languages say the same, more or less word by word."""


def pairs() -> Iterator[Pair]:
    """All pairs: those of the operator's files, then of the records, in a fixed order."""
    for path in pair_files():
        for texts in read_pairs(path):
            yield from pairs_of(texts)
    rows = Record.objects.filter(withdrawn_at=None).order_by("pk")
    for data, corrections in rows.values_list("data", "corrections").iterator(chunk_size=500):
        # Whoever looks a word up may be anybody.
        current = visible(corrected(data, corrections), Audience.EVERYONE) or {}
        for name in TEXTS:
            yield from pairs_of(_texts(current.get(name)))


def _texts(value: Any) -> Mapping[str, str]:
    return value if isinstance(value, dict) and len(value) > 1 else {}


def labels() -> Iterator[Label]:
    """The labels of all concepts that are there; hidden ones are no words to search for."""
    rows = ConceptLabel.objects.filter(
        concept__withdrawn_at=None, concept__kind="concept", role__in=("pref", "alt")
    ).exclude(lang="und")
    names = {each.pk: _name(each) for each in Vocabulary.objects.select_related("source")}
    found = rows.order_by("concept_id", "pk").values_list(
        "concept_id", "lang", "text", "role", "concept__vocabulary_id"
    )
    for concept, lang, text, role, vocabulary in found.iterator(chunk_size=2_000):
        primary = lang.partition("-")[0]
        yield Label(str(concept), primary, text, role == "pref", names[vocabulary])


def _name(vocabulary: Vocabulary) -> str:
    titles = vocabulary.title
    return str(titles.get("en") or next(iter(titles.values()), "") or vocabulary.source.name)


def folder() -> Path:
    """Where files of pairs lie."""
    return Path(settings.HOME) / "dictionary"


def pair_files() -> list[Path]:
    return sorted(folder().glob("*.jsonl"))


def keep(given: Path, name: str) -> int:
    """Keep a file of pairs under a name, instead of one that had it; how many pairs it holds.

    Raises DictionaryError where a line is wrong, and keeps nothing then.
    """
    count = 0
    target = folder() / f"{name}.jsonl"
    new = target.with_suffix(".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with new.open("w", encoding="utf-8") as file:
            for texts in read_pairs(given):
                count += sum(1 for _ in pairs_of(texts))
                file.write(json.dumps(texts, ensure_ascii=False) + "\n")
        if not count:
            raise DictionaryError(f"{given} has no text in two languages, so nothing was kept.")
        new.replace(target)
    except OSError as error:
        raise DictionaryError(f"{target} can't be written: {error.strerror}.") from error
    finally:
        new.unlink(missing_ok=True)
    return count


def forget(name: str) -> bool:
    """Take a kept file away; whether there was one of that name."""
    path = folder() / f"{name}.jsonl"
    if path not in pair_files():
        return False
    path.unlink()
    return True


def given_stamp() -> str:
    """What changes whenever vocabularies or files of pairs do."""
    digest = hashlib.sha256()
    for pk, changed in Vocabulary.objects.order_by("pk").values_list("pk", "changed_at"):
        digest.update(f"{pk} {changed.isoformat()}\n".encode())
    for path in pair_files():
        stat = path.stat()
        digest.update(f"{path.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]
