"""Numbers by which organisations are known, in one spelling each: PIC, ROR, VAT, national ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from tessera.schema.identity.vat import FORMS, is_placeholder, vat_number

_ROR = re.compile(r"(?:https?://)?(?:www\.)?(?:ror\.org/)?(0[a-hj-km-np-tv-z0-9]{6}\d{2})")
_CROCKFORD: Final = "0123456789abcdefghjkmnpqrstvwxyz"


def _pic(text: str) -> str:
    digits = re.sub(r"[\s.-]", "", text)
    return digits if re.fullmatch(r"\d{9}", digits) and not is_placeholder(digits) else ""


def _ror(text: str) -> str:
    """ROR's own check digits (ISO 7064, modulo 97) must hold."""
    found = _ROR.fullmatch(text.strip().lower())
    if not found:
        return ""
    number = 0
    for char in found[1][:7]:
        number = number * 32 + _CROCKFORD.index(char)
    return found[1] if 98 - number * 100 % 97 == int(found[1][7:]) else ""


def _vat(text: str) -> str:
    """Only with its country, as equal numbers of two countries are two organisations."""
    number = re.sub(r"[^0-9A-Z]", "", text.upper())
    if number[:2] in (*FORMS, "GR"):
        return vat_number(text)
    if is_placeholder(number) or not re.fullmatch(r"[A-Z]{2}(?=.*\d{6})[0-9A-Z]{7,12}", number):
        return ""
    return number


def _national(text: str) -> str:
    """A register's number behind its country: `LT:304151376`.

    Where a list states one, its register isn't known. A number of less than four digits, noughts
    before them aside, is a place in a list or stands for none.
    """
    country, _, number = text.upper().partition(":")
    number = re.sub(r"[\s./-]", "", number)
    number = re.sub(rf"^{re.escape(country)}(?=\d)", "", number)
    digits = re.sub(r"\D", "", number).lstrip("0")
    if is_placeholder(number) or len(number) < 5 or len(digits) < 4:
        return ""
    return f"{country}:{number}" if re.fullmatch(r"[A-Z]{2}", country) else ""


SCHEMES: Final[Mapping[str, Callable[[str], str]]] = {
    "pic": _pic, "ror": _ror, "vat": _vat, "nid": _national,
}  # fmt: skip
"""What makes the one spelling of a number of each scheme; empty where it is none."""


def spelled_number(key: str, number: str, country: str) -> str:
    """The one spelling of a number stated under `vat` or `national_id` of an organisation of that
    country; "" where it is none, as a national one without a country is."""
    return _national(f"{country}:{number}") if key == "national_id" else SCHEMES[key](number)


def identifiers(uid: str, data: Mapping[str, Any]) -> dict[str, str]:
    """The numbers of an organisation by scheme, from its id and from its draft's keys.

    uid: such as `pic:999999999`. A number that can't be one of its scheme says nothing, nor does
    the `national_id` of one that has no country, or several.
    """
    found = {}
    countries = list(data.get("countries") or ())
    national = data.get("national_id")
    if len(countries) == 1 and isinstance(national, str | int):
        found["nid"] = spelled_number("national_id", str(national), countries[0])
    scheme, _, number = uid.partition(":")
    stated = {name: data.get(name) for name in SCHEMES}
    if scheme in SCHEMES:
        stated[scheme] = number
    for name, value in stated.items():
        if isinstance(value, str | int) and (spelled := SCHEMES[name](str(value))):
            found[name] = spelled
    return {name: number for name, number in found.items() if number}
