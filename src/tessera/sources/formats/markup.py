"""HTML and its entities in what should be plain text, taken out where they are certain.

For cells, titles and names. What is HTML as a whole is read by `tessera.sources.formats.html`.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Final

from tessera.sources.formats.text import words

_ENTITY: Final = re.compile(r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BREAKS: Final = {
    **dict.fromkeys(words(
        "address article aside blockquote div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 "
        "header hr main nav ol p pre section table ul"
    ), "\n\n"),
    **dict.fromkeys(words("br caption dd dt li option tr"), "\n"),
    **dict.fromkeys(words("td th"), " "),
}  # fmt: skip
"""What stands in the place of an element; nothing for any other."""
_DROPPED: Final = words(
    "applet audio canvas embed iframe math noscript object script select style svg template "
    "textarea video"
)
"""Left out with all that is in them, where they end."""
_ALONE: Final = words(
    "blockquote br div em h1 h2 h3 h4 h5 h6 hr img li nobr o:p ol span strong tbody td th thead tr "
    "tt ul wbr"
)
"""Names that are no words: certain without an end or an attribute."""
_OTHERS: Final = words(
    "a abbr acronym area b base basefont bdi bdo big body button cite code col colgroup data "
    "details dfn dialog figcaption font frame frameset head html i input kbd label legend link "
    "map mark marquee meta meter optgroup output param picture progress q rp rt ruby s samp small "
    "source sub summary sup tfoot time title track u var"
)
_NAMES: Final = "|".join(
    sorted({*_BREAKS, *_DROPPED, *_ALONE, *_OTHERS}, key=lambda name: (-len(name), name))
)
_TAG: Final = re.compile(
    rf"<(?:(?P<end>/?)(?P<name>{_NAMES})(?P<more>[\s/][^<>]{{0,4000}})?>|(?P<comment>!--))", re.I
)
_CLOSING: Final = re.compile(rf"</({_NAMES})[\s>]", re.I)
_ADDRESS: Final = re.compile(r"https?://\S+")
_BLANKS: Final = frozenset("\xa0\xad\u2002\u2003\u2009\u200c\u200d\u200e\u200f")

_ABOUT_IT: Final = re.compile(
    r"\b(?:x?html5?|css3?|javascript|innerhtml|textcontent|markdown)\b|\.replace\(|\bdocument\.",
    re.IGNORECASE,
)
"""In the words of a text: what looks like markup may be what it speaks of."""

MAX_ROUNDS: Final = 3
"""How often over a text was packed for the web, at most."""


def without_markup(text: str) -> tuple[str, str]:
    """A text without HTML and entities, and which of them it had: "markup", "entities" or "".

    Of an address only `&amp;` is unpacked. What merely looks like a tag ("<50 staff", "<Name>",
    "the mean value <p>") stays, and so does a text about HTML. Blanks are not put in order.
    """
    if "<" not in text and "&" not in text:
        return text, ""
    if _ADDRESS.fullmatch(text):
        plain = text.replace("&amp;", "&")
        return plain, "entities" if plain != text else ""
    found, what = text, ""
    for _ in range(MAX_ROUNDS):
        before = found
        if "<" in found:
            found = _Stripping(found).text()
            what = "markup" if found != before else what
        found = _ENTITY.sub(_unpacked, found)
        if found == before:
            break
    if found == text or _ABOUT_IT.search(found):
        return text, ""
    return found, what or "entities"


def _unpacked(match: re.Match[str]) -> str:
    """The character of an entity; the entity itself where that would be none to be read."""
    char = html.unescape(match.group())
    return char if char.isprintable() or char in _BLANKS else match.group()


@dataclass(slots=True)
class _Stripping:
    """One pass over a text. last: where the last end of each element stands."""

    source: str
    last: dict[str, int] = field(default_factory=dict)

    def text(self) -> str:
        parts: list[str] = []
        at = 0
        for found in _TAG.finditer(self.source):
            if found.start() < at:
                continue  # within what was dropped
            after = self._after(found)
            if after > found.start():
                parts += [self.source[at : found.start()], _BREAKS.get(_name(found), "")]
                at = after
        return "".join([*parts, self.source[at:]]) if parts else self.source

    def _after(self, found: re.Match[str]) -> int:
        """Where the text goes on behind a tag; its own start where it is none."""
        if found["comment"]:
            closed = self.source.find("-->", found.end())
            return closed + 3 if closed >= 0 else found.start()
        if not self._certain(found):
            return found.start()
        name = _name(found)
        if name in _DROPPED and not found["end"] and self._ends(name) >= found.end():
            closing = re.compile(rf"</{name}[^<>]{{0,100}}>", re.I)
            closed_by = closing.search(self.source, found.end())
            return closed_by.end() if closed_by else found.end()
        return found.end()

    def _certain(self, found: re.Match[str]) -> bool:
        if found["end"] or _name(found) in _ALONE:
            return True
        more = (found["more"] or "").strip()
        return "=" in more or more == "/" or self._ends(_name(found)) >= found.end()

    def _ends(self, name: str) -> int:
        if not self.last:
            self.last[""] = -1
            for each in _CLOSING.finditer(self.source):
                self.last[each[1].lower()] = each.start()
        return self.last.get(name, -1)


def _name(found: re.Match[str]) -> str:
    return (found["name"] or "").lower()
