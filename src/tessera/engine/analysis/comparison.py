"""A whole text as one comparable string: for sorting titles and telling names apart."""

from __future__ import annotations

from tessera.engine.analysis.fold import lower, narrow
from tessera.engine.analysis.words import words


def folded(text: str) -> str:
    """The folded words of a text joined by single blanks; empty where it has none.

    `folded("Žilina – Univerzita, a.s.") == "zilina univerzita a s"`
    """
    return " ".join(filter(None, (narrow(lower(word)) for word in words(text))))
