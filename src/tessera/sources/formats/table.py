"""Tables of every make as rows by the names of their columns: CSV, workbooks, JSON, HTML.

A header is found by name: rows of titles above it are passed over. Names are compared without
case, accents of blanks or punctuation at their ends: see `column_key`.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import re
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, Final

from tessera.sources.formats.archives import ArchiveError, Member
from tessera.sources.formats.encoding import Encoding, encoding_of_file
from tessera.sources.formats.html import html_tables
from tessera.sources.formats.jsonlines import LineError, json_lines
from tessera.sources.formats.quoted import all_quoted, quoted_rows
from tessera.sources.formats.reading import Reader, ReadError
from tessera.sources.formats.signature import format_of
from tessera.sources.formats.text import clean_line
from tessera.sources.where import Where

HEADER_ROWS: Final = 40
"""Rows at the top of a sheet among which the header is looked for."""
MAX_CELL: Final = 2_000_000
"""Characters of one cell of a CSV; more is taken for a quotation mark that isn't closed."""
MAX_LINE: Final = 16_000_000
"""Characters of one line of a CSV."""
MAX_JSON_VALUE: Final = 32_000_000
"""Characters of one object in a JSON array."""
Recognise = Callable[[Sequence[str]], int]
"""How many columns a row of cells names; 0 where it is no header."""

WORKBOOKS: Final = ("xlsx", "xlsm", "xlsb", "xls", "ods")
BROKEN: Final = (
    OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError,
)  # fmt: skip
"""What reading a file, packed or not, raises where it is broken or encrypted."""
_PACKED: Final = tuple(f".{kind}" for kind in WORKBOOKS)
_LINES: Final = (".jsonl", ".jl", ".ndjson", ".jsonl.gz")
_LITERAL_QUOTE: Final = re.compile(r'(?:^|\t)"[^"\t\n]*"(?=[^"\t\r\n])', re.MULTILINE)
_DELIMITERS: Final = ",;\t|"


class TableError(ValueError):
    """A file, or a sheet of it, that can't be read as a table."""


@dataclass(frozen=True, slots=True)
class Row:
    """values: by column name as written in the header; empty cells are "", JSON keeps its types.

    number: the row as a person counts it (1 is the top of the sheet, or the first object).
    surplus: cells beyond the header.
    """

    values: dict[str, Any]
    number: int
    surplus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that can't be read."""

    number: int
    message: str


@dataclass(slots=True)
class Table:
    """One sheet. columns: as written, in their order. notes: on how it was read, for people.

    titles: what stands in the rows above the header, a text for each cell that isn't empty.
    """

    path: Path
    sheet: str
    columns: tuple[str, ...]
    rows: Iterator[Row | RowError]
    notes: list[str] = field(default_factory=list)
    titles: tuple[str, ...] = ()

    def where(self, row: int = 0) -> Where:
        """For messages: file, sheet and row; the whole sheet for 0."""
        return Where.at(self.path.name, row, sheet=self.sheet)


@lru_cache(maxsize=8192)
def column_key(name: str) -> str:
    """What two spellings of a column name have in common: no case, single blanks, no ends.

    A typographic apostrophe is one as on a typewriter.
    """
    folded = unicodedata.normalize("NFKC", name).casefold().replace("_", " ").replace("’", "'")
    return " ".join(folded.split()).strip(" *:.")


def read_tables(
    path: Path | Member,
    *,
    wanted: Sequence[str] = (),
    recognise: Recognise | None = None,
    encoding: str = "",
    delimiter: str = "",
) -> Iterator[Table]:
    """The sheets of a file that have a header; rows must be read before the next sheet is asked.

    wanted: column names that tell the header from titles above it; without them the first row
    with two cells or more is the header. recognise: tells it where the names aren't known before;
    rows right below it that name columns too (in another language) are joined with it.
    encoding, delimiter: of a CSV, where they are known.
    Raises TableError where the file as a whole is unreadable.
    """
    try:
        if isinstance(path, Member) and path.suffix.lower() in _PACKED:
            with path.in_memory() as file:
                for table in _workbook(file, wanted, recognise):
                    table.path = Path(path.name)
                    yield table
            return
        kind = "csv" if isinstance(path, Member) else format_of(path)
        if kind in WORKBOOKS and isinstance(path, Path):
            yield from _workbook(path, wanted, recognise)
        elif kind == "html":
            yield from _html(path, wanted, recognise)
        elif path.name.lower().endswith(_LINES):
            yield _lines_table(path)
        elif path.suffix.lower() == ".json" or (kind in ("txt", "other") and _is_json(path)):
            yield _json_table(path)
        elif kind in ("csv", "txt", "md") or path.name.lower().endswith(".csv.gz"):
            yield from _csv(path, wanted, recognise, encoding, delimiter)
        elif kind == "encrypted":
            raise TableError(f"{path.name} is encrypted; save it without a password")
        else:
            raise TableError(f"{path.name} is no table: expected CSV, XLSX, XLS, XLSB, ODS or JSON")
    except BROKEN as error:
        raise TableError(f"{path.name} can't be read ({error})") from None
    except (ReadError, ArchiveError) as error:
        raise TableError(f"{path.name} {error}") from None


def _opened(path: Path | Member) -> IO[bytes]:
    file: IO[bytes] = path.open("rb")
    return gzip.open(file, "rb") if path.suffix == ".gz" else file  # type: ignore[return-value]  # GzipFile is an IO in all but name


# --- CSV -------------------------------------------------------------------------------------


def _csv(
    path: Path | Member,
    wanted: Sequence[str],
    recognise: Recognise | None,
    encoding: str,
    delimiter: str,
) -> Iterator[Table]:
    with _opened(path) as file:
        found = Encoding(encoding) if encoding else encoding_of_file(file)
    notes = [found.note] if found.note else []
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL))
    with _opened(path) as file:
        try:
            codecs.lookup(found.name)
        except LookupError:
            raise TableError(f"{path.name}: no encoding is called {found.name!r}") from None
        lines = io.TextIOWrapper(file, encoding=found.name, errors="replace", newline="")
        start = lines.read(100_000)
        mark = delimiter or _delimiter(start, wanted)
        found_lines = _rejoined(path, start, lines)
        columns = all_quoted(start.partition("\n")[0], mark)
        # What comes from a database as text between tabs has quotation marks of its own.
        literal = mark == "\t" and _LITERAL_QUOTE.search(start) is not None
        rows = (
            quoted_rows(found_lines, mark, columns, MAX_CELL)
            if columns and not literal
            else _csv_rows(found_lines, mark, literal=literal)
        )
        table = _with_header(path, "", rows, wanted, recognise)
        if table is None:
            raise TableError(f"{path.name} has no row of column names{_expected(wanted)}")
        table.notes += notes
        yield table


def _rejoined(path: Path | Member, start: str, lines: io.TextIOWrapper) -> Iterator[str]:
    """The lines of what was read ahead, the last of them made whole, and those that follow."""
    pending = ""
    for line in io.StringIO(start, newline=""):
        if pending:
            yield pending
        pending = line
    if pending:
        yield pending if pending.endswith("\n") else pending + lines.readline(MAX_LINE)
    while True:
        try:
            line = lines.readline(MAX_LINE)
        except BROKEN as error:
            message = f"{path.name} can't be read any further ({error}); is the file whole?"
            raise TableError(message) from None
        if not line:
            return
        if len(line) == MAX_LINE:
            raise TableError(f"{path.name} has a line of more than {MAX_LINE:,} characters")
        yield line


def _csv_rows(
    lines: Iterable[str], delimiter: str, *, literal: bool = False
) -> Iterator[tuple[int, list[str] | str]]:
    parser = csv.reader(
        lines,
        delimiter=delimiter,
        doublequote=True,
        quoting=csv.QUOTE_NONE if literal else csv.QUOTE_MINIMAL,
    )
    number = 0
    while True:
        number += 1
        try:
            cells = next(parser)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"can't be read as CSV ({error})"
            if "field larger" in str(error):
                message = (
                    f"has a cell of more than {MAX_CELL:,} characters; "
                    "is there a quotation mark that isn't closed?"
                )
            yield number, message
            continue
        yield number, cells


def _delimiter(start: str, wanted: Sequence[str]) -> str:
    """The one that gives the most rows of equal length, or the wanted column names."""
    keys = {column_key(name) for name in wanted}
    scores: dict[str, tuple[int, int]] = {}
    for mark in _DELIMITERS:
        parser = csv.reader(io.StringIO(start, newline=""), delimiter=mark)
        lengths: Counter[int] = Counter()
        known = 0
        try:
            for cells in islice(parser, 60):
                lengths[len(cells)] += 1
                known = max(known, len(keys & {column_key(cell) for cell in cells}))
        except csv.Error:
            pass  # what was read until then is evidence enough; the error comes again with its row
        width, times = max(
            ((n, count) for n, count in lengths.items() if n > 1),
            key=lambda pair: pair[1] * min(pair[0], 4),
            default=(1, 0),
        )
        scores[mark] = (known, times * width)
    return max(_DELIMITERS, key=lambda mark: (scores[mark], -_DELIMITERS.index(mark)))


# --- workbooks and HTML ----------------------------------------------------------------------


def _workbook(path: Path, wanted: Sequence[str], recognise: Recognise | None) -> Iterator[Table]:
    found = False
    # A process of its own: what a broken workbook does to a native reader can't be caught here.
    with Reader() as worker:
        for sheet, cells in worker.sheets(path):
            rows: Iterator[tuple[int, list[str] | str]] = enumerate(cells, start=1)
            table = _with_header(path, sheet, rows, wanted, recognise)
            if table is not None:
                found = True
                yield table
    if not found:
        raise TableError(f"{path.name} has no sheet with a row of column names{_expected(wanted)}")


def _html(
    path: Path | Member, wanted: Sequence[str], recognise: Recognise | None
) -> Iterator[Table]:
    found = False
    for number, cells in enumerate(html_tables(path.read_bytes()), start=1):
        rows: Iterator[tuple[int, list[str] | str]] = enumerate(cells, start=1)
        table = _with_header(path, f"table {number}", rows, wanted, recognise)
        if table is not None:
            found = True
            yield table
    if not found:
        raise TableError(f"{path.name} has no table with column names{_expected(wanted)}")


def _expected(wanted: Sequence[str]) -> str:
    return f"; expected {', '.join(wanted)}" if wanted else ""


# --- headers ---------------------------------------------------------------------------------


def _with_header(
    path: Path | Member,
    sheet: str,
    rows: Iterator[tuple[int, list[str] | str]],
    wanted: Sequence[str],
    recognise: Recognise | None = None,
) -> Table | None:
    top: list[tuple[int, list[str] | str]] = []
    keys = {column_key(name) for name in wanted}
    best, best_known = -1, 0
    for place, (number, cells) in enumerate(islice(rows, HEADER_ROWS)):
        top.append((number, cells))
        if isinstance(cells, str):
            continue
        names = {column_key(clean_line(cell)) for cell in cells} - {""}
        if recognise:
            known = recognise(cells)
        else:
            known = len(names & keys) if keys else _width(names, best_known)
        if known > best_known:
            best, best_known = place, known
            if keys and known == len(keys):
                break
    if best < 0:
        return None
    above = tuple(clean_line(cell) for _, row in top[:best] if not isinstance(row, str)
                  for cell in row if cell.strip())  # fmt: skip
    header = [clean_line(cell) for cell in top[best][1]]
    while recognise and best + 1 < len(top):
        below = top[best + 1][1]
        if isinstance(below, str) or not (_counts(below) or recognise(below) > 1):
            break
        header = header if _counts(below) else _joined(header, below)
        best += 1
    columns = _column_names(header)
    nameless = [str(place) for place, name in enumerate(columns, start=1) if not name]
    listed = ", ".join(nameless[:10]) + (", …" if len(nameless) > 10 else "")
    notes = [f"columns without a name, left out: {listed}"] if nameless else []
    later = chain(top[best + 1 :], rows)
    named = tuple(name for name in columns if name)
    return Table(Path(path.name), sheet, named, _rows(columns, later), notes, above)


def _counts(cells: Sequence[str]) -> bool:
    """Whether a row below a header only numbers the columns: 1, 2, 3 ..."""
    filled = [cell.strip(" .()") for cell in cells if cell.strip()]
    return len(filled) > 1 and filled == [str(n) for n in range(1, len(filled) + 1)]


def _joined(header: Sequence[str], below: Sequence[str]) -> list[str]:
    """The names of columns that stand in two rows."""
    width = max(len(header), len(below))
    pairs = zip([*header, *[""] * (width - len(header))],
                [*map(clean_line, below), *[""] * (width - len(below))], strict=True)  # fmt: skip
    return [" / ".join(dict.fromkeys(filter(None, pair))) for pair in pairs]


def _width(names: set[str], before: int) -> int:
    """Without names to look for: how many columns a row would name; 0 where it is no header.

    The first row is the header, unless it has two cells at most, as a title has, and a wider row
    of words follows.
    """
    worded = sum(1 for name in names if any(map(str.isalpha, name)))
    if before > 2 or len(names) < 2 or (before and worded < len(names) * 0.8):
        return 0
    return len(names)


def _column_names(header: list[str]) -> list[str]:
    """Each name once: a second "Name" is called "Name (2)"."""
    seen: Counter[str] = Counter()
    columns = []
    for name in header:
        key = column_key(name)
        seen[key] += 1
        columns.append(f"{name} ({seen[key]})" if name and seen[key] > 1 else name)
    return columns


def _rows(
    columns: list[str], rows: Iterable[tuple[int, list[str] | str]]
) -> Iterator[Row | RowError]:
    for number, cells in rows:
        if isinstance(cells, str):
            yield RowError(number, cells)
            continue
        if not any(cell.strip() for cell in cells):
            continue
        values = {
            name: cells[place] if place < len(cells) else ""
            for place, name in enumerate(columns)
            if name
        }
        surplus = tuple(cell for cell in cells[len(columns) :] if cell.strip())
        yield Row(values, number, surplus)


# --- JSON ------------------------------------------------------------------------------------


def _is_json(path: Path | Member) -> bool:
    with path.open("rb") as file:
        return file.read(200).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"["


def _lines_table(path: Path | Member) -> Table:
    """JSON lines; the columns are the keys of the first."""

    def rows() -> Iterator[Row | RowError]:
        for number, value in json_lines(path):
            if isinstance(value, LineError):
                yield RowError(number, value.message)
            else:
                yield Row(value, number)

    found = rows()
    first = list(islice(found, 1))
    columns = tuple(first[0].values) if first and isinstance(first[0], Row) else ()
    return Table(Path(path.name), "", columns, chain(first, found))


def _json_table(path: Path | Member) -> Table:
    """A JSON array of objects, read piece by piece; the columns are the first object's keys."""
    rows = _json_rows(path)
    first = list(islice(rows, 1))
    columns = tuple(first[0].values) if first and isinstance(first[0], Row) else ()
    return Table(Path(path.name), "", columns, chain(first, rows))


def _json_rows(path: Path | Member) -> Iterator[Row | RowError]:
    number = 0
    for number, value in enumerate(json_values(path), start=1):
        if isinstance(value, Mapping):
            yield Row(dict(value), number)
        else:
            yield RowError(number, f"is {_json_name(value)}, expected an object")


def _json_name(value: object) -> str:
    names = {list: "an array", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def json_values(path: Path | Member) -> Iterator[Any]:
    """The values of a JSON array one by one, in bounded memory; TableError where it is broken."""
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    with path.open("rb") as file:
        name = encoding_of_file(file).name
    with io.TextIOWrapper(path.open("rb"), encoding=name, errors="replace") as text:
        buffer = text.read(1 << 16).lstrip("\ufeff \t\r\n")
        if not buffer.startswith("["):
            raise TableError(f"{path.name} is no JSON array of objects; it begins {buffer[:20]!r}")
        place, number, ended = 1, 0, False
        while True:
            place = _next_value(buffer, place, first=number == 0)
            if buffer.startswith("]", place):
                return
            try:
                value, end = decoder.raw_decode(buffer, place)
                if end == len(buffer) and not ended:  # a number may go on
                    raise json.JSONDecodeError("more may follow", "", end)
            except (ValueError, RecursionError) as error:
                more = text.read(max(1 << 16, len(buffer) - place))
                if ended or len(buffer) - place > MAX_JSON_VALUE:
                    raise TableError(
                        f"{path.name} is broken after value {number} of its array ({error}); "
                        "what stands before is read"
                    ) from None
                ended = not more
                buffer, place = buffer[place:] + more, 0
                continue
            number, place = number + 1, end
            yield value


def _next_value(buffer: str, place: int, *, first: bool) -> int:
    """Where the next value begins, past blanks and the comma before it."""
    passed = " \t\r\n" if first else " \t\r\n,"
    while place < len(buffer) and buffer[place] in passed:
        place += 1
    return place


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")
