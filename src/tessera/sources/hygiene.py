"""Hygiene of everything that is mapped: spoilt encodings, control characters, stray HTML.

Only what is certain is mended (docs/decisions/text-hygiene.md). The item as received is kept
verbatim; each draft tells in `mended` which of its fields were changed, from what to what.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from tessera.schema.draft import RecordDraft
from tessera.schema.parts import Mended
from tessera.sources.base import Importer, Item, ItemError
from tessera.sources.drafting import LONGEST, mending
from tessera.sources.formats.mojibake import mended, signs
from tessera.sources.formats.text import clean_line, shortened
from tessera.sources.objects import texts_in

_C1: Final = {byte: bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0)}
"""What a character of this range was before somebody read cp1252 as ISO 8859-1."""
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_ALIKE: Final = "\x80-\x9f\u202a-\u202e\u2066-\u2069"
"""Those beyond ASCII, and those of `_C1`. JSON text has the others escaped, but for DEL."""
_BLANK: Final = re.compile("[ \t\r\n\v\f]+")

_AS_WRITTEN: Final = frozenset({"id", "kind", "path", "stated", "mended", "links"})
"""Fields that hold no text for readers."""


@cache
def _suspicious() -> re.Pattern[str]:
    """What JSON text holds beyond ASCII if anything in it may have to be mended.

    One look at each character, as this is asked of every item.
    """
    first, following = map(re.escape, signs())
    return re.compile(f"[^\x00-\x7e](?:(?<=[{first}])(?=[{following}])|(?<=[{_ALIKE}]))")


def _may_be_spoilt(item: Item) -> bool:
    text = item.written
    if "\\u00" in text or "\x7f" in text:
        return True
    return not text.isascii() and _suspicious().search(text) is not None


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of an item that was mended. whole: the line that it stands in, if short."""

    what: str
    before: str
    after: str
    whole: str

    def stands_in(self, text: str) -> bool:
        """Whether a text of the record is (of) the one that was mended."""
        if self.after not in text:
            return False
        if not self.whole:
            return len(text) > LONGEST
        return self.whole in text or text in self.whole


def drafts_of(importer: Importer, item: Item) -> Iterator[RecordDraft | ItemError]:
    """What an importer maps an item to, its texts mended before; each mended field is told once."""
    words: list[_Word] = []
    if _may_be_spoilt(item):
        raw = _unspoilt(item.raw, words)
        if words:
            item = replace(item, raw=raw)
    for each in importer.map(item):
        if isinstance(each, ItemError):
            yield each
            continue
        found = list(_found_again(each, words)) if words else []
        for mend in found:
            yield mending(item, mend.what, mend.field, mend.before, mend.after)
        yield each.model_copy(update={"mended": [*each.mended, *found]}) if found else each


def unspoilt(text: str) -> str:
    """A text without spoilt encodings and control characters, before it is cleaned."""
    return _CONTROLS.sub("", mended(text).translate(_C1))


def _unspoilt(value: Any, words: list[_Word]) -> Any:
    """JSON values, each text of them `unspoilt`; words: what was changed."""
    if isinstance(value, str):
        text = unspoilt(value)
        if text != value:
            whole = clean_line(text) if len(text) <= LONGEST else ""
            for before, after in _beside(_BLANK.split(value), _BLANK.split(text)):
                if before != after:
                    what = "controls" if _CONTROLS.sub("", before) == after else "encoding"
                    words.append(_Word(what, before, clean_line(after), whole))
        return text
    if isinstance(value, dict):
        return {
            key: each if key == "mended" else _unspoilt(each, words) for key, each in value.items()
        }
    if isinstance(value, list):
        return [_unspoilt(each, words) for each in value]
    return value


def _beside(before: list[str], after: list[str]) -> Iterable[tuple[str, str]]:
    """Words beside what became of them. Seldom a blank was part of a spoilt letter: then all
    between the first and the last word that changed counts as one."""
    if len(before) == len(after):
        return zip(before, after, strict=True)
    shorter = min(len(before), len(after))
    start = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    left = shorter - start
    end = next((n for n in range(left) if before[-1 - n] != after[-1 - n]), left)
    return [
        (" ".join(before[start : len(before) - end]), " ".join(after[start : len(after) - end]))
    ]


def _found_again(draft: RecordDraft, words: Iterable[_Word]) -> Iterator[Mended]:
    """Where the mended words of an item stand in its record: the first, and how many, by field."""
    texts = [(name, clean_line(text)) for name, text in texts_in(draft.canonical(), _AS_WRITTEN)]
    found: dict[tuple[str, str], list[_Word]] = {}
    for word in dict.fromkeys(word for word in words if word.after):
        # An importer may have taken the text apart, or HTML out of it: then the word alone counts.
        names = [name for name, text in texts if word.stands_in(text)]
        for name in names or [name for name, text in texts if word.after in text]:
            found.setdefault((name, word.what), []).append(word)
    for (name, what), those in found.items():
        before, after = _seen(those[0].before), shortened(those[0].after, LONGEST)
        yield Mended.model_validate({
            "field": name, "what": what, "before": before, "after": after, "times": len(those),
        })  # fmt: skip


def _seen(text: str) -> str:
    """A text as a person can see it, control characters written as escapes."""
    shown = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in shown)
