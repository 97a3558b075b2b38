"""Entries of an imported vocabulary, as every layer sees them: keyed by URI, never by a label."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, Literal, Self, get_args

from tessera.schema.vocabularies.folding import fold

ConceptKind = Literal["concept", "scheme", "collection"]
"""A scheme is a vocabulary or a part of one with a name, such as a microthesaurus of EuroVoc."""

MATCHES: Final = ("exact", "close", "broad", "narrow", "related")
"""How a concept stands to one of another vocabulary: SKOS's five mappings."""

FOLDED: Final = 200
"""Characters by which folded labels are compared; none is that long but notes in their place."""

Texts = Mapping[str, tuple[str, ...]]
"""By language (BCP 47 in small letters; `und` where none is stated), in their order."""


@dataclass(frozen=True, slots=True)
class Concept:
    """What a vocabulary says of one thing. Empty is "not stated".

    notation: its code, such as `EL30` or `0711`; notations: further ones. labels: the preferred
    one by language; alternatives, hidden: others, the hidden ones for finding alone. notes: by
    kind (`definition`, `scopeNote`, ...). broader, related, schemes, collections, replaced_by:
    URIs. matches: URIs in other vocabularies by one of `MATCHES`. versions: editions that have
    it, for NUTS the years. level: its depth where the vocabulary counts it. point: longitude and
    latitude of its label. geometry: GeoJSON.
    """

    uri: str
    kind: ConceptKind = "concept"
    notation: str = ""
    notations: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    alternatives: Texts = field(default_factory=dict)
    hidden: Texts = field(default_factory=dict)
    notes: Mapping[str, Texts] = field(default_factory=dict)
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    top: bool = False
    matches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    deprecated: bool = False
    replaced_by: tuple[str, ...] = ()
    version: str = ""
    versions: tuple[str, ...] = ()
    issued: str = ""
    licence: str = ""
    level: int | None = None
    point: tuple[float, float] | None = None
    geometry: Mapping[str, Any] | None = None

    def canonical(self) -> dict[str, Any]:
        """JSON values without what is empty; equal concepts give equal objects."""
        found: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if value or (value == 0 and value is not False):
                found[each.name] = _plain(value)
        if self.kind == "concept":
            del found["kind"]
        return found

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """The concept of a canonical object; ValueError for what is none."""
        names = {each.name for each in fields(cls)}
        if not isinstance(value.get("uri"), str) or not value.keys() <= names:
            raise ValueError(f"no concept: {str(value)[:80]}")
        made = {name: _held(name, each) for name, each in value.items()}
        if made.get("kind", "concept") not in get_args(ConceptKind):
            raise ValueError(f"no kind of concept: {made['kind']!r}")
        return cls(**made)

    def checksum(self) -> str:
        """Hex digest of the canonical form."""
        written = json.dumps(self.canonical(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()

    def label(self, lang: str = "en") -> str:
        """Its name for people: in `lang`, in English, in any language, else its code or URI."""
        return self.said(lang)[0]

    def said(self, lang: str = "en") -> tuple[str, str]:
        """Its name as `label` gives it, and the language that it is in."""
        for wanted in (lang.lower(), lang.lower().partition("-")[0], "en"):
            if wanted in self.labels:
                return self.labels[wanted], wanted
        first = next(iter(self.labels.items()), None)
        return (first[1], first[0]) if first else (self.notation or self.uri, "und")

    def all_labels(self) -> list[tuple[str, str, str]]:
        """(language, role, text) of every label; role is `pref`, `alt` or `hidden`."""
        found = [(lang, "pref", text) for lang, text in self.labels.items()]
        for role, texts in (("alt", self.alternatives), ("hidden", self.hidden)):
            found += [(lang, role, text) for lang, some in texts.items() for text in some]
        return found


def label_key(text: str) -> str:
    """What labels are compared by: without case, accents and punctuation."""
    return (fold(text) or text.strip().casefold())[:FOLDED]


_LISTS: Final = frozenset(
    {"notations", "broader", "related", "schemes", "collections", "replaced_by", "versions",
     "point"}
)  # fmt: skip
_TEXTS: Final = frozenset({"alternatives", "hidden", "matches"})


def _held(name: str, value: Any) -> Any:
    """A JSON value as the field of that name holds it."""
    if name in _LISTS:
        return tuple(value)
    if name in _TEXTS:
        return {key: tuple(each) for key, each in value.items()}
    if name == "notes":
        return {
            kind: {lang: tuple(t) for lang, t in texts.items()} for kind, texts in value.items()
        }
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(value[key]) for key in sorted(value)}
    return [_plain(each) for each in value] if isinstance(value, tuple | list) else value
