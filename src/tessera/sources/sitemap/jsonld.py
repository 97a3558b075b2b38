"""What a page says of itself in JSON-LD: the things of schema.org that become records.

Of persons nothing is kept: authors, performers and members of staff are taken out here, before
anything is stored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urljoin

from tessera.sources.formats.html import LenientParser, decode_html
from tessera.sources.formats.language import language_code
from tessera.sources.formats.text import clean_line, shortened

KINDS: Final = {
    "NewsArticle": "news", "Article": "news", "BlogPosting": "news", "AnalysisNewsArticle": "news",
    "BackgroundNewsArticle": "news", "ReportageNewsArticle": "news", "SocialMediaPosting": "news",
    "Festival": "event", "Hackathon": "event", "CourseInstance": "event",
    "Project": "project", "ResearchProject": "project",
    "DigitalDocument": "file", "TextDigitalDocument": "file", "NoteDigitalDocument": "file",
    "PresentationDigitalDocument": "file", "SpreadsheetDigitalDocument": "file", "Report": "file",
    "Dataset": "file",
    "Organization": "organisation", "NGO": "organisation", "Consortium": "organisation",
    "GovernmentOrganization": "organisation", "EducationalOrganization": "organisation",
    "CollegeOrUniversity": "organisation", "ResearchOrganization": "organisation",
    "Corporation": "organisation", "FundingAgency": "organisation", "School": "organisation",
    "Hospital": "organisation", "LocalBusiness": "organisation", "LibrarySystem": "organisation",
}  # fmt: skip
"""Types of schema.org -> kind; every other type that ends in "Event" is an event."""

_PERSONS: Final = frozenset(
    {"author", "creator", "performer", "attendee", "employee", "employees", "founder", "founders",
     "actor", "director", "editor", "contributor", "alumni", "accountablePerson", "contactPoint",
     "email", "telephone", "comment", "review", "copyrightHolder", "translator", "speaker"}
)  # fmt: skip
_WITHIN: Final = ("@graph", "mainEntity", "itemListElement", "item", "subEvent")
_COMMENT: Final = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$"
)
MAX_NODES: Final = 2_000
MAX_DEPTH: Final = 12


class _Scripts(LenientParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts: list[str] = []
        self.lang = ""
        self.canonical = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.lang = self.lang or language_code(values.get("lang", ""))
        elif tag == "link" and "canonical" in values.get("rel", "").lower().split():
            self.canonical = self.canonical or values.get("href", "").strip()
        elif tag == "script":
            kind = values.get("type", "").partition(";")[0].strip().lower()
            self._inside = kind == "application/ld+json"
            if self._inside:
                self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[-1] += data


def kind_of(node: Mapping[str, Any]) -> str:
    """The kind of record that a node is; empty for none."""
    stated = node.get("@type")
    for each in stated if isinstance(stated, list) else [stated]:
        name = re.split(r"[/#:]", each)[-1] if isinstance(each, str) else ""
        if name in KINDS:
            return KINDS[name]
        if name.endswith("Event"):
            return "event"
    return ""


def own_address(node: Mapping[str, Any], base: str) -> str:
    """The page on which a node is at home, without what follows "#"; empty where it isn't said."""
    main = node.get("mainEntityOfPage")
    for each in (node.get("url"), main.get("@id") if isinstance(main, dict) else main,
                 node.get("@id")):  # fmt: skip
        if isinstance(each, str) and each.strip() and not each.startswith("_:"):
            try:
                found = urljoin(base, each.strip()).partition("#")[0]
            except ValueError:
                continue
            if found.startswith(("http://", "https://")):
                return found
    return ""


def same_page(one: str, other: str) -> bool:
    """Whether two addresses are of one page."""
    return _bare(one) == _bare(other)


def _bare(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", address.partition("#")[0]).rstrip("/").lower()


def page_nodes(data: bytes, address: str = "") -> dict[str, Any]:
    """`url`, `lang`, `nodes` and `problems` of a page, or of a file of JSON-LD alone."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        page = _Scripts()
        page.scripts.append(data.decode("utf-8-sig", "replace"))
    else:
        page = _Scripts()
        page.feed(decode_html(data))
        page.close()
    url = address
    if page.canonical:
        try:
            url = urljoin(address, page.canonical)
        except ValueError:
            url = address
    nodes: list[dict[str, Any]] = []
    problems: list[str] = []
    for script in page.scripts:
        try:
            read = json.loads(_COMMENT.sub("", script), strict=False)
        except (ValueError, RecursionError) as error:
            problems.append(f"its JSON-LD is no JSON: {shortened(str(error), 120)}")
            continue
        nodes.extend(_wanted(read))
    return {"url": url, "lang": page.lang, "nodes": _at_home(nodes, url), "problems": problems}


def _wanted(value: object, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Nodes that become records, of a document of JSON-LD."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for each in value[:MAX_NODES]:
            yield from _wanted(each, depth + 1)
    elif isinstance(value, dict):
        if kind_of(value):
            yield _without_persons(value)
            return
        for name in _WITHIN:
            if name in value:
                yield from _wanted(value[name], depth + 1)


def _without_persons(value: Any, depth: int = 0) -> Any:
    if isinstance(value, dict) and depth < MAX_DEPTH:
        return {
            name: _without_persons(each, depth + 1)
            for name, each in value.items()
            if name not in _PERSONS and not _is_person(each)
        }
    if isinstance(value, list):
        return [_without_persons(each, depth + 1) for each in value if not _is_person(each)]
    return value


def _is_person(value: object) -> bool:
    return isinstance(value, dict) and "Person" in str(value.get("@type", ""))


def _at_home(nodes: list[dict[str, Any]], url: str) -> list[dict[str, Any]]:
    """Without organisations that a page merely names: its publisher stands on every one."""
    kept = []
    for node in nodes[:MAX_NODES]:
        if kind_of(node) == "organisation":
            home = own_address(node, url)
            alone = len(nodes) == 1 and not home
            if not (alone or (home and url and same_page(home, url)) or (home and not url)):
                continue
        if isinstance(node.get("name", node.get("headline")), str | dict | list):
            kept.append(node)
    return kept


def title_of(node: Mapping[str, Any]) -> str:
    """A node's name as a line, for messages and ids."""
    for name in ("name", "headline"):
        value = node.get(name)
        if isinstance(value, str) and value.strip():
            return clean_line(value)
    return clean_line(json.dumps(node.get("name") or node.get("headline"), ensure_ascii=False))
