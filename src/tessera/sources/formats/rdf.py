"""RDF in its usual spellings, read as a stream of statements; hostile files are refused.

Turtle, N-Triples and JSON-LD are read by pyoxigraph alone. Its reader of RDF/XML expands entities
without measure and takes a file that breaks off for whole, so a strict parser (expat) goes over
the file first: see docs/decisions/reading-rdf.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, Final
from xml.parsers import expat

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from tessera.sources.formats.packed import Readable

FORMATS: Final = {
    ".rdf": RdfFormat.RDF_XML, ".xml": RdfFormat.RDF_XML, ".owl": RdfFormat.RDF_XML,
    ".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES, ".jsonld": RdfFormat.JSON_LD,
}  # fmt: skip
"""By the ending of the file's name."""

MAX_TEXT: Final = 1_000_000
"""Characters of one text or attribute."""
MAX_PIECE: Final = 4 * MAX_TEXT
"""Bytes of one tag, comment or name in RDF/XML."""
MAX_DEPTH: Final = 100
"""Elements within each other in RDF/XML: reading takes time that grows with the square of it."""
MAX_ENTITY: Final = 200
"""Characters that an entity may stand for; those in use abbreviate namespaces."""

_CHUNK: Final = 1 << 16
_BOM: Final = b"\xef\xbb\xbf"


class RdfError(ValueError):
    """A file that can't be read as RDF; the message continues a sentence with its name."""


@dataclass(frozen=True, slots=True)
class Statement:
    """subject, predicate: IRIs, or `_:` and a name. resource: whether `value` is one, too, and
    not a text. lang: of a text, in small letters; empty where none is stated."""

    subject: str
    predicate: str
    value: str
    lang: str = ""
    resource: bool = False


def statements(path: Readable, base: str = "") -> Iterator[Statement]:
    """What a file states, in its order. base: for addresses that are relative.

    RdfError where it can't be read (any further); OSError where it can't be opened.
    """
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise RdfError(f"has an ending that is none of {', '.join(sorted(FORMATS))}")
    if form == RdfFormat.RDF_XML:
        with path.open("rb") as file:
            _check_xml(file)
    with path.open("rb") as file:
        if file.read(len(_BOM)) != _BOM:
            file.seek(0)
        try:
            for each in parse(file, form, base_iri=base or None):
                if isinstance(each.subject, NamedNode | BlankNode):
                    yield _statement(each.subject, each.predicate, each.object)
        except (SyntaxError, ValueError) as error:
            raise RdfError(f"is broken: {_said(error)}") from None
        except MemoryError as error:
            raise RdfError(f"has a text that is too long to read: {_said(error)}") from None


def _statement(subject: NamedNode | BlankNode, predicate: NamedNode, value: Any) -> Statement:
    about, named = _name(subject), predicate.value
    if isinstance(value, Literal):
        return Statement(about, named, value.value, (value.language or "").lower())
    return Statement(about, named, _name(value), resource=True)


def _name(node: Any) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)


def _said(error: BaseException) -> str:
    return " ".join(str(error).split())[:300]


def _check_xml(file: IO[bytes]) -> None:
    """Raise RdfError where XML is broken, breaks off, or would cost more than it should."""
    gate = _Gate()
    read = 0
    try:
        while chunk := file.read(_CHUNK):
            gate.parser.Parse(chunk, False)
            read += len(chunk)
            gate.check_progress(read)
        gate.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise RdfError(
            f"is broken XML in line {error.lineno}: {expat.ErrorString(error.code)}"
        ) from None


class _Gate:
    """Counts what a parser comes past, and stops it where that is too much."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = False
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity
        self.parser.XmlDeclHandler = self._declaration
        self.depth = self.length = 0

    def _refuse(self, why: str) -> None:
        raise RdfError(f"{why} (line {self.parser.CurrentLineNumber}); it was not read")

    def check_progress(self, read: int) -> None:
        """Refuse what has no end in sight: it is gone over anew with each further chunk."""
        if read - max(self.parser.CurrentByteIndex, 0) > MAX_PIECE:
            self._refuse(f"has a tag, comment or name of more than {MAX_PIECE:,} bytes")

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "us-ascii"):
            self._refuse(f"is in {encoding}: RDF/XML is read in UTF-8, so save it as that")

    def _start(self, _name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.length = 0
        if self.depth > MAX_DEPTH:
            self._refuse(f"has elements nested more than {MAX_DEPTH} deep")
        if any(len(value) > MAX_TEXT for value in attributes.values()):
            self._refuse(f"has an attribute of more than {MAX_TEXT:,} characters")

    def _end(self, _name: str) -> None:
        self.depth -= 1
        self.length = 0

    def _text(self, text: str) -> None:
        self.length += len(text)
        if self.length > MAX_TEXT:
            self._refuse(f"has a text of more than {MAX_TEXT:,} characters")

    def _entity(self, name: str, parameter: int, value: str | None, *_: object) -> None:
        if parameter or value is None or "&" in value or "%" in value or len(value) > MAX_ENTITY:
            self._refuse(f"declares the entity {name!r}, which could stand for anything")
