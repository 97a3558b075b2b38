"""What the readers of documents give: pages one by one, and what is known of the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PageText:
    """number: from 1. label: what it is where it is no page, such as "Slide" or a sheet's name."""

    number: int
    text: str
    label: str = ""


@dataclass(slots=True)
class Content:
    """pages: read while they are asked for. The other values may be filled in meanwhile.

    title, lang: as the document states them, unchecked. count: pages in all, 0 where unknown.
    notes: for readers, on what could not be read. unread: pages that gave no text.
    """

    pages: Iterator[PageText]
    title: str = ""
    lang: str = ""
    count: int = 0
    notes: list[str] = field(default_factory=list)
    unread: int = 0
