"""Languages: the 24 of the EU and the ten more that Jems offers.

A language code is not a country code: `el` is Greek, `EL` is NUTS for Greece; `uk` is Ukrainian,
`UK` is NUTS for the United Kingdom; `sv` is Swedish, `SV` is El Salvador.
"""

from functools import cache
from typing import Final, NamedTuple

from .folding import fold
from .tables import read_tsv

EU_LANGUAGES: Final = (
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fi",
    "fr",
    "ga",
    "hr",
    "hu",
    "it",
    "lt",
    "lv",
    "mt",
    "nl",
    "pl",
    "pt",
    "ro",
    "sk",
    "sl",
    "sv",
)
LANGUAGES: Final = (*EU_LANGUAGES, "be", "ja", "lb", "mk", "no", "ru", "sq", "sr", "tr", "uk")

_SAME: Final = {"nb": "no", "nn": "no"}
_FIXED_COLUMNS: Final = 4


class Language(NamedTuple):
    """A language: its code, its name in itself, its names by language."""

    code: str
    autonym: str
    names: dict[str, str]


@cache
def _table() -> tuple[dict[str, Language], dict[str, str]]:
    """Languages by code, and folded name or alpha-3 code -> code."""
    header, rows = read_tsv("languages.tsv")
    tags = header[_FIXED_COLUMNS:]
    languages = {}
    found: dict[str, set[str]] = {}
    for code, _group, alpha3, autonym, *names in rows:
        languages[code] = Language(code, autonym, dict(zip(tags, names, strict=True)))
        for name in (autonym, *names, *alpha3.split(",")):
            found.setdefault(fold(name), set()).add(code)
    keys = {key: codes.pop() for key, codes in found.items() if len(codes) == 1}
    return languages, keys


def language(code: str) -> Language | None:
    """The language with this BCP 47 tag: case, region and script do not count (`pt-PT`, `sr-Latn`).

    Norwegian `nb` and `nn` are `no` here.
    """
    key = code.strip().lower().replace("_", "-").split("-")[0]
    return _table()[0].get(_SAME.get(key, key))


def language_code(text: str) -> str | None:
    """The code for a tag, an ISO 639-2 code or a name in any of the 34 languages, else None."""
    if known := language(text):
        return known.code
    return _table()[1].get(fold(text))


def language_name(code: str, in_lang: str = "en") -> str | None:
    """The name of a language, in the language `in_lang` (English if that is not known).

    Names are as in running text of `in_lang`: `svenska`, not `Svenska`. None for an unknown code.
    """
    found = language(code)
    if found is None:
        return None
    reader = language(in_lang)
    return found.names[reader.code if reader else "en"]


def autonym(code: str) -> str | None:
    """The name of a language in itself: `Ελληνικά`; None for an unknown code."""
    found = language(code)
    return found.autonym if found else None
