"""From a cell of a table to a value of the interchange format.

A converter takes the text of a cell and the column's options, and raises ValueError with what is
wrong. See docs/reference/sources.md for the list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from tessera.schema import vocabularies
from tessera.sources.formats.dates import parse_date
from tessera.sources.formats.text import clean, clean_line

Options = Mapping[str, Any]
Convert = Callable[[str, Options], Any]

_OTHER: Final = re.compile(r"^other\s*\((.+)\)$", re.IGNORECASE)
_AMOUNT: Final = re.compile(r"-?\d{1,3}(?:[ \u00a0\u202f'’]\d{3})*(?:[.,]\d+)?|-?\d+(?:[.,]\d+)?")
_CURRENCY: Final = re.compile(r"^\s*(?:EUR|€)|(?:EUR|€|euro)\s*$", re.IGNORECASE)


def line(text: str, _options: Options) -> str:
    """Text in one line."""
    return clean_line(text)


def paragraphs(text: str, _options: Options) -> str:
    """Text in several lines."""
    return clean(text)


def listed(text: str, options: Options) -> list[str]:
    """Values parted by `separator` (","), not within brackets. whole: values that contain it."""
    separator = str(options.get("separator", ","))
    rest = clean_line(text)
    protected: dict[str, str] = {}
    for place, value in enumerate(sorted(options.get("whole", ()), key=len, reverse=True)):
        mark = chr(0xE000 + place)
        protected[mark] = value
        rest = re.sub(re.escape(value), mark, rest, flags=re.IGNORECASE)
    parts, depth = [""], 0
    for char in rest:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if char == separator and depth <= 0:
            parts.append("")
        else:
            parts[-1] += char
    found = ("".join(protected.get(char, char) for char in part).strip() for part in parts)
    return list(dict.fromkeys(part for part in found if part))


def date_text(text: str, options: Options) -> str:
    """A day in ISO form. order: "dmy" or "mdy", lang: of names of months."""
    found = parse_date(text, order=options.get("order", ""), lang=options.get("lang", ""))
    if found.precision in ("month", "year"):
        raise ValueError(found.note)
    return found.day.isoformat()


def amount(text: str, options: Options) -> str:
    """A number as decimal text: "1 234,50" is 1234.50.

    decimal: "," or ".", for what can be read in two ways, such as 1.234.
    """
    bare = _CURRENCY.sub("", clean_line(text)).strip()
    if not _AMOUNT.fullmatch(bare) and not re.fullmatch(r"-?\d{1,3}([.,]\d{3})+([.,]\d+)?", bare):
        raise ValueError(f"{text!r} is not an amount such as 1234.50")
    digits = re.sub(r"[ \u00a0\u202f'’]", "", bare)
    decimal = _decimal_mark(digits)
    if not decimal:
        decimal = str(options.get("decimal", ""))
    if not decimal:
        raise ValueError(f"{text!r} can be thousands or decimals; state `decimal` for this column")
    thousands = "," if decimal == "." else "."
    try:
        value = Decimal(digits.replace(thousands, "").replace(",", "."))
    except InvalidOperation:
        raise ValueError(f"{text!r} is not an amount such as 1234.50") from None
    return format(value, "f")


def _decimal_mark(digits: str) -> str:
    """The decimal mark of a number as the number itself shows it; "" where it doesn't."""
    marks = [char for char in digits if char in ".,"]
    if not marks:
        return "."
    last = marks[-1]
    if len(set(marks)) == 2:
        return last
    if len(marks) > 1:
        return "," if last == "." else "."
    after = len(digits) - digits.rindex(last) - 1
    before = digits.index(last) - digits.startswith("-")
    return "" if after == 3 and before <= 3 and not digits.startswith(("0", "-0")) else last


def percent(text: str, options: Options) -> str:
    """A share as percent, in decimal text: "80 %" is 80. bare: whether "80" is 80 percent too."""
    written = clean_line(text)
    number, sign, rest = written.partition("%")
    if rest or not (sign or options.get("bare")):
        raise ValueError(f"{text!r} is no share such as 80 %")
    return amount(number.strip(), {"decimal": ".", **options})


def url(text: str, options: Options) -> str:
    """An address of the web. bare: whether "www.example.eu" is taken, as http://www.example.eu."""
    found = clean_line(text)
    if options.get("bare") and re.match(r"www\.\S+$", found, re.IGNORECASE):
        found = f"http://{found}"
    if not re.fullmatch(r"https?://\S+", found):
        raise ValueError(f"{text!r} is no address that begins with http:// or https://")
    return found


def country(text: str, options: Options) -> str:
    """A country by its code or its name in any language; "Other (Norway)" too."""
    written = clean_line(text)
    within = _OTHER.match(written)
    code = vocabularies.country_code(within[1] if within else written)
    if code is None:
        raise ValueError(f"{text!r} is not a country")
    return code


def language(text: str, _options: Options) -> str:
    """A language by its code or its name in any language."""
    code = vocabularies.language_code(clean_line(text))
    if code is None:
        raise ValueError(f"{text!r} is not a language")
    return code


def programme(text: str, options: Options) -> dict[str, str]:
    """A programme by its CCI code or name; period: which of those with that name is meant."""
    written = clean_line(text)
    known = vocabularies.programme(written, options.get("period"))
    if known is None:
        return {"id": written} if vocabularies.looks_like_cci(written) else {"name": written}
    found = {"id": known.cci or "", "name": known.name}
    return found if known.name == written else found | {"stated": written}


def objective(text: str, _options: Options) -> str:
    """A thematic, policy or specific objective by its code."""
    known = vocabularies.objective(clean_line(text))
    if known is None:
        raise ValueError(f"{text!r} is not the code of an objective such as RSO2.6")
    return known.code


def region(text: str, options: Options) -> str:
    """A NUTS code by the region's name. country: it is in; level: 1 to 3."""
    written = clean_line(text)
    found = vocabularies.region(written) or vocabularies.find_region(
        written, options.get("country"), options.get("level")
    )
    if found is None:
        raise ValueError(f"{text!r} is not one region of NUTS")
    return found.code


def role(text: str, _options: Options) -> str:
    """Lead, partner or associated, by any usual word or code."""
    found = vocabularies.role(clean_line(text))
    if found is None:
        raise ValueError(f"{text!r} is not a role such as LP, PP or AP")
    return found


CONVERTERS: Final[dict[str, Convert]] = {
    "line": line,
    "text": paragraphs,
    "list": listed,
    "date": date_text,
    "amount": amount,
    "percent": percent,
    "url": url,
    "country": country,
    "language": language,
    "programme": programme,
    "objective": objective,
    "region": region,
    "role": role,
}
"""Name in a source.toml -> converter."""


MEND: Final = {
    "date": "write the day as 2021-01-31",
    "amount": "write the amount as 1234.50, without a text beside it",
    "percent": "write the share as 80 %",
    "url": "write the whole address, with https://",
    "country": "write the country's code, such as LT, or its name",
    "language": "write the language's code, such as lt, or its name",
    "objective": "write the objective's code, such as RSO2.6",
    "region": "write the region's NUTS code, such as LT011",
    "role": "write lead, partner or associated",
    "order": "put the dates in order, or leave the wrong one out",
    "needed": "fill it in at the source, or take the item out",
}
"""How to mend a value that a converter refuses, or that is wrong in another usual way."""


def organisation_type(text: str, types: Mapping[str, str]) -> dict[str, str]:
    """`source_type` as written, `type` where it has the same or nearly the same meaning.

    types: what the source's own labels mean, before the vocabulary. A label that is only
    broadly like a type gives none: an "enterprise" may be large or small.
    """
    written = clean_line(text)
    if not written:
        return {}
    if written in types:
        return {"source_type": written, "type": types[written]}
    known = vocabularies.organisation_type(written)
    if known is None or known[1] == "broad":
        return {"source_type": written}
    return {"source_type": written, "type": known[0], "type_confidence": known[1]}
