"""`tessera import kohesio FILE`: project files of both periods, and beneficiaries.

Read row by row: memory doesn't grow with the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

from tessera.schema import vocabularies
from tessera.schema.draft import RecordDraft
from tessera.sources.base import Importer, Item, ItemError, SourceInfo
from tessera.sources.conversion import amount, date_text, programme
from tessera.sources.drafting import drafted, left_out
from tessera.sources.formats.language import detect_language
from tessera.sources.formats.table import Row, RowError, Table, TableError, column_key, read_tables
from tessera.sources.formats.text import clean_line, in_a_row, shortened, storable
from tessera.sources.kohesio import beneficiaries
from tessera.sources.kohesio.beneficiaries import digest
from tessera.sources.natural_persons import without_persons
from tessera.sources.tables import table_files
from tessera.sources.where import Where

PROJECT: Final = ("Operation_Unique_Identifier", "Operation_Name_English",
                  "Operation_Name_Programme_Language")  # fmt: skip
"""What a file of projects must have; the second or the third at least."""
WANTED: Final = (*PROJECT, *beneficiaries.COLUMNS)
STATED: Final = {
    "Operation_Local_Identifier": "local_id", "Cofinancing_Rate": "rate",
    "Coordinates": "coordinates", "Location_Indicator_latitude_longitude": "coordinates",
    "Postal_Code": "postcode", "LAU_IDs": "lau", "LAU_Labels": "place",
    "ManagingAuthority": "managing_authority", "InfoRegio_ID": "inforegio_id",
    "Image_URL": "image", "Thematic_Objective_Label": "thematic_objective",
    "Policy_Objective_Label": "policy_objective", "Specific_Objective_Label": "specific_objective",
}  # fmt: skip
"""Column -> key under `stated`, kept as written."""

_ENTITY: Final = re.compile(r"(?:https?://linkedopendata\.eu/(?:entity|wiki/Item:)/?)?(Q\d+)$")
_NUTS: Final = ("NUTS3", "NUTS2", "NUTS1")


class KohesioImporter:
    """See the module."""

    def __init__(self, info: SourceInfo) -> None:
        self.info = info

    def gather(self, paths: Sequence[Path]) -> Iterator[Item | ItemError]:
        """An item per row: an operation, or a beneficiary."""
        for path in table_files(paths):
            if isinstance(path, ItemError):
                yield path
                continue
            try:
                again = beneficiaries.named_again(path, WANTED)
                for table in read_tables(path, wanted=WANTED):
                    yield from _items(table, again)
            except TableError as error:
                yield ItemError("gather", path.name, str(error))

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """The project or organisation of a row."""
        raw = item.raw["rows"] if isinstance(item.raw.get("rows"), list) else [item.raw]
        rows = [{column_key(name): str(value or "").strip() for name, value in row.items()}
                for row in raw]  # fmt: skip
        problems: list[ItemError] = []
        if "beneficiary name" in rows[0] and "number of projects" in rows[0]:
            country = _country(rows[0], item, problems)
            values = beneficiaries.organisation(rows, country, item, problems)
        else:
            values = _project(rows[0], item, problems)
        spared, told = without_persons(values, item)
        yield from dict.fromkeys((*problems, *told))
        if spared is not None:
            yield from drafted(spared, item)


def importer(info: SourceInfo) -> Importer:
    """Called by the registry."""
    return KohesioImporter(info)


def _items(table: Table, again: set[int]) -> Iterator[Item | ItemError]:
    present = {column_key(name) for name in table.columns}
    for note in table.notes:
        yield ItemError("gather", table.where(), note, warning=True)
    waiting = beneficiaries.Waiting(table, again)
    if beneficiaries.lists_beneficiaries(table):
        key: Callable[[Mapping[str, str]], str] = beneficiaries.key_of
    elif column_key(PROJECT[0]) in present and {column_key(n) for n in PROJECT[1:]} & present:
        key = _project_key
    else:
        message = (
            f"is neither a list of projects (with {', '.join(PROJECT)}) nor of beneficiaries (with "
            f"{', '.join(beneficiaries.COLUMNS)}); it has {in_a_row(table.columns)}"
        )
        yield ItemError("gather", table.path.name, message)
        return
    row: Row | RowError | None = None
    for row in table.rows:
        where = table.where(row.number)
        if isinstance(row, RowError):
            yield ItemError("gather", where, row.message)
            continue
        if row.surplus:
            message = (
                f"has {len(row.surplus)} cells more than there are columns "
                f"({shortened(', '.join(row.surplus))}); is a quotation mark missing?"
            )
            yield ItemError("gather", where, message)
            continue
        found = _item(row, key, where)
        if isinstance(found, ItemError) or not waiting.takes(found.key, row):
            yield found
    yield from waiting.items()
    if row is None:
        yield ItemError("gather", table.path.name, "has no rows below its header", warning=True)


def _item(row: Row, key: Callable[[Mapping[str, str]], str], where: Where) -> Item | ItemError:
    found = key({column_key(name): str(value or "") for name, value in row.values.items()})
    if not found:
        return ItemError("gather", where, "has neither an identifier nor a name to tell it by")
    return Item(found, storable(row.values), where)


def _project_key(row: Mapping[str, str]) -> str:
    written = clean_line(row.get("operation unique identifier", ""))
    entity = _ENTITY.fullmatch(written)
    local = written or clean_line(row.get("operation local identifier", ""))
    return entity[1] if entity else digest(local) if local else ""


def split(text: str) -> list[str]:
    """The values of a cell, which stand between `|`; an empty one keeps its place."""
    return [clean_line(part) for part in text.split("|")] if text else []


def _project(row: Mapping[str, str], item: Item, problems: list[ItemError]) -> dict[str, Any]:
    titles, language = _texts(row, "operation name")
    summaries, _ = _texts(row, "operation summary", language)
    country = _country(row, item, problems)
    start, end = (_date(row, name, item, problems)
                  for name in ("operation start date", "operation end date"))  # fmt: skip
    stated: dict[str, Any] = {
        into: row[column_key(name)] for name, into in STATED.items() if row.get(column_key(name))
    }
    if start and end and end < start:
        message = f"{end} lies before the start, {start}"
        problems.append(left_out(item, message, "operation end date", end, "order"))
        stated["end"], end = end, ""
    period = vocabularies.period_of(row.get("programming period", ""))
    categories = _pairs(row, "category of intervention", "category label")
    values = {
        "id": f"kohesio:{item.key}",
        "kind": "project",
        "title": titles,
        "summary": summaries,
        "programme": _programme(row, period),
        "period": period,
        "start": start,
        "end": end,
        "objectives": _objectives(row),
        "countries": [country] if country else [],
        "regions": _regions(row),
        "organisations": _organisations(row, country),
        "budget": _budget(row, item, problems),
        "url": row.get("inforegio url", "") or _url(item.key),
        "licence": "CC BY 4.0",
        "fund": [" ".join(filter(None, pair)) for pair in _pairs(row, "fund code", "fund name")],
        "intervention_fields": [" ".join(filter(None, pair)) for pair in categories],
        "stated": stated,
    }
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _url(key: str) -> str:
    return f"https://kohesio.ec.europa.eu/en/projects/{key}" if key.startswith("Q") else ""


def _texts(row: Mapping[str, str], name: str, language: str = "") -> tuple[dict[str, str], str]:
    """The English text and that in the programme's language, which is detected."""
    english, own = row.get(f"{name} english", ""), row.get(f"{name} programme language", "")
    found = {"en": english} if english else {}
    if own and own != english:
        language = language or detect_language(own, least=0.7) or "und"
        if language == "en" and english:
            language = "und"
        found[language] = own
    return found, language if language != "und" else ""


def _pairs(row: Mapping[str, str], codes: str, labels: str) -> list[tuple[str, str]]:
    pairs = zip_longest(split(row.get(codes, "")), split(row.get(labels, "")), fillvalue="")
    return [pair for pair in dict.fromkeys(pairs) if any(pair)]


def _country(row: Mapping[str, str], item: Item, problems: list[ItemError]) -> str:
    for name in ("countrycode", "country"):
        text = row.get(name, "")
        code = vocabularies.country_code(text) if text else None
        if code:
            return code
        if text:
            problem = f"{shortened(text)!r} is not a country"
            problems.append(left_out(item, problem, name, text, "country"))
    return ""


def _date(row: Mapping[str, str], name: str, item: Item, problems: list[ItemError]) -> str:
    text = row.get(name, "")
    if not text:
        return ""
    try:
        return date_text(text, {})
    except ValueError as error:
        problems.append(left_out(item, error, name, text, "date"))
        return ""


def _budget(
    row: Mapping[str, str], item: Item, problems: list[ItemError]
) -> dict[str, dict[str, str]]:
    stated = row.get("total eligible expenditure currency", "").upper()
    currency = stated if re.fullmatch("[A-Z]{3}", stated) else "EUR"
    budget = {}
    for name, into, unit in (
        ("total eligible expenditure amount", "eligible", currency),
        ("project eu budget", "eu", "EUR"),
    ):
        text = row.get(name, "")
        if not text:
            continue
        try:
            budget[into] = {"amount": amount(text, {"decimal": "."}), "currency": unit}
        except ValueError as error:
            problems.append(left_out(item, error, name, text, "amount"))
    return budget


def _programme(row: Mapping[str, str], period: str | None) -> dict[str, str]:
    codes, names = split(row.get("programme code", "")), split(row.get("programme name", ""))
    found: dict[str, str] = programme(codes[0], {"period": period}) if codes and codes[0] else {}
    if names and names[0] and not found.get("name"):
        found["name"] = names[0]
    return {name: value for name, value in found.items() if value}


def _objectives(row: Mapping[str, str]) -> list[str]:
    found: dict[str, None] = {}
    for name in ("specific objective id", "policy objective id", "thematic objective id"):
        for text in split(row.get(name, "")):
            known = vocabularies.objective(text)
            if known is not None:
                found[known.code] = None
    return list(found)


def _regions(row: Mapping[str, str]) -> list[dict[str, str]]:
    """The regions of the finest level that is given."""
    for level in _NUTS:
        codes = [code for code in split(row.get(f"{level.lower()} code", "")) if code]
        known = [code for code in dict.fromkeys(codes) if vocabularies.region(code) is not None]
        if known:
            return [{"nuts": code} for code in known]
    return []


def _organisations(row: Mapping[str, str], country: str) -> list[dict[str, str]]:
    columns = [split(row.get(f"beneficiary {name}", ""))
               for name in ("name", "unique identifier", "local identifier")]  # fmt: skip
    found = []
    for name, entity, local in zip_longest(*columns, fillvalue=""):
        if not name:
            continue
        known = _ENTITY.fullmatch(entity)
        organisation = {"name": name, "role": "partner"}
        if known:
            organisation["id"] = f"kohesio:{known[1]}"
        if local:
            organisation["national_id"] = local
        if country:
            organisation["country"] = country
        found.append(organisation)
    return found
