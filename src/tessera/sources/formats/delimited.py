"""CSV of any delimiter and encoding as rows of cells."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Final, Literal

from tessera.sources.formats.archives import BROKEN, Member
from tessera.sources.formats.encoding import Encoding, encoding_of_file
from tessera.sources.formats.headers import Cells, Recognise, expected, with_header
from tessera.sources.formats.quoted import all_quoted, quoted_rows, resumed, strictly, unclosed
from tessera.sources.formats.rows import Table, TableError, column_key

MAX_CELL: Final = 2_000_000
"""Characters of one cell of a CSV; more is taken for a quotation mark that isn't closed."""
MAX_LINE: Final = 16_000_000
"""Characters of one line of a CSV."""
_LITERAL_QUOTE: Final = re.compile(r'(?:^|\t)"[^"\t\n]*"(?=[^"\t\r\n])', re.MULTILINE)
_ALIKE: Final = 0.8
"""The share of records that have as many cells, where that tells how many a row has."""
_DELIMITERS: Final = ",;\t|"


def csv_table(
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
            else _csv_rows(found_lines, mark, _width(start, mark), literal=literal)
        )
        table = with_header(path, "", rows, wanted, recognise)
        if table is None:
            raise TableError(f"{path.name} has no row of column names{expected(wanted)}")
        table.notes += notes
        yield table


def _opened(path: Path | Member) -> IO[bytes]:
    file: IO[bytes] = path.open("rb")
    return gzip.open(file, "rb") if path.suffix == ".gz" else file  # type: ignore[return-value]  # GzipFile is an IO in all but name


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


class _Lines:
    """Lines of which those of a record that turned out to be none can be given back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.open = False
        """Whether the record that is being read goes on where the file ends."""
        self._size = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines, None)
        if line is None:
            self.open = bool(self.taken)
            raise StopIteration
        self._size += len(line)
        self.taken.append(line)
        if self._size > MAX_LINE and len(self.taken) > 1:
            raise csv.Error("field larger than field limit, over several lines")
        return line

    def begin(self) -> None:
        """A record begins here."""
        self.taken, self.open, self._size = [], False, 0

    def give_back(self, start: int) -> None:
        """What was taken, from some line on, comes once more."""
        self._again.extendleft(reversed(self.taken[start:]))
        del self.taken[start:]


def _csv_rows(
    lines: Iterable[str], delimiter: str, width: int, *, literal: bool = False
) -> Iterator[Cells]:
    """The rows; a quotation mark that isn't closed costs its own row, not those below it.

    width: how many cells rows have as a rule, by which they are known again; 0 where none is.
    """
    source = _Lines(lines)
    quoting: Literal[0, 3] = csv.QUOTE_NONE if literal else csv.QUOTE_MINIMAL
    parser = csv.reader(source, delimiter=delimiter, doublequote=True, quoting=quoting)
    number, ragged = 0, False
    while True:
        source.begin()
        number += 1
        problem, cells = "", []
        try:
            cells = next(parser)
        except StopIteration:
            return
        except csv.Error as error:
            problem = f"can't be read as CSV ({error})"
            if "field larger" in str(error):
                problem = f"has a cell of more than {MAX_CELL:,} characters"
        taken = source.taken
        if problem or source.open or len(taken) > 1:
            again = resumed(taken, delimiter, width, whole=not problem and not source.open)
            if again < len(taken) or problem or source.open:
                source.give_back(again)
                yield number, problem if problem and len(taken) == 1 else unclosed(taken)
                continue
        last = taken[-1]
        if len(cells) < width and cells and not last.endswith(("\n", "\r")) and not ragged:
            yield (
                number,
                f"has {len(cells)} of {width} cells, and the file ends there; is it whole?",
            )
            continue
        ragged = ragged or 1 < len(cells) < width
        yield number, cells


def _delimiter(start: str, wanted: Sequence[str]) -> str:
    """The one that gives the wanted column names, or parts a line whose fields are all quoted.

    Else the one that gives the largest share of rows of equal length.
    """
    keys = {column_key(name) for name in wanted}
    scores: dict[str, tuple[int, int, float]] = {}
    first = start.partition("\n")[0]
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
        scores[mark] = (known, all_quoted(first, mark), times * width / max(1, lengths.total()))
    return max(_DELIMITERS, key=lambda mark: (scores[mark], -_DELIMITERS.index(mark)))


def _width(start: str, delimiter: str) -> int:
    """How many cells rows have as a rule; 0 where nothing tells.

    Told by the records, as far as they can be read by the strict rules and are alike; else by the
    lines that can be records by themselves. A line that ends a cell of several lines is none: its
    quotation marks aren't in pairs.
    """
    lengths: Counter[int] = Counter()
    last = 0
    try:
        records = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter, strict=True)
        for cells in islice(records, 200):
            # One behind: the last may have been cut off by reading ahead.
            lengths[last] += last > 1
            last = len(cells)
    except csv.Error:
        pass  # what was read until then is evidence, too; the error comes again with its row
    width, times = max(lengths.items(), key=lambda pair: pair[1], default=(0, 0))
    if times >= _ALIKE * lengths.total() > 0:
        return width
    lengths.clear()
    for line in islice(io.StringIO(start, newline=""), 200):
        if not line.endswith(("\n", "\r")):
            break  # cut off, if not by the file then by reading ahead
        cells = strictly(line, delimiter) if line.count('"') % 2 == 0 else []
        if len(cells) > 1:
            lengths[len(cells)] += 1
    return max(lengths, key=lambda n: lengths[n] * min(n, 4), default=0)
