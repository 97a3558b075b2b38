"""Texts that were UTF-8 and were read as something else ("J√∂ckel", "beneficiariesâ€™"), put right.

Only what is certain is repaired; the rule is in docs/decisions/mojibake.md. A sequence of signs is
replaced by the letter whose UTF-8 bytes they are in an old encoding, if that letter is one that
European languages use, fits the word it stands in, and the signs could hardly be meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

_LETTERS: Final = frozenset(
    "áàâäãåāăąæćĉċčçďđðéèêëēėęěğģġħíìîïīįıķĺľļłńňñņŋóòôöõøőœŕřŗśšşșßťţțþúùûüůūűųŵýÿŷźżž"
    "ÁÀÂÄÃÅĀĂĄÆĆĈĊČÇĎĐÐÉÈÊËĒĖĘĚĞĢĠĦÍÌÎÏĪĮİĶĹĽĻŁŃŇÑŅŊÓÒÔÖÕØŐŒŔŘŖŚŠŞȘẞŤŢȚÞÚÙÛÜŮŪŰŲŴÝŸŶŹŻŽ"
    "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰΪΫΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏ"
    "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґђјљњћџАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЇЄҐЂЈЉЊЋЏ"
)
_SIGNS: Final = frozenset(
    "–—‘’‚“”„†‡•…‰‹›€™\xa0§©«»°·´®±²³¿¡½¼¾ªº×÷¬¢£¥µ¶−≤≥≈≠√∞→←↔▪●■◦✓✔ﬁﬂ\xad"
    "\u2002\u2003\u2009\u200b\u200c\u200d\u2010\u2011\u2012\u2028\u202f\u2060\ufeff"
)
_AFTER_A_WORD: Final = frozenset("–—‘’“”„…»›«‹•™\xa0")
"""What may follow a letter in a text that is as it should be."""
_MATHS: Final = frozenset("√¬≈∆ƒ")
"""What Mac Roman makes of the first bytes of most letters; none of it is written in a word."""

ENCODINGS: Final = ("cp1252", "mac_roman", "cp1250")
"""What UTF-8 was read as; the first that explains a place is taken."""
MAX_ROUNDS: Final = 3
"""How often over a text was read wrongly, at most."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """byte_of: character -> its byte. sequences: what could be UTF-8. leads: first characters."""

    byte_of: Mapping[str, int]
    sequences: re.Pattern[str]


def signs() -> tuple[str, str]:
    """The characters that a spoilt letter may begin with, and those that may follow it."""
    bytes_of = [pair for encoding in ENCODINGS for pair in _reading(encoding).byte_of.items()]
    first = {char for char, byte in bytes_of if 0xC2 <= byte <= 0xEF}
    return "".join(sorted(first)), "".join(
        sorted({char for char, byte in bytes_of if 0x80 <= byte <= 0xBF})
    )


@cache
def _reading(encoding: str) -> _Reading:
    byte_of: dict[str, int] = {}
    for byte in range(0x80, 0x100):
        try:
            char = bytes([byte]).decode(encoding)
        except UnicodeDecodeError:
            char = chr(byte)  # what cp1252 has no character for is passed through by most readers
        byte_of[char] = byte
    if encoding == "cp1252":
        for byte in range(0x80, 0xA0):
            byte_of.setdefault(chr(byte), byte)

    def those(first: int, last: int) -> str:
        found = (char for char, byte in byte_of.items() if first <= byte <= last)
        return "[" + "".join(map(re.escape, found)) + "]"

    more = those(0x80, 0xBF)
    pattern = f"{those(0xC2, 0xDF)}{more}|{those(0xE1, 0xEF)}{more}{more}"
    return _Reading(byte_of, re.compile(pattern))


def mended(text: str) -> str:
    """The text as it was meant; itself where nothing is certain.

    `mended("J√∂ckel") == "Jöckel"`, `mended("LOGROÃ‘O") == "LOGROÑO"`.
    """
    if text.isascii():
        return text
    for _ in range(MAX_ROUNDS):
        before = text
        for encoding in ENCODINGS:
            text = _once(text, encoding)
        if text == before:
            break
    return text


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    meant: str
    certain: bool


def _once(text: str, encoding: str) -> str:
    reading = _reading(encoding)
    places = [
        place
        for match in reading.sequences.finditer(text)
        if (place := _place(text, match, reading, encoding)) is not None
    ]
    places = _chained(places)
    certain = [place for place in places if place.certain]
    if not certain:
        return text
    # With one place certain, the text was read wrongly: others follow, unless their first letter
    # also stands where it can only be a letter.
    taken = {place.start for place in places}
    alone = {char for at, char in enumerate(text) if char in reading.byte_of and at not in taken}
    kept = [place for place in places if place.certain or text[place.start] not in alone]
    parts, at = [], 0
    for place in kept:
        parts += [text[at : place.start], place.meant]
        at = place.end
    return "".join([*parts, text[at:]])


def _chained(places: list[_Place]) -> list[_Place]:
    """Two such places side by side are certain: no word has that by chance."""
    ends = {place.end for place in places}
    starts = {place.start for place in places}
    return [
        replace(place, certain=True)
        if not place.certain and (place.start in ends or place.end in starts)
        else place
        for place in places
    ]


def _place(text: str, match: re.Match[str], reading: _Reading, encoding: str) -> _Place | None:
    found = match.group()
    try:
        meant = bytes(reading.byte_of[char] for char in found).decode("utf-8")
    except UnicodeDecodeError:
        return None
    if meant not in _LETTERS and meant not in _SIGNS:
        return None
    before = text[match.start() - 1 : match.start()]
    after = text[match.end() : match.end() + 1]
    if meant in _LETTERS and not _fits(
        meant, text[max(0, match.start() - 2) : match.start()], after
    ):
        return None
    if found[0] == "≈" and (before + after).strip(" ").isdigit():
        return None  # "≈±5" is mathematics
    if len(found) == 3:
        certain = encoding != "mac_roman" or found[0] in "‚ÔÓ"
    elif encoding == "mac_roman":
        certain = found[0] in _MATHS
        if not certain and found[0] not in "ŒœÀÃÕ":  # of Greek and Cyrillic
            return None
    else:
        last = found[1]
        certain = not last.isalpha() and last not in _AFTER_A_WORD
        certain = certain or (found[0].isupper() and before.islower())
        certain = certain or ord(last) < 0xA0 or last in "ªº"
    return _Place(match.start(), match.end(), meant, certain)


def _fits(letter: str, before: str, after: str) -> bool:
    """Whether a letter may stand there: no odd change of case among letters that are in order."""
    if not before.isascii() or not after.isascii():
        return True
    if letter.isupper() and before[-1:].islower():
        return False
    shouted = len(before) == 2 and before.isalpha() and before.isupper() and not after.islower()
    return not (shouted and letter.islower() and letter != "ß")
