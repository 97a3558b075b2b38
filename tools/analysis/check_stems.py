"""Compare stemmers with a lemma dictionary: which forms of a word meet, and which words wrongly.

For development only (see docs/reference/analysis.md). Needs requirements.txt beside this file in
an environment of its own, next to Tessera itself:

    python tools/analysis/check_stems.py --texts FOLDER bg hr lv sk sl

Words: those of the texts (JSON lines with a key for each language, as of parallel corpora), and
the 50,000 most frequent of wordfreq. Of these, words that simplemma's dictionary knows are
judged: two forms with one lemma should have one stem, two with different lemmas should not.

- meet: the share of pairs of forms of one lemma that get one stem (under-stemming lowers it)
- right: the share of pairs with one stem that have one lemma (over-stemming lowers it)
- F1: of the two
- false friends: pairs of different lemmas with one stem among the 10,000 most frequent words

A derived word (Danish, Denmark) that meets its root counts as a false friend here, which it
hardly is in a search; so compare stemmers with each other rather than with 1.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import Stemmer
import wordfreq
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from tessera.engine.analysis import fold, suffixes
from tessera.engine.analysis.words import words

SIBLINGS = {
    "bg": "russian", "bs": "serbian", "hr": "serbian", "lv": "lithuanian", "mk": "serbian",
    "sk": "czech", "sl": "serbian", "sr": "serbian", "uk": "russian",
}  # fmt: skip
DICTIONARIES = {"bs": "hbs", "hr": "hbs", "sr": "hbs"}
FREQUENCIES = {"bs": "sh", "hr": "sh", "sr": "sh"}
FREQUENT = 10_000


class Figures(NamedTuple):
    meet: float
    right: float
    f1: float
    false_friends: int
    microseconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=Path, required=True, help="folder of *.jsonl")
    parser.add_argument("--show", type=int, default=0, help="errors of each kind to print")
    parser.add_argument("langs", nargs="+")
    options = parser.parse_args()
    print("| language | stemmer | meet | right | F1 | false friends | µs |")
    print("|---|---|---|---|---|---|---|")
    for lang in options.langs:
        judged = lemmas_of(lang, options.texts)
        for name, stemmer in stemmers_for(lang):
            figures = measured(judged, stemmer)
            print(
                f"| {lang} | {name} | {figures.meet:.3f} | {figures.right:.3f} |"
                f" {figures.f1:.3f} | {figures.false_friends} | {figures.microseconds:.1f} |"
            )
            if options.show and name == "own":
                show(judged, stemmer, options.show)
        gc.collect()


def stemmers_for(lang: str) -> Iterator[tuple[str, Callable[[str], str]]]:
    yield "none", str
    if lang in SIBLINGS:
        yield SIBLINGS[lang], Stemmer.Stemmer(SIBLINGS[lang], 0).stemWord
    if lang in suffixes.LANGUAGES:
        yield "own", lambda word: suffixes.stem(word, lang)


def lemmas_of(lang: str, folder: Path) -> dict[str, str]:
    """Each word to be judged with its lemma, the most frequent words first."""
    dictionary = DefaultDictionaryFactory(1).get_dictionary(DICTIONARIES.get(lang, lang))
    lemmas = {}
    for word in frequent_words(lang, folder) or sorted(filter(_is_plain, dictionary)):
        lemma = dictionary.get(word) or dictionary.get(word.capitalize())
        if lemma is not None and " " not in lemma:
            lemmas[word] = lemma.lower()
    known = set(lemmas.values())
    return {word: word if word in known else lemma for word, lemma in lemmas.items()}


def frequent_words(lang: str, folder: Path) -> list[str]:
    """Of the language, the most frequent first; none where neither source has it."""
    counted: Counter[str] = Counter()
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                counted.update(map(fold.lower, words(json.loads(line).get(lang, ""))))
    general = FREQUENCIES.get(lang, lang)
    known = general in wordfreq.available_languages("best")
    listed = wordfreq.top_n_list(general, 50_000) if known else []
    # Those of the texts are ranked among the general ones by their counts.
    ranked = {word: rank for rank, word in enumerate(listed)}
    for rank, (word, _) in enumerate(counted.most_common()):
        ranked[word] = min(rank, ranked.get(word, rank))
    letters = filter(_is_plain, ranked)
    return sorted(letters, key=lambda word: (ranked[word], word))


def _is_plain(word: str) -> bool:
    return word.isalpha() and word.islower() and len(word) > 2


def measured(lemmas: dict[str, str], stemmer: Callable[[str], str]) -> Figures:
    begun = time.perf_counter()
    stems = {word: stemmer(word) for word in lemmas}
    spent = time.perf_counter() - begun
    together = pairs((lemmas[word], fold.narrow(stems[word])) for word in lemmas)
    same_lemma = pairs(lemmas.values())
    same_stem = pairs(fold.narrow(stem) for stem in stems.values())
    meet, right = together / max(same_lemma, 1), together / max(same_stem, 1)
    frequent = list(lemmas)[:FREQUENT]
    friends = pairs(fold.narrow(stems[word]) for word in frequent) - pairs(
        (lemmas[word], fold.narrow(stems[word])) for word in frequent
    )
    f1 = 2 * meet * right / max(meet + right, 1e-9)
    return Figures(meet, right, f1, friends, spent / max(len(lemmas), 1) * 1e6)


def pairs(things: Iterable[object]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(things).values())


def show(lemmas: dict[str, str], stemmer: Callable[[str], str], most: int) -> None:
    """The commonest errors: forms of one word kept apart, and different words that meet."""
    by_lemma: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    by_stem: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for word in list(lemmas)[: 2 * FREQUENT]:
        stem = stemmer(word)
        by_lemma[lemmas[word]][stem].append(word)
        by_stem[stem][lemmas[word]].append(word)
    for title, groups in (("apart", by_lemma), ("together", by_stem)):
        wrong = [(key, parts) for key, parts in groups.items() if len(parts) > 1]
        print(f"\n{title}:")
        for key, parts in wrong[:most]:
            print(f"  {key}: " + "; ".join(f"{k}={','.join(v)}" for k, v in parts.items()))


if __name__ == "__main__":
    main()
