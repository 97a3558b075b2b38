"""Sequences of four characters: what words of different forms, spellings and languages share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

SIZE = 4
"""Characters of a gram. Four told best across languages; three and five were a little behind."""
MAX_WORDS = 600
"""Words of one text from which grams are made: a book shares all of them with everything."""


def gram_text(positions: Sequence[tuple[str, ...]]) -> str:
    """A text as grams are cut from it: its folded words, with a blank before and after each.

    positions: the terms of its words, as `terms_by_position` gives them. Empty for no words.
    """
    return f" {' '.join(terms[0] for terms in positions[:MAX_WORDS])} " if positions else ""


def grams(text: str) -> Iterable[str]:
    """All grams of a `gram_text`, in order; none where it is shorter than one."""
    return (text[at : at + SIZE] for at in range(len(text) - SIZE + 1))
