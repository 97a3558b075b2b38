"""What suggestions go by: the names of documents, which are their fields with `parts`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tessera.engine.analysis import terms_by_position, word_terms
from tessera.engine.document import Document
from tessera.engine.fields import IndexSchema
from tessera.engine.plan import AnyTerm

_ONE_TYPO, _TWO_TYPOS = 4, 8
"""Letters of a word from which on one edit is allowed, and two."""
MOST_TYPOS = 2


@dataclass(frozen=True, slots=True)
class NameWord:
    """A typed word of a name.

    word: its terms, and the key of a name part. start: the key with which a word or part may go
    on; of the last word typed, else empty. typos: edits by which `word.part` may differ from the
    part meant.
    """

    word: AnyTerm
    start: str = ""
    typos: int = 0


def name_words(text: str, langs: Collection[str]) -> tuple[NameWord, ...]:
    """What is typed of a name, word by word; a name must hold them all, in any order.

    Name parts are the beginnings of words, so each word typed may be one, and a letter alone an
    initial.
    """
    positions = [terms for word in text.split() for terms in word_terms(word, langs)]
    found = []
    for number, terms in enumerate(positions, 1):
        key = terms[0]
        is_part = len(key) > 1 or (key.isalpha() and len(positions) > 1)
        start = key if number == len(positions) and len(key) > 1 else ""
        found.append(NameWord(AnyTerm(terms, key if is_part else ""), start, _typos(key)))
    return tuple(found)


def _typos(key: str) -> int:
    """Digits are never taken for others, nor are short words."""
    if not key.isalpha() or len(key) < _ONE_TYPO:
        return 0
    return 1 if len(key) < _TWO_TYPOS else 2


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
