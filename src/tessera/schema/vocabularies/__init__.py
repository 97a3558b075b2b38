"""The controlled vocabularies: codes, labels, and the spellings by which sources are understood.

Every list is data in this folder, read on first use. `label` gives the label of any value; each
list has its own functions beside it. Values that are not in a list are never an error here: the
answer is None, and the caller keeps what its source says.
"""

from collections.abc import Callable
from typing import Final

from .countries import (
    CANDIDATE_COUNTRIES,
    EFTA_COUNTRIES,
    EU_COUNTRIES,
    Country,
    countries,
    country,
    country_code,
    country_name,
    country_note,
    iso_country,
    nuts_country,
)
from .interventions import (
    DIMENSIONS,
    Intervention,
    intervention,
    interventions,
    stated_intervention,
    stated_interventions,
)
from .languages import (
    EU_LANGUAGES,
    LANGUAGES,
    Language,
    autonym,
    language,
    language_code,
    language_name,
)
from .objectives import Objective, objective, objective_code, objective_parent, objectives
from .organisation_types import (
    ORGANISATION_TYPES,
    Confidence,
    OrganisationType,
    organisation_type,
    organisation_type_entry,
)
from .periods import PERIODS, Period, period, period_of
from .programmes import (
    STRANDS,
    Programme,
    described_cci,
    looks_like_cci,
    of_interreg,
    programme,
    programmes,
)
from .regions import (
    Region,
    ancestors,
    children,
    find_region,
    normal_code,
    region,
    region_label,
    regions,
)
from .terms import (
    FILE_TYPES,
    INTERESTS,
    NEWS_SOURCES,
    ORGANISERS,
    ROLES,
    STATUSES,
    file_type_of,
    role,
    status,
    term_code,
    term_label,
)
from .themes import theme, themes

__all__ = [
    "CANDIDATE_COUNTRIES",
    "DIMENSIONS",
    "EFTA_COUNTRIES",
    "EU_COUNTRIES",
    "EU_LANGUAGES",
    "FILE_TYPES",
    "INTERESTS",
    "LANGUAGES",
    "NEWS_SOURCES",
    "ORGANISATION_TYPES",
    "ORGANISERS",
    "PERIODS",
    "ROLES",
    "STATUSES",
    "STRANDS",
    "VOCABULARIES",
    "Confidence",
    "Country",
    "Intervention",
    "Language",
    "Objective",
    "OrganisationType",
    "Period",
    "Programme",
    "Region",
    "ancestors",
    "autonym",
    "children",
    "countries",
    "country",
    "country_code",
    "country_name",
    "country_note",
    "described_cci",
    "file_type_of",
    "find_region",
    "intervention",
    "interventions",
    "iso_country",
    "label",
    "language",
    "language_code",
    "language_name",
    "looks_like_cci",
    "normal_code",
    "nuts_country",
    "objective",
    "objective_code",
    "objective_parent",
    "objectives",
    "of_interreg",
    "organisation_type",
    "organisation_type_entry",
    "period",
    "period_of",
    "programme",
    "programmes",
    "region",
    "region_label",
    "regions",
    "role",
    "stated_intervention",
    "stated_interventions",
    "status",
    "term_code",
    "term_label",
    "theme",
    "themes",
]


def _objective_label(value: str, _lang: str) -> str | None:
    found = objective(value)
    return f"{found.code} {found.short}" if found else None


def _organisation_type_label(value: str, _lang: str) -> str | None:
    found = organisation_type_entry(value)
    return found.label if found else None


def _period_label(value: str, _lang: str) -> str | None:
    return period(value).label if value in PERIODS else None


def _programme_label(value: str, _lang: str) -> str | None:
    found = programme(value)
    return found.label if found else None


def _term_label(vocabulary: str) -> Callable[[str, str], str | None]:
    return lambda value, _lang: term_label(vocabulary, value)


_LABELS: Final[dict[str, Callable[[str, str], str | None]]] = {
    "country": country_name,
    "language": language_name,
    "region": region_label,
    "organisation_type": _organisation_type_label,
    "representing": _organisation_type_label,
    "objective": _objective_label,
    "period": _period_label,
    "programme": _programme_label,
    "status": _term_label("status"),
    "interested_in": _term_label("interested_in"),
    "file_type": _term_label("file_type"),
    "organiser": _term_label("organiser"),
    "news_source": _term_label("news_source"),
    "role": _term_label("role"),
}

VOCABULARIES: Final = tuple(_LABELS)
"""The names that `label` knows."""


def label(vocabulary: str, value: str, lang: str = "en") -> str | None:
    """The label of `value` for people, in `lang` where there is one, else in English.

    Countries and languages have labels in the 24 languages of the EU and ten more; the other lists
    are in English (regions: in the region's own language). None for a value that is not in the
    list: show the value itself. KeyError for a vocabulary that is not in `VOCABULARIES`.
    """
    if vocabulary not in _LABELS:
        raise KeyError(f"no vocabulary {vocabulary!r}; there are: {', '.join(VOCABULARIES)}")
    return _LABELS[vocabulary](value, lang)
