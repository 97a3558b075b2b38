"""From the rows of one operation to a record in the shape of the interchange format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from tessera.schema import vocabularies
from tessera.schema.vocabularies.folding import fold
from tessera.sources.conversion import programme
from tessera.sources.formats.text import clean, shortened
from tessera.sources.operations.budgets import budget_of
from tessera.sources.operations.lists import DATES, reading
from tessera.sources.operations.parties import organisations_of
from tessera.sources.operations.rows import Rows
from tessera.sources.operations.values import day, span

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

_LETTERS: Final = re.compile(r"[^\W\d_]+")
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUTS: Final = re.compile(r"\b([A-Z]{2}[0-9A-Z]{1,3})(?=$|[\s:–-])")
_COUNTRIES: Final = re.compile(r"[/,;|\n]+|\s+-\s+")
_THEMATIC: Final = re.compile(r"^\D{0,6}0?(\d{1,2})(?!\d)")


def record(key: str, rows: Rows) -> dict[str, Any]:
    """The values of a record; what was left out stands in `rows.problems` afterwards."""
    titles = _titles(rows)
    start, end = _dates(rows)
    countries = list(_countries(rows))
    organisations = list(organisations_of(rows, countries))
    budget = budget_of(rows, organisations)
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
        "code": rows.one("code") or _code_for_name(rows),
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
    named, text, code = _name(rows)
    if not named:
        return _nameless(rows)
    if code:
        message = f"the name of the operation is a bare code; its {named} is taken"
        rows.tell("title", message, code)
        rows.notes.append(f"The list names the operation by a code, {code}; shown is its {named}")
    elif named not in ("title", "title_en"):
        rows.tell("title", f"the list gives no name of the operation; its {named} is taken")
    if named not in ("title", "title_en"):
        text = shortened(text, 200)
    english = rows.texts("title_en")
    if named == "title" and english and language != "en":
        return {language: text, "en": english[0]}
    return {"en" if named == "title_en" else language: text}


def _nameless(rows: Rows) -> dict[str, str]:
    """What an operation is called by of which the list says no more than a person's name."""
    if not rows.natural_person:
        return {}
    rows.tell("title", "the list names the operation by a natural person alone; called by that")
    when = rows.one("start") or rows.one("approved")
    return {"en": f"Operation of a natural person ({when})" if when else
            "Operation of a natural person"}  # fmt: skip


def _name(rows: Rows) -> tuple[str, str, str]:
    """(field, text, code) of what an operation is called by; code: what stands for its name."""
    code = ""
    for name in TITLES:
        for text in rows.texts(name):
            if name in ("code", "beneficiary") and code:
                # Neither says more of the operation than the code that is its name in the list.
                return "title", code, ""
            if name in ("code", "beneficiary") or not is_bare_code(text):
                return name, text, code
            if name in ("title", "title_en"):
                code = code or text
    return ("title", code, "") if code else ("", "", "")


def _code_for_name(rows: Rows) -> str:
    return next((text for text in rows.texts("title") if is_bare_code(text)), "")


def is_bare_code(text: str) -> bool:
    """Whether a text is no name: "E1", "700-700-001-3/2016", "2015 FE 9046"; but "JAVA 2010" is."""
    runs = _LETTERS.findall(text)
    letters, digits = sum(map(len, runs)), sum(map(str.isdigit, text))
    if not letters or letters + digits <= 2:
        return True
    beside_years = sum(map(str.isdigit, _YEAR.sub("", text)))
    return beside_years > letters and all(run.isupper() and len(run) <= 4 for run in runs)


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
            rows.tell("country", "holds no country; kept under `stated`", text, "country")
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
