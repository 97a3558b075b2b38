"""Texts as the web hands them on: HTML, or plain text with entities in it."""

from __future__ import annotations

import html
import re
from typing import Final

from tessera.sources.formats.html import html_text
from tessera.sources.formats.text import clean, clean_line

_TAG: Final = re.compile(r"<[a-zA-Z/!][^>]{0,2000}>")
_ADDRESS: Final = re.compile(r"https?://[^\s/]\S*")


def plain_text(text: str) -> str:
    """A text without its HTML, in lines; scripts, forms and menus are left out whole.

    What was packed twice (`&lt;p&gt;`) is unpacked; a lone "<" is a sign like any other.
    """
    for _ in range(2):
        if _TAG.search(text):
            text = html_text(text).text()
        else:
            text = html.unescape(text)
            if not _TAG.search(text):
                break
    return clean(text)


def plain_line(text: str) -> str:
    """The same in one line."""
    return clean_line(plain_text(text))


def is_web_address(text: str) -> bool:
    """Whether a text is an address that a link can have."""
    return _ADDRESS.fullmatch(text) is not None
