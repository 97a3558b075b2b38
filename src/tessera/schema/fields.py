"""The index of the site: what is searched with which weight, the facets, the orders.

A new facet is one declaration here, its values in `document.py`, and its label in
`search/labels.py`.
"""

from __future__ import annotations

from tessera.engine.fields import Facet, FacetType, IndexSchema, SortOrder, TextField
from tessera.schema import vocabularies
from tessera.schema.kinds import KIND_NAMES

TEXTS = (
    TextField("acronym", weight=5.0, parts=True, passages=False),
    TextField("title", weight=4.0, parts=True, passages=False),
    TextField("names", weight=3.0, parts=True),
    TextField("summary", weight=2.0),
    TextField("keywords", weight=1.5, passages=False),
    TextField("related", weight=1.0, passages=False),
    TextField("text", weight=1.0),
    TextField("initials", weight=1.0, passages=False),
    TextField("told", weight=0.5, passages=False, own=False),
)
"""`names`: other names of an organisation. `keywords`: themes, place, programme, types as words.
`related`: names of partners and of linked records, so that news of a project is found by it.
Neither gives passages where a name, summary or text shows the reason: those say more.
`initials`: of people and organisations, their names in short.
`told`: of people, what the records say that they are linked with (see `told`)."""


def _one_of(*values: str) -> dict[str, str]:
    return {value.lower(): value for value in values}


_KINDS = _one_of(*KIND_NAMES)
_PARTIES = _one_of("programme", "project")


def _region(value: str) -> str | None:
    found = vocabularies.region(value)
    return found.code if found else None


def _objective(value: str) -> str | None:
    found = vocabularies.objective(value)
    return found.code if found else value.strip().upper()


def _programme(value: str) -> str:
    found = vocabularies.programme(value)
    return found.code if found else value


def _organisation_type(value: str) -> str | None:
    found = vocabularies.organisation_type(value)
    return found[0] if found else None


FACETS = (
    Facet("kind", normalise=lambda value: _KINDS.get(value.lower())),
    Facet("organiser", normalise=lambda value: _PARTIES.get(value.lower())),
    Facet("news_source", normalise=lambda value: _PARTIES.get(value.lower())),
    Facet("interested_in"),
    Facet("representing", normalise=_organisation_type),
    Facet("file_type"),
    Facet("country", normalise=vocabularies.country_code),
    Facet("region", FacetType.TREE, normalise=_region),
    Facet("programme", normalise=_programme),
    Facet("period", normalise=vocabularies.period_of),
    Facet("theme"),
    Facet("objective", FacetType.TREE, normalise=_objective),
    Facet("status"),
    Facet("organisation", size=50),
    Facet("organisation_type", normalise=_organisation_type),
    Facet("language", normalise=str.lower),
    Facet("year", FacetType.YEARS),
    Facet("when", FacetType.WHEN, single=True),
)

SORTS = (
    SortOrder("newest", "date", descending=True),
    SortOrder("oldest", "date"),
    SortOrder("title", "title"),
    SortOrder("soonest", "starts", default_for=("when", "upcoming")),
)

SCHEMA = IndexSchema(
    name="tessera", version=5, texts=TEXTS, facets=FACETS, sorts=SORTS, default_sort="newest"
)
