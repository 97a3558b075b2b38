"""What was looked for besides the words typed, each removable, and what was removed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from tessera.engine.expansion import Expansion
from tessera.engine.expansion.apart import APART
from tessera.engine.expansion.expander import LEARNED
from tessera.engine.query import WORDS, Query
from tessera.search.labels import Labels, listed
from tessera.search.links import Link
from tessera.wording.groups import SOURCE

OPEN = 6
"""Related words up to which all of them are shown at once; of more, a few, and the rest folded."""
FIRST = 3
"""Related words that are shown while the others are folded."""
MOST = 96
"""Related words that the page lists, the likeliest; how many more there are, it says. A pasted
abstract may have two thousand, each of which would repeat the abstract in its address."""

_PLACE = "\x00"


@dataclass(frozen=True, slots=True)
class Related:
    """A word or phrase in one language or several. before, after: what the link says around it.

    codes: its languages, `lang` the first of them; empty for any. link: the search without it.
    """

    text: str
    lang: str
    codes: str
    languages: str
    before: str
    after: str
    link: Link


@dataclass(frozen=True, slots=True)
class Meant:
    """What was looked for in the stead of typed words."""

    typed: str
    related: tuple[Related, ...]


@dataclass(frozen=True, slots=True)
class Unwanted:
    """A related word that was removed. link: the search with it."""

    text: str
    link: Link


@dataclass(frozen=True, slots=True)
class Added:
    """All of it. total: of related words, of which `rest` aren't listed; `every` lists them."""

    meant: tuple[Meant, ...]
    unwanted: tuple[Unwanted, ...]
    first: tuple[Related, ...]
    total: int
    rest: int
    every: str

    @property
    def folded(self) -> bool:
        return self.total > OPEN

    @property
    def others(self) -> int:
        """How many there are besides the first ones."""
        return self.total - len(self.first)


@dataclass(frozen=True, slots=True)
class _Word:
    """The expansions with one alternative for the same typed words."""

    typed: tuple[str, ...]
    same: tuple[Expansion, ...]

    @property
    def weight(self) -> float:
        return max(each.weight for each in self.same)


def added(query: Query, expansions: Sequence[Expansion], labels: Labels) -> Added | None:
    """What the page says of it; None where nothing was added or removed."""
    removed = query.without if query.text and query.match != WORDS else ()
    words = _words(expansions)
    if not words and not removed:
        return None
    likeliest = sorted(words, key=lambda each: -each.weight)[:MOST]
    shown = {id(each): _related(query, each, labels) for each in likeliest}
    meant: dict[tuple[str, ...], list[Related]] = {}
    for each in words:
        if id(each) in shown:
            meant.setdefault(each.typed, []).append(shown[id(each)])
    return Added(
        tuple(Meant(" ".join(typed), tuple(some)) for typed, some in meant.items()),
        tuple(Unwanted(word, Link(query.with_again(word))) for word in removed),
        _first(tuple(meant.values())),
        len(words),
        len(words) - len(likeliest),
        f"{reverse('api:search')}?{query.to_params()}",
    )


def _first(meant: Sequence[Sequence[Related]]) -> tuple[Related, ...]:
    """Some of the likeliest, of as many typed words as may be."""
    placed = [(place, each) for some in meant for place, each in enumerate(some)]
    return tuple(each for _place, each in sorted(placed, key=lambda pair: pair[0])[:FIRST])


def _words(expansions: Iterable[Expansion]) -> list[_Word]:
    """One of each alternative for the same words, whatever its languages: removed as one."""
    found: dict[tuple[tuple[str, ...], str], list[Expansion]] = {}
    for each in expansions:
        found.setdefault((each.words, each.alternative.casefold()), []).append(each)
    return [_Word(words, tuple(same)) for (words, _alternative), same in found.items()]


def _related(query: Query, word: _Word, labels: Labels) -> Related:
    first = word.same[0]
    codes = list(dict.fromkeys(each.lang for each in word.same if each.lang))
    languages = listed(labels.of("language", code) for code in codes)
    sources = listed(dict.fromkeys(_source(each.source) for each in word.same))
    if codes:
        pattern = _("Don’t look for %(word)s (%(languages)s for “%(typed)s”, from %(sources)s)")
    else:
        pattern = _("Don’t look for %(word)s (for “%(typed)s”, from %(sources)s)")
    said = pattern % {
        "word": _PLACE,
        "languages": languages,
        "typed": " ".join(word.typed),
        "sources": sources,
    }
    before, _place, after = said.partition(_PLACE)
    link = Link(query.with_without(first.alternative))
    lang = codes[0] if codes else ""
    return Related(first.alternative, lang, ", ".join(codes), languages, before, after, link)


def _source(name: str) -> str:
    ours = {
        LEARNED: _("texts in both languages"),
        SOURCE: _("the editors’ synonyms"),
        APART: _("the words of the compound"),
    }
    return ours.get(name, name)
