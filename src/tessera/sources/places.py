"""Countries and regions as lists of projects write them: a code, a name, or "Wien (AT13)"."""

from __future__ import annotations

import re
from typing import Final

from tessera.schema import vocabularies
from tessera.sources.formats.text import clean_line

_IN_BRACKETS: Final = re.compile(r"^(.*?)\s*\(([A-Z]{2}[A-Z0-9]{0,3})\)$")
_CODE: Final = re.compile(r"^([A-Z]{2}[A-Z0-9]{0,3})(?:$|\s*[-–:,]\s+\S|\s+\S)")


def country_in(text: str) -> str:
    """The ISO code in "AT", "EL", "Austria" or "Österreich (AT)"; ValueError without one."""
    written = clean_line(text)
    within = _IN_BRACKETS.match(written)
    code = vocabularies.country_code(within[2] if within else written)
    if code is None and within:
        code = vocabularies.country_code(within[1])
    if code is None:
        raise ValueError(f"{text!r} is not a country")
    return code


def region_in(text: str, country: str | None) -> str:
    """The NUTS code in "AT13", "Wien (AT13)", "AT13 - Wien" or, in a known country, "Wien".

    A code of an older version gives the region that stands for it today. ValueError where there
    is no region, or one of another country than `country` (an ISO code).
    """
    written = clean_line(text)
    match = _IN_BRACKETS.match(written)
    coded = match[2] if match else (m[1] if (m := _CODE.match(written)) else "")
    found = vocabularies.region(coded) if len(coded) > 2 else None
    # Without a digit it may be a word: BERN is no region of Belgium.
    if found is not None and coded.isalpha() and found.resolved_from:
        found = None
    if found is None and country:
        found = vocabularies.find_region(match[1] if match else written, country)
    if found is None:
        raise ValueError(f"{text!r} is not a region of NUTS")
    if country and found.country != country:
        raise ValueError(f"{text!r} lies in {found.country}, but the country is {country}")
    return found.code
