"""The running text of a page: its body, and what its front matter holds of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from tessera.sources.formats.html import html_text
from tessera.sources.formats.language import language_code
from tessera.sources.formats.markdown import markdown_html, without_templates
from tessera.sources.formats.text import clean, clean_line, words

_PROSE: Final = words(
    "title subtitle heading text content paragraph paragraphs description body list items "
    "posts name"
)
"""Keys of front matter whose texts are read, as site builders name them."""

_SKIPPED: Final = frozenset({"header", "footer"})
_SHOWN_FOR: Final = re.compile(r"""['"]([A-Za-z]{2})['"]""")


def plain(text: str) -> str:
    """One line of text out of HTML."""
    return clean_line(html_text(text).text()) if "<" in text or "&" in text else clean_line(text)


def page_texts(page: Mapping[str, Any]) -> dict[str, str]:
    """Text by language as stated within the page; "" for what has the page's own language."""
    body = without_templates(page["body"])
    # Markdown would take indented HTML for code.
    html = body if body.lstrip().startswith("<") else markdown_html(body)
    found = html_text(html, language_of=_shown_for, skipped=_SKIPPED).by_language()
    texts = {lang: text for lang, part in found.items() if (text := _worded(part))}
    meta = {key: value for key, value in page["meta"].items() if key != "title"}
    front = composed({"posts": meta.get("posts")})
    if front:
        texts[""] = f"{front}\n\n{texts['']}" if texts.get("") else front
    return texts


def _worded(text: str) -> str:
    """Text without lines that have no letter and no number: what templates leave behind."""
    lines = clean(text).split("\n")
    return clean("\n".join(line for line in lines if not line or any(map(str.isalnum, line))))


def _shown_for(attributes: dict[str, str]) -> str:
    """The language of an element: stated, or as the condition under which it is shown."""
    stated = language_code(attributes.get("lang", ""))
    condition = attributes.get("x-show", "") or attributes.get("v-if", "")
    found = _SHOWN_FOR.search(condition)
    return stated or (language_code(found[1]) if found else "")


def composed(value: Any) -> str:
    """The texts of nested values in their order, each a paragraph."""
    parts: list[str] = []
    _compose(value, parts)
    return clean("\n\n".join(part for part in parts if part))


def _compose(value: Any, parts: list[str]) -> None:
    if isinstance(value, str):
        parts.append(clean(html_text(markdown_html(value.strip())).text()))
    elif isinstance(value, list):
        for each in value:
            _compose(each, parts)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key.lower() in _PROSE:
                _compose(each, parts)
