"""What is offered instead of a typed text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Correction:
    """A typed text with other words for those that look misspelt.

    typed, corrected: the whole texts; what isn't corrected stays as it was typed.
    words: (typed, offered), in the order typed. A word that was split has several words offered,
        and two that were joined are typed with a blank between.
    applied: whether the results are those of `corrected`; else it is an offer.
    """

    typed: str
    corrected: str
    words: tuple[tuple[str, str], ...]
    applied: bool = False
