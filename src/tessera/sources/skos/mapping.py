"""From what is said of a subject in SKOS to a concept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tessera.schema.concepts import MATCHES, Concept, ConceptKind
from tessera.sources.base import Item, ItemError
from tessera.sources.skos.terms import KINDS, NOTES, TYPE

MAX_CODE: Final = 200
"""Characters of a notation by which a concept can be found."""

MAX_URI: Final = 500

_UNKNOWN: Final = "und"
_DEPRECATED: Final = frozenset({"DEPRECATED", "RETIRED", "OBSOLETE"})

Pairs = list[tuple[str, str]]


def concept(item: Item) -> Iterator[Concept | ItemError]:
    """The concept of one subject; of two preferred labels in a language the first in the
    alphabet is taken and the other kept as an alternative, with a warning."""
    said: dict[str, Any] = item.raw["said"]

    def pairs(name: str) -> Pairs:
        return [(value.strip(), lang or _UNKNOWN) for value, lang in said.get(name, ())
                if value.strip()]  # fmt: skip

    def uris(*names: str) -> tuple[str, ...]:
        found = {value for name in names for value, _ in pairs(name)} - {item.key}
        return tuple(sorted(each for each in found if len(each) <= MAX_URI))

    labels, second = _preferred(pairs("prefLabel"))
    for lang in second:
        yield _note(item, f"has several preferred labels in {lang!r}; the others are kept as "
                          "alternatives")  # fmt: skip
    alternatives = _texts(pairs("altLabel"))
    for lang, more in second.items():
        alternatives[lang] = tuple(dict.fromkeys((*more, *alternatives.get(lang, ()))))
    for text, lang in pairs("label"):
        if labels.setdefault(lang, text) != text and text not in alternatives.get(lang, ()):
            alternatives[lang] = (*alternatives.get(lang, ()), text)
    codes = [text for text, _ in pairs("notation") if len(text) <= MAX_CODE]
    if len(codes) < len(pairs("notation")):
        yield _note(item, f"has a notation of more than {MAX_CODE} characters; left out")
    if not labels and not alternatives:
        yield _note(item, "has no label in any language; its code or address stands for it")
    yield Concept(
        uri=item.key,
        kind=_kind(said),
        notation=codes[0] if codes else "",
        notations=tuple(codes[1:]),
        labels=dict(sorted(labels.items())),
        alternatives=alternatives,
        hidden=_texts(pairs("hiddenLabel")),
        notes={name: found for name in NOTES if (found := _texts(pairs(name)))},
        broader=uris("broader"),
        related=uris("related"),
        schemes=uris("inScheme", "topConceptOf"),
        collections=uris("memberOf"),
        top=bool(said.get("topConceptOf")),
        matches={name: each for name in MATCHES if (each := uris(f"{name}Match"))},
        deprecated=_is_deprecated(said),
        replaced_by=uris("replaced_by"),
        version=", ".join(text for text, _ in pairs("version")),
        issued=min((text for text, _ in pairs("issued")), default=""),
        licence=", ".join(text for text, _ in pairs("licence")),
    )  # fmt: skip


def _kind(said: dict[str, Any]) -> ConceptKind:
    kinds = {KINDS.get(value) for value, _ in said.get(TYPE, ())}
    if "concept" in kinds or not kinds:
        return "concept"
    return "scheme" if "scheme" in kinds else "collection"


def _preferred(pairs: Pairs) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """The preferred label by language, and what more claims to be one."""
    first: dict[str, str] = {}
    more: dict[str, tuple[str, ...]] = {}
    for text, lang in pairs:
        if first.setdefault(lang, text) != text:
            more[lang] = (*more.get(lang, ()), text)
    return first, more


def _texts(pairs: Pairs) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for text, lang in pairs:
        found.setdefault(lang, {})[text] = None
    return {lang: tuple(texts) for lang, texts in sorted(found.items())}


def _is_deprecated(said: dict[str, Any]) -> bool:
    marks = {value.lower() for value, _ in said.get("deprecated", ())}
    states = {value.rpartition("/")[2].upper() for value, _ in said.get("status", ())}
    return bool(marks & {"true", "1"}) or bool(states & _DEPRECATED)


def _note(item: Item, message: str) -> ItemError:
    return ItemError("map", item.where, message, item.key, warning=True)
