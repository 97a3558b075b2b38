"""Across languages: what else, in which language, may stand in a text for what was typed.

A `Dictionary` is learned from texts that say the same in two languages, and holds the labels of
vocabularies besides; an `Expander` looks words up in it. See docs/reference/expansion.
"""

from tessera.engine.expansion.dictionary import Dictionary, Label, learn
from tessera.engine.expansion.errors import DictionaryError
from tessera.engine.expansion.expander import Expander, Expansion
from tessera.engine.expansion.learning import LearningReport
from tessera.engine.expansion.pairs import Pair, pairs_of, read_pairs

__all__ = [
    "Dictionary",
    "DictionaryError",
    "Expander",
    "Expansion",
    "Label",
    "LearningReport",
    "Pair",
    "learn",
    "pairs_of",
    "read_pairs",
]
