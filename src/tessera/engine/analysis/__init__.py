"""One text analysis for all backends, in Python.

A token carries every *term* under which it can be found, all at one position:
- its surface: folded (case, marks, ligatures), in Latin letters (Greek and Cyrillic
  transliterated), such as `athina` for Αθήνα;
- the surface with umlaut digraphs collapsed (`oesterreich` -> `osterreich`), where that differs,
  so that ö, oe and o meet;
- its stem in the language of the text, tagged with that language (`lt:klaster`), so that a stem
  matches only words of its own language. Only stems have a colon in them;
- the stems of the words that a compound is made of, tagged with a plus (`de+:wass` in
  Abwasser), so that they weigh less than the word itself and stay out of phrases.

A query word stands for the same kinds of terms, its stems taken in every language that the index
holds. A word matches where any of its terms does.
"""

from tessera.engine.analysis.comparison import folded
from tessera.engine.analysis.compounds import compound_parts
from tessera.engine.analysis.names import name_parts, parts_among, prefix_key
from tessera.engine.analysis.terms import IN_COMPOUND, Token, terms_by_position, tokens, word_terms

ANALYSIS_VERSION = 3
"""Raise it whenever the terms of any text change; indexes made before are then outdated."""

__all__ = [
    "ANALYSIS_VERSION",
    "IN_COMPOUND",
    "Token",
    "compound_parts",
    "folded",
    "name_parts",
    "parts_among",
    "prefix_key",
    "terms_by_position",
    "tokens",
    "word_terms",
]
