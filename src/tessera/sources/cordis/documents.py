"""Deliverables and report summaries as files, articles as news."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tessera.schema import vocabularies
from tessera.schema.draft import RecordDraft
from tessera.sources.base import Item, ItemError
from tessera.sources.cordis import values
from tessera.sources.cordis.values import line, paragraphs
from tessera.sources.drafting import drafted, left_out, needed, warning

SITE = "https://cordis.europa.eu"


def deliverable(item: Item) -> Iterator[RecordDraft | ItemError]:
    """A file, whose address is the one that CORDIS gives; the file itself is not fetched."""
    row = item.raw["rows"][0]
    kind = line(row, "deliverabletype")
    description = paragraphs(row, "description")
    url = line(row, "url")
    made = {
        "id": f"cordis:{item.key.partition(':')[2]}",
        "text": {"en": description} if description != line(row, "title") else {},
        "file_type": "web" if kind.startswith("Websites") else None,
        "url": url if url.startswith(("http://", "https://")) else "",
        "deliverable_type": kind,
    }
    yield from _document(item, row, made)


def report(item: Item) -> Iterator[RecordDraft | ItemError]:
    """A report summary: a page of the project on the site of CORDIS."""
    row = item.raw["rows"][0]
    number = line(row, "projectid")
    made: dict[str, Any] = {
        "id": f"cordis:{item.key.partition(':')[2]}",
        "text": {"en": paragraphs(row, "summary", "description", "finalresults", "workperformed")},
        "file_type": "web",
        "url": f"{SITE}/project/id/{number}/reporting" if number else "",
    }
    yield from _document(item, row, made)


def _document(
    item: Item, row: dict[str, Any], made: dict[str, Any]
) -> Iterator[RecordDraft | ItemError]:
    if not line(row, "title"):
        yield needed(item, "title")
        return
    number = line(row, "projectid")
    if not number:
        yield warning(item, "is empty; the project is not known", "projectID")
    yield from _published(item, row, made, "contentupdatedate")
    made |= {
        "kind": "file",
        "title": {"en": line(row, "title")},
        "links": [{"rel": "about", "id": f"cordis:{number}"}] if number else [],
    }
    texts = {
        name: each for name, each in made.items() if each not in (None, "", [], {}, {"en": ""})
    }
    yield from drafted(texts, item)


def article(item: Item) -> Iterator[RecordDraft | ItemError]:
    """News of CORDIS; versions in several languages are one record."""
    rows = item.raw["rows"]
    made: dict[str, Any] = {"title": {}, "summary": {}, "text": {}}
    for row in rows:
        language = vocabularies.language_code(line(row, "language")) or "und"
        for name, column in (("title", "title"), ("summary", "teaser"), ("text", "text")):
            text = paragraphs(row, column)
            if text:
                made[name].setdefault(language, text)
    if not made["title"]:
        yield needed(item, "title")
        return
    first = next((row for row in rows if line(row, "language") == "en"), rows[0])
    yield from _published(item, first, made, "contentcreationdate")
    path = line(first, "id")
    codes = [code for each in first.get("countries", ()) for code in values.countries(str(each))[0]]
    projects = dict.fromkeys(number for row in rows for number in row.get("projects", ()) if number)
    made |= {
        "id": f"cordis:article-{item.key.partition(':')[2]}",
        "kind": "news",
        "news_source": "programme",
        "themes": list(dict.fromkeys(first.get("domains", ()))),
        "countries": list(dict.fromkeys(codes)),
        "url": f"{SITE}/article/id/{path}" if path else "",
        "links": [{"rel": "about", "id": f"cordis:{number}"} for number in projects],
        "keywords": line(first, "keywords"),
        "collection": line(first, "collection"),
    }
    yield from drafted({name: v for name, v in made.items() if v not in (None, "", [], {})}, item)


def _published(
    item: Item, row: dict[str, Any], made: dict[str, Any], column: str
) -> Iterator[ItemError]:
    text = line(row, column, "contentupdatedate")
    if text:
        try:
            made["published"] = values.day(text)
        except ValueError as error:
            yield left_out(item, error, column, text, "date")
