"""Files of rows: what happens to some rows is told, and the others give what they gave before."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tessera.sources.base import Importer
from tests.fuzz.choices import Choices
from tests.fuzz.invariants import Told, imported
from tests.fuzz.mutations import BYTES, ENCODINGS, WORDS, spoilt_value

COPIES: Final = 4
"""How often each row of a sample stands in the file, each time with an id of its own."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A list of rows. keys: columns that tell rows apart; they get a number.

    titles: lines above the header. quoted: every cell stands in quotation marks.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    delimiter: str = ","
    titles: Sequence[str] = ()
    quoted: bool = False
    name: str = "list.csv"

    def line(self, cells: Sequence[str]) -> str:
        written = io.StringIO()
        quoting = csv.QUOTE_ALL if self.quoted else csv.QUOTE_MINIMAL
        csv.writer(
            written, delimiter=self.delimiter, quoting=quoting, lineterminator="\n"
        ).writerow(cells)
        return written.getvalue()

    def text(self, lines: Sequence[str]) -> str:
        return "".join([*(f"{each}\n" for each in self.titles), self.line(self.header), *lines])


def sample(path: Path, keys: Sequence[str], *, delimiter: str = ",", titles: int = 0,
           quoted: bool = False, only: int = 0) -> Sample:  # fmt: skip
    """The sample of an importer, with more rows."""
    text = path.read_text(encoding="utf-8-sig")
    lines = text.splitlines(keepends=True)
    read = list(csv.reader(io.StringIO("".join(lines[titles:])), delimiter=delimiter))
    header = read[0]
    rows = [row + [""] * (len(header) - len(row)) for row in read[1:] if len(row) > 1]
    rows = rows[:only] if only else rows
    return Sample(
        header, [_numbered(header, row, keys, n) for n in range(COPIES) for row in rows], delimiter,
        [line.rstrip("\r\n") for line in lines[:titles]], quoted, f"list{path.suffix}",
    )  # fmt: skip


def _numbered(header: Sequence[str], row: Sequence[str], keys: Sequence[str], n: int) -> list[str]:
    return [f"{cell}{n + 1}" if name in keys and cell else cell
            for name, cell in zip(header, row, strict=True)]  # fmt: skip


@dataclass(slots=True)
class Case:
    """A file, and which of its rows are still as they were (by their place in the sample)."""

    data: bytes
    whole: list[int]
    encoding: str = "utf-8"
    done: list[str] = field(default_factory=list)


def spoilt_lines(choices: Choices, of: Sample) -> Case:
    """A CSV with one kind of damage to some rows, or to the way it is written."""
    lines = [of.line(row) for row in of.rows]
    whole = list(range(len(lines)))
    match choices.below(10):
        case 0:
            return _cut_off(choices, of, lines)
        case 1:
            choices.shuffle(lines)
            return Case(of.text(lines).encode(), whole, done=["shuffled"])
        case 2:
            return _other_columns(choices, of)
        case 3:
            encoding = choices.one(ENCODINGS)
            text = of.text(lines)
            if text.encode(encoding, "ignore").decode(encoding) != text:
                encoding = "utf-8-sig"
            return Case(text.encode(encoding), whole, encoding, [f"in {encoding}"])
        case 4:
            ends = choices.one(("\r\n", "\r\n", "\n\n"))
            text = of.text(
                [line.rstrip("\n") + ends if "\n" not in line[:-1] else line for line in lines]
            )
            return Case(text.encode(), whole, done=[f"lines end in {ends!r}"])
    done = []
    text_lines: list[str | bytes] = list(lines)
    touched = set()
    for _ in range(1 + choices.below(3)):
        at = choices.below(len(lines))
        touched.add(at)
        damaged, what = _spoilt_line(choices, of, lines[at], of.rows[at])
        text_lines[at] = damaged
        done.append(f"row {at + 1}: {what}")
    head = of.text([]).encode()
    data = head + b"".join(
        each if isinstance(each, bytes) else each.encode("utf-8", "surrogatepass")
        for each in text_lines
    )
    return Case(data, [n for n in whole if n not in touched], done=done)


def _cut_off(choices: Choices, of: Sample, lines: Sequence[str]) -> Case:
    data = of.text(lines).encode()
    at = choices.below(len(data))
    end = len(of.text([]).encode())
    whole = []
    for number, line in enumerate(lines):
        end += len(line.encode())
        if end <= at:
            whole.append(number)
    return Case(data[:at], whole, done=[f"cut off at {at} of {len(data)}"])


def _other_columns(choices: Choices, of: Sample) -> Case:
    order = list(range(len(of.header)))
    choices.shuffle(order)
    rows = [[row[n] for n in order] for row in of.rows]
    other = Sample([of.header[n] for n in order], rows, of.delimiter, of.titles, of.quoted, of.name)
    return Case(other.text([other.line(row) for row in rows]).encode(), list(range(len(rows))),
                done=["columns shuffled"])  # fmt: skip


def _spoilt_line(
    choices: Choices, of: Sample, line: str, cells: Sequence[str]
) -> tuple[str | bytes, str]:
    """A damaged line; it still ends where it ended."""
    bare = line[:-1]
    at = choices.below(len(bare) + 1)
    cell = choices.below(len(cells))
    changed = list(cells)
    match choices.below(10):
        case 0:
            return bare[:at] + '"' + bare[at:] + "\n", f"a quotation mark at {at}"
        case 1:
            return bare[:at] + "\n", f"cut off at {at}"
        case 2:
            raw = bare.encode()
            place = choices.below(len(raw) + 1)
            added = choices.one(BYTES)
            return raw[:place] + added + raw[place:] + b"\n", f"{added!r} at {place}"
        case 3:
            changed[cell] = choices.one(WORDS)
            return of.line(changed), f"{changed[cell][:20]!r} in column {cell + 1}"
        case 4:
            del changed[cell]
            return of.line(changed), f"without its cell {cell + 1}"
        case 5:
            return of.line(
                [*cells, *[choices.one(WORDS[:8])] * (1 + choices.below(30))]
            ), "more cells"
        case 6:
            return of.line(of.header), "the header once more"
        case 7:
            return bare.replace(
                of.delimiter, choices.one((";", ",", "\t", "|"))
            ) + "\n", "other delimiters"
        case 8:
            return of.line(list(cells) * 500), "very many cells"
        case _:
            return bare.encode("cp1252", "replace") + b"\xe9\xff\n", "in another encoding"


def nothing_lost(importer: Importer, clean: Path, case: Case, into: Path) -> None:
    """Each whole row gives what it gave in the clean file, or the file is refused with a reason."""
    before = _by_row(importer, clean)
    into.write_bytes(case.data)
    after = imported(importer, [into])
    held(before, after, case)


def held(before: Mapping[int, Mapping[str, list[dict[str, Any]]]], after: Told, case: Case) -> None:
    """The comparison itself."""
    if not after.items and after.failures():
        return  # Refused as a whole, and said so.
    doubted = any("encoding" in e.message or "not UTF-8" in e.message for e in after.errors)
    told = [(error.where, error.message[:150]) for error in after.errors][:8]
    for number in case.whole if case.encoding.startswith("utf") or not doubted else ():
        for key, drafts in before.get(number, {}).items():
            assert key in after.drafts, (
                f"row {number + 1} ({key}) is lost after {case.done}; told: {told}"
            )
            if drafts != after.drafts[key]:
                assert doubted, (
                    f"row {number + 1} ({key}) became another after {case.done}:\n{drafts}\n"
                    f"{after.drafts[key]}\ntold: {told}"
                )


_CLEAN: dict[Path, dict[int, dict[str, list[dict[str, Any]]]]] = {}


def _by_row(importer: Importer, clean: Path) -> dict[int, dict[str, list[dict[str, Any]]]]:
    """What each row of the clean file gives: row from 0 -> key of its item -> drafts."""
    if clean not in _CLEAN:
        told = imported(importer, [clean])
        assert told.items, told.errors
        numbered = sorted((_number(item.where), item.key) for item in told.items)
        assert len({key for _, key in numbered}) == len(numbered)
        rows: dict[int, dict[str, list[dict[str, Any]]]] = {}
        first = min(number for number, _ in numbered)
        for number, key in numbered:
            rows.setdefault(number - first, {})[key] = told.drafts[key]
        _CLEAN[clean] = rows
    return _CLEAN[clean]


def _number(where: str) -> int:
    """The number of the row in a place such as "list.csv, row 12"."""
    digits = "".join(
        char if char.isdigit() else " " for char in where.rpartition("row ")[2] or where
    ).split()
    return int(digits[0])


# --- JSON ------------------------------------------------------------------------------------


def spoilt_objects(choices: Choices, objects: Sequence[Mapping[str, Any]], *, lines: bool) -> Case:
    """An array of objects, or an object a line, of which some are spoilt."""
    written: list[bytes] = [json.dumps(each, ensure_ascii=False).encode() for each in objects]
    whole = list(range(len(written)))
    joined: Callable[[list[bytes]], bytes] = (
        (lambda each: b"".join(line + b"\n" for line in each)) if lines
        else (lambda each: b"[" + b",\n".join(each) + b"]")
    )  # fmt: skip
    if choices.once_in(6):
        data = joined(written)
        at = choices.below(len(data))
        ends, end = [], 0 if lines else 1
        for each in written:
            end += len(each) + (1 if lines else 0)
            ends.append(end)
            end += 0 if lines else 2
        return Case(data[:at], [n for n in whole if ends[n] <= at], done=[f"cut off at {at}"])
    if choices.once_in(6):
        choices.shuffle(written)
        return Case(joined(written), whole, done=["shuffled"])
    at = choices.below(len(written))
    broken = False
    what = "another value"
    if choices.once_in(2):
        written[at] = json.dumps(spoilt_value(choices, objects[at])).encode(
            "utf-8", "surrogatepass"
        )
    else:
        place = choices.below(len(written[at]) + 1)
        added = choices.one(BYTES)
        written[at] = written[at][:place] + added + written[at][place:]
        what, broken = f"{added!r} at {place}", True
    keep = [n for n in whole if n != at]
    if broken and not lines:
        keep = [n for n in keep if n < at]  # An array can't be read past a broken value.
    return Case(joined(written), keep, done=[f"object {at + 1}: {what}"])
