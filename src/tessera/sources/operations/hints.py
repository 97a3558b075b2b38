"""What stands beside a list in YAML: facts about it, and what its columns mean.

Our own form is documented in docs/reference/sources/operations.md. The descriptions of the data
set "Open Budgets / subsidy stories" (`source.description.yaml`) are read as well.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tessera.schema import vocabularies
from tessera.sources.formats.markdown import FrontMatterError, load_yaml
from tessera.sources.formats.table import column_key

FACTS: Final = ("country", "language", "programme", "period", "fund", "currency", "decimal",
                "date_order", "licence", "url")  # fmt: skip
"""What may be stated of a whole list."""
DESCRIPTION: Final = "source.description.yaml"

_MAX_SIZE: Final = 1_000_000
_UP: Final = 2
_MAPS_TO: Final = {
    "project_name": "title", "project_description": "summary", "project_id": "code",
    "project_status": "status", "beneficiary_name": "beneficiary",
    "beneficiary_id": "beneficiary_id",
    "beneficiary_person": "", "beneficiary_address": "address", "beneficiary_city": "place",
    "beneficiary_county": "place", "beneficiary_postal_code": "postcode",
    "beneficiary_country": "country", "beneficiary_country_code": "country",
    "beneficiary_nuts_region": "region", "beneficiary_nuts_code": "nuts", "beneficiary_url": "url",
    "starting_date": "start", "completion_date": "end", "approval_date": "approved",
    "total_amount": "total", "total_amount_eligible": "eligible",
    "eu_cofinancing_amount": "eu", "eu_cofinancing_amount_eligible": "eu",
    "eu_cofinancing_rate": "rate", "member_state_amount": "national",
    "fund_acronym": "fund", "operational_programme": "programme", "cci_program_title": "programme",
    "cci_program_code": "cci", "theme_name": "category", "theme_code": "category",
    "priority_label": "priority", "priority_number": "priority",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hints:
    """columns: `column_key` of a name -> field, "" where it is left out; these go before all else.

    suggested: the same, for columns that nothing else tells. facts: see FACTS.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    suggested: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    delimiter: str = ""
    problems: tuple[str, ...] = ()


def hints_for(path: Path, fields: Sequence[str]) -> Hints:
    """The hints for a list; `fields` are the names that a column may be given."""
    for beside in (path.with_name(f"{path.name}.yaml"), path.with_suffix(".yaml"),
                   path.with_name("operations.yaml")):  # fmt: skip
        if beside.is_file():
            return _own(beside, fields)
    folder = path.parent
    for _ in range(_UP):
        if (folder / DESCRIPTION).is_file():
            return _described(folder / DESCRIPTION, path)
        folder = folder.parent
    return Hints()


def _loaded(path: Path) -> tuple[Mapping[str, Any], str]:
    try:
        if path.stat().st_size > _MAX_SIZE:
            return {}, f"{path.name} is passed over: it has more than {_MAX_SIZE:,} bytes"
        found = load_yaml(path.read_text(encoding="utf-8-sig"))
    except (FrontMatterError, UnicodeDecodeError, OSError) as error:
        return {}, f"{path.name} is passed over: {error}"
    if not isinstance(found, Mapping):
        return {}, f"{path.name} is passed over: expected names with values, such as `country: AT`"
    return found, ""


def _own(path: Path, fields: Sequence[str]) -> Hints:
    found, problem = _loaded(path)
    problems = [problem] if problem else []
    known = {*FACTS, "columns", "encoding", "delimiter"}
    unknown = sorted(str(key) for key in found if key not in known)
    if unknown:
        problems.append(f"{path.name}: {', '.join(unknown)} mean nothing here; known are "
                        f"{', '.join(sorted(known))}")  # fmt: skip
    columns: dict[str, str] = {}
    stated = found.get("columns")
    for name, meant in stated.items() if isinstance(stated, Mapping) else ():
        if meant and meant not in fields:
            problems.append(f"{path.name}: column {name!r}: {meant!r} is no field; known are "
                            f"{', '.join(fields)}")  # fmt: skip
        else:
            columns[column_key(str(name))] = str(meant or "")
    return Hints(
        columns=columns,
        facts={name: str(found[name]) for name in FACTS if found.get(name)},
        encoding=str(found.get("encoding") or ""),
        delimiter=str(found.get("delimiter") or ""),
        problems=tuple(problems),
    )


def _described(path: Path, of: Path) -> Hints:
    found, problem = _loaded(path)
    listed = found.get("resources")
    resources = [each for each in (listed if isinstance(listed, list) else ())
                 if isinstance(each, Mapping)]  # fmt: skip
    own = [each for each in resources if _name(each.get("path")) == _name(of.name)]
    facts = dict(_shared([dict(_facts(each, found)) for each in own or resources]))
    suggested: dict[str, str] = {}
    for resource in own or resources:
        for name, meant in _mapped(resource):
            suggested.setdefault(column_key(name), meant)
    return Hints(suggested=suggested, facts=facts, problems=(problem,) if problem else ())


def _name(path: object) -> str:
    return unicodedata.normalize("NFC", str(path or "")).rpartition("/")[2]


def _facts(resource: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    constants = resource.get("add_constants")
    constants = constants if isinstance(constants, Mapping) else {}
    cci = str(constants.get("cci_program_code") or constants.get("cci_code") or "").strip()
    if vocabularies.looks_like_cci(cci):
        yield "programme", cci
    period = vocabularies.period_of(str(constants.get("funding_period") or ""))
    if period:
        yield "period", period
    fund = str(constants.get("fund_acronym") or "").strip()
    if fund and fund.lower() not in ("unknown", "null", "other"):
        yield "fund", fund
    currency = str(resource.get("currency_code") or whole.get("currency_code") or "").strip()
    if len(currency) == 3:
        yield "currency", currency.upper()
    language = vocabularies.language_code(str(whole.get("language") or ""))
    if language:
        yield "language", language
    country = vocabularies.country_code(str(whole.get("title") or "")[:2])
    if country:
        yield "country", country


def _shared(facts: list[dict[str, str]]) -> Iterator[tuple[str, str]]:
    """What all resources of a description say alike."""
    for name, value in facts[0].items() if facts else ():
        if all(each.get(name) == value for each in facts):
            yield name, value


def _mapped(resource: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    schema = resource.get("schema")
    fields = schema.get("fields") if isinstance(schema, Mapping) else None
    for each in fields if isinstance(fields, list) else ():
        if isinstance(each, Mapping) and each.get("name"):
            meant = _MAPS_TO.get(str(each.get("maps_to") or "").partition("#")[0].strip())
            if meant is not None:
                yield str(each["name"]), meant
