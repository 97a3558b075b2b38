"""A small catalogue whose answers are known by heart, and the schema it goes by."""

from __future__ import annotations

from datetime import UTC, datetime

from tessera.engine.document import Document, Text
from tessera.engine.fields import Facet, FacetType, IndexSchema, SortOrder, TextField

SCHEMA = IndexSchema(
    name="catalogue",
    version=1,
    texts=(
        TextField("acronym", weight=8.0, parts=True, passages=False),
        TextField("title", weight=6.0, parts=True, passages=False),
        TextField("summary", weight=2.0),
        TextField("text"),
    ),
    facets=(
        Facet("kind"),
        Facet("theme", size=2),
        Facet("region", FacetType.TREE),
        Facet("year", FacetType.YEARS),
        Facet("when", FacetType.WHEN, single=True),
    ),
    sorts=(
        SortOrder("title", "title"),
        SortOrder("title_back", "title", descending=True),
        SortOrder("newest", "date", descending=True),
        SortOrder("oldest", "date"),
    ),
    default_sort="newest",
)

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
_HOUR = 3600
_NOW = int(NOW.timestamp())


def _texts(lang: str, **texts: str) -> dict[str, tuple[Text, ...]]:
    return {name: (Text(text, lang),) for name, text in texts.items()}


CATALOGUE = (
    Document(
        "p1",
        1,
        _texts(
            "en",
            acronym="ClusterFY",
            title="Cluster policies for smart regions",
            summary="Regions learn how clusters grow.",
            text="Small and medium firms in clusters share what they know.",
        ),
        facets={
            "kind": ("project",),
            "theme": ("innovation", "regions"),
            "region": ("LT", "LT0", "LT01", "SI"),
        },
        years={"year": (2017, 2018, 2019, 2020, 2021)},
        sort={"title": "cluster policies", "date": 20170101},
        stored={"acronym": "ClusterFY"},
    ),
    Document(
        "p2",
        2,
        _texts(
            "en",
            acronym="BIOCLUSTER",
            title="Life sciences along the Danube",
            text="The small partner firms meet. Medium ones, too.",
        ),
        facets={"kind": ("project",), "theme": ("health",), "region": ("AT", "HU")},
        years={"year": (2014, 2015)},
        sort={"title": "life sciences", "date": 20140601},
    ),
    Document(
        "p3",
        3,
        _texts(
            "de",
            acronym="SEA-LINK",
            title="Häfen in Österreich und an der See",
            summary="Wasserwege für die Forschung der Städte.",
        ),
        facets={"kind": ("project",), "theme": (), "region": ("AT",)},
        years={"year": ()},
        sort={"title": "häfen", "date": 20140601},
    ),
    Document(
        "n1",
        4,
        _texts("el", title="Νέα από την Αθήνα", text="Οι συνεργατικοί σχηματισμοί μεγαλώνουν."),
        facets={"kind": ("news",), "theme": ("innovation",)},
        years={"year": (2021,)},
        sort={"title": "νέα", "date": 20210303},
        boost=1.5,
    ),
    Document(
        "n2",
        5,
        _texts("en", title="Research in Athina and Lodz", text="E-mail us by the end of May 2021."),
        facets={"kind": ("news",), "theme": ("research", "innovation")},
        years={"year": (2021,)},
        sort={"title": "research", "date": 20210404},
    ),
    Document(
        "e1",
        6,
        {
            "title": (Text("Cluster summit", "en"), Text("Klasterių suvažiavimas", "lt")),
            "text": (Text("It ends in Łódź.", "en"), Text("Begins in Košice.", "en", "2")),
        },
        facets={"kind": ("event",), "theme": ("regions",), "region": ("SK",)},
        moments={"when": _NOW + _HOUR},
        sort={"title": "cluster policies", "date": 20260501},
        boost=1.25,
    ),
    Document(
        "e2",
        7,
        _texts("en", title="The summit before", text="Clusters of the past."),
        facets={"kind": ("event",), "theme": ("regions",)},
        moments={"when": _NOW - _HOUR},
        sort={"date": 20260501},
    ),
    Document(
        "e3",
        8,
        _texts("en", title="Right now"),
        facets={"kind": ("event",), "theme": ("arts",)},
        moments={"when": _NOW},
    ),
)
