"""What an importer of a vocabulary makes of a delivery."""

from __future__ import annotations

from pathlib import Path

from tessera.schema.concepts import Concept
from tessera.sources.base import Item, ItemError
from tessera.sources.registry import importer
from tessera.sources.vocabulary import VocabularyImporter, is_vocabulary


def vocabulary(slug: str) -> VocabularyImporter:
    made: object = importer(slug)
    assert is_vocabulary(made)
    return made


def read(slug: str, *paths: Path) -> tuple[dict[str, Concept], list[ItemError]]:
    """Concepts by URI, and errors (warnings among them)."""
    made = vocabulary(slug)
    concepts: dict[str, Concept] = {}
    errors: list[ItemError] = []
    for found in made.gather(paths):
        if isinstance(found, ItemError):
            errors.append(found)
            continue
        assert isinstance(found, Item)
        for each in made.concepts(found):
            if isinstance(each, ItemError):
                errors.append(each)
            else:
                assert Concept.from_json(each.canonical()) == each
                concepts[each.uri] = each
    return concepts, errors
