"""Random catalogues and random searches in them."""

from __future__ import annotations

from datetime import timedelta
from zlib import crc32

from hypothesis import strategies as st

from tessera.engine.document import Document, Text
from tessera.engine.fields import MISSING
from tessera.engine.query import Query
from tests.conformance.catalogue import NOW, SCHEMA

LANGS = ("en", "de", "lt", "el", "und")
WORDS = (
    *("cluster", "clusters", "Clustering", "ClusterFY", "CLUSTERS3", "BIOCLUSTER", "SEA"),
    *("Österreich", "Oesterreich", "osterreich", "Klasterių", "Αθήνα", "Athina", "Łódź", "lodz"),
    *("e-mail", "email", "2.0", "the", "small", "smaller", "statues", "status", "search"),
)
_BOOSTS = (1.0, 1.0, 1.0, 0.5, 1.25, 2.0)
_NOW = int(NOW.timestamp())

words = st.sampled_from(WORDS)
texts = st.builds(
    Text,
    st.lists(words, max_size=6).map(" ".join),
    st.sampled_from(LANGS),
)
_VALUES = {
    "kind": ("project", "news", "event"),
    "theme": ("a", "b", "c", "d", "e", "Ω", "\U0001f600"),
    "region": ("LT", "LT0", "LT01", "AT"),
}
_keys = st.text(st.sampled_from("abAB\x00\x01 éß￿\U00010000\U0001f600"), max_size=4)
_dates = st.one_of(st.integers(-3, 3), st.integers(-(2**63), 2**63 - 1))


def _some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=4).map(tuple)


_facets = st.fixed_dictionaries({}, optional={k: _some(v) for k, v in _VALUES.items()})
_years = st.fixed_dictionaries(
    {}, optional={"year": st.lists(st.integers(2010, 2016), max_size=3).map(tuple)}
)
_ids = st.one_of(
    st.integers(0, 40).map(lambda n: f"d{n}"),
    st.integers(0, 4).map(lambda n: f"an id that is longer than two and thirty bytes: {n}"),
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    id_ = draw(_ids)
    return Document(
        id_,
        # Unique, as documents' keys are.
        1 + crc32(id_.encode()),
        draw(
            st.fixed_dictionaries(
                {},
                optional={
                    field.name: st.lists(texts, max_size=2).map(tuple) for field in SCHEMA.texts
                },
            )
        ),
        draw(_facets),
        draw(_years),
        draw(st.fixed_dictionaries({}, optional={"when": st.integers(_NOW - 2, _NOW + 2)})),
        draw(st.fixed_dictionaries({}, optional={"title": _keys, "date": _dates})),
        draw(st.sampled_from(_BOOSTS)),
        {"id": id_},
    )


batches = st.lists(st.lists(documents(), max_size=12), min_size=1, max_size=4)
"""Commits: later documents replace earlier ones of the same id."""

_atoms = st.one_of(
    words,
    words,
    words.map(lambda word: f"-{word}"),
    st.lists(words, min_size=2, max_size=3).map(lambda found: f'"{" ".join(found)}"'),
    words.map(lambda word: f"{word[:3]}*"),
    st.tuples(words, words).map(" OR ".join),
    st.sampled_from(("nowhere", "OR", '"', "(", "-")),
)
typed = st.lists(_atoms, max_size=3).map(" ".join)

_choices = st.one_of(
    *(
        st.tuples(st.just(name), st.sampled_from((*values, MISSING, "unheard")))
        for name, values in _VALUES.items()
    ),
    st.tuples(
        st.just("year"),
        st.sampled_from(("2012", "2011..2013", "..2012", "2015..", "1999", MISSING)),
    ),
    st.tuples(st.just("when"), st.sampled_from(("upcoming", "past"))),
)
_moments = st.integers(-2, 2).map(lambda second: NOW + timedelta(seconds=second))
moments = _moments
sorts = st.sampled_from(("", "relevance", *(order.name for order in SCHEMA.sorts)))


@st.composite
def queries(draw: st.DrawFn) -> Query:
    """With any filters, on the first page of 100."""
    query = Query(draw(typed), sort=draw(sorts), size=100)
    for name, value in draw(st.lists(_choices, max_size=4)):
        query = query.with_filter(name, value, exclude=draw(st.integers(0, 3)) == 0)
    return query
