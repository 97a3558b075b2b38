"""Records like another one: near in meaning, or by its telling words where no encoder knows it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import gettext as _

from tessera.engine.analysis import tokens
from tessera.engine.audience import Audience
from tessera.engine.backend import Index
from tessera.engine.errors import EngineError
from tessera.engine.meaning.passages import BODIES, SENTENCE, TITLE
from tessera.engine.query import Query
from tessera.indexing.current import current
from tessera.indexing.meaning import current_meaning
from tessera.schema.document import RecordView
from tessera.search.links import record_url
from tessera.search.said import Said, choose

SHOWN: Final = 5
OF_ONE_PROGRAMME: Final = 2
"""Of those shown, how many can be of the record's own programme: what else there is says more."""

CANDIDATES: Final = 40
NOT_SHOWN: Final = ("organisation", "person")
"""Kinds whose records are names: like words in a name say nothing, and nobody asked to be listed
beside someone else."""

LEAST_COSINE: Final = 0.4
"""Below this, two texts are on different things, as a rule (see docs/decisions/meaning)."""
LEAST_SHARE: Final = 0.3
"""Of the score that the record itself has for its words: what has less shares but one of them."""

WORDS: Final = 6
"""Telling words that are asked for; more of them cost more and find the same records."""
COMMON: Final = 0.05
"""The share of all documents from which a word tells nothing."""
_LOOKED_UP: Final = 12
_READ: Final = 4_000
_LETTERS: Final = 4


@dataclass(frozen=True, slots=True)
class SimilarRecord:
    """One record like another. reason: why, in a few words."""

    id: str
    kind: str
    url: str
    title: Said
    acronym: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Word:
    """A telling word: as written, with the terms that it has in the index."""

    written: str
    terms: frozenset[str]


def similar(
    uid: str,
    kind: str,
    data: Mapping[str, Any],
    linked: Collection[str],
    lang: str,
    page: str,
    audience: Audience = Audience.EVERYONE,
) -> tuple[SimilarRecord, ...]:
    """At most SHOWN records like this one, the likest first; none where there is no index.

    data: of the record as shown to the audience. linked: ids that its page names anyway. lang: the
    reader's language, page: the page's.
    """
    body_lang, body = _body(data)
    if not body:
        return ()
    title = choose(data.get(TITLE), body_lang, body_lang).text
    try:
        index = current(audience)
        words = _telling(index, title, body, body_lang)
        near = _near(index, uid)
        found = near or _by_words(index, words, uid, kind)
    except EngineError:
        # The page stands without an index; what is wrong with it is said by `tessera check`.
        return ()
    chosen = _chosen(found, data, {uid, *linked})
    return tuple(
        SimilarRecord(
            id=id_,
            kind=str(stored.get("kind", "")),
            url=record_url(str(stored.get("kind", "")), id_, lang=lang if lang != page else ""),
            title=choose(stored.get("title"), lang, page),
            acronym=str(stored.get("acronym") or ""),
            reason=_reason(stored, data, words, in_meaning=bool(near)),
        )
        for id_, stored in chosen
    )


def similar_values(
    view: RecordView, lang: str, audience: Audience = Audience.EVERYONE
) -> list[dict[str, Any]]:
    """The same as JSON values."""
    linked = [link.id for link in view.links]
    return [
        {
            "id": each.id,
            "kind": each.kind,
            "title": each.title.text,
            "lang": each.title.lang,
            "url": each.url,
            "reason": each.reason,
        }
        for each in similar(
            view.id, view.kind, view.data, linked, lang or "en", lang or "en", audience
        )
    ]


def _body(data: Mapping[str, Any]) -> tuple[str, str]:
    """The texts that say what a record is about, in English or its first language."""
    said: dict[str, str] = {}
    for name in BODIES:
        for lang, text in (data.get(name) or {}).items():
            said[lang] = f"{said.get(lang, '')} {text}"
    if not said:
        lang = str(data.get("language") or "und")
        said[lang] = " ".join(str(each.get("text", "")) for each in data.get("pages") or ())
    lang = "en" if "en" in said else next(iter(said))
    text = said[lang][:_READ]
    return (lang, text) if len(text.split()) >= SENTENCE else (lang, "")


def _near(index: Index, uid: str) -> list[tuple[str, Mapping[str, Any]]]:
    meaning = current_meaning()
    if meaning is None:
        return []
    scores = dict(meaning.similar(uid, CANDIDATES, audience=index.audience))
    stored = index.get([id_ for id_, score in scores.items() if score >= LEAST_COSINE])
    return [(id_, stored[id_]) for id_ in scores if id_ in stored]


def _by_words(
    index: Index, words: list[_Word], uid: str, kind: str
) -> list[tuple[str, Mapping[str, Any]]]:
    if len(words) < 2:
        return []
    query = Query(" OR ".join(f'"{word.written}"' for word in words), size=CANDIDATES)
    # The record itself is wanted, too: what it scores is the measure of the others.
    query = query.with_filter("kind", *(set(NOT_SHOWN) - {kind}), exclude=True)
    hits = index.search(query, highlight=False).hits
    own = next((hit.score for hit in hits if hit.id == uid), hits[0].score if hits else 0.0)
    return [(hit.id, hit.stored) for hit in hits if hit.score >= LEAST_SHARE * own]


def _chosen(
    found: Iterable[tuple[str, Mapping[str, Any]]], data: Mapping[str, Any], left_out: set[str]
) -> list[tuple[str, Mapping[str, Any]]]:
    """The first of them that are new to the reader, few of them of the record's own programme."""
    programme = data.get("programme") or {}
    own = programme.get("name") or programme.get("id")
    titles = {str(data.get(TITLE))}
    chosen: list[tuple[str, Mapping[str, Any]]] = []
    of_own = 0
    for id_, stored in found:
        if id_ in left_out or stored.get("kind") in NOT_SHOWN or str(stored.get(TITLE)) in titles:
            continue
        if own and stored.get("programme") == own:
            of_own += 1
            if of_own > OF_ONE_PROGRAMME:
                continue
        titles.add(str(stored.get(TITLE)))
        chosen.append((id_, stored))
        if len(chosen) == SHOWN:
            break
    return chosen


def _telling(index: Index, title: str, body: str, lang: str) -> list[_Word]:
    """The words that tell a record from others: in its title, frequent in it, rare elsewhere."""
    counts: Counter[str] = Counter()
    words: dict[str, _Word] = {}
    for text, worth in ((title, 3), (body, 1)):
        for token in tokens(text, lang):
            written = text[token.start : token.end]
            if len(written) >= _LETTERS and not any(letter.isdigit() for letter in written):
                # Its last term is its stem, where it has one, so its forms count together.
                counts[token.terms[-1]] += worth
                words.setdefault(token.terms[-1], _Word(written, frozenset(token.terms)))
    documents = len(index)
    told: list[tuple[float, str]] = []
    for key, count in counts.most_common(_LOOKED_UP):
        frequency = _frequency(index.name, index.audience, words[key].written)
        if 1 < frequency <= max(2, COMMON * documents):
            told.append((-(1 + math.log(count)) * math.log(documents / frequency), key))
    return [words[key] for _weight, key in sorted(told)[:WORDS]]


@lru_cache(maxsize=16_384)
def _frequency(_index: str, audience: Audience, word: str) -> int:
    """In how many documents of the index of that name a word occurs, or did when first asked."""
    return current(audience).frequency(word)


def _reason(
    stored: Mapping[str, Any], data: Mapping[str, Any], words: list[_Word], *, in_meaning: bool
) -> str:
    shared = [theme for theme in stored.get("themes") or () if theme in (data.get("themes") or ())]
    held = frozenset(_terms_shown(stored))
    common = [word.written.lower() for word in words if word.terms & held][:3]
    said = [_("similar in meaning")] if in_meaning else []
    if shared:
        said.append(_("same theme: %(theme)s") % {"theme": shared[0]})
    if common:
        said.append(_("words in common: %(words)s") % {"words": ", ".join(common)})
    sentence = "; ".join(said) or _("similar words")
    return sentence[:1].upper() + sentence[1:]


def _terms_shown(stored: Mapping[str, Any]) -> Iterator[str]:
    """The terms of what a card of the record says."""
    for name in (TITLE, "excerpt"):
        for lang, text in (stored.get(name) or {}).items():
            for token in tokens(str(text), lang):
                yield from token.terms
