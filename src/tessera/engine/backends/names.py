"""What suggestions go by: the names of documents, which are their fields with `parts`."""

from __future__ import annotations

from collections.abc import Collection

from tessera.engine.analysis import terms_by_position, word_terms
from tessera.engine.document import Document
from tessera.engine.fields import IndexSchema
from tessera.engine.plan import AnyTerm, Both, Either, Nothing, PlanNode, StartsWith

_MIN_PART = 2


def names_plan(text: str, langs: Collection[str]) -> PlanNode:
    """Each typed word, the last one also as the beginning of a word; for name fields only."""
    positions = [terms for word in text.split() for terms in word_terms(word, langs)]
    if not positions:
        return Nothing()
    words = [AnyTerm(terms, terms[0] if len(terms[0]) >= _MIN_PART else "") for terms in positions]
    beginnings = [StartsWith(term) for term in positions[-1] if ":" not in term]
    last = Either((words[-1], *beginnings))
    return Both((*words[:-1], last)) if words[:-1] else last


def typed_name(text: str) -> str:
    """A typed name in the form of `exact_names`; empty where there is no word in it."""
    return " ".join(terms[0] for word in text.split() for terms in word_terms(word, ()))


def exact_names(document: Document, schema: IndexSchema) -> frozenset[str]:
    """The document's names, folded: what is typed in full comes first among suggestions."""
    names = (
        " ".join(terms[0] for terms in terms_by_position(text.text, text.lang))
        for field in schema.texts
        if field.parts
        for text in document.texts.get(field.name, ())
    )
    return frozenset(name for name in names if name)
