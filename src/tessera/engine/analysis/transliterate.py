"""Greek and Cyrillic words in Latin letters.

Greek by ELOT 743 (its transcription), Bulgarian by the Transliteration Act of 2009, Serbian and
Macedonian by their own Latin letters, Ukrainian by the rules of 2010, Russian as in passports.
The functions take lower-case NFC words; letters of other scripts pass through unchanged.
"""

from __future__ import annotations

import re
import unicodedata

_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_CYRILLIC = re.compile("[\u0400-\u052f]")

_TONOS = "\u0301\u0300\u0342"
_DIALYTIKA = "\u0308"
_WITHOUT_MARKS = str.maketrans("", "", _TONOS + _DIALYTIKA)


def _table(pairs: str) -> dict[int, str]:
    """A translation table from `α=a β=v`; a letter with nothing after its = is left out."""
    return str.maketrans(dict(pair.split("=") for pair in pairs.split()))


_GREEK_LETTERS = _table(
    "α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f"
    " χ=ch ψ=ps ω=o"
)
_GREEK_BY_EAR = _GREEK_LETTERS | _table("υ=i χ=h")

_GREEK_PAIRS = re.compile("[αεη]υ(?P<voiced>(?=[αεηιουωβγδζλμνρ]))?|ου|γγ|γξ|γχ|^μπ|μπ$")
_GREEK_PAIRS_BY_EAR = re.compile(
    "[αεη]υ(?P<voiced>(?=[αεηιουωβγδζλμνρ]))?|ου|[εου]ι|αι|γγ|γξ|γχ|γκ|μπ|^ντ"
)
_PAIRS = {"ου": "ou", "γγ": "ng", "γξ": "nx", "γχ": "nch", "μπ": "b"}
_PAIRS_BY_EAR = _PAIRS | {
    "αι": "e", "ει": "i", "οι": "i", "υι": "i", "γχ": "nh", "γκ": "g", "ντ": "d"
}  # fmt: skip

_BULGARIAN = _table(
    "а=a б=b в=v г=g д=d е=e ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=h"
    " ц=ts ч=ch ш=sh щ=sht ъ=a ь=y ю=yu я=ya"
    # letters that Bulgarian has not
    " ы=y э=e ё=e і=i ї=i є=ie ґ=g ў=u ј=j љ=lj њ=nj ћ=ć ђ=đ џ=dž ѓ=gj ќ=kj ѕ=dz ѝ=i"
)
_SERBIAN = _BULGARIAN | _table("ж=ž ч=č ш=š ц=c й=j ю=ju я=ja щ=šč ъ= ь=")
_RUSSIAN = _BULGARIAN | _table("х=kh щ=shch ъ= ь=")
_UKRAINIAN = _RUSSIAN | _table("г=h и=y й=i є=ie ї=i ю=iu я=ia")
_UKRAINIAN_FIRST = {"й": "y", "є": "ye", "ї": "yi", "ю": "yu", "я": "ya"}

_CYRILLIC_LANGUAGES = frozenset({"be", "bg", "mk", "ru", "sr", "uk"})

_SERBIAN_ONLY = re.compile("[јљњћђџѓќѕ]")
_UKRAINIAN_ONLY = re.compile("[іїєґ]")
_RUSSIAN_ONLY = re.compile("[ыэё]")


def has_greek(word: str) -> bool:
    return not word.isascii() and _GREEK.search(word) is not None


def has_cyrillic(word: str) -> bool:
    return not word.isascii() and _CYRILLIC.search(word) is not None


def greek(word: str) -> tuple[str, ...]:
    """Latin spellings, the official one first; then the one by ear (`iraklio`) if it differs."""
    apart = unicodedata.normalize("NFD", word)
    bare = apart.translate(_WITHOUT_MARKS)
    found = [_elot(bare), _by_ear(bare)]
    if _DIALYTIKA in apart:
        # A dialytika says that two vowels are no pair (Ταΰγετος is taygetos); it is often left
        # out in capitals, so that both readings count.
        split = re.sub(f"υ[{_TONOS}]?{_DIALYTIKA}[{_TONOS}]?", "y", apart)
        found.append(_elot(split.translate(_WITHOUT_MARKS)))
    return tuple(dict.fromkeys(found))


def _elot(bare: str) -> str:
    return _GREEK_PAIRS.sub(lambda pair: _pair(pair, _PAIRS), bare).translate(_GREEK_LETTERS)


def _by_ear(bare: str) -> str:
    paired = _GREEK_PAIRS_BY_EAR.sub(lambda pair: _pair(pair, _PAIRS_BY_EAR), bare)
    return paired.translate(_GREEK_BY_EAR)


def _pair(match: re.Match[str], pairs: dict[str, str]) -> str:
    pair = match[0]
    if pair in pairs:
        return pairs[pair]
    return pair[0] + ("v" if match["voiced"] is not None else "f")


def cyrillic(word: str, lang: str | None) -> tuple[str, ...]:
    """Latin spellings; the Bulgarian one is always the first, so that all readings meet in it.

    lang: the language of the text. Another than those written in Cyrillic says nothing on the
    reading of a Cyrillic word, and so gives all.
    """
    found = [_bulgarian(word)]
    known = lang in _CYRILLIC_LANGUAGES
    if not known or lang in ("sr", "mk") or _SERBIAN_ONLY.search(word):
        found.append(word.translate(_SERBIAN))
    if not known or lang in ("uk", "be") or _UKRAINIAN_ONLY.search(word):
        found.append(_ukrainian(word))
    if not known or lang in ("ru", "be") or _RUSSIAN_ONLY.search(word):
        found.append(word.translate(_RUSSIAN))
    return tuple(dict.fromkeys(found))


def _bulgarian(word: str) -> str:
    # The Act writes a final ия as ia (София is Sofia), and иya elsewhere.
    stem = f"{word[:-1]}a" if word.endswith("ия") else word
    return stem.translate(_BULGARIAN)


def _ukrainian(word: str) -> str:
    first = _UKRAINIAN_FIRST.get(word[:1])
    return (first + word[1:].translate(_UKRAINIAN)) if first else word.translate(_UKRAINIAN)
