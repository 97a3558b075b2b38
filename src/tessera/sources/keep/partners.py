"""A partner of the export: an organisation in its role."""

from __future__ import annotations

from typing import Any, Final

from tessera.sources.base import Item, ItemError
from tessera.sources.drafting import warning
from tessera.sources.organisations import identified, located
from tessera.sources.tables import TableImporter

Values = dict[str, Any]

_ROLES: Final = {"yes": "lead", "no": "partner"}
_MONEY: Final = ("budget", "cofinancing", "erdf")
_KEPT: Final = ("type", "source_type", "type_confidence", "country", "town", "url", "national_id",
                *_MONEY, "stated")  # fmt: skip


def partner(sheet: TableImporter, item: Item) -> tuple[Values, list[ItemError]]:
    """The organisation of a row, nothing where it has no name; and what is to be told."""
    row, problems = sheet.values(item.raw, item)
    names = [row["named"][key] for key in sorted(row.get("named", {}), key=_english_first)]
    if not names:
        problems.append(warning(item, "has no name in any language; left out"))
        return {}, problems
    found: Values = {name: row[name] for name in _KEPT if name in row}
    found["name"] = names[0]
    others = [name for name in dict.fromkeys(names) if name != names[0]]
    if others:
        found["names"] = [{"name": name} for name in others]
    lead = str(row.get("lead", ""))
    found["role"] = _ROLES.get(lead.casefold(), "partner")
    if lead and lead.casefold() not in _ROLES:
        message = f"{lead!r} is neither Yes nor No; taken: no"
        problems.append(warning(item, message, "Lead partner", value=lead))
    problems += identified(found, row.get("pic", ""), row.get("national_id", ""), item)
    problems += located(found, row.get("places", {}), item)
    return found, problems


def _english_first(key: str) -> tuple[bool, str]:
    return key != "en", key
