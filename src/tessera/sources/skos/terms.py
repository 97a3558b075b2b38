"""The words of SKOS and of those that are used beside it, and where each belongs."""

from __future__ import annotations

from typing import Final

SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
XL: Final = "http://www.w3.org/2008/05/skos-xl#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
DCT: Final = "http://purl.org/dc/terms/"
DC: Final = "http://purl.org/dc/elements/1.1/"
EUVOC: Final = "http://publications.europa.eu/ontology/euvoc#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"

TYPE: Final = "type"
"""What a subject is; with the values of `KINDS`."""

FORM: Final = "form"
"""The text of a label, a note or a notation that is a thing of its own (SKOS-XL)."""

KINDS: Final = {
    f"{SKOS}Concept": "concept", f"{SKOS}ConceptScheme": "scheme",
    f"{SKOS}Collection": "collection", f"{SKOS}OrderedCollection": "collection",
}  # fmt: skip

KEPT: Final = {
    f"{RDF}type": TYPE,
    **{f"{SKOS}{name}": name for name in ("prefLabel", "altLabel", "hiddenLabel", "notation")},
    f"{RDFS}label": "label", f"{DCT}title": "label", f"{DC}title": "label",
    **{f"{SKOS}{name}": name
       for name in ("definition", "scopeNote", "note", "example", "historyNote", "changeNote",
                    "editorialNote")},
    f"{DCT}description": "description",
    **{f"{SKOS}{name}": name
       for name in ("broader", "related", "inScheme", "topConceptOf", "exactMatch", "closeMatch",
                    "broadMatch", "narrowMatch", "relatedMatch")},
    f"{OWL}deprecated": "deprecated", f"{EUVOC}status": "status",
    f"{DCT}isReplacedBy": "replaced_by", f"{OWL}versionInfo": "version",
    f"{DCT}issued": "issued", f"{DCT}license": "licence", f"{DCT}rights": "licence",
}  # fmt: skip
"""Predicates that are kept, by the names that they have here."""

AS_THINGS: Final = {
    f"{XL}prefLabel": "prefLabel", f"{XL}altLabel": "altLabel", f"{XL}hiddenLabel": "hiddenLabel",
    f"{EUVOC}xlNotation": "notation", f"{EUVOC}xlDefinition": "definition",
    f"{EUVOC}xlNote": "note",
}  # fmt: skip
"""Predicates whose object is a thing that has the text."""

FORMS: Final = frozenset({f"{XL}literalForm", f"{RDF}value"})

TURNED: Final = {
    f"{SKOS}narrower": "broader", f"{SKOS}hasTopConcept": "topConceptOf",
    f"{SKOS}member": "memberOf", f"{DCT}replaces": "replaced_by",
}  # fmt: skip
"""Predicates that say of their object what another says of its subject."""

NOTES: Final = ("definition", "scopeNote", "note", "example", "historyNote", "changeNote",
                "editorialNote", "description")  # fmt: skip
