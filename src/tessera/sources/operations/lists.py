"""One list: its header and columns, how it writes numbers and dates, and which rows are operations.

A list is read twice: first for what its columns hold as a whole (how decimals are written, which
rows belong together), then row by row.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tessera.schema import vocabularies
from tessera.schema.vocabularies.folding import fold
from tessera.sources.formats.language import detect_language
from tessera.sources.formats.table import Row, RowError, Table, column_key
from tessera.sources.formats.text import clean_line
from tessera.sources.formats.text import words as words_of
from tessera.sources.operations.headers import languages_of, meaning
from tessera.sources.operations.hints import Hints
from tessera.sources.operations.parting import Stops
from tessera.sources.operations.values import Forms, day, is_empty, money, words

MONEY: Final = ("total", "eligible", "eu", "public", "national", "private", "ineligible", "paid")
DATES: Final = ("start", "end", "approved")
NAMING: Final = ("title", "title_en", "acronym", "summary")
PARTIES: Final = ("beneficiary", "beneficiary_en", "lead", "partners")
FIELDS: Final = (
    "code", *NAMING, "results", *PARTIES, "beneficiary_id", "legal_form", "organisation_type",
    "role", *DATES, "span", *MONEY, "rate", "currency", "postcode", "place", "address",
    "coordinates", "region", "nuts", "country", "category", "theme", "objective", "priority",
    "measure", "fund", "programme", "cci", "period", "call", "status", "url", "updated",
    "form_of_finance", "territory", "economic_activity", "major",
)  # fmt: skip
"""What a column can hold; a hint may name these."""

_CODE_IN_TITLE: Final = re.compile(r"(\d{5,})\s*[-–]\s*(\S.+)", re.DOTALL)
_CCI: Final = re.compile(r"\b\d{4}[A-Z]{2}(?:\d{3}[A-Z]{2}\d{3}|\d{2}[A-Z0-9]{2}[A-Z]{2}\d{3})\b")
_SAMPLE: Final = 60
_WIDE: Final = 6
"""Columns of a list in which two texts alone make no operation, but a note below it."""
_YES: Final = words_of("yes y ja oui si tak ano da igen sim true 1 x lp nai ναι jah kylla taip")
_NO: Final = words_of("no n nein non nie ne nem nao false 0 pp nee οχι ei nej")

Filled = dict[str, list[tuple[str, str]]]
"""Field -> (column, text) of a row's cells that hold something."""


def recogniser(hints: Hints) -> Callable[[Sequence[str]], int]:
    """How many columns of a list of operations a row names; 0 for anything but a header."""

    def known(cells: Sequence[str]) -> int:
        names = [clean_line(cell) for cell in cells if cell.strip()]
        meant = [found for name in names if (found := field_of(name, hints)) is not None]
        fields = {each for each in meant if each}
        if len(fields) < 2 or len(meant) < len(names) * 0.4:
            return 0
        return len(fields) if fields & {"title", "acronym", "summary", *PARTIES} else 0

    return known


def field_of(name: str, hints: Hints) -> str | None:
    """The field of a column, "" where it is left out, None where its name says nothing."""
    key = column_key(name)
    if key in hints.columns:
        return hints.columns[key]
    found = meaning(name)
    if found is not None:
        return found.field
    return hints.suggested.get(key)


def is_personal(name: str, hints: Hints) -> bool:
    """Whether a column is about contact persons, whose names aren't taken."""
    found = meaning(name)
    return column_key(name) not in hints.columns and bool(found and found.reason == "personal")


@dataclass(slots=True)
class Survey:
    """What one table of a list is like as a whole.

    columns: name -> field. groups: rows by what joins them. passed: rows that are no operations,
    by why. facts: of the list, for each of its items.
    """

    columns: dict[str, str]
    unknown: list[str] = field(default_factory=list)
    personal: frozenset[str] = frozenset()
    forms: dict[str, Forms] = field(default_factory=dict)
    stops: dict[str, Stops] = field(default_factory=dict)
    groups: Counter[int] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    facts: dict[str, Any] = field(default_factory=dict)
    operations: int = 0
    surplus: list[int] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)

    def filled(self, values: Mapping[str, Any]) -> Filled:
        """The cells of a row that hold something, by field."""
        return filled(values, self.columns)

    @property
    def has_titles(self) -> bool:
        """Whether its rows name operations; a sheet of partners has none."""
        return any(each in ("title", "title_en", "summary") for each in self.columns.values())

    @property
    def marks_roles(self) -> bool:
        """Whether its rows are partners of operations."""
        return "role" in self.columns.values()


def survey(table: Table, hints: Hints) -> Survey:
    """Read a table through."""
    named = {name: field_of(name, hints) for name in table.columns}
    found = Survey(
        columns={name: meant for name, meant in named.items() if meant},
        unknown=[name for name, meant in named.items() if meant is None],
        personal=frozenset(name for name in table.columns if is_personal(name, hints)),
    )
    leads: Counter[bool] = Counter()
    for row in table.rows:
        if isinstance(row, RowError):
            continue
        cells = found.filled(row.values)
        why = no_operation(row, cells)
        if why:
            found.passed[why] += 1
            continue
        found.operations += 1
        found.groups[group_of(cells, found)] += 1
        if row.surplus:
            found.surplus.append(row.number)
        for name in MONEY:
            for column, text in cells.get(name, ()):
                found.forms.setdefault(column, Forms()).see_amount(text)
        for name in DATES:
            for column, text in cells.get(name, ()):
                found.forms.setdefault(column, Forms()).see_date(text)
        for _, text in cells.get("lead", ()):
            leads[fold(text) in _YES | _NO] += 1
        for column, text in cells.get("partners", ()):
            found.stops.setdefault(column, Stops()).see(text)
        if len(found.titles) < _SAMPLE:
            found.titles += [text for _, text in cells.get("title", ())[:1]]
    if leads[True] > leads[False]:
        found.columns |= {n: "role" for n, meant in found.columns.items() if meant == "lead"}
    found.facts = _facts(table, found, hints)
    return found


def filled(values: Mapping[str, Any], columns: Mapping[str, str]) -> Filled:
    """The cells of a row that hold something, by field; a code before a title is taken off it."""
    cells: Filled = {}
    for name, meant in columns.items():
        text = str(values.get(name) or "").strip()
        if text and not is_empty(text):
            cells.setdefault(meant, []).append((name, text))
    if "code" not in cells and "title" in cells:
        column, text = cells["title"][0]
        parts = _CODE_IN_TITLE.fullmatch(text)
        if parts:
            cells["code"] = [(column, parts[1])]
            cells["title"][0] = (column, parts[2])
    return cells


def no_operation(row: Row, cells: Filled) -> str:
    """Why a row carries no operation: "" where it does."""
    texts = [str(value).strip() for value in row.values.values() if str(value or "").strip()]
    if not texts:
        return "empty"
    named = [name for name in (*NAMING, *PARTIES) if name in cells]
    sums = words()["sums"]
    first = fold(texts[0]).rstrip(" 0123456789")
    if first in sums and not ("beneficiary" in cells and "title" in cells):
        return "sums"
    known = sum(1 for text in texts if len(text) < 120 and meaning(text) is not None)
    if len(texts) > 2 and known > len(texts) * 0.7 and not any(map(str.isdigit, "".join(texts))):
        return "column names once more"
    said = [name for name in (*MONEY, *DATES, "code") if name in cells]
    bare = len(cells) <= 2 and not said and len(row.values) >= _WIDE
    if not named or len(texts) < 2 or len(cells) < 2 or bare:
        return "titles, notes or a single cell"
    return ""


def group_of(cells: Filled, of: Survey) -> int:
    """What joins the rows of one operation: its code with its name, or its name among partners."""
    code, title = first(cells, "code"), first(cells, "title") or first(cells, "acronym")
    if code:
        return number(fold(code), fold(title) if of.has_titles else "")
    if of.marks_roles and title:
        return number(fold(first(cells, "programme")), fold(title))
    return 0


def first(cells: Filled, name: str) -> str:
    """The first text of a field, in one line; "" where it has none."""
    return clean_line(cells[name][0][1]) if name in cells else ""


def number(*parts: str) -> int:
    """A number for a key, never 0, so that many can be kept in memory."""
    digest = hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") or 1


def role_of(text: str) -> str:
    """The role that a cell tells: a word or code, or yes and no for the lead; "" for none."""
    key = fold(text)
    if key in _YES:
        return "lead"
    return "partner" if key in _NO else vocabularies.role(text) or ""


def marks_natural_person(text: str, *, name: bool = False) -> bool:
    """Whether a text says that a beneficiary is a natural person.

    name: it stands in place of a name, where it has to be such a mark and nothing more.
    """
    key = fold(text)
    marks = words()["natural_person"]
    if not name:
        return any(mark in key for mark in marks)
    if key in marks or key in words()["withheld"]:
        return True
    return key.startswith(("anonymis", "anonymiz")) or "einzelunternehm" in key


def identity(cells: Filled, facts: Mapping[str, Any]) -> tuple[int, int]:
    """(what tells an operation without a code from others, all that is said of it).

    Values are compared by what they mean, so that one list in two formats gives the same.
    """
    named = [fold(first(cells, name)) for name in ("title", "acronym", "beneficiary", "lead")]
    if not any(named):
        named.append(fold(first(cells, "summary")))
    when = [_meant(name, cells, facts) for name in DATES]
    rest = [_meant(name, cells, facts) for name in MONEY]
    own = number(*named, when[0] or when[2])
    return own, number(
        *named, *when, *rest, fold(first(cells, "postcode")), fold(first(cells, "place"))
    )


def _meant(name: str, cells: Filled, facts: Mapping[str, Any]) -> str:
    if name not in cells:
        return ""
    column, text = cells[name][0]
    try:
        if name in DATES:
            return day(text, order=reading(facts, "order", column), lang=facts.get("language", ""))[
                0
            ]
        return str(int(float(money(text, reading(facts, "decimal", column)).amount)))
    except (ValueError, OverflowError):
        return fold(text)


def reading(facts: Mapping[str, Any], what: str, column: str) -> str:
    """How a column is read: its `decimal` mark, or its `order` of day and month."""
    return str(facts.get(f"{what}s", {}).get(column) or facts.get(what, ""))


def _facts(table: Table, found: Survey, hints: Hints) -> dict[str, Any]:
    facts: dict[str, Any] = {name: value for name, value in hints.facts.items()
                             if name not in ("decimal", "date_order")}  # fmt: skip
    above = " ".join(table.titles)
    if "programme" not in facts:
        codes = set(_CCI.findall(above))
        if len(codes) == 1:
            facts["programme"] = codes.pop()
    if "period" not in facts:
        period = vocabularies.period_of(facts.get("programme", "")) or vocabularies.period_of(above)
        facts["period"] = period or vocabularies.period_of(table.path.stem) or ""
    facts["language"] = _language(table, found, hints)
    if "country" not in facts and facts.get("programme"):
        facts["country"] = vocabularies.country_code(facts["programme"][4:6]) or ""
    told = {"decimal": hints.facts.get("decimal", ""), "order": hints.facts.get("date_order", "")}
    for what, stated in told.items():
        votes = Counter(mark for each in found.forms.values() if (mark := getattr(each, what)))
        common = stated or (votes.most_common(1)[0][0] if votes else "")
        facts[what] = common
        facts[f"{what}s"] = {} if stated else {
            column: mark for column, each in found.forms.items()
            if (mark := getattr(each, what)) and mark != common
        }  # fmt: skip
    facts["stops"] = [column for column, each in found.stops.items() if each.part]
    columns = {name: hints.columns.get(column_key(name), hints.suggested.get(column_key(name)))
               for name in table.columns}  # fmt: skip
    facts["columns"] = {
        name: found.columns.get(name, "")
        for name, meant in columns.items()
        if meant is not None and found.columns.get(name) != _unhinted(name)
    } | {name: "role" for name, meant in found.columns.items()
         if meant == "role" and _unhinted(name) == "lead"}  # fmt: skip
    return {name: value for name, value in facts.items() if value}


def _unhinted(name: str) -> str | None:
    found = meaning(name)
    return found.field if found else None


def _language(table: Table, found: Survey, hints: Hints) -> str:
    """Of the texts: that of the column names, unless these are in English or few."""
    votes = languages_of(table.columns)
    native = [(count, lang) for lang, count in votes.items() if lang != "en"]
    if native and max(native)[0] >= 2:
        return max(native)[1]
    if hints.facts.get("language"):
        return hints.facts["language"]
    return detect_language(". ".join(found.titles), least=0.7) or (max(native)[1] if native else "")
