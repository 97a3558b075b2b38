"""Keys by which a name is found by prefix and by part."""

from __future__ import annotations

from collections.abc import Set
from functools import lru_cache

from tessera.engine.analysis import fold
from tessera.engine.analysis.terms import parts
from tessera.engine.analysis.words import words

CACHED_WORDS = 1 << 14
"""Words of names whose keys are remembered, over all languages (about 20 MB)."""

_MAX_PREFIX = 15
_MIN_SUFFIX = 4
_GLUED_WORDS = 8


def prefix_key(word: str) -> str:
    """The folded form of a typed word by which names and prefixes are looked up.

    Empty where the word has no letter or digit.
    """
    return "".join(fold.narrow(fold.lower(piece)) for piece in words(word))


def name_parts(text: str, lang: str = "und") -> frozenset[str]:
    """All keys of a name: the beginnings of its words and of their parts.

    A typed word w finds a name by part where `prefix_key(w)` is among them. An acronym of one
    word is also found by its ending (`cluster` finds BIOCLUSTER), and a name by its first
    words glued together (`clusterix2` finds ClusteriX 2.0). lang: of the name, or "und".
    """
    pieces = words(text)
    keys: set[str] = set()
    for word in pieces:
        keys.update(_beginnings(word, lang))
    if len(text.split()) == 1:
        for word in pieces:
            keys.update(_endings(word))
    keys.update(_prefixes("".join(_folded(word) for word in pieces[:_GLUED_WORDS])))
    return frozenset(keys)


def parts_among(text: str, lang: str, wanted: Set[str]) -> frozenset[str]:
    """Those of the `name_parts` of a name that are wanted; all of them are a hundred or more."""
    pieces = words(text)
    found: set[str] = set()
    for word in pieces:
        found.update(filter(wanted.__contains__, _beginnings(word, lang)))
    if len(text.split()) == 1:
        for word in pieces:
            found.update(filter(wanted.__contains__, _endings(word)))
    glued = "".join(_folded(word) for word in pieces[:_GLUED_WORDS])
    found.update(filter(wanted.__contains__, _prefixes(glued)))
    return frozenset(found)


@lru_cache(CACHED_WORDS)
def _beginnings(word: str, lang: str) -> tuple[str, ...]:
    """The beginnings of a word and of its parts, in all their forms."""
    pieces = (word, *parts(word))
    forms = dict.fromkeys(form for each in pieces for form in fold.surfaces(fold.lower(each), lang))
    return tuple(dict.fromkeys(prefix for form in forms for prefix in _prefixes(form)))


@lru_cache(CACHED_WORDS)
def _folded(word: str) -> str:
    return fold.narrow(fold.lower(word))


def _prefixes(form: str) -> list[str]:
    if not form:
        return []
    return [form[:length] for length in range(1, min(len(form), _MAX_PREFIX) + 1)] + [form]


def _endings(word: str) -> list[str]:
    """Endings of an acronym (a word with two capitals), with and without a plural s."""
    if sum(char.isupper() for char in word) < 2:
        return []
    pieces = parts(word) or [word]
    found = []
    for piece in pieces:
        form = fold.narrow(fold.lower(piece))
        endings = [form[at:] for at in range(1, len(form) - _MIN_SUFFIX + 1)]
        found += endings
        found += [e[:-1] for e in endings if e.endswith("s") and len(e) > _MIN_SUFFIX]
    return found
