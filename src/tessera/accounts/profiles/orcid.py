"""ORCID iDs: 16 digits, the last of which checks the others (ISO 7064, MOD 11-2)."""

from __future__ import annotations

import re
from typing import Final

_WRITTEN: Final = re.compile(
    r"(?:https?://(?:www\.)?orcid\.org/)?(\d{4})[- ]?(\d{4})[- ]?(\d{4})[- ]?(\d{3}[\dXx])/?",
    re.ASCII,
)


def normal_orcid(text: str) -> str | None:
    """`0000-0002-1825-0097` of an iD or its address, None where it can't be one."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    digits = "".join(found.groups()).upper()
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if digits[-1] != ("X" if check == 10 else str(check)):
        return None
    return "-".join(digits[n : n + 4] for n in range(0, 16, 4))
