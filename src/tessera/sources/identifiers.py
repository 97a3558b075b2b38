"""Ids of organisations as sources write them: which of them say who an organisation is."""

from __future__ import annotations

import re

from tessera.schema import vocabularies
from tessera.schema.identity.vat import is_placeholder, vat_number


def pic_id(text: str) -> str:
    """`pic:938012345` for a Participant Identification Code; ValueError where it is none."""
    digits = re.sub(r"[\s.-]", "", re.sub(r"^PIC\b:?|\.0$", "", text.strip()))
    if not re.fullmatch(r"\d{9}", digits):
        raise ValueError(f"{text!r} is no PIC of nine digits")
    if is_placeholder(digits):
        raise ValueError(f"{text!r} stands for a PIC that isn't known")
    return f"pic:{digits}"


def vat_id(text: str, country: str | None = None) -> str:
    """`vat:LT123456789` for a VAT number with its prefix; "" for any other number,
    and for one whose check digit is wrong.

    country: ISO code of the organisation's; a number of another country isn't taken for its own.
    Numbers without a prefix are national ones, which mean nothing beyond their country.
    """
    number = vat_number(text)
    if not number:
        return ""
    own = {"XI": "UK"}.get(number[:2], number[:2])
    if country and vocabularies.nuts_country(country) != own:
        return ""
    return f"vat:{number}"
