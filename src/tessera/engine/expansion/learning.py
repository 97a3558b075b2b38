"""Learning: pairs in, numbered words and their translations out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tessera.engine.expansion.alignment import Corpus
from tessera.engine.expansion.pairs import Pair
from tessera.engine.expansion.words import keyed_words

MAX_WORDS: Final = 40
"""Words of a text in a pair. Longer texts say the same only on the whole, not word by word."""

KEPT: Final = 5
"""Translations of a word into one language that are kept."""

_OFTEN: Final = 40
_SHORT: Final = 4
_ENOUGH: Final = 1_000
_SURE: Final = 0.3


@dataclass(slots=True)
class LearningReport:
    """pairs: learned from; long: left out because one text has more than MAX_WORDS words;
    crowded: left out because there were enough of the two languages (alignment.MAX_LINKS).
    labels: of vocabularies, taken in."""

    pairs: int = 0
    long: int = 0
    crowded: int = 0
    words: int = 0
    translations: int = 0
    labels: int = 0


@dataclass(slots=True)
class _Word:
    """forms: how often it is written how. texts: in how many it stands."""

    number: int
    lang: str
    forms: Counter[str] = field(default_factory=Counter)
    texts: int = 0

    def shown(self) -> str:
        """The commonest form; one in small letters before others, if there is any."""
        small = [form for form in self.forms if form == form.lower()] or list(self.forms)
        return min(small, key=lambda form: (-self.forms[form], form))


def _words_of(text: str, lang: str) -> list[tuple[str, str]]:
    """The words of a text without numbers, which are the same in all languages."""
    return [each for each in keyed_words(text, lang) if not each[0].partition(":")[2].isdecimal()]


class Learner:
    """Takes pairs one by one, and gives what was learned at the end."""

    def __init__(self) -> None:
        self.report = LearningReport()
        self._words: dict[str, _Word] = {}
        self._corpora: dict[tuple[str, str], Corpus] = {}
        self._texts: Counter[str] = Counter()

    def add(self, pair: Pair) -> None:
        """Take a pair in. Texts without words, and equal ones, teach nothing."""
        sides = sorted([(pair.lang, pair.text), (pair.other_lang, pair.other)])
        (lang, text), (other_lang, other) = sides
        words, others = _words_of(text, lang), _words_of(other, other_lang)
        if lang == other_lang or text == other or not words or not others:
            return
        if max(len(words), len(others)) > MAX_WORDS:
            self.report.long += 1
            return
        corpus = self._corpora.setdefault((lang, other_lang), Corpus())
        if corpus.add(self._numbers(words, lang), self._numbers(others, other_lang)):
            self.report.pairs += 1
        else:
            self.report.crowded += 1

    def _numbers(self, words: list[tuple[str, str]], lang: str) -> set[int]:
        self._texts[lang] += 1
        numbers = set()
        for key, form in words:
            word = self._words.get(key)
            if word is None:
                word = self._words[key] = _Word(len(self._words) + 1, lang)
            word.forms[form] += 1
            if word.number not in numbers:
                word.texts += 1
                numbers.add(word.number)
        return numbers

    def words(self) -> Iterator[tuple[int, str, str, str]]:
        """(number, key, language, form to show) of each word."""
        for key, word in self._words.items():
            self.report.words += 1
            yield word.number, key, word.lang, word.shown()

    def translations(self) -> Iterator[list[tuple[int, int, int]]]:
        """(word, other word, weight in thousandths), both ways, for two languages at a time."""
        little = self._little_words()
        for langs in sorted(self._corpora):
            found: dict[int, list[tuple[int, int]]] = {}
            for word, other, weight in self._corpora.pop(langs).correspondences():
                both = (word in little) + (other in little)
                if both == 2 or (both and weight < _SURE):
                    continue
                thousandths = round(1000 * weight)
                found.setdefault(word, []).append((-thousandths, other))
                found.setdefault(other, []).append((-thousandths, word))
            rows = [
                (word, other, -negative)
                for word, others in found.items()
                for negative, other in sorted(others)[:KEPT]
            ]
            self.report.translations += len(rows)
            yield rows

    def _little_words(self) -> set[int]:
        """Articles, prepositions and the like: short, and among the commonest of a language.

        They correspond to anything, and nobody looks for them. But some are words such as water
        (agua in Spanish), whose correspondence to a longer word is then a sure one.
        """
        by_lang: dict[str, list[tuple[int, int, _Word]]] = {}
        for word in self._words.values():
            if self._texts[word.lang] >= _ENOUGH:
                by_lang.setdefault(word.lang, []).append((-word.texts, word.number, word))
        return {
            number
            for ranked in by_lang.values()
            for _, number, word in sorted(ranked)[:_OFTEN]
            if len(word.shown()) <= _SHORT
        }
