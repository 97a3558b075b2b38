"""From the rows of one operation to a record in the shape of the interchange format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from tessera.schema import vocabularies
from tessera.schema.vocabularies.folding import fold
from tessera.sources.conversion import organisation_type, programme
from tessera.sources.formats.text import clean, clean_line, shortened
from tessera.sources.natural_persons import is_natural_person
from tessera.sources.operations.headers import meaning
from tessera.sources.operations.lists import (
    DATES,
    MONEY,
    SEVERAL,
    Filled,
    filled,
    first,
    marks_natural_person,
    reading,
    role_of,
)
from tessera.sources.operations.values import currency_of, day, money, scale_of, span

TITLES: Final = (
    "title",
    "title_en",
    "acronym",
    "summary",
    "measure",
    "category",
    "code",
    "beneficiary",
)
"""What an operation is called by; of those that are there, the first."""
STATED: Final = tuple(
    "rate postcode place address coordinates priority measure call theme form_of_finance territory "
    "economic_activity major updated results region objective status url country "
    "legal_form".split()
)
"""What is kept as the list words it, under `stated`."""

_NUTS: Final = re.compile(r"\b([A-Z]{2}[0-9A-Z]{1,3})(?=$|[\s:–-])")
_COUNTRIES: Final = re.compile(r"[/,;|\n]+|\s+-\s+")
_NUMBER_AFTER: Final = re.compile(r"\s*\((\d{8,11})\)$")
_THEMATIC: Final = re.compile(r"^\D{0,6}0?(\d{1,2})(?!\d)")


@dataclass(slots=True)
class Rows:
    """The rows of one operation, and what has been told of them.

    problems: (field, message, value, converter) of what was left out or assumed. stated: what the
    record keeps.
    """

    cells: list[Filled]
    facts: Mapping[str, Any]
    natural_person: bool = False
    problems: list[tuple[str, str, str, str]] = field(default_factory=list)
    stated: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Rows:
        """From an item as gathered."""
        facts = raw["list"]
        hinted = facts.get("columns", {})
        cells = [filled(row, _columns(row, hinted)) for row in raw["rows"]]
        return cls(cells, facts, bool(raw.get("natural_person")))

    def texts(self, name: str) -> list[str]:
        """What the rows hold in a field, each text once."""
        found = (clean_line(text) for cells in self.cells for _, text in cells.get(name, ()))
        return list(dict.fromkeys(text for text in found if text))

    def one(self, name: str) -> str:
        """What the rows hold in a field; of several, the first, and a problem says so."""
        found = list(dict.fromkeys(text for cells in self.cells if (text := first(cells, name))))
        if len(found) > 1:
            taken = shortened(found[0], 60)
            self.tell(name, f"its {len(self.cells)} rows differ; taken: {taken!r}")
        return found[0] if found else ""

    def tell(self, column: str, message: str, value: str = "", how: str = "") -> None:
        """Something was left out or assumed. how: the converter that the value should suit."""
        self.problems.append((column, message, value, how))


def _columns(row: Mapping[str, Any], hinted: Mapping[str, str]) -> dict[str, str]:
    columns = {}
    for name in row:
        if name in hinted:
            meant = hinted[name]
        else:
            found = meaning(name)
            meant = found.field if found else ""
        if meant:
            columns[name] = meant
    return columns


def record(key: str, rows: Rows) -> dict[str, Any]:
    """The values of a record; what was left out stands in `rows.problems` afterwards."""
    titles = _titles(rows)
    start, end = _dates(rows)
    countries = list(_countries(rows))
    organisations = list(_organisations(rows, countries))
    budget = _budget(rows, organisations)
    known_programme = _programme(rows)
    summaries = rows.texts("summary")
    language = rows.facts.get("language") or "und"
    if rows.natural_person:
        rows.notes.append("the beneficiary is a natural person; the name isn't kept")
    for name in STATED:
        found = rows.texts(name)
        if found:
            rows.stated.setdefault(name, found[0] if len(found) == 1 else found)
    values = {
        "id": f"operations:{key}",
        "kind": "project",
        "title": titles,
        "acronym": rows.one("acronym"),
        "summary": {language: clean(_longest(rows))} if summaries else {},
        "programme": known_programme,
        "period": rows.facts.get("period"),
        "start": start,
        "end": end,
        "status": _status(rows),
        "objectives": _objectives(rows),
        "countries": countries,
        "regions": _regions(rows, countries),
        "organisations": organisations,
        "budget": budget,
        "url": next(
            (text for text in rows.texts("url") if re.fullmatch(r"https?://\S+", text)), ""
        ),
        "licence": rows.facts.get("licence", ""),
        "language": rows.facts.get("language", ""),
        "code": rows.one("code"),
        "fund": rows.texts("fund") or ([rows.facts["fund"]] if "fund" in rows.facts else []),
        "intervention_fields": rows.texts("category"),
        "notes": list(dict.fromkeys(rows.notes)),
        "stated": rows.stated,
    }
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _longest(rows: Rows) -> str:
    return max((text for cells in rows.cells for _, text in cells.get("summary", ())), key=len)


def _titles(rows: Rows) -> dict[str, str]:
    language = rows.facts.get("language") or "und"
    named = next((name for name in TITLES if any(name in cells for cells in rows.cells)), "")
    if not named:
        return {}
    text = next(found for cells in rows.cells if (found := first(cells, named)))
    if named not in ("title", "title_en"):
        rows.tell("title", f"the list gives no name of the operation; its {named} is taken")
        text = shortened(text, 200)
    english = rows.texts("title_en")
    if named == "title" and english and language != "en":
        return {language: text, "en": english[0]}
    return {"en" if named == "title_en" else language: text}


def _dates(rows: Rows) -> tuple[str, str]:
    found = {}
    for name in DATES:
        text = rows.one(name)
        if not text:
            continue
        column = next(cells[name][0][0] for cells in rows.cells if name in cells)
        lang = rows.facts.get("language", "")
        try:
            value, note = day(
                text, order=reading(rows.facts, "order", column), lang=lang, last=name == "end"
            )
        except ValueError as error:
            value, note = _ambiguous(text, lang, last=name == "end")
            if not value:
                rows.tell(column, f"{error}; left out", text, "date")
                rows.stated[name] = text
                continue
        if note and name != "approved":
            rows.tell(column, note, text)
            if note.startswith("published"):
                rows.notes.append(f"{name} is {note}: {text}")
        found[name] = value
        if name == "approved":
            rows.stated["approved"] = text if note else value
    _span(rows, found)
    start, end = found.get("start", ""), found.get("end", "")
    if start and end and end < start:
        rows.tell("end", f"{end} lies before the start, {start}; left out", end, "order")
        rows.stated["end"] = end
        end = ""
    return start, end


def _ambiguous(text: str, lang: str, *, last: bool) -> tuple[str, str]:
    """A date of two readings in a list that has no other dates to tell by: the day comes first."""
    try:
        value, _ = day(text, order="dmy", lang=lang, last=last)
    except ValueError:
        return "", ""
    return value, "day and month could be either way round; read with the day first"


def _span(rows: Rows, found: dict[str, str]) -> None:
    text = rows.one("span")
    if not text or "start" in found:
        return
    try:
        found["start"], found["end"] = span(text, lang=rows.facts.get("language", ""))
    except ValueError:
        rows.stated["span"] = text  # "1 an" is a duration, not a span


def _budget(rows: Rows, organisations: list[dict[str, Any]]) -> dict[str, Any]:
    budget: dict[str, Any] = {}
    for name in MONEY:
        amounts = [_amount(rows, cells, name) for cells in rows.cells]
        stated = [each for each in amounts if each is not None]
        if not stated:
            continue
        if len({each[0] for each in stated}) == 1:
            amount, currency = stated[0]
        elif _parts(rows):
            amount, currency = sum((each[0] for each in stated), Decimal(0)), stated[0][1]
            rows.tell(name, f"the sum of {len(stated)} rows, one for each fund or place, is taken")
        else:
            rows.stated[name] = [format(each[0], "f") for each in stated]
            if len(organisations) == len(rows.cells) == len(amounts):
                _shares(name, amounts, organisations)
            count = len(rows.cells)
            rows.tell(name, f"its {count} rows have amounts of their own; they aren't added up")
            continue
        budget[name] = {"amount": format(amount, "f"), "currency": currency}
    return budget


def _parts(rows: Rows) -> bool:
    """Whether the rows are shares of one beneficiary's operation, by fund, place or category."""
    parties = {fold(first(cells, "beneficiary")) for cells in rows.cells}
    shares = [tuple(first(cells, name) for name in ("fund", "region", "nuts", "place", "postcode",
                                                    "category", "priority"))
              for cells in rows.cells]  # fmt: skip
    return len(parties) == 1 and len(set(shares)) == len(shares)


def _shares(
    name: str,
    amounts: Sequence[tuple[Decimal, str] | None],
    organisations: list[dict[str, Any]],
) -> None:
    """A row's amount is its partner's; the eligible or total one is the partner's budget."""
    for amount, organisation in zip(amounts, organisations, strict=True):
        if amount is not None and (name in ("total", "eligible") or "budget" not in organisation):
            organisation["budget"] = format(amount[0], "f")


def _amount(rows: Rows, cells: Filled, name: str) -> tuple[Decimal, str] | None:
    problem = ("", "", "", "")
    for column, text in cells.get(name, ()):
        try:
            found = money(text, reading(rows.facts, "decimal", column))
        except ValueError as error:
            problem = (column, f"{error}; left out", text, "amount")
            continue
        if found.note:
            rows.tell(column, found.note, text)
        stated = first(cells, "currency").upper()
        currency = (
            found.currency or (stated if re.fullmatch("[A-Z]{3}", stated) else "")
            or currency_of(column) or rows.facts.get("currency", "")
        )  # fmt: skip
        if not currency:
            rows.tell("currency", "the list names none; amounts are taken for euro")
        scale = scale_of(column)
        if scale > 1:
            rows.tell(column, f"amounts are counted in {scale:,}")
        return Decimal(found.amount) * scale, currency or "EUR"
    if problem[0]:
        rows.tell(*problem)
        rows.stated[name] = cells[name][0][1]
    return None


def _programme(rows: Rows) -> dict[str, str]:
    code = next((text for text in rows.texts("cci") if vocabularies.looks_like_cci(text)), "")
    code = code or rows.facts.get("programme", "")
    names = rows.texts("programme")
    found: dict[str, str] = programme(code, {}) if code else {}
    if names and not found.get("name"):
        if not found:
            found = programme(names[0], {"period": rows.facts.get("period")})
        else:
            found["name"] = names[0]
    return {name: value for name, value in found.items() if value}


def _countries(rows: Rows) -> Iterator[str]:
    found: dict[str, None] = {}
    for text in rows.texts("country"):
        whole = vocabularies.country_code(text)
        parts = [whole] if whole else map(vocabularies.country_code, _COUNTRIES.split(text))
        codes = [code for code in parts if code]
        if not codes:
            message = f"{shortened(text)!r} is not a country; kept under `stated`"
            rows.tell("country", message, text, "country")
        found |= dict.fromkeys(codes)
    if not found and rows.facts.get("country"):
        found = {rows.facts["country"]: None}
    yield from found


def _regions(rows: Rows, countries: Sequence[str]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    country = countries[0] if len(countries) == 1 else None
    for text in [*rows.texts("nuts"), *rows.texts("region")]:
        code = _NUTS.search(text)
        known = vocabularies.region(code[1]) if code else None
        if known is None or known.level == 0 or (known.resolved_from and known.level < 1):
            known = vocabularies.find_region(text, country)
        if known is not None and known.level > 0:
            region = {"nuts": known.code}
            if known.resolved_from and known.resolved_from != known.code:
                region["stated"] = known.resolved_from
            found[known.code] = region
    return list(found.values())


def _status(rows: Rows) -> str | None:
    return next(
        (code for text in rows.texts("status") if (code := vocabularies.status(text))), None
    )


def _objectives(rows: Rows) -> list[str]:
    found: dict[str, None] = {}
    for cells in rows.cells:
        for column, text in cells.get("objective", ()):
            known = vocabularies.objective(text)
            thematic = _THEMATIC.match(text)
            if known is None and thematic and "temat" in fold(column).replace("th", "t"):
                known = vocabularies.objective(f"TO{thematic[1]}")
            if known is not None:
                found[known.code] = None
    return list(found)


def _organisations(rows: Rows, countries: Sequence[str]) -> Iterator[dict[str, Any]]:
    seen: set[tuple[str, str]] = set()
    others = any("partners" in cells for cells in rows.cells)
    for cells in rows.cells:
        for organisation in _of_row(rows, cells, countries, others=others):
            key = (fold(organisation["name"]), organisation["role"])
            if key not in seen:
                seen.add(key)
                yield organisation


def _of_row(
    rows: Rows, cells: Filled, countries: Sequence[str], *, others: bool
) -> Iterator[dict[str, Any]]:
    for _, text in cells.get("lead", ()):
        yield from _organisation(rows, text, "lead", cells, countries)
    stated = first(cells, "role")
    role = role_of(stated) if stated else "lead" if others and "lead" not in cells else "partner"
    for _, text in cells.get("beneficiary", cells.get("beneficiary_en", [])):
        yield from _organisation(rows, text, role or "partner", cells, countries)
    for _, text in cells.get("partners", ()):
        for part in SEVERAL.split(text):
            # What is said of the beneficiary isn't said of the partners.
            yield from _organisation(rows, part, "partner", {}, ())


def _organisation(
    rows: Rows, text: str, role: str, cells: Filled, countries: Sequence[str]
) -> Iterator[dict[str, Any]]:
    name = clean_line(text).strip(" ,;|")
    if not name or not any(map(str.isalpha, name)):
        return
    country = countries[0] if len(countries) == 1 else ""
    if marks_natural_person(name, name=True) or is_natural_person(name, country):
        rows.tell("beneficiary", "a natural person; no organisation is made of it")
        return
    organisation: dict[str, Any] = {"name": name, "role": role}
    number = _NUMBER_AFTER.search(name)
    if number:
        organisation |= {"name": name[: number.start()], "national_id": number[1]}
    if country:
        organisation["country"] = country
    elif "country" in cells and (code := vocabularies.country_code(first(cells, "country"))):
        organisation["country"] = code
    if "beneficiary_id" in cells:
        organisation["national_id"] = first(cells, "beneficiary_id")
    if "organisation_type" in cells:
        organisation |= organisation_type(first(cells, "organisation_type"), {})
    if "town" in cells:
        organisation["town"] = first(cells, "town")
    yield organisation
