"""Single values of CORDIS: money with either decimal mark, days, countries, regions, ids."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from tessera.schema import vocabularies
from tessera.schema.parts import is_record_id
from tessera.sources.conversion import amount, date_text, organisation_type
from tessera.sources.formats.text import clean, clean_line

PLAIN: Final = re.compile(r"-?\d+(?:[.,]\d+)?")
_DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]\d\d:\d\d.*)?")
_EMPTY: Final = frozenset({"", "-", "n/a", "null", "none", "n.a."})


def line(row: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that says something, in one line; "" for none."""
    for name in names:
        value = row.get(name)
        if value is None or isinstance(value, dict | list):
            continue
        text = clean_line(str(value))
        if text.casefold() not in _EMPTY:
            return text
    return ""


def paragraphs(row: Mapping[str, Any], *names: str) -> str:
    """As `line`, for texts of several lines."""
    texts = (unwrapped(clean(str(row.get(name) or ""))) for name in names)
    return next((text for text in texts if text), "")


def unwrapped(text: str) -> str:
    """A text without the quotation marks that an export left around the whole of it."""
    if len(text) < 3 or not text[0] == text[-1] == '"':
        return text
    inner = text[1:-1]
    first = inner.find('"')
    opens = first < 0 or first == 0 or not inner[first - 1].strip()
    return inner.strip() if opens and inner.count('"') % 2 == 0 else text


def money(text: str) -> str:
    """Decimal text of "528340.97", "960619,95" or "EUR 9 616 525,18": one mark is a decimal one."""
    if PLAIN.fullmatch(text):
        return text.replace(",", ".")
    return amount(text, {"decimal": "," if "," in text else ""})


def day(text: str) -> str:
    """An ISO day of "2024-01-31 13:50:03" or any other usual form; ValueError for no day."""
    found = _DAY.fullmatch(text)
    return date_text(found[1] if found else text, {"order": "dmy"})


def countries(text: str) -> tuple[list[str], str]:
    """The countries of "DE;HU" as codes, and what of it is none."""
    codes, unknown = [], []
    for part in re.split(r"[;,|/]", text):
        written = clean_line(part)
        code = vocabularies.country_code(written) if written else None
        if code:
            codes.append(code)
        elif written:
            unknown.append(written)
    return list(dict.fromkeys(codes)), ", ".join(unknown)


def region(text: str) -> tuple[str, str]:
    """The NUTS code of today for a code as written, and what is to be told of it."""
    if len(text) <= 2:
        return "", ""  # the country alone, which stands in its own field
    found = vocabularies.region(text)
    if found is None:
        return "", f"{text!r} is no NUTS code"
    return found.code, ""


def type_of(row: Mapping[str, Any]) -> dict[str, str]:
    """Type of an organisation by its activity and, of enterprises, by its size."""
    activity = line(row, "activitytype")
    sme = line(row, "sme").casefold()
    enterprise = {"true": "Sme", "false": "EnterpriseExceptSme"}.get(sme)
    return organisation_type(activity, {"PRC": enterprise} if enterprise else {})


def pic(row: Mapping[str, Any]) -> str:
    """`pic:999999999`; "" where the row has no number."""
    number = line(row, "organisationid", "orgid")
    made = f"pic:{number}"
    return made if number and is_record_id(made) else ""
