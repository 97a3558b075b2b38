"""Vocabularies and the formats that they come in."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tessera.sources.base import ItemError
from tessera.sources.formats.rdf import FORMATS, RdfError, Statement, statements
from tessera.sources.nuts.reading import Stated, Unreadable, stated
from tessera.sources.registry import importer
from tessera.sources.skos.yamlform import yaml_statements
from tessera.sources.vocabulary import is_vocabulary
from tests.fuzz.choices import Choices
from tests.fuzz.invariants import bounded, concepts_of
from tests.fuzz.mutations import bomb, spoilt, spoilt_json
from tests.fuzz.targets.deliveries import spoilt_copy
from tests.fuzz.targets.named import TARGETS, target, written
from tests.unit.sources.making import SOURCES

RDF_XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE rdf:RDF [<!ENTITY skos "http://www.w3.org/2004/02/skos/core#">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="&skos;"
 xml:base="http://example.org/crafts/">
<skos:ConceptScheme rdf:about="all"><skos:prefLabel xml:lang="en">Crafts</skos:prefLabel>
</skos:ConceptScheme>
<skos:Concept rdf:about="boats"><skos:inScheme rdf:resource="all"/>
<skos:prefLabel xml:lang="en">Boats</skos:prefLabel><skos:broader rdf:nodeID="n1"/>
<skos:definition rdf:parseType="Literal">Things <b>afloat</b></skos:definition></skos:Concept>
</rdf:RDF>"""
JSON_LD = b"""{"@context": {"skos": "http://www.w3.org/2004/02/skos/core#"},
"@graph": [{"@id": "http://example.org/boats", "@type": "skos:Concept",
"skos:prefLabel": [{"@value": "Boats", "@language": "en"}], "skos:broader": {"@id": "_:b"}}]}"""
_CORE = b"http://www.w3.org/2004/02/skos/core#"
N_TRIPLES = (
    b'<http://example.org/boats> <%sprefLabel> "Boats"@en .\n'
    b"_:b <%sbroader> <http://example.org/boats> .\n" % (_CORE, _CORE)
)


@target("rdf")
def rdf(data: bytes) -> None:
    """RDF/XML, Turtle, N-Triples and JSON-LD."""
    choices = Choices(data)
    ending = choices.one(sorted(FORMATS))
    whole = {
        ".ttl": (SOURCES / "skos/sample/crafts.ttl").read_bytes(),
        ".nt": N_TRIPLES, ".jsonld": JSON_LD,
    }.get(ending, RDF_XML)  # fmt: skip
    if ending == ".jsonld" and choices.once_in(2):
        raw = spoilt_json(choices, whole)
    elif choices.once_in(12):
        raw = bomb(choices)
    else:
        raw = choices.rest() if choices.once_in(6) else spoilt(choices, whole)
    with written(f"t{ending}", raw) as path:
        _all_stated(path)


@target("skos-yaml")
def skos_yaml(data: bytes) -> None:
    choices = Choices(data)
    whole = (SOURCES / "eurovoc/sample/thesaurus.yaml").read_bytes()
    raw = choices.rest() if choices.once_in(6) else spoilt(choices, whole)
    with written("t.yaml", raw) as path:
        _all_stated(path)


def _all_stated(path: Path) -> None:
    with bounded():
        try:
            read = (
                yaml_statements(path, "http://example.org/")
                if path.suffix == ".yaml"
                else statements(path)
            )
            for each in read:
                assert isinstance(each, Statement) and each.subject and each.predicate
                each.value.encode("utf-8")
        except RdfError as error:
            assert str(error).strip()


@target("nuts")
def nuts(data: bytes) -> None:
    """Regions out of GeoJSON and tables."""
    choices = Choices(data)
    of = choices.one(sorted((SOURCES / "nuts/sample").iterdir()))
    raw = of.read_bytes()
    as_json = of.suffix == ".geojson" and not choices.once_in(4)
    with (
        written(of.name, spoilt_json(choices, raw) if as_json else spoilt(choices, raw)) as path,
        bounded(),
    ):
        try:
            for each in stated([path]):
                assert isinstance(each, Stated | ItemError)
        except Unreadable as error:
            assert str(error).strip()


def vocabulary(slug: str, folder: Path, data: bytes) -> None:
    """A vocabulary of which one file is spoilt: it comes whole, or is refused with a reason."""
    made: object = importer(slug)
    assert is_vocabulary(made)
    with spoilt_copy(folder, data) as copy:
        concepts_of(made, [copy])


for _folder in sorted(path.parent for path in SOURCES.glob("*/source.toml")):
    _slug = _folder.name.replace("_", "-")
    if is_vocabulary(importer(_slug)):
        TARGETS[f"import-{_slug}"] = partial(vocabulary, _slug, _folder / "sample")
