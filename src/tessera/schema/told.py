"""What projects, news, files and events tell of the people linked with them.

A topic finds who worked on it by this, though their own page says no word of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tessera.engine.document import Text

TELLING: Final = frozenset({"project", "news", "file", "event"})
"""The kinds whose titles and openings are found with those whom they are linked with."""
OF_WHOM: Final = frozenset({"person"})
"""The kinds of which they tell. Organisations are found by their names: with what all their
projects say, an index takes a quarter longer to make."""

OPENING: Final = 300
"""Characters of a summary, in each language, cut at a word."""
OPENINGS: Final = 1_200
"""Characters of a record's summaries in all languages; those after them are left out."""
RECORDS: Final = 100
"""Records that tell of one, the newest first."""
CHARACTERS: Final = 20_000
"""Characters that they tell of one; the record with which it would be more is the first left out.
"""

DATES: Final = ("starts", "deadline", "published", "opens", "start", "end")


@dataclass(frozen=True, slots=True)
class Telling:
    """A linked record. data: its canonical draft, or the face of it."""

    id: str
    kind: str
    data: Mapping[str, Any]


def dated(data: Mapping[str, Any]) -> str:
    """The name of the field with the date that a record is ordered by; empty for none.

    Of the event, a call's deadline, publication, or a project's start.
    """
    return next((name for name in DATES if data.get(name)), "")


def principal_date(data: Mapping[str, Any]) -> date | None:
    """The date that a record is ordered by; see `dated`."""
    name = dated(data)
    return date.fromisoformat(str(data[name])[:10]) if name else None


def opening(data: Mapping[str, Any]) -> dict[str, str]:
    """How a record begins: its summaries, else its texts, else its first page, each cut.

    Of what this gives as a `summary`, it gives the same again.
    """
    texts: Mapping[str, str] = data.get("summary") or data.get("text") or {}
    if not texts:
        pages = (page["text"] for page in data.get("pages", ()) if page.get("text"))
        texts = {data.get("language") or "und": next(pages, "")}
    found: dict[str, str] = {}
    left = OPENINGS
    for lang, text in texts.items():
        cut = _cut(text)
        left -= len(cut)
        if left < 0:
            break
        if cut:
            found[lang] = cut
    return found


def _cut(text: str) -> str:
    begun = " ".join(text[: 4 * OPENING].split())
    if len(begun) <= OPENING:
        return begun
    return begun[: OPENING + 1].rpartition(" ")[0] or begun[:OPENING]


def told(records: Iterable[Telling]) -> tuple[Text, ...]:
    """The texts of the linked records, those of the newest first, as far as the bounds go.

    One text in each language of a record: acronym, title, opening. Its label names where it
    is from: kind, id and acronym (if any), with blanks between.
    """
    telling = {each.id: each for each in records if each.kind in TELLING}
    # By id, then newest first among what has a date, then what has none.
    ordered = sorted(telling.values(), key=lambda each: each.id)
    ordered.sort(key=lambda each: principal_date(each.data) or date.min, reverse=True)
    found: list[Text] = []
    left = CHARACTERS
    for each in ordered[:RECORDS]:
        texts = [*_texts(each)]
        left -= sum(len(text.text) for text in texts)
        if left < 0:
            break
        found += texts
    return tuple(found)


def _texts(record: Telling) -> Iterator[Text]:
    titles: Mapping[str, str] = record.data.get("title", {})
    openings = opening(record.data)
    acronym = str(record.data.get("acronym") or "")
    label = f"{record.kind} {record.id} {acronym}".rstrip()
    for lang in dict.fromkeys((*titles, *openings)):
        parts = (acronym, _cut(titles.get(lang, "")), openings.get(lang, ""))
        text = "\n".join(part for part in parts if part)
        yield Text(text, lang, label)
