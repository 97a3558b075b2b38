"""Projects of CORDIS with their organisations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tessera.schema import vocabularies
from tessera.schema.draft import RecordDraft
from tessera.schema.parts import is_record_id
from tessera.sources.base import Item, ItemError
from tessera.sources.calls.importer import call_id
from tessera.sources.cordis import values
from tessera.sources.cordis.values import line, paragraphs
from tessera.sources.drafting import drafted, left_out, warning
from tessera.sources.natural_persons import without_persons

PROGRAMMES: Final = {
    "FP7": ("Seventh Framework Programme (FP7)", "2007-2013"),
    "FP7-EURATOM": ("Seventh Framework Programme (FP7)", "2007-2013"),
    "H2020": ("Horizon 2020", "2014-2020"),
    "HORIZON": ("Horizon Europe", "2021-2027"),
}
"""Framework programme -> its name and period."""
STATUS: Final = {"signed": "ongoing", "closed": "closed", "terminated": "terminated",
                 "ongoing": "ongoing"}  # fmt: skip
"""SIGNED is what CORDIS calls an ongoing project: its grant is signed and not closed."""
_BESIDE: Final = ("rcn", "fundingscheme", "mastercall", "subcall", "call", "ecsignaturedate",
                  "nature", "contentupdatedate", "grantdoi")  # fmt: skip


def project(item: Item) -> Iterator[RecordDraft | ItemError]:
    """The project of an item's rows; of several rows of it, the first that states a field."""
    row: dict[str, Any] = {}
    for each in item.raw["project"]:
        for name, value in each.items():
            row.setdefault(name, value)
    number = item.key.partition(":")[2]
    title, acronym = line(row, "title"), line(row, "acronym")
    topics = _topics(item, row)
    if not title and not acronym:
        message = (
            "is not in the delivery; the project is called by its number: give the table of "
            "projects as CORDIS publishes it"
        )
        yield warning(item, message, "title")
    language = vocabularies.language_code(line(row, "language")) or "en"
    made: dict[str, Any] = {
        "id": f"cordis:{number}",
        "kind": "project",
        "title": {
            language if title or not acronym else "und": (
                title or acronym or _numbered(number, topics)
            )
        },
        "acronym": acronym,
        "text": {language: _text(row)},
        "url": f"https://cordis.europa.eu/project/id/{number}",
        "notes": [] if title else ["Its title is not in the delivery"],
    }
    stated: dict[str, Any] = {name: line(row, name) for name in _BESIDE if line(row, name)}
    yield from _programme(item, row, made, stated)
    yield from _dates(item, row, made, stated)
    yield from _money(item, row, made, stated)
    made["themes"] = list(dict.fromkeys(
        line(each, "euroscivoctitle") or line(each, "euroscivocpath").rpartition("/")[2]
        for each in _rows(item, "euroSciVoc")
    ))  # fmt: skip
    made["themes"] = [theme for theme in made["themes"] if theme] or _last_parts(row)
    made["concepts"] = _subjects(item)
    made["topics"] = [{"code": code, "title": name} for code, name in topics.items()]
    made["links"] = [{"rel": "topic", "id": call_id(code)}
                     for code in topics if is_record_id(call_id(code))]  # fmt: skip
    made["websites"] = list(dict.fromkeys(
        url for url in (line(row, "projecturl"),
                        *(line(each, "physurl") for each in _rows(item, "webLink"))) if url
    ))  # fmt: skip
    organisations, beside, problems = _organisations(item)
    yield from problems
    codes, unknown = values.countries(line(row, "countries"))
    if unknown:
        yield left_out(item, f"{unknown!r}: no country", "country", unknown, "country")
    made["countries"] = [*codes, *beside]
    made["organisations"] = organisations
    made["stated"] = stated
    spared, told = without_persons(made, item)
    yield from told
    empty: tuple[Any, ...] = (None, "", [], {}, {"en": ""})
    yield from drafted({k: v for k, v in (spared or {}).items() if v not in empty}, item)


def _numbered(number: str, topics: Mapping[str, str]) -> str:
    """What a project is called by whose title nobody gave; its topic helps to place it."""
    topic = next((title or code for code, title in topics.items()), "")
    return f"Project {number} ({topic})" if topic else f"Project {number}"


def _rows(item: Item, kind: str) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = item.raw.get(kind, [])
    return found


def _text(row: Mapping[str, Any]) -> str:
    keywords = line(row, "keywords")
    parts = [paragraphs(row, "objective", "teaser"), f"Keywords: {keywords}" if keywords else ""]
    return "\n\n".join(part for part in parts if part)


def _subjects(item: Item) -> list[dict[str, str]]:
    """Fields of science by their code in EuroSciVoc: the last part of the path that is stated."""
    found = {}
    for each in _rows(item, "euroSciVoc"):
        stated = line(each, "euroscivoccode")
        code = stated.rpartition("/")[2]
        if code.isdigit():
            label = line(each, "euroscivoctitle") or line(each, "euroscivocpath").rpartition("/")[2]
            found[code] = {"vocabulary": "euroscivoc", "code": code, "label": label,
                           "stated": stated}  # fmt: skip
    return list(found.values())


def _last_parts(row: Mapping[str, Any]) -> list[str]:
    """Subjects of a list that has their paths in one cell, parted by |."""
    paths = line(row, "euroscivocpaths").split("|")
    return list(dict.fromkeys(p.rpartition("/")[2].strip() for p in paths if p.strip()))


def _topics(item: Item, row: Mapping[str, Any]) -> dict[str, str]:
    found = {line(each, "topic"): line(each, "title") for each in _rows(item, "topics")}
    if not found:
        codes = line(row, "topics", "topic").split(";")
        found = {code.strip(): line(row, "topictitle") for code in codes}
    return {code: title for code, title in found.items() if code}


def _programme(
    item: Item, row: Mapping[str, Any], made: dict[str, Any], stated: dict[str, Any]
) -> Iterator[ItemError]:
    bases = {line(each, "legalbasis"): line(each, "title") for each in _rows(item, "legalBasis")}
    if not bases:
        codes = line(row, "legalbasis", "programme").split(";")
        bases = {code.strip(): line(row, "legalbasistitle") for code in codes if code.strip()}
    made["legal_basis"] = [{"code": code, "title": title} for code, title in bases.items() if code]
    code = line(row, "frameworkprogramme").upper()
    if not code:
        known = ("HORIZON", "H2020", "FP7")
        starts = [base for base in bases if base]
        code = next((name for name in known for base in starts if base.startswith(name)), "")
        if not code and any(base.startswith("EURATOM") for base in starts):
            code = "EURATOM"
    if code in PROGRAMMES:
        name, made["period"] = PROGRAMMES[code]
        made["programme"] = {"name": name}
        stated["programme"] = code
    elif code:
        made["programme"] = {"name": code}
    else:
        yield warning(item, "the framework programme is not stated", "frameworkProgramme")
    status = line(row, "status").casefold()
    if status:
        stated["status"] = line(row, "status")
        if status in STATUS:
            made["status"] = STATUS[status]
        else:
            message = f"{status!r} is none of SIGNED, CLOSED, TERMINATED; left out"
            yield warning(item, message, "status", value=stated["status"])


def _dates(
    item: Item, row: Mapping[str, Any], made: dict[str, Any], stated: dict[str, Any]
) -> Iterator[ItemError]:
    for name, column in (("start", "startdate"), ("end", "enddate")):
        text = line(row, column)
        if not text:
            continue
        try:
            made[name] = values.day(text)
        except ValueError as error:
            stated[name] = text
            yield left_out(item, error, column, text, "date")
    if made.get("start") and made.get("end") and made["end"] < made["start"]:
        stated["end"] = made.pop("end")
        message = f"{stated['end']} lies before the start, {made['start']}"
        yield left_out(item, message, "enddate", stated["end"], "order")


def _money(
    item: Item, row: Mapping[str, Any], made: dict[str, Any], stated: dict[str, Any]
) -> Iterator[ItemError]:
    budget = {}
    for name, column in (("total", "totalcost"), ("eu", "ecmaxcontribution")):
        text = line(row, column)
        if not text:
            continue
        try:
            budget[name] = {"amount": values.money(text), "currency": "EUR"}
        except ValueError as error:
            stated[f"budget_{name}"] = text
            yield left_out(item, error, column, text, "amount")
    made["budget"] = budget


def _organisations(item: Item) -> tuple[list[dict[str, Any]], list[str], list[ItemError]]:
    """Partners in their order, further countries of theirs, and what is to be told."""
    found: list[dict[str, Any]] = []
    beside: list[str] = []
    problems: list[ItemError] = []
    rows = sorted(_rows(item, "organization"), key=_order)
    for row in rows:
        name = line(row, "name", "shortname")
        if not name:
            problems.append(warning(item, "an organisation without a name; left out", "name"))
            continue
        partner: dict[str, Any] = {"id": values.pic(row), "name": name, "town": line(row, "city")}
        partner |= values.type_of(row)
        stated: dict[str, str] = {}
        role = line(row, "role")
        known = vocabularies.role(role) if role else "partner"
        if known is None:
            problems.append(
                warning(item, f"{role!r} is no role; taken as partner", "role", value=role)
            )
        partner["role"] = known or "partner"
        partner["source_role"] = role
        codes, unknown = values.countries(line(row, "country"))
        if len(codes) > 1 or unknown:
            stated["country"] = line(row, "country")
            taken = f"taken: {codes[0]}" if codes else "left out"
            message = f"{stated['country']!r} of {name}; {taken}"
            problems.append(warning(item, message, "country", value=stated["country"]))
        partner["country"] = codes[0] if codes else None
        beside += codes[1:]
        partner["nuts"], problem = values.region(line(row, "nutscode"))
        if problem:
            stated["nuts"] = line(row, "nutscode")
            message = f"{problem} (of {name})"
            problems.append(left_out(item, message, "nutsCode", stated["nuts"], "region"))
        for field, column in (("budget", "totalcost"), ("eu", "eccontribution"),
                              ("eu_net", "neteccontribution")):  # fmt: skip
            if line(row, column):
                try:
                    partner[field] = values.money(line(row, column))
                except ValueError as error:
                    stated[field] = line(row, column)
                    message = f"{error} (of {name})"
                    problems.append(left_out(item, message, column, stated[field], "amount"))
        if line(row, "endofparticipation").casefold() == "true":
            partner["left_early"] = True
        partner["stated"] = stated
        found.append({k: v for k, v in partner.items() if v not in (None, "", {})})
    return found, list(dict.fromkeys(beside)), problems


def _order(row: Mapping[str, Any]) -> tuple[bool, int]:
    """Coordinators first, then by the number that CORDIS gives."""
    number = line(row, "order")
    lead = vocabularies.role(line(row, "role")) == "lead" if line(row, "role") else False
    return not lead, int(number) if number.isdecimal() and len(number) < 9 else 10**9
