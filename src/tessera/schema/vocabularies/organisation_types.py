"""Types of organisations: the 17 codes of Jems, and the spellings that sources use for them.

A type is not a legal status: `public`, `private` and the like are another field and map to no type.
"""

from functools import cache
from typing import Final, Literal, NamedTuple

from .folding import fold
from .tables import read_toml

Confidence = Literal["exact", "close", "broad"]
"""exact: the same type in other words; close: a slightly other cut; broad: a guess to look at."""

ORGANISATION_TYPES: Final = (
    "LocalPublicAuthority",
    "RegionalPublicAuthority",
    "NationalPublicAuthority",
    "SectoralAgency",
    "InfrastructureAndServiceProvider",
    "InterestGroups",
    "HigherEducationOrganisations",
    "EducationTrainingCentreAndSchool",
    "EnterpriseExceptSme",
    "Sme",
    "BusinessSupportOrganisation",
    "Egtc",
    "InternationalOrganisationEeig",
    "GeneralPublic",
    "Hospitals",
    "CrossBorderLegalBody",
    "Other",
)
"""All codes, in the order of Jems."""


class OrganisationType(NamedTuple):
    """A type with its public label and, for a few, a note on what belongs there."""

    code: str
    label: str
    note: str | None


@cache
def _table() -> tuple[dict[str, OrganisationType], dict[str, tuple[str, Confidence]]]:
    """Types by code, and folded spelling -> code and confidence."""
    types: dict[str, OrganisationType] = {}
    spellings: dict[str, tuple[str, Confidence]] = {}
    levels: tuple[Confidence, ...] = ("exact", "close", "broad")
    for code, entry in read_toml("organisation_types.toml").items():
        types[code] = OrganisationType(code, entry["label"], entry.get("note"))
        for level in levels:
            for spelling in entry.get(level, ()):
                _add(spellings, spelling, code, level)
        for spelling in (code, entry["label"]):
            _add(spellings, spelling, code, "exact")
    return types, spellings


def _add(
    spellings: dict[str, tuple[str, Confidence]], spelling: str, code: str, level: Confidence
) -> None:
    known = spellings.setdefault(fold(spelling), (code, level))
    if known[0] != code:
        raise ValueError(f"organisation_types.toml: {spelling!r} is in {known[0]} and in {code}")


def organisation_type(label: str) -> tuple[str, Confidence] | None:
    """The code for the label of a type as a source writes it, and how sure that is.

    Case, accents, punctuation and blanks do not count. None for an empty label, for a legal status
    (`Public`) and for what is not known: keep the source's label beside the code in any case.
    """
    return _table()[1].get(fold(label))


def organisation_type_entry(code: str) -> OrganisationType | None:
    """The type with this code, None if there is none."""
    return _table()[0].get(code)
