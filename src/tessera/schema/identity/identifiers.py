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
    """A register's number behind its country: `LT:304151376`."""
    country, _, number = text.partition(":")
    number = re.sub(r"[\s./-]", "", number).upper()
    if is_placeholder(number):
        return ""
    return f"{country.upper()}:{number}" if re.fullmatch(r"[A-Za-z]{2}", country) and (
        len(number) >= 5) else ""  # fmt: skip


SCHEMES: Final[Mapping[str, Callable[[str], str]]] = {
    "pic": _pic, "ror": _ror, "vat": _vat, "nid": _national,
}  # fmt: skip
"""What makes the one spelling of a number of each scheme; empty where it is none."""


def identifiers(uid: str, data: Mapping[str, Any]) -> dict[str, str]:
    """The numbers of an organisation by scheme, from its id and from its draft's keys.

    uid: such as `pic:999999999`. A number that can't be one of its scheme says nothing.
    """
    found = {}
    scheme, _, number = uid.partition(":")
    stated = {name: data.get(name) for name in SCHEMES}
    if scheme in SCHEMES:
        stated[scheme] = number
    for name, value in stated.items():
        if isinstance(value, str | int) and (spelled := SCHEMES[name](str(value))):
            found[name] = spelled
    return found
