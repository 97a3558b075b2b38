"""Which encoding bytes are in: by byte order mark, by validity, else by evidence.

Among the old one-byte encodings nothing in the bytes says which; the letters that would come out
do. Each reading is judged by how well its letters fit the alphabet of one language.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GREEK: Final = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"
_CYRILLIC: Final = "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґђјљњћџѓќѝ"
_ALPHABETS: Final[dict[str, dict[str, str]]] = {
    "cp1252": {
        "de": "äöüß", "fr": "àâæçéèêëîïôœùûüÿ", "es": "áéíñóúü", "it": "àèéìîòóù",
        "pt": "áâãàçéêíóôõúü", "nl": "áäéèëïóöü", "sv": "åäöé", "da": "æøåé", "fi": "äöåšž",
        "et": "äöõüšž", "ga": "áéíóú", "is": "áðéíóúýþæö", "ca": "àçèéíïòóúü",
    },
    "cp1250": {
        "cs": "áčďéěíňóřšťúůýž", "sk": "áäčďéíĺľňóôŕšťúýž", "pl": "ąćęłńóśźż",
        "hu": "áéíóöőúüű", "ro": "ăâîşţ", "hr": "čćđšž", "sl": "čšž",
    },
    "cp1257": {"lv": "āčēģīķļņšūž", "lt": "ąčęėįšųūž", "et": "äöõüšž"},
    "iso8859-7": {"el": _GREEK},
    "cp1253": {"el": _GREEK},
    "cp1251": {"bg": _CYRILLIC, "sr": _CYRILLIC},
    "iso8859-2": {
        "cs": "áčďéěíňóřšťúůýž", "pl": "ąćęłńóśźż", "hu": "áéíóöőúüű", "sl": "čšž",
    },
    "cp1254": {"tr": "çğıİöşüâî"},
}  # fmt: skip
_WORD: Final = re.compile(r"[^\W\d_]+")
_TYPOGRAPHIC: Final = frozenset("–—‘’‚“”„†‡•…‰‹›€™ §©«»°·´®±²³¿¡½¼¾ªº×¬£¨΄―‛")
_SAMPLE: Final = 200_000


@dataclass(frozen=True, slots=True)
class Encoding:
    """name: for Python's codecs. note: what speaks against being sure, for people."""

    name: str
    note: str = ""


def encoding_of(data: bytes) -> Encoding:
    """The encoding of a whole text."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Encoding(name)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _without_mark(data)
    return _without_mark(data) if _is_utf16(data) else Encoding("utf-8")


def encoding_of_file(file: IO[bytes]) -> Encoding:
    """The encoding of a file from its beginning, read once through in bounded memory."""
    start = file.read(4)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return Encoding(name)
    decoder = codecs.getincrementaldecoder("utf-8")()
    valid, sample, pending = True, bytearray(), start
    while chunk := pending or file.read(1 << 16):
        pending = b""
        if valid:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                valid = False
        # Evidence is in lines with letters beyond ASCII, wherever in the file they are.
        if len(sample) < _SAMPLE and (not chunk.isascii() or b"\x00" in chunk):
            sample += chunk
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        valid = False
    if valid and not _is_utf16(bytes(sample)):
        return Encoding("utf-8")
    return _without_mark(bytes(sample))


def _without_mark(data: bytes) -> Encoding:
    sample = data[:_SAMPLE]
    if _is_utf16(sample):
        low_first = sample[1::2].count(0) > sample[::2].count(0)
        return Encoding("utf-16-le" if low_first else "utf-16-be")
    foreign = {byte for byte in sample if byte > 0x7F}
    if _mostly_utf8(sample):
        return Encoding("utf-8", "some bytes are not UTF-8; they are shown as �")
    scored = sorted(
        ((score, name) for name in _ALPHABETS if (score := _score(sample, name)) is not None),
        key=lambda pair: -pair[0],
    )
    if not scored:
        return Encoding("cp1252", "the encoding can't be told; read as cp1252")
    best_score, best = scored[0]
    if best_score < 0.6:
        return Encoding("cp1252", "the encoding can't be told; read as cp1252")
    rivals = [
        name
        for score, name in scored[1:]
        if score > best_score - 0.005 and _letters(foreign, name) != _letters(foreign, best)
    ]
    if best_score < 0.8 or rivals:
        other = f", perhaps {rivals[0]}" if rivals else ""
        return Encoding(best, f"the encoding can't be told for sure; read as {best}{other}")
    return Encoding(best)


def _is_utf16(data: bytes) -> bool:
    """Whether every other byte is often zero, and hardly ever the one beside it."""
    sample = data[:_SAMPLE]
    few, many = sorted((sample[::2].count(0), sample[1::2].count(0)))
    return len(sample) >= 4 and many > len(sample) // 8 and few < many // 4


def _mostly_utf8(sample: bytes) -> bool:
    """Whether most of the letters beyond ASCII are UTF-8: a file with some spoilt bytes.

    In another encoding hardly any two letters happen to be one of UTF-8's.
    """
    text = sample.decode("utf-8", "replace")
    spoilt = text.count("\ufffd")
    good = sum(1 for char in text if char > "\x7f") - spoilt
    return good > 2 * spoilt


def _letters(foreign: set[int], name: str) -> str:
    return bytes(sorted(foreign)).decode(name, "replace")


def _score(sample: bytes, name: str) -> float | None:
    """How well a reading fits one language, 0 to 1; None where it is impossible."""
    try:
        text = sample.decode(name)
    except UnicodeDecodeError:
        return None
    odd = sum(
        20 if char < "\xa0" else 1  # control characters speak loudest against a reading
        for char in text
        if char > "\x7f" and not char.isalpha() and char not in _TYPOGRAPHIC and char != "\xa0"
    )
    typographic = sum(1 for char in text if char in _TYPOGRAPHIC)
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    letters = [char for word in words for char in word if char > "\x7f"]
    if not letters:
        likely = 1.0 if name == "cp1252" else 0.5
        return likely * typographic / (odd + typographic or 1)
    mixed = sum(1 for word in words if _odd_case(word) or _mixed_script(word))
    fit = max(
        sum(1 for char in letters if char.lower() in alphabet or char in alphabet) / len(letters)
        for alphabet in _ALPHABETS[name].values()
    )
    return fit * (1 - mixed / len(words)) * len(letters) / (len(letters) + odd)


def _odd_case(word: str) -> bool:
    """Capitals after small letters, as bytes of another alphabet give."""
    return any(a.islower() and b.isupper() and b > "\x7f" for a, b in pairwise(word))


def _mixed_script(word: str) -> bool:
    scripts = {unicodedata.name(char, "?").split()[0] for char in word}
    return len(scripts & {"LATIN", "GREEK", "CYRILLIC"}) > 1


def decode(data: bytes) -> tuple[str, Encoding]:
    """A text and the encoding it was read in; bytes that it has no letter for become U+FFFD."""
    found = encoding_of(data)
    return data.decode(found.name, "replace"), found


def read_text(path: Path) -> tuple[str, Encoding]:
    """As `decode`, of a file."""
    return decode(path.read_bytes())
