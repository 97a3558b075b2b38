"""Texts with their language, so that a page can mark what is not in its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString


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
