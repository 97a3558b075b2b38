"""Texts with their language, so that a page can mark what is not in its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

LONG = 140
"""Characters after which a title is shown smaller, and in lists perhaps not in full."""
LONGEST = 300
WORDS = 30
"""Words that lists show of a long title."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text, plain or (`html`) with marks, and the language it is in ("und": not known).

    page: the language of the page it stands on.
    """

    text: str
    lang: str = "und"
    page: str = "en"
    html: SafeString | None = None

    @property
    def attr(self) -> SafeString:
        """` lang="el"` where the text isn't in the page's language, else nothing."""
        if self.lang == self.page:
            return SafeString("")
        if self.lang in ("", "und"):
            return SafeString(' lang=""')
        return format_html(' lang="{}"', self.lang)

    @property
    def shown(self) -> str:
        """The text to write, with its marks where it has any."""
        return self.html if self.html is not None else self.text

    @property
    def short(self) -> str:
        """`shown`, but of a long text the first words; the whole stands on the record's page."""
        if len(self.text) <= LONG:
            return self.shown
        whole = conditional_escape(self.shown)
        return SafeString(Truncator(whole).words(WORDS, html=True))

    @property
    def length(self) -> str:
        """`long` and `longest` for what can't stand as a heading of the usual size."""
        return "longest" if len(self.text) > LONGEST else "long" if len(self.text) > LONG else ""

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


def choose(texts: object, lang: str, page: str) -> Said:
    """One of several versions of a text: in the reader's language, in English, or the first."""
    if not isinstance(texts, Mapping) or not texts:
        return Said("", page, page)
    for wanted in (lang, page, "en"):
        if texts.get(wanted):
            return Said(str(texts[wanted]), wanted, page)
    first, text = next(iter(texts.items()))
    return Said(str(text), str(first), page)
