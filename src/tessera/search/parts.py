"""What the parts of a file are called: pages, slides, sheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tessera.search.said import Said

SLIDE = "Slide"
"""What the readers of presentations call their parts; the parts of workbooks have their names."""


@dataclass(frozen=True, slots=True)
class PageOfFile:
    """The text of one page, slide or sheet of a file. said: its language, for its attribute."""

    number: int
    heading: str
    paragraphs: tuple[str, ...]
    said: Said


def page_of_file(stated: Mapping[str, Any], language: str, page: str) -> PageOfFile:
    """A part as the record has it. language: of the file. page: of the page that shows it."""
    number, label = int(stated["page"]), str(stated.get("label") or "")
    text = str(stated["text"])
    # A sheet begins with its name, which is the heading; its rows are lines, not paragraphs.
    sheet = bool(label) and label != SLIDE
    lines = text.removeprefix(label).splitlines() if sheet else []
    return PageOfFile(
        number,
        part(number, label),
        tuple(line for line in lines if line.strip()) if sheet else unwrapped(text),
        Said("", str(stated.get("language") or language), page),
    )


def unwrapped(text: str) -> tuple[str, ...]:
    """The paragraphs of a printed page, whose lines end where the paper did.

    A line that is clearly shorter than the longest ends a paragraph, and so does a blank one.
    """
    found: list[list[str]] = [[]]
    lines = [" ".join(line.split()) for line in text.splitlines()]
    full = 0.75 * max((len(line) for line in lines), default=0)
    for line in lines:
        if line:
            found[-1].append(line)
        if len(line) < full and found[-1]:
            found.append([])
    return tuple(" ".join(paragraph) for paragraph in found if paragraph)


def part(number: int | str, label: str) -> str:
    """A part, as a heading."""
    if not label:
        return _("Page %(number)s") % {"number": number}
    if label == SLIDE:
        return _("Slide %(number)s") % {"number": number}
    return _("Sheet %(name)s") % {"name": label}


def passage_part(label: str) -> tuple[str, str]:
    """Where a passage stands, for people, and the number of its part; see `part_label`."""
    number, _blank, name = label.partition(" ")
    if not name:
        return _("p. %(page)s") % {"page": number}, number
    if name == SLIDE:
        return _("slide %(number)s") % {"number": number}, number
    return _("sheet %(name)s") % {"name": name}, number


def counted(labels: set[str]) -> str:
    """The heading of how many parts a file has."""
    if labels == {SLIDE}:
        return _("Slides")
    return _("Sheets") if labels and "" not in labels else _("Pages")
