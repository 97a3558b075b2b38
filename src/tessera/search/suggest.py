"""Suggestions while one types: records, organisations and themes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from django.utils.translation import get_language

from tessera.engine.analysis import folded
from tessera.engine.audience import Audience
from tessera.engine.backend import Index
from tessera.engine.fields import MISSING
from tessera.engine.query import Query
from tessera.search.labels import kind_word, short_label
from tessera.search.links import Link, record_url
from tessera.search.said import choose

RECORDS = 7
THEMES = 3
_KEPT = 60.0
"""Seconds for which the list of themes is taken as known."""


@dataclass(slots=True)
class _Themes:
    """The themes in the index, by number of records, with their folded words."""

    known: dict[tuple[str, Audience], tuple[float, list[tuple[str, Sequence[str]]]]] = field(
        default_factory=dict
    )

    def of(self, index: Index) -> list[tuple[str, Sequence[str]]]:
        now = monotonic()
        whose = index.name, index.audience
        at, themes = self.known.get(whose, (0.0, []))
        if not themes or now - at > _KEPT:
            found = index.search(Query(size=1), facets=("theme",), highlight=False)
            themes = [
                (bucket.value, folded(bucket.value).split())
                for bucket in found.facets["theme"].buckets
                if bucket.value != MISSING
            ]
            self.known = {each: self.known[each] for each in self.known if each[0] == index.name}
            self.known[whose] = (now, themes)
        return themes


_themes = _Themes()


def suggestions(index: Index, text: str, lang: str) -> list[dict[str, Any]]:
    """At most ten, as JSON values; none for less than two characters."""
    if len(text.strip()) < 2:
        return []
    page = get_language() or "en"
    found: list[dict[str, Any]] = []
    for each in index.suggest(text, limit=RECORDS):
        title = choose(each.stored.get("title"), lang or page, page)
        kind = str(each.stored.get("kind", ""))
        acronym = str(each.stored.get("acronym") or "")
        found.append({
            "kind": kind,
            "kind_label": kind_word(kind),
            "id": each.id,
            "text": f"{acronym}: {title}" if acronym and acronym != title.text else title.text,
            "lang": title.lang,
            "url": record_url(kind, each.id, lang=lang if lang != page else ""),
        })  # fmt: skip
    typed = folded(text).split()
    matching = [theme for theme, words in _themes.of(index) if _matches(typed, words)]
    for theme in matching[:THEMES]:
        found.append({
            "kind": "theme",
            "kind_label": short_label("theme"),
            "id": theme,
            "text": theme,
            "lang": "en",
            "url": Link(Query(lang=lang).with_filter("theme", theme)).href,
        })  # fmt: skip
    return found


def _matches(typed: Sequence[str], words: Sequence[str]) -> bool:
    return bool(typed) and all(any(word.startswith(each) for word in words) for each in typed)
