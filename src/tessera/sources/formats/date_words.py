"""Words of dates: months and weekdays in the languages of Europe, and what stands between them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from tessera.sources.formats.text import words

ZONES: Final = {
    "z": "UTC", "utc": "UTC", "gmt": "UTC", "cet": "CET", "cest": "CET", "mez": "CET",
    "mesz": "CET", "eet": "EET", "eest": "EET", "wet": "WET", "west": "WET",
    "bst": "Europe/London", "trt": "Europe/Istanbul", "msk": "Europe/Moscow",
}  # fmt: skip
"""Abbreviations of time zones -> IANA names. CET, EET and WET are local time, summer included."""

# Words that join two dates, and words that say nothing, folded.
JOINING: Final = words(
    "to till til until through thru and bis und au et jusqu al a y hasta e ate do i az tot en "
    "och ja kuni iki ir lidz un si pana la es ig s and to  εωσ και μεχρι до и по da u - & +"
)
FILLING: Final = words(
    "the of on from between day st nd rd th der die das den dem des am vom im le les du de di d "
    "l dal dell della del el los il el o os dia od ode dne dnia r rok roku g god godina godine "
    "год года г г. от στισ την τισ το του απο ο van op fran fra mellom mellan zwischen entre tra "
    "w we dniach dnach an en ein ev evi den nuo m met men gada no ev vi lea ter er eme "
    "ere o tol fomhair bealtaine "
    "samhna jen ben i kl klo uhr"
)
SUFFIXES: Final = re.compile(r"^(?:st|nd|rd|th|er|ere|eme|re|o|a|os|as|go|e|en|an|n|je|jen|jei|"
                              r"i|ei|ig|jeig|eig|aig|tol|jetol|"
                             r"η|ησ|οσ|го|ти|ви|ри|ми|ej)$")  # fmt: skip


def fold(word: str) -> str:
    """A word as the tables of names have it: lower case, without marks."""
    marks = unicodedata.normalize("NFKD", word.casefold()).casefold()
    return "".join(c for c in marks if not unicodedata.combining(c)).replace("ı", "i")


@cache
def month_names() -> dict[str, dict[int, frozenset[str]]]:
    """Folded name -> month -> the languages in which it means that; 0 for a weekday."""
    names: dict[str, dict[int, set[str]]] = {}
    table = Path(__file__).with_name("months.tsv").read_text(encoding="utf-8")
    for line in table.splitlines():
        lang, _, rest = line.partition("\t")
        number, _, listed = rest.partition("\t")
        if line.startswith("#") or not number.isdigit():
            continue
        for name in listed.split("|"):
            for word in name.split()[: 1 if int(number) else None]:
                names.setdefault(word, {}).setdefault(int(number), set()).add(lang)
    return {
        name: {number: frozenset(langs) for number, langs in found.items()}
        for name, found in names.items()
    }
