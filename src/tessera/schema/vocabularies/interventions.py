"""Categories of intervention: what a programme tells the Commission that it pays for.

A code means something within a period and a dimension alone: field `026` is "Other railways" in
2014-2020 and innovation clusters in 2021-2027. So the key is (period, dimension, code).
"""

import re
from functools import cache
from typing import Final, NamedTuple

from .tables import read_tsv

DIMENSIONS: Final = {
    "2014-2020": {
        "1": "intervention field", "2": "form of finance", "3": "territory",
        "4": "territorial delivery mechanism", "5": "thematic objective",
        "6": "ESF secondary theme", "7": "economic activity", "8": "location",
    },
    "2021-2027": {
        "1": "intervention field", "2": "form of support",
        "3": "territorial delivery mechanism and territorial focus", "4": "economic activity",
        "5": "location", "6": "ESF+ secondary theme", "7": "gender equality",
        "8": "macro-regional and sea basin strategies",
    },
}  # fmt: skip
"""What the numbers of the dimensions mean, by period."""

FIELD: Final = "1"
"""The dimension that sources mean where they name none."""

_STATED: Final = (
    r"\s*(?:(?:CI|IF|code|code CI)\s*)?"
    r"(\d{3}[a-z]{0,3}\b|\d{1,2}(?=\s*(?:$|[-–—:.)])))\s*[-–—:.)]*\s*(.*?)\s*"
)
"""A code and a label; one of less than three digits needs a sign behind it, unlike "5 schools"."""

_SEVERAL: Final = r"\s*\d{1,3}(?:\s*[,;|/+&]\s*\d{1,3})+\s*"


class Intervention(NamedTuple):
    """One category. label: empty where no source gives it."""

    period: str
    dimension: str
    code: str
    label: str

    @property
    def dimension_label(self) -> str:
        """Such as "intervention field"; empty for a dimension or period that isn't known."""
        return DIMENSIONS.get(self.period, {}).get(self.dimension, "")


@cache
def _labels() -> dict[tuple[str, str, str], str]:
    rows = read_tsv("interventions.tsv")[1]
    return {(period, dimension, code): label for period, dimension, code, label in rows}


def interventions(period: str, dimension: str = FIELD) -> tuple[Intervention, ...]:
    """The categories of a period and dimension whose label is known, in the order of the codes."""
    return tuple(
        Intervention(*key, label)
        for key, label in _labels().items()
        if key[:2] == (period, dimension)
    )


def intervention(period: str, dimension: str, code: str) -> Intervention | None:
    """The category with this key; None where its label isn't known, which says nothing of the code.

    Leading zeros may be missing, as spreadsheets drop them.
    """
    key = code.strip().zfill(3) if code.strip().isdigit() else code.strip()
    label = _labels().get((period, dimension, key))
    return Intervention(period, dimension, key, label) if label else None


def stated_interventions(text: str, period: str = "") -> tuple[Intervention, ...]:
    """The same of a cell that may hold several codes ("026, 027")."""
    parts = re.findall(r"\d+", text) if re.fullmatch(_SEVERAL, text) else [text]
    return tuple(stated_intervention(part, period) for part in parts)


def stated_intervention(text: str, period: str = "", dimension: str = FIELD) -> Intervention:
    """What a source writes ("026", "62 - Technology transfer", or a label alone) as a category.

    Its label is the one of the period where that is known, else the source's own, else empty;
    without a period a code is never given a label that its source doesn't give.
    """
    found = re.fullmatch(_STATED, text, re.DOTALL)
    if found is None:
        return Intervention(period, dimension, "", " ".join(text.split()))
    code, label = found[1], " ".join(found[2].split())
    known = intervention(period, dimension, code)
    if known is not None:
        return known
    return Intervention(period, dimension, code.zfill(3) if code.isdigit() else code, label)
