"""A name taken apart: what is compared of it, and the further names that stand within it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from tessera.engine.analysis import folded
from tessera.schema.identity.words import SORTS, words

_FORMER = (
    r"formerly known as|formerly named|formerly|former name|former|previously|ehemals|ehem\.|früher"
    r"|vormals|vorm\.|anciennement|anc\.|già|precedentemente|antes|anteriormente|antiguamente"
    r"|antigo|dříve|drive|dříve jen|býv\.|predtým|korábban|volt|dawniej|poprzednio|prej|nekdanji"
    r"|bivši|bivša|ranije|fost|fosta|fostă|voorheen|tidigare|tidligere|entinen|endine|bijušais"
    r"|buvęs|anksčiau|ранее|преди|бивш|бивше|πρώην|ex"
)
"""What says in the languages of the field that what follows is a name of former days."""
_TODAY = (
    r"now known as|now|today|since|renamed|jetzt|nunmehr|heute|maintenant|désormais|ora|oggi|ahora"
    r"|agora|nyní|teraz|obecnie|jelenleg|most|sedaj|zdaj|sada|acum|nu|thans|nykyisin|praegu|tagad"
    r"|dabar|сега|νυν"
)
_UNTIL = re.compile(
    r"\((?:until|till|before|bis|bis zum|jusqu'au|hasta|fino al|do|até|până la|до|tot|til|till"
    r"|kuni|līdz|iki|έως)\s+"
    r"(?P<day>\d{1,2})[./-]\s?(?P<month>\d{1,2})[./-]\s?(?P<year>\d{4})\s*[,:;]?\s*"
    rf"(?:(?:{_FORMER})\s*[:,]?\s+)?"
    r"(?P<name>.*?)['’\"]?\)?\s*$",
    re.IGNORECASE,
)
_FORMERLY = re.compile(
    rf"\(\s*(?:{_FORMER})(?:(?<=\.)|\b)\s*[:,]?\s*(?P<name>[^()]+)\)", re.IGNORECASE
)
_NOW = re.compile(rf"\(\s*(?:{_TODAY})\s*[:,]?\s+(?P<name>[^()]+)\)", re.IGNORECASE)
_ENDING = re.compile(
    r"[\s,;(\[–-]+(?:(?<=\s)i\.\s?L\.|in liqu(?:idation|\.)?|in abwicklung|in insolvenz|v likvidaci"
    r"|v likvidácii|v konkurze|w likwidacji|w upadłości|en liquidation|en liquidación"
    r"|em liquidação|in liquidazione|in fallimento|în lichidare|in lichidare|u likvidaciji"
    r"|v likvidaciji|u stečaju|v stečaju|felszámolás alatt|végelszámolás alatt|in vereffening"
    r"|in liquidatie|i likvidation|under likvidation|under afvikling|selvitystilassa"
    r"|konkurssipesä|likvideerimisel|likvidējam[aā]|likviduojama|в ликвидация"
    r"|в несъстоятелност|υπό εκκαθάριση)[\s.)\]]*$",
    re.IGNORECASE,
)
"""That an organisation is being wound up: it is still the same one."""
_BRACKETED = re.compile(r"[(\[]\s*([^()\[\]]{2,16})\s*[)\]]")
_LEADING = re.compile(r"^([^\W\d_][\w&./]{1,11})\s+[-–—]\s+(?=\S+\s+\S)")
_TRAILING = re.compile(r"\s[-–—,]\s+([^\W\d_][\w&./]{1,11})\s*$")


@dataclass(frozen=True, slots=True)
class Alias:
    """A further name in a name; until: the last day on which it held, where that is stated.

    former: whether it holds no more.
    """

    name: str
    until: date | None = None
    former: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A name without its notes. acronyms: folded. aliases: former and other names in it."""

    name: str
    acronyms: frozenset[str] = frozenset()
    aliases: tuple[Alias, ...] = ()


@lru_cache(maxsize=50_000)
def parsed(written: str) -> Parsed:
    """Take a name as written apart; what can't be read of a note stays in the name.

    `parsed("SPRI - Agency (until 12/11/2018, SPRI - Society)")` has the alias "SPRI - Society"
    until 2018-11-12 and the acronym "spri".
    """
    name, aliases = " ".join(written.split()), []
    dated = _UNTIL.search(name)
    if dated and (until := _day(dated)) and dated["name"].strip():
        aliases.append(Alias(dated["name"].strip(" '’\""), until, True))
        name = name[: dated.start()].strip()
    for note in _FORMERLY.finditer(name):
        aliases.append(Alias(note["name"].strip(), None, True))
    name = _FORMERLY.sub(" ", name)
    for note in _NOW.finditer(name):
        # One that begins with a number is a date, or says since when something is so.
        if not note["name"].strip()[:1].isdigit():
            aliases.append(Alias(note["name"].strip()))
            name = name.replace(note[0], " ")
    name = _ENDING.sub("", " ".join(name.split())) or name
    acronyms = set()
    for inner in _BRACKETED.findall(name):
        if _is_acronym(inner):
            acronyms.add(folded(inner).replace(" ", ""))
            name = name.replace(f"({inner})", " ").replace(f"[{inner}]", " ")
    for pattern in (_LEADING, _TRAILING):
        found = pattern.search(name)
        rest = name[: found.start()] + " " + name[found.end() :] if found else ""
        if found and _is_acronym(found[1]) and (not name.isupper() or _initials(found[1], rest)):
            acronyms.add(folded(found[1]).replace(" ", ""))
            name = rest.strip()
    name = " ".join(name.split()).strip(" ,;-–")
    return Parsed(name or written.strip(), frozenset(acronyms - {""}), tuple(aliases))


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _is_acronym(text: str) -> bool:
    """Mostly capitals, and no legal form: CNRS, MŠVVaŠ, but neither GmbH nor Wien."""
    letters = [char for char in text if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    if len(letters) < 2 or capitals < 2 or capitals < 0.6 * len(letters) or text.count(" ") > 1:
        return False
    return tuple(folded(text).split()) not in words().legal


def _initials(acronym: str, rest: str) -> bool:
    """Whether all letters of an acronym begin words of the rest, in their order: in a name that
    is all in capitals, its first word (RIOPELE - TÊXTEIS) looks like one, too."""
    begins = iter(word[0] for word in folded(rest).split())
    return all(letter in begins for letter in folded(acronym).replace(" ", ""))


@dataclass(frozen=True, slots=True)
class Name:
    """What is compared of a name. All words are folded, generic ones and towns in one language.

    plain: all words as written. words: without legal forms and small words, in their order.
    sorts: what the organisation is (see SORTS). legal: its legal forms. own: the words that are
    not generic.
    """

    plain: str
    words: tuple[str, ...]
    sorts: frozenset[str]
    legal: frozenset[str]
    own: frozenset[str]

    @property
    def key(self) -> str:
        """The same for names that have the same words in any order."""
        return " ".join(sorted(self.words))


@lru_cache(maxsize=50_000)
def compared(text: str) -> Name:
    """What is compared of one name, without notes (see `parsed`)."""
    table = words()
    plain = folded(text)
    rest = plain.split()
    found: list[str] = []
    legal: set[str] = set()
    meant: set[str] = set()
    place = 0
    while place < len(rest):
        for length in range(min(table.longest, len(rest) - place), 0, -1):
            phrase = tuple(rest[place : place + length])
            if phrase in table.meant and not (length == 1 and phrase[0] in table.small):
                found.append(table.meant[phrase])
                meant.add(table.meant[phrase])
                break
            # A legal form stands behind a name or before it, neither alone nor before what it
            # is a part of (Bath Spa University).
            after = table.meant.get(tuple(rest[place + length : place + length + 1]), "")
            if phrase in table.legal and (
                len(rest) > length and (place or length > 1) and after not in SORTS
            ):
                legal.add(table.legal[phrase])
                break
        else:
            length = 1
            if rest[place] not in table.small:
                found.append(rest[place])
        place += length
    if not meant & SORTS:
        # In a firm's name, a small word may be what tells it from another one (DA TRANS).
        found = _with_small(rest, found, table.small)
    kept = tuple(found) or tuple(rest)
    return Name(plain, kept, frozenset(meant & SORTS), frozenset(legal),
                frozenset(set(kept) - table.generic))  # fmt: skip


def _with_small(rest: list[str], found: list[str], small: frozenset[str]) -> list[str]:
    """The words found, with the first words of the name that were left out as small ones."""
    first = []
    for word in rest:
        if word not in small:
            break
        first.append(word)
    return first + found
