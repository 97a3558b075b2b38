"""VAT numbers of the member states: their form, and their check digit where the rule is certain."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

FORMS: Final = {
    "AT": r"U\d{8}", "BE": r"[01]\d{9}", "BG": r"\d{9,10}", "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}", "DE": r"\d{9}", "DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]", "FI": r"\d{8}", "FR": r"[A-Z0-9]{2}\d{9}", "HR": r"\d{11}",
    "HU": r"\d{8}", "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}", "IT": r"\d{11}", "LT": r"\d{9}(?:\d{3})?",
    "LU": r"\d{8}", "LV": r"\d{11}", "MT": r"\d{8}", "NL": r"\d{9}B\d{2}", "PL": r"\d{10}",
    "PT": r"\d{9}", "RO": r"\d{2,10}", "SE": r"\d{12}", "SI": r"\d{8}", "SK": r"\d{10}",
    "XI": r"\d{9}(?:\d{3})?",
}  # fmt: skip
"""Prefix -> what follows it in the VAT numbers of that member state."""


def vat_number(text: str) -> str:
    """A VAT number with its prefix in one spelling (`EL094259216`); "" where it can't be one.

    Both GR and EL are Greece. A number whose check digit is wrong is a slip or made up.
    """
    number = re.sub(r"[^0-9A-Z+*]", "", text.upper())
    if number.startswith("GR"):
        number = "EL" + number[2:]
    country, own = number[:2], number[2:]
    form = FORMS.get(country)
    if form is None or not re.fullmatch(form, own) or is_placeholder(own):
        return ""
    check = _CHECKS.get(country)
    return number if check is None or check(own) else ""


def is_placeholder(number: str) -> bool:
    """Whether a number is one that people type where they have none: 999999999, 123456789."""
    digits = re.sub(r"\D", "", number)
    return len(set(digits)) < 2 or digits in ("123456789", "12345678", "1234567890", "987654321")


def _weighed(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _luhn(digits: str) -> bool:
    doubled = [int(d) if n % 2 == 0 else sum(divmod(2 * int(d), 10))
               for n, d in enumerate(reversed(digits))]  # fmt: skip
    return sum(doubled) % 10 == 0


def _austria(own: str) -> bool:
    digits = own[1:]
    total = sum(sum(divmod(int(d) * (1 + n % 2), 10)) for n, d in enumerate(digits[:7]))
    return (10 - (total + 4) % 10) % 10 == int(digits[7])


def _eleven_ten(own: str) -> bool:
    """ISO 7064, MOD 11,10."""
    product = 10
    for digit in own[:-1]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(own[-1])


def _portugal(own: str) -> bool:
    rest = _weighed(own, range(9, 1, -1)) % 11
    return (0 if rest < 2 else 11 - rest) == int(own[8])


def _finland(own: str) -> bool:
    rest = _weighed(own, (7, 9, 10, 5, 8, 4, 2)) % 11
    return (0 if rest == 0 else 11 - rest) == int(own[7])


def _slovenia(own: str) -> bool:
    rest = 11 - _weighed(own, range(8, 1, -1)) % 11
    return rest != 11 and rest % 10 == int(own[7])


def _romania(own: str) -> bool:
    full = own.rjust(10, "0")
    return _weighed(full, (7, 5, 3, 2, 1, 7, 5, 3, 2)) * 10 % 11 % 10 == int(full[9])


_CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "AT": _austria,
    "BE": lambda own: 97 - int(own[:8]) % 97 == int(own[8:]),
    "DE": _eleven_ten,
    "DK": lambda own: _weighed(own, (2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0,
    "EE": lambda own: _weighed(own, (3, 7, 1, 3, 7, 1, 3, 7, 1)) % 10 == 0,
    "EL": lambda own: (
        sum(int(d) << (8 - n) for n, d in enumerate(own[:8])) % 11 % 10 == int(own[8])
    ),
    "FI": _finland,
    "HR": _eleven_ten,
    "HU": lambda own: _weighed(own, (9, 7, 3, 1, 9, 7, 3, 1)) % 10 == 0,
    "IT": _luhn,
    "LU": lambda own: int(own[:6]) % 89 == int(own[6:]),
    "MT": lambda own: _weighed(own, (3, 4, 6, 7, 8, 9, 10, 1)) % 37 == 0,
    "PL": lambda own: _weighed(own, (6, 5, 7, 2, 3, 4, 5, 6, 7, -1)) % 11 == 0,
    "PT": _portugal,
    "RO": _romania,
    "SE": lambda own: _luhn(own[:10]),
    "SI": _slovenia,
    "SK": lambda own: int(own) % 11 == 0,
}
"""Prefix -> whether the check digit holds, of the countries whose rule has no exceptions known."""
