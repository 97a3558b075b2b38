"""Light stems of languages that Snowball lacks: their endings taken off by rules of grammar.

Light: the cases, numbers, genders and articles of nouns and adjectives, comparatives, and the
changes of sound that go with them. Verbs and derivations are left alone but where an ending
serves both. How well that does against a lemma dictionary stands in docs/reference/analysis.md.

A stem is a key, not a word: a change of sound that only some words undergo (a vowel that is lost,
a k that becomes c) is undone in all words alike, so that all forms of a word meet.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tessera.engine.analysis.fold import unmarked


class _Step:
    """Endings to take off, the longest that fits, with what stands in their place."""

    def __init__(self, endings: str, least: int = 3) -> None:
        """endings: as in `om ami oscu=ost`. least: letters that must be left."""
        pairs = (item.partition("=") for item in endings.split())
        self.endings = {ending: instead for ending, _, instead in pairs}
        self.longest = max(map(len, self.endings), default=0)
        self.least = least

    def off(self, word: str) -> str:
        endings = self.endings
        for length in range(min(self.longest, len(word) - self.least), 0, -1):
            instead = endings.get(word[-length:])
            if instead is not None:
                return word[:-length] + instead
        return word


_NOTHING = _Step("")


class _Rules(NamedTuple):
    """How the words of a language become stems, in this order.

    articles: those that are written at the end of a word.
    endings: of case, number, and gender.
    again: what an ending begins with may also be the end of a stem (system is no dative); so
    that all forms of such a word meet, it is taken off all of them.
    more: the end of comparatives. most: what superlatives have before it, too.
    lost: a vowel between the last two consonants, which many forms lack.
    last: changes of the last consonants.
    """

    endings: _Step
    articles: _Step = _NOTHING
    again: _Step = _NOTHING
    more: _Step = _NOTHING
    most: str = ""
    lost: re.Pattern[str] | None = None
    last: _Step = _NOTHING

    def stem(self, word: str) -> str:
        if self.articles.longest:
            word = self.articles.off(word)
        word = self.endings.off(word)
        if self.again.longest:
            word = self.again.off(word)
        if self.more.longest:
            compared = self.more.off(word)
            if compared != word:
                most = len(self.most)
                long = len(compared) >= most + 3 and compared.startswith(self.most)
                word = compared[most:] if long else compared
        if self.lost:
            word = self.lost.sub("", word)
        return self.last.off(word)


def _lost(vowels: str, consonants: str, last: str) -> re.Pattern[str]:
    """A vowel that may be lost between the last two consonants of a word."""
    return re.compile(f"(?<=.[{consonants}])(?:{vowels})(?=[{last}]$)")


_LATIN = "bcdfghjklmnprstvzxq"
_CYRILLIC = "бвгджзйклмнпрстфхцчшщ"

_CROATIAN = _Rules(
    _Step(
        "a e i o u om em im ih og oj eg am ama ima ovi evi ova eva ove eve ovima evima oga ome omu"
        " ega emu oscu=ost"
    ),
    again=_Step("om em ov ev", 4),
    more=_Step("ij", 4),
    most="naj",
    lost=_lost("a", _LATIN, "bcdgkllmnprstvz"),
    last=_Step("c=k tk=k dk=k", 3),
)
_SLOVENE = _Rules(
    _Step(
        "a e i o u om em ov ih im am ami ama oma ema ah eh imi ima ega emu ju jem jema"
        " jev=j cev=c sev=s zev=z"
    ),
    again=_Step("em om ov im am j", 4),
    more=_Step("ejs", 4),
    most="naj",
    lost=_lost("e", _LATIN, "bcdgkllmnprstvz"),
)
_SLOVAK = _Rules(
    _Step(
        "a e i o u y ie ia iu ii om ou am mi im ym ej ov ovi ovia och ach ich ych ami iam iach"
        " iami iou eho emu ieho iemu imi ymi ho mu om em ata ati atami"
    ),
    again=_Step("om em am im ym", 4),
    more=_Step("s ejs", 4),
    most="naj",
    lost=_lost("ie|e|o", _LATIN, "cknrlmvb"),
)
_LATVIAN = _Rules(
    _Step(
        "s a e i o u am as ai em es ei im is um us os ie iem ais ajam ajai aja ajo ajiem ajos"
        " ajas iet ij"
    ),
    again=_Step("aj im", 4),
    more=_Step("ak", 4),
    most="vis",
    last=_Step("pj=p bj=b mj=m vj=v ies=iet", 2),
)
_BULGARIAN = _Rules(
    _Step("а я и е о й ь ия ии ие ио ий ове еве ьо йо"),
    articles=_Step(
        "ата=а ята=я ите=и ете=е овете=ове ото=о ето=е ият= стта=ст щта=щ лта=л вта=в зта=з ът="
        " ят=",
        2,
    ),
    again=_Step("ат", 4),
    lost=_lost("ъ|е", _CYRILLIC, "бвгджзклмнпрстцч"),
    last=_Step("ц=к", 3),
)
_MACEDONIAN = _Rules(
    _Step("а и е о ј ја ји је ии ови еви ија ии ија иња ње"),
    articles=_Step(
        "иот=и от= ата=а ита=и ите=и ето=е ото=о ево=е ово=о стта=ст ста=ст овите=ови шта=ш лта=л",
        2,
    ),
    again=_Step("ов", 4),
    lost=_lost("ъ|е", _CYRILLIC, "бвгджзклмнпрстцч"),
    last=_Step("ц=к", 3),
)
_UKRAINIAN = _Rules(
    _Step(
        "а я у ю о е є и і ї ь й ом ем єм ям ам ою ею єю ові еві єві ами ями ах ях ів їв ей ий"
        " ій ої їй ого ього ому ьому им ім їм их іх їх ими іми їми ию ія ії ії ією іях іям іями"
        " іє"
    ),
    again=_Step("ь ом ем ам им", 4),
    lost=_lost("е|о|і", _CYRILLIC, "бвгджзклмнпрстцч"),
    last=_Step("ц=к лл=л чч=ч", 3),
)
_MALTESE = _Rules(_Step("a e i o u ijiet jiet iet at in ija iji"), last=_Step("c=k", 2))
_ALBANIAN = _Rules(
    _Step(
        "a e i u n s in un it ut et at se ve ja je te en es ne eve ave uar ure"
        " ite ete ate jes jen jet jeve ise nave"
    ),
    again=_Step("et at"),
)

_RULES = {
    "bg": _BULGARIAN, "bs": _CROATIAN, "hr": _CROATIAN, "lv": _LATVIAN, "mk": _MACEDONIAN,
    "mt": _MALTESE, "sk": _SLOVAK, "sl": _SLOVENE, "sq": _ALBANIAN, "uk": _UKRAINIAN,
}  # fmt: skip

LANGUAGES = frozenset(_RULES)

_LEAST = 4


def stem(lowered: str, lang: str) -> str:
    """The stem of a lower-case word in one of LANGUAGES: bare letters, two of them at least."""
    bare = unmarked(lowered)
    return _RULES[lang].stem(bare) if len(bare) >= _LEAST else bare
