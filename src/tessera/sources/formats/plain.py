"""Plain text and Markdown."""

from __future__ import annotations

from pathlib import Path

from tessera.sources.formats.content import Content, PageText
from tessera.sources.formats.encoding import read_text
from tessera.sources.formats.html import html_text
from tessera.sources.formats.markdown import markdown_html, split_front_matter


def read_text_file(path: Path) -> Content:
    """Pages are parted by form feeds, as printers have it."""
    text, encoding = read_text(path)
    pages = (PageText(n, page) for n, page in enumerate(text.split("\f"), start=1))
    return Content(pages, notes=[encoding.note] if encoding.note else [])


def read_markdown(path: Path) -> Content:
    """One page; the title is the first heading."""
    text, encoding = read_text(path)
    found = html_text(markdown_html(split_front_matter(text)[1]))
    notes = [encoding.note] if encoding.note else []
    return Content(iter((PageText(1, found.text()),)), found.heading, count=1, notes=notes)
