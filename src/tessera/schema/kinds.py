"""The kinds of records, and what each of them can state.

A new kind is one entry here plus a hit template (`search/templates/search/hits/<kind>.html`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """The type of a record.

    name: as in the interchange format, in URLs and in the `kind` parameter.
    facets: names of the facets that mean something for it besides `kind` and `language`; a
        record that doesn't state one of them is counted under "not stated".
    schema_type: its type in schema.org.
    timed: whether `when` means something for it: it is upcoming, then past.
    """

    name: str
    facets: tuple[str, ...]
    schema_type: str
    timed: bool = False


_COOPERATION = ("programme", "period", "theme", "year")

KINDS: tuple[Kind, ...] = (
    Kind(
        "project",
        (
            *_COOPERATION,
            "country",
            "region",
            "status",
            "objective",
            "organisation",
            "organisation_type",
        ),
        "ResearchProject",
    ),
    Kind(
        "person",
        ("interested_in", "representing", "country", "region", "theme", "organisation"),
        "Person",
    ),
    Kind("event", (*_COOPERATION, "organiser", "country"), "Event", timed=True),
    Kind("news", (*_COOPERATION, "news_source"), "NewsArticle"),
    Kind("file", (*_COOPERATION, "file_type"), "DigitalDocument"),
    Kind("organisation", ("organisation_type", "country", "region"), "Organization"),
    Kind("good_practice", (*_COOPERATION, "country", "region"), "CreativeWork"),
    # schema.org has no call; a work that expires says the most of what a call is.
    Kind("call", _COOPERATION, "CreativeWork", timed=True),
)

KIND_NAMES: tuple[str, ...] = tuple(kind.name for kind in KINDS)

TIMED: tuple[str, ...] = tuple(kind.name for kind in KINDS if kind.timed)
"""The kinds that are upcoming and then past, and can be had with the soonest first."""

_BY_NAME = {kind.name: kind for kind in KINDS}


def kind(name: str) -> Kind:
    """The kind of that name; KeyError where there is none."""
    return _BY_NAME[name]


def facets_of(names: tuple[str, ...]) -> frozenset[str]:
    """The facets that mean something for at least one of these kinds (for all where empty)."""
    chosen = [_BY_NAME[name] for name in names if name in _BY_NAME] or list(KINDS)
    return frozenset({"kind", "language"}.union(*(each.facets for each in chosen)))
