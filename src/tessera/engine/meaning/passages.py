"""What of a document is encoded: passages of its texts, each with the title before it.

A name isn't encoded, since an encoder only guesses at names: it ranked organisations by affiliation
strings at nDCG@10 .64 where their words reach .88. So only a text of a sentence's length is, and
a document without such a text has no vector.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol

from tessera.engine.document import Document, Text

VERSION: Final = 1
"""Raised with every change of what a document's passages are."""

TITLE: Final = "title"
BODIES: Final = ("summary", "text")
"""The fields with sentences in them; all others hold names."""

SENTENCE: Final = 8
"""Words from which a text is taken to say something, rather than to name it."""

WIDTH: Final = 180
"""Tokens of a passage: what encoders were trained on, and enough to say one thing."""
OVERLAP: Final = 60
"""Tokens that a passage shares with the next, so that none begins in the middle of a thought."""
TITLE_TOKENS: Final = 40

UNKNOWN: Final = ("", "und")

Detect = Callable[[str], str]
"""The two-letter code of the language of a text, "" where that can't be said."""


class Tokens(Protocol):
    """What is needed of an encoder to cut a text."""

    @property
    def room(self) -> int: ...

    def tokens(self, text: str) -> list[int]: ...

    def passage_tokens(self, head: Sequence[int], tokens: Sequence[int]) -> list[int]: ...


def passages(
    document: Document, encoder: Tokens, languages: frozenset[str], detect: Detect
) -> Iterator[list[int]]:
    """The passages of a document as tokens, in order; none in a language not among `languages`."""
    texts = [each for name in BODIES for each in document.texts.get(name, ())]
    done: set[str] = set()
    for text in texts:
        body = text.text
        if len(body.split()) < SENTENCE or body in done:
            continue
        if text in document.texts.get(BODIES[0], ()) and _begins(body, document):
            continue
        done.add(body)
        lang = detect(body) if text.lang in UNKNOWN else text.lang
        if lang not in languages:
            continue
        head = encoder.tokens(_title(document.texts.get(TITLE, ()), lang))[:TITLE_TOKENS]
        width = min(WIDTH, encoder.room - len(head))
        step = max(1, width - min(OVERLAP, width // 3))
        tokens = encoder.tokens(body)
        for start in range(0, len(tokens), step):
            yield encoder.passage_tokens(head, tokens[start : start + width])
            if start + width >= len(tokens):
                break


def key_of(passage: Sequence[int]) -> bytes:
    """The name of a passage: equal passages have one vector."""
    return hashlib.blake2b(",".join(map(str, passage)).encode(), digest_size=16).digest()


def _begins(body: str, document: Document) -> bool:
    """Whether it is a summary that is merely how the text begins."""
    start = body.rstrip("…. ")
    return any(
        each.text.startswith(start)
        for each in document.texts.get(BODIES[1], ())
        if len(each.text) > len(body)
    )


def _title(titles: Sequence[Text], lang: str) -> str:
    """The title in the language of the text; else the first that there is."""
    named = {text.lang: text.text for text in reversed(titles)}
    return named.get(lang) or (titles[0].text if titles else "")
