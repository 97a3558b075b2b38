"""The search's parameters as OpenAPI describes them, made from the schema of the index.

They are all texts: what can't be used is reported in `problems` and left out, never refused.
"""

from __future__ import annotations

from typing import Any

from tessera.engine.fields import FacetType
from tessera.engine.query import MAX_VALUES, MAX_WITHOUT
from tessera.schema.fields import SCHEMA

_TYPES = {
    FacetType.TERMS: "A value; given several times, any of them will do.",
    FacetType.TREE: "A code; finds all that lies below it, too.",
    FacetType.YEARS: "Years such as 2014..2020, ..2020, 2014.. or 2014.",
    FacetType.WHEN: "upcoming or past.",
}
_OTHERS = (
    ("q", 'What to search for: words, "phrases", -not, OR, prefix*.', "cluster"),
    ("sort", f"relevance, {', '.join(order.name for order in SCHEMA.sorts)}.", "newest"),
    ("page", "Number of the page, from 1.", "1"),
    ("size", "Results a page, 1 to 100.", "20"),
    ("spelling", "as-typed: nothing is corrected.", "as-typed"),
    ("match", "words: nothing but records with all words, as they were typed.", "words"),
    ("lang", "Language of labels and titles, such as en or el.", "en"),
)
FACET = "facet"


def search_parameters() -> list[dict[str, Any]]:
    """All parameters of the search."""
    found = [_text(name, text, example) for name, text, example in _OTHERS]
    found.append(
        _several("without", "A related word that was added and isn't wanted.", MAX_WITHOUT)
    )
    for facet in SCHEMA.facets:
        found.append(_several(facet.name, _TYPES[facet.type]))
        found.append(_several(f"-{facet.name}", f"Not this {facet.name}: {_TYPES[facet.type]}"))
    names = [facet.name for facet in SCHEMA.facets]
    found.append(
        _several(FACET, "Facets to count; without it, those that mean something for the kinds.")
        | {"schema": {"type": "array", "items": {"type": "string", "examples": names}}}
    )
    return found


def _text(name: str, text: str, example: str) -> dict[str, Any]:
    schema = {"type": "string"}
    return {"name": name, "in": "query", "description": text, "schema": schema, "example": example}


def _several(name: str, text: str, most: int = MAX_VALUES) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": text,
        "schema": {"type": "array", "items": {"type": "string"}, "maxItems": most},
        "style": "form",
        "explode": True,
    }
