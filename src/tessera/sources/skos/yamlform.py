"""The YAML form of SKOS (`yamlskosv2`): domains, schemes and concepts by their numbers.

It gives the same statements as RDF would, so that one reading serves both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tessera.sources.formats.markdown import FrontMatterError, load_yaml
from tessera.sources.formats.packed import Readable
from tessera.sources.formats.rdf import RdfError, Statement
from tessera.sources.skos.terms import DCT, RDF, SKOS

YAML: Final = frozenset({".yaml", ".yml"})

MAX_SIZE: Final = 30_000_000
"""Bytes of a file: YAML is read whole, and takes ten times its size in memory."""

_LABELS: Final = ("prefLabel", "altLabel", "hiddenLabel")
_NOTES: Final = ("definition", "scopeNote", "note", "example", "historyNote", "changeNote",
                 "editorialNote")  # fmt: skip
_LINKS: Final = ("broader", "narrower", "related", "inScheme", "topConceptOf", "hasTopConcept")
_MATCHES: Final = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
_PARTS: Final = {"domains": "ConceptScheme", "schemes": "ConceptScheme", "concepts": "Concept"}


def yaml_statements(path: Readable, base: str) -> Iterator[Statement]:
    """What a file states. base: what ids are appended to. RdfError where it can't be read."""
    with path.open("rb") as file:
        data = file.read(MAX_SIZE + 1)
    if len(data) > MAX_SIZE:
        raise RdfError(
            f"is YAML of more than {MAX_SIZE / 1e6:,.0f} MB; give it as Turtle or RDF/XML"
        )
    try:
        read = load_yaml(data.decode("utf-8-sig"), MAX_SIZE)
    except UnicodeDecodeError as error:
        raise RdfError(f"is no UTF-8 (byte {error.start:,}); save it as that") from None
    except FrontMatterError as error:
        raise RdfError(str(error)) from None
    if not isinstance(read, Mapping) or not isinstance(read.get("concepts"), Mapping):
        raise RdfError("has no `concepts` at its top: it is no vocabulary in the YAML form of SKOS")
    if not base:
        raise RdfError(
            "has ids without addresses; import it with the importer of its vocabulary (eurovoc)"
        )
    numbers = _numbers(read.get("domains"))
    for part, kind in _PARTS.items():
        entries = read.get(part) or {}
        if not isinstance(entries, Mapping):
            raise RdfError(f"has {part} that are no map of ids")
        for key, entry in entries.items():
            if not isinstance(entry, Mapping):
                raise RdfError(f"has an entry {part}.{key} that is no map")
            number = numbers.get(key, key) if part == "domains" else key
            yield from _entry(f"{base}{number}", kind, entry, base)
            if part == "schemes" and str(entry.get("domain")) in numbers:
                above = f"{base}{numbers[str(entry['domain'])]}"
                yield Statement(f"{base}{number}", f"{SKOS}broader", above, resource=True)
    yield from _whole(read, base)


def _numbers(domains: Any) -> dict[str, str]:
    """A domain's own id by its notation."""
    if not isinstance(domains, Mapping):
        return {}
    return {
        key: str(entry["eurovocId"])
        for key, entry in domains.items()
        if isinstance(entry, Mapping) and entry.get("eurovocId")
    }


def _entry(uri: str, kind: str, entry: Mapping[str, Any], base: str) -> Iterator[Statement]:
    yield Statement(uri, f"{RDF}type", f"{SKOS}{kind}", resource=True)
    for name in (*_LABELS, *_NOTES):
        for lang, texts in _by_language(entry.get(name)):
            yield from (Statement(uri, f"{SKOS}{name}", text, lang) for text in _listed(texts))
    for text in _listed(entry.get("notation")):
        yield Statement(uri, f"{SKOS}notation", text)
    for name in _LINKS:
        for number in _listed(entry.get(name)):
            yield Statement(uri, f"{SKOS}{name}", f"{base}{number}", resource=True)
    for name in _MATCHES:
        for address in _listed(entry.get(name)):
            yield Statement(uri, f"{SKOS}{name}", address, resource=True)


def _whole(read: Mapping[str, Any], base: str) -> Iterator[Statement]:
    """What the file says of the vocabulary itself, which is its first scheme."""
    schemes = read.get("schemes")
    if not isinstance(schemes, Mapping) or not schemes:
        return
    uri = f"{base}{next(iter(schemes))}"
    for lang, texts in _by_language(read.get("title")):
        yield from (Statement(uri, f"{DCT}title", text, lang) for text in _listed(texts))
    yield from (Statement(uri, f"{DCT}issued", text) for text in _listed(read.get("issued")))


def _by_language(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [(str(lang).lower(), texts) for lang, texts in value.items()]
    return [] if value is None else [("", value)]


def _listed(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(each) for each in values if isinstance(each, str | bool) and str(each)]
