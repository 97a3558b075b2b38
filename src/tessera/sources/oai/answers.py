"""An answer of a repository to ListRecords, taken apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from tessera.sources.delivered import Delivered, Unreadable
from tessera.sources.formats.text import clean_line, shortened, storable

OAI: Final = "{http://www.openarchives.org/OAI/2.0/}"
DC: Final = "{http://purl.org/dc/elements/1.1/}"
_PERSONS: Final = frozenset({"creator", "contributor"})
"""Not even stored: most are persons."""

_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Received:
    """values: `sets`, and `dc` as {element: [{"text", "lang"}]}. problem: why there are none."""

    identifier: str
    deleted: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """token: to go on with, empty at the end. size: of the whole list, where stated.

    error, message: code and text, where the repository answers so. at: its `responseDate`.
    expires: until when the token holds, where stated. Both as written, in UTC.
    """

    records: tuple[Received, ...] = ()
    token: str = ""
    size: int = 0
    error: str = ""
    message: str = ""
    at: str = ""
    expires: str = ""


@dataclass(frozen=True, slots=True)
class Repository:
    """What one says of itself. keeps_deletions: it tells of every deletion, for ever.

    seconds: whether its datestamps have a time; else days alone. at: its `responseDate`.
    """

    keeps_deletions: bool
    seconds: bool
    at: str


def read_answer(delivered: Delivered) -> Answer:
    """The records of an answer; raises Unreadable where it is none."""
    root = _root(delivered)
    at = (root.findtext(f"{OAI}responseDate") or "").strip()
    said = root.find(f"{OAI}error")
    if said is not None:
        message = clean_line(said.text or "")
        return Answer(error=said.get("code") or "unknown", message=message, at=at)
    token = root.find(f".//{OAI}resumptionToken")
    size = (token.get("completeListSize") or "") if token is not None else ""
    return Answer(
        records=tuple(_record(each) for each in root.iter(f"{OAI}record")),
        token=(token.text or "").strip() if token is not None else "",
        size=int(size) if size.isascii() and size.isdigit() and len(size) < 12 else 0,
        at=at,
        expires=(token.get("expirationDate") or "").strip() if token is not None else "",
    )


def read_repository(delivered: Delivered) -> Repository:
    """What an answer to Identify says; raises Unreadable where it is none."""
    root = _root(delivered)
    if root.find(f"{OAI}Identify") is None:
        raise Unreadable("is no answer to Identify")
    stated = {
        name: (root.findtext(f"{OAI}Identify/{OAI}{name}") or "").strip()
        for name in ("deletedRecord", "granularity")
    }
    return Repository(
        stated["deletedRecord"] == "persistent", "T" in stated["granularity"],
        (root.findtext(f"{OAI}responseDate") or "").strip(),
    )  # fmt: skip


def _root(delivered: Delivered) -> Element:
    try:
        root: Element = fromstring(delivered.body, forbid_dtd=True)
    except ParseError as error:
        raise Unreadable(f"is not well-formed XML: {error}") from None
    except (DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable(f"is refused: {shortened(str(error), 120)}") from None
    if root.tag != f"{OAI}OAI-PMH":
        raise Unreadable("is no answer of an OAI-PMH 2.0 repository")
    return root


def _record(element: Element) -> Received:
    header = element.find(f"{OAI}header")
    if header is None:
        return Received("")
    identifier = str(storable(clean_line(header.findtext(f"{OAI}identifier") or "")))[:480]
    if (header.get("status") or "").strip().lower() == "deleted":
        return Received(identifier, deleted=True)
    metadata = element.find(f"{OAI}metadata")
    found: dict[str, list[dict[str, str]]] = {}
    for name, lang, text in _elements(metadata):
        found.setdefault(name, []).append({"text": text} | ({"lang": lang} if lang else {}))
    if not found:
        message = "has no Dublin Core (oai_dc) in it; ask for metadataPrefix=oai_dc"
        return Received(identifier, problem=message)
    sets = [clean_line(each.text or "") for each in header.findall(f"{OAI}setSpec")]
    values = {"identifier": identifier, "sets": sets, "dc": found}
    return Received(identifier, values=dict(storable(values)))


def _elements(metadata: Element | None) -> Iterator[tuple[str, str, str]]:
    """Name, language and text of each element of Dublin Core that has a text."""
    for element in () if metadata is None else metadata.iter():
        if isinstance(element.tag, str) and element.tag.startswith(DC):
            name, text = element.tag.removeprefix(DC), (element.text or "").strip()
            if text and name not in _PERSONS:
                yield name, element.get(_LANG, ""), text
