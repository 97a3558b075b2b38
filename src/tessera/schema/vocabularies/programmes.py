"""Programmes of 2014-2020 and 2021-2027, as far as a source could be had: most of Interreg, and
those of states and regions of 2014-2020.

The list is no gate: a programme that is not on it is kept as its source names it.
"""

import re
from functools import cache
from typing import Final, NamedTuple

from .countries import country_name
from .folding import fold
from .periods import PERIODS, period_of
from .tables import read_tsv

# Compiled on first use: importing this module stays cheap.
_CCI: Final = r"\d{4}[A-Z]{2}\d{2}[A-Z0-9]{2}[A-Z]{2}\d{3}"
_CCI_2007: Final = r"\d{4}[A-Z]{2}\d{3}[A-Z]{2}\d{3}"
_NOISE: Final = (
    r"\b(?:20\d\d (?:20)?\d\d\b|interreg\b(?: (?:iii|iv|vi|v)\b)?(?: ?(?:iii|iv|vi|v)? ?[abcd]\b)?|"
    r"(?:cooperation )?programme\b|program\b)"
)

STRANDS: Final = {
    "A": "Cross-border",
    "B": "Transnational",
    "C": "Interregional",
    "D": "Outermost regions",
    "N": "Of a state or region",
}


class Programme(NamedTuple):
    """A programme. `cci` is None where no source gives it; then the name and period identify it."""

    cci: str | None
    name: str
    period: str
    strand: str
    aliases: tuple[str, ...]

    @property
    def code(self) -> str:
        """What identifies the programme in a facet or a link: the CCI code, or name and period.

        `programme(item.code)` gives the programme back.
        """
        return self.cci or f"{self.name} {self.period}"

    @property
    def label(self) -> str:
        """For people: `North Sea (2014–2020)`."""
        return f"{self.name} ({self.period.replace('-', '–')})"


@cache
def programmes() -> tuple[Programme, ...]:
    """All programmes known here, by period and strand."""
    return tuple(
        Programme(cci or None, name, period, strand, tuple(filter(None, aliases.split("|"))))
        for cci, name, period, strand, aliases in read_tsv("programmes.tsv")[1]
    )


@cache
def _indexes() -> tuple[dict[str, Programme], dict[str, list[Programme]]]:
    by_cci = {item.cci: item for item in programmes() if item.cci}
    by_name: dict[str, list[Programme]] = {}
    for item in programmes():
        for key in {_name_key(name) for name in (item.name, *item.aliases)}:
            by_name.setdefault(key, []).append(item)
    return by_cci, by_name


def _name_key(name: str) -> str:
    """A folded name without `Interreg V-A`, the years and the word programme."""
    key = fold(name)
    bare = " ".join(re.sub(_NOISE, " ", key).split())
    # "Interreg Europe" is a name of its own: without the word, any "Europe" would do.
    return bare if bare and bare != "europe" else "interreg europe" if "interreg" in key else key


def programme(cci_or_name: str, period: str | None = None) -> Programme | None:
    """The programme with this CCI code or name.

    A name in several periods (`North Sea`) needs the `period` (`2014-2020`), or the years or
    generation in the name itself (`INTERREG VB North Sea`). None if unknown or not decidable.
    """
    by_cci, by_name = _indexes()
    if found := by_cci.get(cci_or_name.strip().upper()):
        return found
    wanted = period or period_of(cci_or_name)
    named = [
        item
        for item in by_name.get(_name_key(cci_or_name), ())
        if wanted is None or item.period == wanted
    ]
    return named[0] if len(named) == 1 else None


def of_interreg(cci_or_name: str, period: str | None = None) -> bool:
    """Whether a programme is known to be of Interreg, by this list, its code or its name."""
    found = programme(cci_or_name, period)
    if found:
        return found.strand != "N"
    if looks_like_cci(cci_or_name):
        return cci_or_name.strip().upper()[4:6] in ("CB", "TC")
    return "interreg" in fold(cci_or_name)


def described_cci(code: str, lang: str = "en") -> str | None:
    """What a CCI code says by itself: `Germany, ESF 2007–2013 (2007DE052PO002)`.

    The fund is left out where the code leaves it open (those of several funds, and 16 with
    objective 1 of 2007, which may be of the Cohesion Fund as well). None for the codes of
    cooperation programmes, which are of no one country, and for what is no such code.
    """
    key = code.strip().upper()
    period = next((each for each in PERIODS if each.startswith(key[:4])), "")
    # TC is territorial cooperation here, not the Turks and Caicos Islands.
    country = None if key[4:6] == "TC" else country_name(key[4:6], lang)
    if not (looks_like_cci(key) and period and country):
        return None
    fund = "ESF" if key[6:10] == "05SF" else "ERDF" if key[6:10] == "16RF" else ""
    if period == "2007-2013":
        fund = "ESF" if key[6:8] == "05" else "ERDF" if key[6:9] == "162" else ""
    return f"{country}{f', {fund}' if fund else ''} {period.replace('-', '–')} ({key})"


def looks_like_cci(code: str) -> bool:
    """Whether `code` looks like the CCI code of a programme of 2007 or later.

    A loose test, without regard to case: warn on False, don't reject. Store the code verbatim.
    """
    key = code.strip().upper()
    return any(re.fullmatch(form, key) for form in (_CCI, _CCI_2007))
