"""Synonyms and stop terms as a CSV file, out and in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tessera.trail.models import What, note
from tessera.wording.current import look_again
from tessera.wording.models import StopTerm, Synonym
from tessera.wording.rules import Rules, WordingError

COLUMNS: Final = ("kind", "words", "one_way", "lang", "active")
KINDS: Final = ("synonym", "stop")
MAX_BYTES: Final = 2_000_000

_YES: Final = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


class ExchangeError(Exception):
    """A file that can't be taken in. problems: a sentence each, with the line; none was taken."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(slots=True)
class Taken:
    """How many rows were new, changed what was there, or said the same."""

    added: int = 0
    changed: int = 0
    same: int = 0


@dataclass(slots=True)
class _Row:
    line: int
    kind: str
    words: str
    one_way: bool
    lang: str
    active: bool


@dataclass(slots=True)
class _Reading:
    problems: list[str] = field(default_factory=list)

    def rows(self, text: str) -> Iterator[_Row]:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        heads = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        missing = [name for name in COLUMNS[:2] if name not in heads]
        unknown = [name for name in heads if name not in COLUMNS]
        if missing or unknown:
            said = _("line 1: expected the columns %(columns)s; found %(found)s")
            found = ", ".join(heads) or _("nothing")
            self.problems.append(said % {"columns": ", ".join(COLUMNS), "found": found})
            return
        reader.fieldnames = heads
        for raw in reader:
            row = self._row(reader.line_num, raw)
            if row is not None:
                yield row

    def _row(self, line: int, raw: dict[str, str | None]) -> _Row | None:
        # DictReader puts fields beyond the columns under None.
        if None in raw:
            self.wrong(line, _("has more fields than columns; put words with commas in quotes"))
            return None
        cells = {name: (value or "").strip() for name, value in raw.items()}
        if not any(cells.values()):
            return None
        if cells["kind"] not in KINDS:
            said = _("kind is %(kind)r; expected %(kinds)s")
            self.wrong(line, said % {"kind": cells["kind"], "kinds": " or ".join(KINDS)})
            return None
        one_way = self._switch(line, cells, "one_way", default=False)
        active = self._switch(line, cells, "active", default=True)
        if one_way is None or active is None:
            return None
        lang = cells.get("lang", "").lower()
        return _Row(line, cells["kind"], cells["words"], one_way, lang, active)

    def _switch(self, line: int, cells: dict[str, str], name: str, *, default: bool) -> bool | None:
        value = cells.get(name, "").lower()
        if value and value not in _YES:
            said = _("%(name)s is %(value)r; expected yes or no")
            self.wrong(line, said % {"name": name, "value": value})
            return None
        return _YES[value] if value else default

    def wrong(self, line: int, what: str) -> None:
        self.problems.append(_("line %(line)s: %(what)s") % {"line": line, "what": what})


def _delimiter(text: str) -> str:
    """What stands between the columns of the first line; spreadsheets like semicolons and tabs."""
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def as_csv() -> Iterator[str]:
    """All synonyms and stop terms, line by line."""

    def line(*cells: object) -> str:
        written = io.StringIO()
        csv.writer(written, lineterminator="\n").writerow(cells)
        return written.getvalue()

    yield line(*COLUMNS)
    for synonym in Synonym.objects.order_by("pk"):
        yield line("synonym", synonym.words, _said(synonym.one_way), synonym.lang,
                   _said(synonym.active))  # fmt: skip
    for term in StopTerm.objects.order_by("pk"):
        yield line("stop", term.word, "no", "", _said(term.active))


def _said(value: bool) -> str:
    return "yes" if value else "no"


def take(content: bytes, *, by: str = "") -> Taken:
    """Take a file in, all of it or nothing. Rows that are known already are brought up to date;
    what the file lacks stays. Raises ExchangeError."""
    if len(content) > MAX_BYTES:
        said = _("The file has more than %(most)s bytes.") % {"most": f"{MAX_BYTES:,}"}
        raise ExchangeError([said])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        said = _("line %(line)s: is not UTF-8; save the file as UTF-8") % {"line": line}
        raise ExchangeError([said]) from error
    reading, taken = _Reading(), Taken()
    with transaction.atomic():
        rules = Rules.stored()
        try:
            for row in reading.rows(text):
                try:
                    _take_row(row, rules, taken, by)
                except WordingError as error:
                    reading.wrong(row.line, str(error))
        except csv.Error as error:
            reading.problems.append(_("The file is no CSV: %(error)s") % {"error": error})
        if reading.problems:
            raise ExchangeError(reading.problems)
        note(by, What.TAKEN_IN, added=taken.added, changed=taken.changed)
    look_again()
    return taken


def _take_row(row: _Row, rules: Rules, taken: Taken, by: str) -> None:
    made: Synonym | StopTerm
    if row.kind == "stop":
        word = rules.stop_term(row.words, known=True)
        made = rules.same_stop_term(word) or StopTerm(word=word)
        wanted: dict[str, object] = {"active": row.active}
    else:
        group = rules.synonym(row.words, row.one_way, row.lang, known=True)
        made = rules.same_synonym(group) or Synonym(lang=row.lang)
        words = ", ".join(group.words)
        wanted = {"words": words, "one_way": row.one_way, "active": row.active}
    if made.pk and all(getattr(made, name) == value for name, value in wanted.items()):
        taken.same += 1
        return
    taken.changed += bool(made.pk)
    taken.added += not made.pk
    for name, value in wanted.items():
        setattr(made, name, value)
    made.changed_by = by
    made.save()
    rules.add(made)
