"""Which files are one document: copies, the same text in another format, nearly the same text.

Files are gone through in an order that depends on each file alone (`rank`); each joins the first
that it is one document with, or else leads a record of its own. So the order in which they are
found changes nothing, and every file is like the one that leads it, not merely like another.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tessera.sources.files.delivery import Delivery, Entry
from tessera.sources.files.stated import FOLDS
from tessera.sources.formats.documents import DocumentPage
from tessera.sources.formats.likeness import THRESHOLD, compare, likeness

FORMATS: Final = (
    "pdf", "docx", "odt", "doc", "rtf", "pptx", "odp", "ppt", "xlsx", "xlsm", "xlsb", "ods",
    "xls", "html", "md", "csv", "txt",
)  # fmt: skip
"""Which of several formats leads, all else equal: the first has the pages that people cite."""

MOST: Final = 64
"""Leading files that one file is compared with; beyond, it is told and leads itself."""

_BLOCKS: Final = 4
_COPY: Final = re.compile(
    r"(?:^|[\W_])(?:copy|copie|kopie|kopia|copia|kópia|draft|entwurf|brouillon|bozza|borrador|"
    r"projekt roboczy|tervezet|utkast|udkast|luonnos|old|alt|backup|bak|tmp|temp)(?:$|[\W_\d])"
    r"|\(\d{1,2}\)$|~$",
    re.IGNORECASE,
)
_COPY_NUMBER: Final = re.compile(r"\(\d{1,2}\)$|(?:copy|copie|kopie|kopia|copia)[\W_]*\d*", re.I)
_PARTED: Final = re.compile(r"[\W_]+")
_NUMBERED: Final = re.compile(r"[^\W\d_]*(\d{1,8})")
"""A word of a name that is or ends in a number; "18ce87440cc8" is the name of some program."""

Pages = Callable[[Entry], Sequence[DocumentPage]]


@dataclass(slots=True)
class Folded:
    """How many files were folded, by why; crowded: files with more likes than are compared."""

    copies: int = 0
    text: int = 0
    nearly: int = 0
    first_nearly: str = ""
    crowded: int = 0
    first_crowded: str = ""
    contradicting: list[str] = field(default_factory=list)

    @property
    def files(self) -> int:
        return self.copies + self.text + self.nearly

    def count(self, entry: Entry, same: str) -> None:
        match same:
            case "bytes":
                self.copies += 1
            case "text":
                self.text += 1
            case _:
                self.nearly += 1
                self.first_nearly = self.first_nearly or entry.name


def rank(name: str, format: str, words: int, *, own: bool, formats: Sequence[str] = FORMATS) -> str:
    """Sorts before another where a file leads: what something is stated of, then what isn't
    called a copy or draft, then by format, then the longer text, then the shorter path."""
    stem = name.rpartition("/")[2].rpartition(".")[0] or name
    order = formats.index(format) if format in formats else len(formats)
    called = int(bool(_COPY.search(stem)))
    return f"{int(not own)}{called}{order:02}{10**10 - words:011}{len(name):04}"


def fold(delivery: Delivery, pages: Pages) -> Folded:
    """Say of each file of a delivery whose record it belongs to. pages: the text of a file."""
    folding = _Folding(delivery, pages)
    for place, seq in enumerate(delivery.ordered()):
        folding.settle(delivery.entry(seq), place)
    return folding.folded


class _Folding:
    def __init__(self, delivery: Delivery, pages: Pages) -> None:
        self.delivery = delivery
        self.pages = pages
        self.folded = Folded()

    def settle(self, entry: Entry, place: int) -> None:
        """Find who leads a file, or let it lead."""
        level = FOLDS.index(entry.fold)
        joined = None
        if level >= 1:
            joined = self._like_member(entry, "sha256", entry.sha256, 1)
        if joined is None and level >= 2 and entry.print.has_text and not entry.partial:
            joined = self._like_member(entry, "digest", entry.print.digest, 2)
        if joined is None and level >= 3 and entry.print.comparable and not entry.partial:
            joined = self._nearly(entry)
        if joined is None:
            self._lead(entry, place)
        else:
            self._join(entry, place, *joined)

    def _like_member(
        self, entry: Entry, column: str, value: str, level: int
    ) -> tuple[Entry, str, float, str] | None:
        """The leader of the first file with the same bytes or text that it may join."""
        rows = self.delivery.rows(
            f"SELECT lead, min(place) FROM file WHERE {column} = ? AND lead IS NOT NULL "  # noqa: S608 - columns are ours  # nosec B608
            "GROUP BY lead ORDER BY 2 LIMIT ?",
            (value, MOST + 1),
        )
        for number, (lead, place) in enumerate(rows):
            if number == MOST:
                self._crowd(entry)
                break
            leader = self.delivery.entry(lead)
            (member,) = self.delivery.entries("WHERE lead = ? AND place = ?", (lead, place))
            if (level == 2 and member.partial) or not self._may_join(entry, leader, level):
                continue
            if entry.sha256 == leader.sha256:
                return leader, "bytes", 1.0, "[]"
            if entry.print.digest == leader.print.digest and entry.print.has_text:
                return leader, "text", 1.0, "[]"
            return leader, member.same or "bytes", member.likeness, json.dumps(member.differs)
        return None

    def _nearly(self, entry: Entry) -> tuple[Entry, str, float, str] | None:
        keys = _blocks(entry)
        marks = ", ".join("?" * len(keys))
        statement = (
            "SELECT DISTINCT block.lead FROM block JOIN file ON seq = block.lead "  # noqa: S608 - marks are question marks  # nosec B608
            f"WHERE key IN ({marks}) ORDER BY place LIMIT ?"
        )
        rows = list(self.delivery.rows(statement, (*keys, MOST + 1)))
        if len(rows) > MOST:
            self._crowd(entry)
        found = []
        for (lead,) in rows[:MOST]:
            leader = self.delivery.entry(lead)
            alike = likeness(entry.print.sketch, leader.print.sketch)
            if alike >= THRESHOLD and may_be_versions(entry, leader):
                found.append((-alike, leader.place, leader))
        for alike, _, leader in sorted(found, key=lambda each: each[:2]):
            if not self._may_join(entry, leader, 3):
                continue
            compared = compare(self.pages(leader), self.pages(entry))
            if compared.same:
                differs = json.dumps([compared.only_first, compared.only_second])
                return leader, "nearly", round(-alike, 3), differs
        return None

    def _may_join(self, entry: Entry, leader: Entry, level: int) -> bool:
        """Whether nobody says that the two are something else."""
        if FOLDS.index(leader.fold) < level:
            return False
        if contradict(self._agreed(leader), entry.stated):
            if len(self.folded.contradicting) < MOST:
                self.folded.contradicting.append(entry.name)
            return False
        return True

    def _agreed(self, leader: Entry) -> dict[str, Any]:
        (written,) = next(
            self.delivery.rows("SELECT stated FROM agreed WHERE lead = ?", (leader.seq,))
        )
        agreed: dict[str, Any] = json.loads(written)
        return agreed

    def _lead(self, entry: Entry, place: int) -> None:
        self.delivery.put("UPDATE file SET lead = seq, place = ? WHERE seq = ?", (place, entry.seq))
        self.delivery.put(
            "INSERT INTO agreed VALUES (?, ?)", (entry.seq, json.dumps(dict(entry.stated)))
        )
        if FOLDS.index(entry.fold) >= 3 and entry.print.comparable and not entry.partial:
            for key in set(_blocks(entry)):
                self.delivery.put("INSERT INTO block VALUES (?, ?)", (key, entry.seq))

    def _join(
        self, entry: Entry, place: int, leader: Entry, same: str, alike: float, differs: str
    ) -> None:
        self.folded.count(entry, same)
        self.delivery.put(
            "UPDATE file SET lead = ?, place = ?, same = ?, likeness = ?, differs = ? "
            "WHERE seq = ?",
            (leader.seq, place, same, alike, differs, entry.seq),
        )
        agreed = dict(entry.stated) | self._agreed(leader)
        self.delivery.put(
            "UPDATE agreed SET stated = ? WHERE lead = ?", (json.dumps(agreed), leader.seq)
        )

    def _crowd(self, entry: Entry) -> None:
        self.folded.crowded += 1
        self.folded.first_crowded = self.folded.first_crowded or entry.name


def contradict(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two files are said to be different things; notes may differ."""
    return any(one[key] != other[key] for key in one.keys() & other.keys() if key != "notes")


def may_be_versions(one: Entry, other: Entry) -> bool:
    """Whether neither the languages nor the numbers in the names part two files.

    A number that one of the names lacks says nothing; nor does that of a copy.
    """
    if one.language and other.language and one.language != other.language:
        return False
    first, second = _name_numbers(one.name), _name_numbers(other.name)
    return not first or not second or first == second


def _name_numbers(name: str) -> list[int]:
    stem = name.rpartition("/")[2].rpartition(".")[0]
    parts = _PARTED.split(_COPY_NUMBER.sub("", stem))
    return [int(found[1]) for part in parts if (found := _NUMBERED.fullmatch(part))]


def _blocks(entry: Entry) -> list[int]:
    """Keys of which documents that are nearly the same share one: 0.9 alike, all but surely.

    The numbers that tell documents apart are part of them, so a form that is filled in ten
    thousand times with other figures isn't compared with itself.
    """
    return [
        int.from_bytes(
            hashlib.blake2b(f"{each} {entry.print.numbers}".encode(), digest_size=8).digest(),
            "big",
            signed=True,
        )
        for each in entry.print.sketch[:_BLOCKS]
    ]
