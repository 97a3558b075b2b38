"""Ids of organisations as sources write them: which of them say who an organisation is."""

from __future__ import annotations

import re
from typing import Final

from tessera.schema import vocabularies

_VAT: Final = {
    "AT": r"U\d{8}", "BE": r"[01]\d{9}", "BG": r"\d{9,10}", "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}", "DE": r"\d{9}", "DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]", "FI": r"\d{8}", "FR": r"[A-Z0-9]{2}\d{9}", "HR": r"\d{11}",
    "HU": r"\d{8}", "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}", "IT": r"\d{11}", "LT": r"\d{9}(?:\d{3})?",
    "LU": r"\d{8}", "LV": r"\d{11}", "MT": r"\d{8}", "NL": r"\d{9}B\d{2}", "PL": r"\d{10}",
    "PT": r"\d{9}", "RO": r"\d{2,10}", "SE": r"\d{12}", "SI": r"\d{8}", "SK": r"\d{10}",
    "XI": r"\d{9}(?:\d{3})?",
}  # fmt: skip
"""Prefix -> what follows it in the VAT numbers of that member state."""


def pic_id(text: str) -> str:
    """`pic:938012345` for a Participant Identification Code; ValueError where it is none."""
    digits = re.sub(r"[\s.]", "", text)
    if not re.fullmatch(r"\d{9}", digits):
        raise ValueError(f"{text!r} is no PIC of nine digits")
    if _is_placeholder(digits):
        raise ValueError(f"{text!r} stands for a PIC that isn't known")
    return f"pic:{digits}"


def vat_id(text: str, country: str | None = None) -> str:
    """`vat:LT123456789` for a VAT number with its prefix; "" for any other number.

    country: ISO code of the organisation's; a number of another country isn't taken for its own.
    Numbers without a prefix are national ones, which mean nothing beyond their country.
    """
    number = re.sub(r"[\s.\-/]", "", text).upper()
    if number.startswith("GR"):
        number = "EL" + number[2:]
    form = _VAT.get(number[:2])
    if form is None or not re.fullmatch(form, number[2:]) or _is_placeholder(number[2:]):
        return ""
    own = {"XI": "UK"}.get(number[:2], number[:2])
    if country and vocabularies.nuts_country(country) != own:
        return ""
    return f"vat:{number}"


def _is_placeholder(number: str) -> bool:
    digits = re.sub(r"\D", "", number)
    return len(set(digits)) < 2 or digits in ("123456789", "12345678", "1234567890", "987654321")
