"""From typed words to what may stand for them in a text, in other languages or other words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tessera.engine.expansion.dictionary import MAX_PHRASE, Dictionary, Label, Translation
from tessera.engine.expansion.words import stems

PER_LANGUAGE: Final = 3
"""Expansions of one word, or phrase, into one language."""

MAX_WORDS: Final = 32
"""Typed words that are expanded; of a longer text those after it are taken as they are."""

LEAST_WEIGHT: Final = 0.05
NEXT_TO_BEST: Final = 0.5
"""A translation of less than this share of the best one into its language is left out."""

LEARNED: Final = "parallel texts"
"""The `source` of what was learned."""

_ALTERNATIVE: Final = 0.8
_THROUGH: Final = 3
_CACHED: Final = 4096
_TYPED: Final = 8


@dataclass(frozen=True, slots=True)
class Expansion:
    """One word or phrase that stands for typed ones.

    words: those typed, as typed. alternative: as people read it. lang: what it is in; "" for any of
    the index's. weight: in (0, 1], how surely it says the same. source: the name of a vocabulary,
    LEARNED, or who else says so.
    """

    words: tuple[str, ...]
    alternative: str
    lang: str
    weight: float
    source: str


class Expander:
    """Looks typed words up in a dictionary; safe for several threads."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        self._langs = dictionary.languages()
        self._found = lru_cache(_CACHED)(self._alternatives)
        self._named = lru_cache(_CACHED)(dictionary.labels)

    def expand(
        self, words: Sequence[str], lang: str, into: Collection[str]
    ) -> tuple[Expansion, ...]:
        """What may stand for the words, and for several of them together.

        words: typed ones in their order, without grammar. lang: what they are in; "" where that
        isn't known, and then it is judged by the dictionary. into: languages of the index.
        The longest labels of vocabularies come first, then the words in their order; for each the
        likeliest first. Numbers, acronyms and what the dictionary doesn't know stay as they are.
        """
        words = words[:MAX_WORDS]
        langs = (lang,) if lang in self._langs else self.languages_of(words)
        targets = frozenset(into)
        found: dict[tuple[tuple[str, ...], str, str], Expansion] = {}
        for each in (*self._phrases(words, langs, targets), *self._single(words, langs, targets)):
            found.setdefault((each.words, each.lang, each.alternative.lower()), each)
        return _few(list(found.values()))

    def languages_of(self, words: Sequence[str]) -> tuple[str, ...]:
        """The languages that the words may be in: of those that know most of them, all.

        Empty where no language knows any.
        """
        words = words[:MAX_WORDS]
        expandable = _expandable(words)
        keys = {
            f"{lang}:{stem}": lang
            for lang in self._langs
            for word in expandable
            for stem in stems(word, lang)
        }
        votes = Counter(keys[key] for key in self._dictionary.words(tuple(keys)))
        if len(words) <= _TYPED:
            # A label of n words that was found whole says as much as n words.
            named = {
                key: some for lang in self._langs for key, some in _windows(words, expandable, lang)
            }
            for key in self._dictionary.concepts(tuple(named)):
                lang = key.partition(":")[0]
                votes[lang] = max(votes[lang], len(named[key]))
        most = max(votes.values(), default=0)
        return tuple(sorted(lang for lang, count in votes.items() if count == most))

    def _phrases(
        self, words: Sequence[str], langs: Sequence[str], into: frozenset[str]
    ) -> list[Expansion]:
        """Labels of the concepts that the words name, alone or next to each other."""
        alone = _expandable(words)
        keys = {key: some for lang in langs for key, some in _windows(words, alone, lang)}
        concepts = self._dictionary.concepts(tuple(keys))
        return [
            _labelled(some, label)
            for key, some in keys.items()
            for concept in concepts.get(key, ())
            for label in self._named(concept)
            if label.lang in into and label.text.lower() != " ".join(some).lower()
        ]

    def _single(
        self, words: Sequence[str], langs: Sequence[str], into: frozenset[str]
    ) -> list[Expansion]:
        found = []
        for word in _expandable(words):
            for lang in langs:
                of_word = stems(word, lang)
                # Of a word with a hyphen in it, no part stands for the whole.
                if len(of_word) == 1:
                    found += [
                        Expansion((word,), each.word, each.lang, each.weight, LEARNED)
                        for each in self._found(f"{lang}:{of_word[0]}", lang)
                        if each.lang in into and each.word.lower() != word.lower()
                    ]
        return found

    def _alternatives(self, key: str, lang: str) -> tuple[Translation, ...]:
        """The translations of a word into all other languages, the likeliest first.

        Two languages that are not learned from each other meet through a third: weights along a
        way are multiplied, those of several ways added up.
        """
        number = self._dictionary.words((key,)).get(key)
        if number is None:
            return ()
        direct = [each for each in self._dictionary.translations(number) if each.lang != lang]
        weights: dict[int, float] = {each.id: each.weight for each in direct}
        words = {each.id: each for each in direct}
        learned = {each.lang for each in direct}
        for middle in _middle(direct):
            for each in self._dictionary.translations(middle.id):
                if each.lang != lang and each.lang not in learned:
                    weight = weights.get(each.id, 0.0) + middle.weight * each.weight
                    weights[each.id], words[each.id] = min(weight, 1.0), each
        best: dict[str, float] = {}
        found = []
        for other in sorted(words, key=lambda each: (-weights[each], each)):
            word, weight = words[other], weights[other]
            least = max(LEAST_WEIGHT, NEXT_TO_BEST * best.setdefault(word.lang, weight))
            if weight >= least:
                found.append(word._replace(weight=round(weight, 3)))
        return tuple(found)


def _windows(
    words: Sequence[str], alone: Collection[str], lang: str
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The key of each run of words that may be a label, with the words; the longest first.

    alone: the words that may be a label by themselves.
    """
    of_words = [" ".join(stems(word, lang)) for word in words]
    for length in range(min(MAX_PHRASE, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            joined = " ".join(filter(None, of_words[start : start + length]))
            if joined and (length > 1 or words[start] in alone):
                yield f"{lang}:{joined}", tuple(words[start : start + length])


def _middle(direct: Sequence[Translation]) -> list[Translation]:
    """The likeliest translations into the languages through which others are reached."""
    taken: Counter[str] = Counter()
    found = []
    for each in direct:
        taken[each.lang] += 1
        if taken[each.lang] <= _THROUGH:
            found.append(each)
    return found


def _labelled(words: tuple[str, ...], label: Label) -> Expansion:
    weight = 1.0 if label.preferred else _ALTERNATIVE
    return Expansion(words, label.text, label.lang, weight, label.source)


def _few(found: list[Expansion]) -> tuple[Expansion, ...]:
    """No more than PER_LANGUAGE of each, in the order in which they are."""
    taken: Counter[tuple[tuple[str, ...], str]] = Counter()
    kept = []
    for each in found:
        taken[each.words, each.lang] += 1
        if taken[each.words, each.lang] <= PER_LANGUAGE:
            kept.append(each)
    return tuple(kept)


def _expandable(words: Sequence[str]) -> dict[str, None]:
    """The words that may be translated, each once: no numbers, codes and acronyms.

    Capitals say nothing where everything is typed in them.
    """
    shouted = all(word.isupper() or not word.isalpha() for word in words)
    return {
        word: None
        for word in words
        if any(char.isalpha() for char in word)
        and not any(char.isdigit() for char in word)
        and (shouted or len(word) < 2 or not word.isupper())
    }
