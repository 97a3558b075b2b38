"""Countries: ISO 3166-1 alpha-2 codes, and XK for Kosovo.

NUTS writes `EL` for Greece and `UK` for the United Kingdom; ISO writes `GR` and `GB`. Tessera keeps
ISO codes for countries and NUTS codes for regions; everything here accepts both.
"""

from functools import cache
from typing import Final, NamedTuple

from .folding import fold
from .tables import read_tsv

EU_COUNTRIES: Final = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
EFTA_COUNTRIES: Final = frozenset(["CH", "IS", "LI", "NO"])
CANDIDATE_COUNTRIES: Final = frozenset(["AL", "BA", "GE", "MD", "ME", "MK", "RS", "TR", "UA"])
"""Candidates for the EU as of 2026; Kosovo is a potential candidate and not among them."""

_NUTS_TO_ISO: Final = {"EL": "GR", "UK": "GB"}
_ISO_TO_NUTS: Final = {iso: nuts for nuts, iso in _NUTS_TO_ISO.items()}
_NOTES: Final = {
    "XK": "* This designation is without prejudice to positions on status, and is in line with "
    "UNSCR 1244/1999 and the ICJ Opinion on the Kosovo declaration of independence."
}
_FIXED_COLUMNS: Final = 5


class Country(NamedTuple):
    """A country: ISO codes, the prefix of its NUTS codes, its name in its own language(s)."""

    code: str
    alpha3: str
    nuts: str
    autonym: str
    names: dict[str, str]


@cache
def _table() -> tuple[dict[str, Country], dict[str, tuple[str, ...]]]:
    """Countries by code, and the other names of each."""
    header, rows = read_tsv("countries.tsv")
    languages = header[_FIXED_COLUMNS:]
    countries, aliases = {}, {}
    for code, alpha3, nuts, autonym, others, *names in rows:
        by_language = {tag: name for tag, name in zip(languages, names, strict=True) if name}
        countries[code] = Country(code, alpha3, nuts, autonym, by_language)
        aliases[code] = tuple(name for name in others.split("|") if name)
    return countries, aliases


@cache
def _names() -> dict[str, str]:
    """Folded name -> code. A name that means two countries in two languages is left out."""
    countries, aliases = _table()
    found: dict[str, set[str]] = {}
    for code, country in countries.items():
        own = country.autonym.split(" / ")
        for name in (*country.names.values(), *own, *aliases[code], country.alpha3):
            found.setdefault(fold(name), set()).add(code)
    return {key: codes.pop() for key, codes in found.items() if len(codes) == 1}


def countries() -> tuple[str, ...]:
    """All country codes, in order."""
    return tuple(_table()[0])


def country(code: str) -> Country | None:
    """The country with this code; `EL` and `UK`, lower case and blanks are accepted."""
    key = code.strip().rstrip("*").upper()
    return _table()[0].get(_NUTS_TO_ISO.get(key, key))


def country_code(text: str) -> str | None:
    """The ISO alpha-2 code for a code or a name, None if it is not known.

    Accepts alpha-2 and alpha-3, `EL` and `UK`, and names in the 24 languages of the EU, the ten
    more that Jems has, and the country's own: `country_code("Ελλάδα") == "GR"`.
    """
    if known := country(text):
        return known.code
    return _names().get(fold(text))


def country_name(code: str, lang: str = "en") -> str | None:
    """The name of a country in `lang`, in English if `lang` has none; None for an unknown code.

    Kosovo carries an asterisk in every language; the footnote is `country_note("XK")`.
    """
    found = country(code)
    if found is None:
        return None
    name = found.names.get(lang) or found.names.get(lang.split("-")[0]) or found.names["en"]
    return f"{name}*" if found.code in _NOTES else name


def country_note(code: str) -> str | None:
    """The footnote that must go with a country's name, None for most."""
    found = country(code)
    return _NOTES.get(found.code) if found else None


def nuts_country(code: str) -> str:
    """The NUTS prefix for an ISO code: `GR` -> `EL`, `GB` -> `UK`, all others unchanged."""
    key = code.strip().upper()
    return _ISO_TO_NUTS.get(key, key)


def iso_country(nuts: str) -> str:
    """The ISO code of the country in which a NUTS code lies: `EL301` -> `GR`, `SE11` -> `SE`."""
    key = nuts.strip().upper()[:2]
    return _NUTS_TO_ISO.get(key, key)
