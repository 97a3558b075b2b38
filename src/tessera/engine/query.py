"""One search as a value: made from URL parameters, changed by small steps, written as a URL.

`Query.from_params` never raises on what a user sent; what it could not use it reports as a
`Problem` and leaves out. `to_params` is canonical: the same search always gives the same string.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlencode

from tessera.engine.fields import MISSING, RELEVANCE, Facet, FacetType, IndexSchema
from tessera.engine.syntax import MAX_WORDS, is_read_whole

DEFAULT_SIZE = 20
MAX_SIZE = 100
MAX_PAGE = 10**9
MAX_TEXT = 2000
"""Characters of typed text that are read; what follows is reported and left out."""
MAX_VALUES = 100
"""Choices per facet that are read."""
MAX_WITHOUT = 32
"""Expansions removed that are read."""
AS_TYPED = "as-typed"
"""The spelling that corrects nothing."""
WORDS = "words"
"""The match that finds nothing but documents with all words, as they were typed."""

_YEARS = re.compile(r"(\d{4})?\s*(\.\.)?\s*(\d{4})?")
_LANG = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Problem:
    """A parameter that was not used, or not as sent: which, and what to do instead."""

    parameter: str
    message: str


@dataclass(frozen=True, slots=True)
class YearRange:
    """Years from `first` to `last`, both included; None is open."""

    first: int | None
    last: int | None

    def __contains__(self, year: int) -> bool:
        after = self.first is None or year >= self.first
        return after and (self.last is None or year <= self.last)

    def __str__(self) -> str:
        first = "" if self.first is None else f"{self.first:04}"
        last = "" if self.last is None else f"{self.last:04}"
        return first if first == last else f"{first}..{last}"

    @classmethod
    def parse(cls, text: str) -> YearRange | None:
        """`2014..2020`, `..2020`, `2014..`, `2014`; None where it is none of these."""
        match = _YEARS.fullmatch(text.strip())
        if match is None:
            return None
        first, dots, last = match.groups()
        if dots is None:
            return cls(int(first), int(first)) if first and not last else None
        if first is None and last is None:
            return None
        years = cls(int(first) if first else None, int(last) if last else None)
        if years.first is not None and years.last is not None and years.first > years.last:
            return None
        return years


@dataclass(frozen=True, slots=True)
class Filter:
    """A restriction in force: any of `values` (or, with `exclude`, none of them)."""

    name: str
    values: tuple[str, ...]
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A search. Build it with `from_params` or from the empty query with the `with_` steps.

    filters: at most one per (name, exclude), sorted; values sorted and distinct.
    sort: name of a SortOrder or RELEVANCE; empty is the default for this text.
    lang: the reader's language, BCP 47 primary tag; empty is the site's.
    spelling: AS_TYPED, or empty for corrections where they help.
    match: WORDS, or empty for related, close and corrected words, too.
    without: expansions of the words that are not wanted, sorted.
    """

    text: str = ""
    filters: tuple[Filter, ...] = ()
    sort: str = ""
    page: int = 1
    size: int = DEFAULT_SIZE
    lang: str = ""
    spelling: str = ""
    match: str = ""
    without: tuple[str, ...] = ()

    @classmethod
    def from_params(
        cls, params: Iterable[tuple[str, str]], schema: IndexSchema
    ) -> tuple[Query, tuple[Problem, ...]]:
        """Read (name, value) pairs in order; see docs/reference/search-parameters."""
        reading = _Reading(schema)
        for name, value in params:
            reading.take(name, value)
        return reading.query(), tuple(dict.fromkeys(reading.problems))

    def to_params(self) -> str:
        """The canonical query string, without `?`; empty for the empty query."""
        return urlencode(self.pairs(), quote_via=quote, safe=":.,/")

    def pairs(self) -> list[tuple[str, str]]:
        """The canonical (name, value) pairs."""
        pairs = [("q", self.text)] if self.text else []
        for wanted in self.filters:
            name = f"-{wanted.name}" if wanted.exclude else wanted.name
            pairs.extend((name, value) for value in wanted.values)
        if self.sort:
            pairs.append(("sort", self.sort))
        if self.page != 1:
            pairs.append(("page", str(self.page)))
        if self.size != DEFAULT_SIZE:
            pairs.append(("size", str(self.size)))
        if self.lang:
            pairs.append(("lang", self.lang))
        if self.spelling:
            pairs.append(("spelling", self.spelling))
        if self.match:
            pairs.append(("match", self.match))
        pairs.extend(("without", word) for word in self.without)
        return pairs

    def selected(self, name: str, *, exclude: bool = False) -> tuple[str, ...]:
        """The values in force for a facet."""
        for wanted in self.filters:
            if wanted.name == name and wanted.exclude == exclude:
                return wanted.values
        return ()

    def with_filter(
        self, name: str, *values: str, exclude: bool = False, single: bool = False
    ) -> Query:
        """These values chosen too (or, with `single`, instead); back on the first page."""
        kept = () if single else self.selected(name, exclude=exclude)
        return self._with(name, exclude, {*kept, *values})

    def without_filter(self, name: str, *values: str, exclude: bool | None = None) -> Query:
        """Without these values of a facet, or without all of it where none is named."""
        query = self
        for side in (False, True) if exclude is None else (exclude,):
            kept = set(self.selected(name, exclude=side)) - set(values) if values else set()
            query = query._with(name, side, kept)
        return query

    def without_filters(self) -> Query:
        return replace(self, filters=(), page=1)

    def with_text(self, text: str) -> Query:
        """Other words; what was said of the spelling and meaning of those before is forgotten."""
        return replace(self, text=text, page=1, spelling="", without=())

    def with_spelling(self, spelling: str) -> Query:
        return replace(self, spelling=spelling, page=1)

    def with_match(self, match: str) -> Query:
        return replace(self, match=match, page=1)

    def with_without(self, *words: str) -> Query:
        """Without these expansions, too."""
        return replace(self, without=tuple(sorted({*self.without, *words})), page=1)

    def with_again(self, word: str) -> Query:
        """With an expansion that wasn't wanted before."""
        kept = tuple(each for each in self.without if each != word)
        return replace(self, without=kept, page=1)

    def with_sort(self, sort: str) -> Query:
        return replace(self, sort=sort, page=1)

    def with_page(self, page: int) -> Query:
        return replace(self, page=page)

    def effective_sort(self, schema: IndexSchema) -> str:
        """The order that applies: the one asked for, by relevance where text was typed, the one
        that a choice in force brings with it, or the schema's default."""
        if self.sort or self.text:
            return self.sort or RELEVANCE
        for order in schema.sorts:
            if order.default_for and order.default_for[1] in self.selected(order.default_for[0]):
                return order.name
        return schema.default_sort

    def _with(self, name: str, exclude: bool, values: set[str]) -> Query:
        others = [f for f in self.filters if (f.name, f.exclude) != (name, exclude)]
        if values:
            others.append(Filter(name, tuple(sorted(values)), exclude))
        return replace(self, filters=_sorted(others), page=1)


def _sorted(filters: Iterable[Filter]) -> tuple[Filter, ...]:
    return tuple(sorted(filters, key=lambda f: (f.name, f.exclude)))


def clean_text(text: str) -> str:
    """Typed text without control characters and doubled blanks, in Unicode's NFC form."""
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
    return " ".join(unicodedata.normalize("NFC", spaced).split())


def normalise_value(facet: Facet, value: str) -> str | None:
    """A user's value as it is indexed; None where it can't be one."""
    value = clean_text(value)
    if not value:
        return None
    if facet.type is FacetType.WHEN:
        return value if value in ("upcoming", "past") else None
    if value == MISSING:
        return value
    if facet.type is FacetType.YEARS:
        years = YearRange.parse(value)
        return str(years) if years else None
    return facet.normalise(value) if facet.normalise else value


_EXPECTED: Mapping[FacetType, str] = {
    FacetType.YEARS: "expected years such as 2014..2020, ..2020, 2014.. or 2014",
    FacetType.WHEN: "expected upcoming or past",
}


@dataclass(slots=True)
class _Reading:
    """One pass over the parameters."""

    schema: IndexSchema
    text: str = ""
    sort: str = ""
    page: int = 1
    size: int = DEFAULT_SIZE
    lang: str = ""
    spelling: str = ""
    match: str = ""
    without: set[str] = field(default_factory=set)
    chosen: dict[tuple[str, bool], set[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def take(self, name: str, value: str) -> None:
        match name:
            case "q":
                self._take_text(value)
            case "sort":
                self._take_sort(value)
            case "page":
                self.page = self._number(name, value, 1, MAX_PAGE, self.page)
            case "size":
                self.size = self._number(name, value, 1, MAX_SIZE, self.size)
            case "lang":
                self._take_lang(value)
            case "spelling":
                self.spelling = self._one_of(name, value, AS_TYPED, self.spelling)
            case "match":
                self.match = self._one_of(name, value, WORDS, self.match)
            case "without":
                self._take_without(value)
            case _:
                self._take_filter(name, value)

    def query(self) -> Query:
        filters = (
            Filter(name, tuple(sorted(values)), exclude)
            for (name, exclude), values in self.chosen.items()
        )
        return Query(
            self.text,
            _sorted(filters),
            self.sort,
            self.page,
            self.size,
            self.lang,
            self.spelling,
            self.match,
            tuple(sorted(self.without)),
        )

    def _problem(self, parameter: str, message: str) -> None:
        self.problems.append(Problem(_shown(parameter), message))

    def _take_text(self, value: str) -> None:
        text = clean_text(f"{self.text} {value}")
        if len(text) > MAX_TEXT:
            head = text[:MAX_TEXT]
            text = (head if text[MAX_TEXT].isspace() else head.rpartition(" ")[0] or head).strip()
            self._problem("q", f"only the first {MAX_TEXT} characters were searched for")
        if not is_read_whole(text):
            self._problem("q", f"only the first {MAX_WORDS} words were searched for")
        self.text = text

    def _take_sort(self, value: str) -> None:
        if value == RELEVANCE or self.schema.sort(value):
            self.sort = value
        elif value:
            names = ", ".join([RELEVANCE, *(order.name for order in self.schema.sorts)])
            self._problem("sort", f"{_shown(value)!r} is not an order; expected one of {names}")

    def _take_lang(self, value: str) -> None:
        lang = value.strip().lower().partition("-")[0]
        if _LANG.fullmatch(lang):
            self.lang = lang
        elif value:
            self._problem("lang", f"{_shown(value)!r} is not a language code such as en or el")

    def _one_of(self, name: str, value: str, expected: str, otherwise: str) -> str:
        if not value.strip() or value.strip() == expected:
            return value.strip()
        self._problem(name, f"{_shown(value)!r} is not used; expected {expected} or nothing")
        return otherwise

    def _take_without(self, value: str) -> None:
        word = clean_text(value)
        if len(self.without) >= MAX_WITHOUT and word not in self.without:
            self._problem("without", f"{_shown(value)!r} was left out: at most {MAX_WITHOUT} words")
        elif word:
            self.without.add(word)

    def _number(self, name: str, value: str, low: int, high: int, otherwise: int) -> int:
        digits = value.strip()
        if not (digits.isascii() and digits.isdigit()):
            if digits:
                expected = f"expected a whole number from {low} to {high}"
                self._problem(name, f"{_shown(value)!r} is not used; {expected}")
            return otherwise
        number = int(digits[:12])
        if not low <= number <= high:
            nearest = min(max(number, low), high)
            self._problem(name, f"{_shown(digits)} is not from {low} to {high}; {nearest} is used")
            return nearest
        return number

    def _take_filter(self, name: str, value: str) -> None:
        exclude = name.startswith("-")
        facet = self.schema.facet(name[1:] if exclude else name)
        if facet is None:
            self._problem(name, "is not a search parameter and was left out")
            return
        if not value.strip():
            return
        normal = normalise_value(facet, value)
        if normal is None:
            expected = _EXPECTED.get(facet.type, "it is not a value of this filter")
            self._problem(name, f"{_shown(value)!r} was left out: {expected}")
            return
        values = self.chosen.setdefault((facet.name, exclude), set())
        if facet.single and not exclude:
            values.clear()
        if len(values) >= MAX_VALUES and normal not in values:
            self._problem(name, f"{_shown(value)!r} was left out: at most {MAX_VALUES} choices")
            return
        values.add(normal)


def _shown(value: str) -> str:
    value = clean_text(value)
    return value if len(value) <= 60 else f"{value[:60]}…"
