"""Texts that say the same in two languages: what a dictionary is learned from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tessera.engine.expansion.errors import DictionaryError

HUB = "en"
"""The language through which all others are paired, where a text has it."""

_LANG = re.compile(r"[a-z]{2,3}")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?;])\s+|\n+")


class Pair(NamedTuple):
    """One text in two languages (BCP 47 primary tags)."""

    text: str
    lang: str
    other: str
    other_lang: str


def pairs_of(texts: Mapping[str, str], hub: str = HUB) -> Iterator[Pair]:
    """The pairs of one thing that is said in several languages.

    Each language with the hub, which keeps them few: two others meet through it. Where the hub is
    missing, each language with each other. Texts of equally many sentences, sentence by sentence.
    """
    langs = sorted(lang for lang, text in texts.items() if _LANG.fullmatch(lang) and text.strip())
    langs = [lang for lang in langs if lang != "und"]
    if hub in langs:
        for lang in langs:
            if lang != hub:
                yield from _sentences(Pair(texts[hub], hub, texts[lang], lang))
        return
    for at, lang in enumerate(langs):
        for other in langs[at + 1 :]:
            yield from _sentences(Pair(texts[lang], lang, texts[other], other))


def _sentences(pair: Pair) -> Iterator[Pair]:
    ours, theirs = _SENTENCE_ENDS.split(pair.text), _SENTENCE_ENDS.split(pair.other)
    if len(ours) != len(theirs):
        yield pair
        return
    for text, other in zip(ours, theirs, strict=True):
        yield Pair(text, pair.lang, other, pair.other_lang)


def read_pairs(path: Path) -> Iterator[dict[str, str]]:
    """The texts by language of each line of a file: JSON lines of {lang: text}.

    A key `id` is left out. Raises DictionaryError, with the line, where one is something else.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _texts(line, f"{path}, line {number}")
    except UnicodeDecodeError as error:
        raise DictionaryError(f"{path} is not UTF-8 ({error.reason}); save it as UTF-8.") from error
    except OSError as error:
        raise DictionaryError(f"{path} can't be read: {error.strerror}.") from error


def _texts(line: str, where: str) -> dict[str, str]:
    expected = 'expected an object of texts by language, such as {"en": "water", "it": "acqua"}'
    try:
        found = json.loads(line)
    except ValueError as error:
        raise DictionaryError(f"{where}: is not JSON ({error}); {expected}.") from error
    if not isinstance(found, dict):
        raise DictionaryError(f"{where}: holds {type(found).__name__}; {expected}.")
    texts = {lang: text for lang, text in found.items() if lang != "id"}
    for lang, text in texts.items():
        if not _LANG.fullmatch(lang):
            raise DictionaryError(f"{where}: {lang!r} is no language code; {expected}.")
        if not isinstance(text, str):
            raise DictionaryError(f"{where}: the text in {lang!r} is {text!r}; {expected}.")
    return texts
