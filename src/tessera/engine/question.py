"""A text of plain words as a question: what of it tells something, and what may stand for that."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from tessera.engine import ranking
from tessera.engine.aids import Aids, Line
from tessera.engine.analysis import prefix_key, terms_by_position
from tessera.engine.analysis.grams import gram_text, grams
from tessera.engine.analysis.stopwords import likely_language, stop_words
from tessera.engine.expansion import Expansion
from tessera.engine.expansion.apart import APART, taken_apart
from tessera.engine.plan import (
    Best,
    Both,
    Either,
    Grams,
    Most,
    Nothing,
    PlanNode,
    StartsWith,
    Written,
    plan,
    plan_word,
)
from tessera.engine.query import Query
from tessera.engine.reading import Reading
from tessera.engine.syntax import MAX_WORDS, And, Term, parse

LONG = 4
"""Words that tell something, from which on a text is a question and not a name or a topic."""
SEVERAL = 3
"""Words of a shorter text from which on most of them will do where no document has all."""
SENTENCE = 6
"""Words from which on a text is one, too, and may have quotes and parentheses in it."""
WEIGHT = 8
"""Whole weights of words are from 1 to this."""
MAX_GRAMS = 128
"""Grams of a question that are looked for: of some twenty words."""
SCARCE = 20
"""Documents that hold a compound, below which the words in it stand for it: else there is enough,
and what Projekt and Partner are in is half of everything."""
BESIDE = 0.5
"""Weight of the grams of two words at once: what stands side by side belongs together."""
MAX_SHORTENED = 8
"""Shortened words of a text that are read as what begins with them."""
SPELLED_OUT = 2
"""How many times as many documents must have what begins with a shortened word as have itself."""
AS_SHORTENED = 0.1
"""Weight of a shortened word as it stands there: Acad. is rare, yet tells no more than Academy."""
MAX_EXPANSION_GRAMS = 512
"""Grams of its expansions that are looked for, those of the likeliest first."""

_BETWEEN = re.compile(r"[,;:#]+(?!\d)|(?<!\d)[,;:#]+")
"""What parts words even without a blank (Energy,Tsinghua), unless digits stand on both sides."""
_STOPPED = re.compile(r"(?<![\w.])([^\W\d_]{3,})\.(?:\s+|(?=[^\w\s]))(\S)")
"""A word with a full stop behind it, and the character that follows."""


@dataclass(frozen=True, slots=True)
class Question:
    """Plain words without grammar, at least one.

    words: those that tell something, with how often each stands there, or less where it tells less.
    lang: what they are in; "" where it isn't known. nodes: of each word its own plan. meant: the
    same with all that may stand for the word. long: whether it is a question and not a name or a
    topic. several: whether it has so many words that most of them tell something without the
    others. line: the text, where it names an organisation.
    """

    text: str
    words: Mapping[str, float]
    lang: str
    nodes: tuple[PlanNode, ...]
    meant: tuple[PlanNode, ...]
    long: bool
    several: bool
    expansions: tuple[Expansion, ...] = ()
    line: Line | None = None

    @classmethod
    def of(cls, query: Query, reading: Reading, aids: Aids) -> Question | None:
        """None where the text has grammar in it, or no words.

        Quotes and parentheses of a whole sentence that finds nothing as grammar are none.
        """
        node = parse(query.text)
        terms = node.nodes if isinstance(node, And) else (node,)
        typed = [term.word for term in terms if isinstance(term, Term)]
        if len(typed) < len(terms):
            typed = query.text.split()[:MAX_WORDS]
            if len(typed) < SENTENCE or reading.total(plan(query.text, reading.langs)):
                return None
        typed = [word for several in typed for word in _BETWEEN.split(several) if word]
        planned = {word: plan_word(word, reading.langs) for word in typed}
        known = [word for word in planned if not isinstance(planned[word], Nothing)]
        words, lang = _telling(known, reading.langs, aids.stops, LONG)
        if not words:
            return None
        if 1 < len(words) <= LONG and not reading.total(_all(tuple(planned[w] for w in words))):
            words, lang = _telling(words, reading.langs, frozenset(), 1)
        found: tuple[Expansion, ...] = ()
        if aids.expander is not None:
            found = aids.expander.expand(words, lang, reading.langs)
        if "compounds" not in aids.off:
            apart = taken_apart(words, lang, reading.langs)
            found += tuple(e for e in apart if reading.total(planned[e.words[0]]) < SCARCE)
        unwanted = {word.casefold() for word in query.without}
        expansions = tuple(e for e in found if e.alternative.casefold() not in unwanted)
        nodes = tuple(planned[word] for word in words)
        keys = [prefix_key(word) for word in words]
        longer = _spelled_out(query.text, dict(zip(keys, nodes, strict=True)), reading)
        meant = tuple(
            _meant(word, node, longer.get(key), expansions, reading.langs)
            for word, node, key in zip(words, nodes, keys, strict=True)
        )
        counts = Counter(typed)
        line = aids.line(query.text) if aids.line else None
        emphasis = line.emphasis if line else {}
        told = {
            word: counts[word] * emphasis.get(key, 1.0)
            for word, key in zip(words, keys, strict=True)
        }
        long = len(words) >= LONG or len(typed) >= SENTENCE
        several = long or len(words) >= SEVERAL
        return cls(query.text, told, lang, nodes, meant, long, several, expansions, line)

    @property
    def all(self) -> PlanNode:
        """Documents with all words as typed."""
        return _all(self.nodes)

    @property
    def related(self) -> PlanNode:
        """Documents with all words, or what may stand for them."""
        return _all(self.meant)

    def alike(self, share: float) -> PlanNode | None:
        """Documents that hold this share of the letters of each word."""
        parts: list[PlanNode] = []
        for word, node in zip(self.words, self.nodes, strict=True):
            found = tuple(dict.fromkeys(grams(_gram_text([word]))))
            parts.append(_held(dict.fromkeys(found, 1.0), share) if len(found) > 1 else node)
        return _all(tuple(parts)) if any(isinstance(part, Grams) for part in parts) else None

    def grams(self, share: float) -> Grams | None:
        """Documents with this share of the question's letters, or of those of its expansions.

        None where the text is too short to tell.
        """
        own: defaultdict[str, float] = defaultdict(float)
        for word, count in self.words.items():
            for gram in dict.fromkeys(grams(_gram_text([word]))):
                own[gram] += count
        weights = {gram: own[gram] for gram in nlargest(MAX_GRAMS, own, key=own.__getitem__)}
        for gram in grams(gram_text(terms_by_position(self.text))):
            if " " in gram[1:-1] and len(weights) < MAX_GRAMS:
                weights.setdefault(gram, BESIDE)
        if len(weights) < 2:
            return None
        needed = _held(weights, share).needed
        most = len(weights) + MAX_EXPANSION_GRAMS
        for expansion in sorted(self.expansions, key=lambda each: -each.weight):
            for gram in grams(_gram_text(expansion.alternative.split())):
                if gram in weights or len(weights) < most:
                    weights[gram] = max(weights.get(gram, 0.0), expansion.weight)
        return Grams(tuple((weight, gram) for gram, weight in weights.items()), needed)

    def often(self) -> dict[PlanNode, float]:
        """What the words mean, with how often each was asked for."""
        counts: defaultdict[PlanNode, float] = defaultdict(float)
        for node, count in zip(self.meant, self.words.values(), strict=True):
            counts[node] += count
        return dict(counts)


def weights(reading: Reading, nodes: Collection[PlanNode]) -> dict[PlanNode, int]:
    """The words that occur at all, with whole weights by how much they tell.

    By exact numbers, since what documents belong to a question depends on them.
    """
    totals = {node: reading.total(node) for node in nodes}
    idfs = {node: ranking.idf(found, reading.size) for node, found in totals.items() if found}
    most = max(idfs.values(), default=0.0)
    return {node: max(1, round(WEIGHT * idf / most)) for node, idf in idfs.items()}


def most_of(
    weighted: Mapping[PlanNode, int], share: float, often: Mapping[PlanNode, float]
) -> PlanNode:
    """Documents with this share of the words, by weight, scored by all that they hold of them.

    often: how many times each word was asked for.
    """
    parts = tuple((weight, node) for node, weight in weighted.items())
    needed = max(1, math.ceil(share * sum(weighted.values())))
    scored = Either(tuple(Best(((often[node], node),)) for node in weighted))
    return Most(parts, needed, scored)


def _telling(
    words: Sequence[str], langs: Collection[str], stops: Collection[str], short: int
) -> tuple[list[str], str]:
    """The words of a text that are no stop words, and the language that these are in.

    All words of a text of no more than `short` words, and of one of nothing else. stops: words of
    the site's own that tell nothing in a short text, either.
    """
    if stops:
        words = [word for word in words if prefix_key(word) not in stops] or words
    if len(words) <= short:
        return list(words), ""
    surfaces = [prefix_key(word) for word in words]
    lang = likely_language(surfaces, langs)
    stops = stop_words(lang)
    kept = [word for word, surface in zip(words, surfaces, strict=True) if surface not in stops]
    return kept or list(words), lang


def _spelled_out(
    text: str, nodes: Mapping[str, PlanNode], reading: Reading
) -> dict[str, StartsWith]:
    """What begins with the shortened words of a text (Univ., Technol.), by their keys.

    A full stop may also end a sentence: then a capital follows, and the word begins with none, or
    hardly anything else in the index begins with it. nodes: the text's words by their keys.
    """
    found: dict[str, StartsWith] = {}
    for word, following in _STOPPED.findall(text):
        key = prefix_key(word)
        inside = following.islower() or following in ",;&"
        if key in nodes and len(found) < MAX_SHORTENED and (inside or word[0].isupper()):
            begins = StartsWith(key)
            if reading.total(begins) >= SPELLED_OUT * max(1, reading.total(nodes[key])):
                found[key] = begins
    return found


def _meant(
    word: str,
    node: PlanNode,
    longer: PlanNode | None,
    expansions: Sequence[Expansion],
    langs: Collection[str],
) -> PlanNode:
    """A word or what may stand for it; a phrase for several words stands for each of them.

    longer: what the word is short for.
    """
    found: dict[PlanNode, float] = {node: AS_SHORTENED, longer: 1.0} if longer else {node: 1.0}
    for expansion in expansions:
        if word in expansion.words:
            other = _alternative(expansion, langs)
            found[other] = max(found.get(other, 0.0), expansion.weight)
    found.pop(Nothing(), None)
    if len(found) == 1:
        return node
    return Best(tuple((weight, other) for other, weight in found.items()))


def _alternative(expansion: Expansion, langs: Collection[str]) -> PlanNode:
    langs = (expansion.lang,) if expansion.lang else langs
    planned = (plan_word(word, langs) for word in expansion.alternative.split())
    nodes = tuple(node for node in planned if not isinstance(node, Nothing))
    if not nodes:
        return Nothing()
    # Elsewhere the words in a compound mean something else, or each occurs by itself.
    return _all((*nodes, Written(expansion.lang)) if expansion.source == APART else nodes)


def _all(nodes: tuple[PlanNode, ...]) -> PlanNode:
    kept = tuple(dict.fromkeys(nodes))
    return Both(kept) if len(kept) > 1 else kept[0]


def _held(weights: Mapping[str, float], share: float) -> Grams:
    needed = max(2, math.ceil(share * len(weights)))
    return Grams(tuple((weight, gram) for gram, weight in weights.items()), needed)


def _gram_text(words: Sequence[str]) -> str:
    return gram_text([(key,) for word in words if (key := prefix_key(word))])
