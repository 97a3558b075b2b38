"""Passages that show why a document matched.

Works on the texts as stored with a hit, with the same terms as the index, so that what is marked
is what matched. Reads each text once; words seen before cost one dictionary look-up.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tessera.engine import plan as plans
from tessera.engine.analysis import name_parts, parts_among, prefix_key
from tessera.engine.analysis.words import WORD
from tessera.engine.document import Text
from tessera.engine.fields import IndexSchema, TextField
from tessera.engine.matches import Match, Wanted, matches_in, wanted_by
from tessera.engine.result import Highlight

ENOUGH = 100_000
"""Characters of a document after which the best passage so far will do, if there is one."""
MAX_ATTACHED = 40
"""Characters written together with a match, without a blank, that are shown with it at most."""

_ELLIPSIS = "…"
_LONG = 20_000
_BLANK = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"(?<=[.!?;…])\s+|\n\s*")


@dataclass(frozen=True, slots=True)
class _Passage:
    """The stretch of a text around its densest matches. worth: compared between passages."""

    field: TextField
    text: Text
    first: int
    last: int
    worth: tuple[int, bool, float]


def highlight(
    plan: plans.PlanNode,
    texts: Mapping[str, Sequence[Text]],
    schema: IndexSchema,
    lang: str = "",
    width: int = 240,
    *,
    others: bool = False,
) -> tuple[Highlight, ...]:
    """The best passage, then each name (field with `parts`) in which something matched, in full.

    lang: the reader's language, preferred at equal worth. width: of a passage, in characters;
    a word is never cut, unless it alone is longer than that. Empty where no text matched.
    others: where something matched in what others say of the document (a field that is not its
    own), the best passage of that comes before all others.
    """
    wanted = wanted_by(plan)
    if not wanted.bits:
        return ()
    names: list[Highlight] = []
    own = [text_field for text_field in schema.texts if text_field.own]
    for text_field in own:
        if text_field.parts:
            names += _name(wanted, text_field, texts.get(text_field.name, ()), lang)
    reading = _Reading(wanted, lang, width, found=bool(names))
    for text_field in own:
        if text_field.passages and not text_field.parts:
            reading.read(text_field, texts.get(text_field.name, ()))
    if not reading.found:
        # Fields that passages are not normally taken from, rather than no reason at all.
        for text_field in own:
            if not text_field.passages and not text_field.parts:
                reading.read(text_field, texts.get(text_field.name, ()))
    found = [reading.best]
    if others and len(own) < len(schema.texts):
        said = _Reading(wanted, lang, width, found=False)
        for text_field in schema.texts:
            if not text_field.own:
                said.read(text_field, texts.get(text_field.name, ()))
        found.insert(0, said.best)
    return (*(_shown(wanted, each, width) for each in found if each is not None), *names)


@dataclass(slots=True)
class _Reading:
    """Looks for the best passage. found: there is something to show already, if only a name.

    left: characters that are still read for something better.
    """

    wanted: Wanted
    lang: str
    width: int
    found: bool
    left: int = ENOUGH
    best: _Passage | None = None

    def read(self, text_field: TextField, stored: Sequence[Text]) -> None:
        for text in sorted(stored, key=lambda text: text.lang != self.lang):
            if self.found and self.left <= 0:
                return
            window = self._window(text)
            if window is None:
                continue
            first, last, answered = window
            worth = (answered, text.lang == self.lang, text_field.weight)
            if self.best is None or worth > self.best.worth:
                self.best = _Passage(text_field, text, first, last, worth)
            self.found = True

    def _window(self, text: Text) -> tuple[int, int, int] | None:
        """Start and end of the first stretch in which most is matched, and how much that is."""
        begin = _first_hit(self.wanted, text)
        if begin is None:
            self.left -= len(text.text) // 10  # only looked over
            return None
        last_start: dict[int, int] = {}
        most = self.wanted.all.bit_count()
        best: tuple[int, int, int] | None = None
        end = len(text.text)
        for match in matches_in(self.wanted, text.text, text.lang, begin):
            for bit in _each(match.wanted):
                last_start[bit] = match.start
            if best is None or len(last_start) > best[2]:
                near = [start for start in last_start.values() if start >= match.end - self.width]
                if best is None or len(near) > best[2]:
                    best = (min(near, default=match.start), match.end, max(len(near), 1))
            if best[2] == most or match.end - begin > self.left:
                end = match.end
                break
        self.left -= end - begin
        return best


def _first_hit(wanted: Wanted, text: Text) -> int | None:
    """A place before which nothing matches; None where no word of the text does.

    In a long text most words come again and again, so that to look at each distinct one first
    takes a fraction of the time of reading on.
    """
    if len(text.text) < _LONG:
        return 0
    seen = wanted.words_seen(text.lang)
    for found in WORD.finditer(text.text, 0, _LONG):
        word = found[0]
        bits = seen.get(word)
        if bits is None:
            bits = seen[word] = wanted.of_word(word, text.lang)
        if bits > 0:
            return found.start()
    first = len(text.text)
    for chunk in set(text.text.split()):
        if any(wanted.of_word(piece, text.lang) > 0 for piece in WORD.findall(chunk)):
            first = _first_chunk(text.text, chunk, first)
    return first if first < len(text.text) else None


def _first_chunk(text: str, chunk: str, before: int) -> int:
    """Where a chunk between blanks first begins, if that is before `before`."""
    at = text.find(chunk, 0, before)
    while at > 0 and not text[at - 1].isspace():
        at = text.find(chunk, at + 1, before)
    return before if at < 0 else at


@lru_cache(1 << 12)
def _each(bits: int) -> tuple[int, ...]:
    """The single bits of a number."""
    return tuple(1 << at for at in range(bits.bit_length()) if bits >> at & 1)


def _shown(wanted: Wanted, passage: _Passage, width: int) -> Highlight:
    text = passage.text.text
    start, end = _bounds(text, passage.first, passage.last, width)
    matches = list(matches_in(wanted, text, passage.text.lang, start, end))
    if end - start > 2 * width:
        end = start + width  # a single word, or run of data, that is longer than a passage
    before = f"{_ELLIPSIS} " if text[:start].strip() else ""
    after = f" {_ELLIPSIS}" if text[end:].strip() else ""
    marked = f"{before}{_marked(text, matches, start, end)}{after}"
    return Highlight(passage.field.name, marked, passage.text.lang, passage.text.label)


def _bounds(text: str, first: int, last: int, width: int) -> tuple[int, int]:
    """Where to cut a text around a stretch, at blanks, for a passage of about `width`."""
    spare = max(width - (last - first), 0)
    start = _sentence_start(text, first, spare * 2 // 3)
    if start is None:
        reach = max(spare // 3, spare - (len(text) - last))
        start = _word_start(text, first, reach)
    end = _word_end(text, last, max(width - (last - start), 0))
    while start < first and text[start].isspace():
        start += 1
    while end > last and text[end - 1].isspace():
        end -= 1
    return start, end


def _sentence_start(text: str, first: int, reach: int) -> int | None:
    """The beginning of the sentence that holds `first`, if it is at most `reach` away."""
    if first <= reach:
        return 0
    ends = [match.end() for match in _SENTENCE_END.finditer(text, first - reach, first)]
    return ends[-1] if ends else None


def _word_start(text: str, first: int, reach: int) -> int:
    """The first word that begins at most `reach` before `first`."""
    if first <= reach:
        return 0
    blank = _BLANK.search(text, first - reach - 1, first)
    if blank is not None:
        return blank.end()
    return _run_start(text, first)


def _run_start(text: str, first: int) -> int:
    """What is written together with the word at `first`, if it is short."""
    for at in range(first, max(first - MAX_ATTACHED, 0), -1):
        if text[at - 1].isspace():
            return at
    return first if first > MAX_ATTACHED else 0


def _word_end(text: str, last: int, reach: int) -> int:
    """The last word that ends at most `reach` after `last`."""
    if len(text) - last <= reach:
        return len(text)
    blanks = [match.start() for match in _BLANK.finditer(text, last, last + reach + 1)]
    if blanks:
        return blanks[-1]
    blank = _BLANK.search(text, last, last + MAX_ATTACHED)
    if blank is not None:
        return blank.start()
    return len(text) if len(text) - last < MAX_ATTACHED else last


def _name(
    wanted: Wanted, text_field: TextField, stored: Sequence[Text], lang: str
) -> list[Highlight]:
    """The text of a name field in which most matched, whole; none where nothing did."""
    best: tuple[tuple[int, bool], Text, list[Match]] | None = None
    for text in stored:
        matches = _name_matches(wanted, text)
        answered = 0
        for match in matches:
            answered |= match.wanted
        worth = (answered.bit_count(), text.lang == lang)
        if matches and (best is None or worth > best[0]):
            best = (worth, text, matches)
    if best is None:
        return []
    _, text, matches = best
    marked = _marked(text.text, matches, 0, len(text.text))
    return [Highlight(text_field.name, marked, text.lang, text.label)]


def _name_matches(wanted: Wanted, text: Text) -> list[Match]:
    matches = list(matches_in(wanted, text.text, text.lang))
    if not wanted.parts and not wanted.prefixes:
        return matches
    if wanted.prefixes:
        keys = name_parts(text.text, text.lang)
    else:
        keys = parts_among(text.text, text.lang, wanted.parts.keys())
    by_part = wanted.of_name(keys)
    if not by_part:
        return matches
    for found in WORD.finditer(text.text):
        bits = wanted.of_name(_word_keys(found[0]) & keys)
        if bits:
            matches.append(Match(found.start(), found.end(), bits))
            by_part &= ~bits
    for key, bit in wanted.parts.items():
        if by_part & bit and key in keys:
            matches.append(_glued(text.text, key, bit))
    return matches


_word_keys = lru_cache(1 << 12)(name_parts)


def _glued(name: str, key: str, bit: int) -> Match:
    """The words from the beginning of a name that make up a key together."""
    start, end, length = -1, 0, 0
    for found in WORD.finditer(name):
        start = found.start() if start < 0 else start
        end = found.end()
        length += len(prefix_key(found[0]))
        if length >= len(key):
            break
    return Match(max(start, 0), end, bit)


def _marked(text: str, matches: list[Match], start: int, end: int) -> str:
    """A stretch of text as HTML, matches in <mark>; those that overlap share one."""
    pieces = []
    at = start
    for first, last in _merged(matches):
        first, last = max(first, start), min(last, end)
        if first < last:
            pieces.append(html.escape(text[at:first]))
            pieces.append(f"<mark>{html.escape(text[first:last])}</mark>")
            at = last
    pieces.append(html.escape(text[at:end]))
    return "".join(pieces)


def _merged(matches: list[Match]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for match in sorted(matches, key=lambda match: match.start):
        if merged and match.start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], match.end))
        else:
            merged.append((match.start, match.end))
    return merged
