"""Compound words taken apart: Abwasserreinigung is Abwasser and Reinigung.

A word comes apart where its pieces are words of the language that, taken together, are commoner
than itself, and where there is one way only to do so. So what is in doubt (Staubecken: a
reservoir, or dusty corners?) stays whole. The words stand in `wordlists`, with their frequency.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from tessera.engine.analysis.stem import stem

_LEAST = 8
"""Letters of the shortest word that is taken apart."""
_LONGEST = 48
_MOST_PARTS = 4
_SURE = 3
"""By how much (tenths of Zipf's scale: twice as common is 3) one way must be better."""
_SHORT, _COMMON = 4, 35
"""Parts of so many letters must be so common; most others are endings."""
_PLAIN = 5
"""Letters of words that may be told apart within a part; shorter ones are there by chance."""
_INFLECTED = 10
"""What a last part that is known by its stem only counts less."""
_LEAST_STEM = 5
_MUCH = 15
"""How much commoner than with its prefix a word must be: Abwasser is Wasser, Anlage no Lage."""


class _Grammar(NamedTuple):
    """links: what may stand between two pieces. not_parts: endings, prefixes and small words.

    short: of three letters, the words that make compounds; most others are abbreviations.
    prefixes: short words that begin a compound where what follows is far commoner alone.
    """

    links: tuple[str, ...]
    not_parts: frozenset[str]
    short: frozenset[str]
    prefixes: tuple[str, ...] = ()


_GRAMMAR = {
    "de": _Grammar(
        ("", "s", "es", "n", "en", "er", "e"),
        frozenset(
            "schaft schaften heit heiten keit keiten haft lich liche lichen isch ische ischen"
            " bar ungen lein chen los lose losen sam same samen tion tionen ion ionen ität"
            " ismus iert ieren ierung ende enden stand stände ander andere anderer anderen"
            " einander über unter nach gegen hinter wider durch zusammen aus auf ein vor her"
            " hin bei mit von vom zum zur trans ultra per pro logisch logische logischen ions"
            " turen ering für und der die das den dem des eine einen einer eines nicht sich"
            " ich wir ihr sie ihn ihm wie was wer wenn dann denn als auch ist sind war ver ent"
            " zer erst aber oder fort weg wieder zurück heraus hinaus herein hinein voll miss"
            " beiden meist immer rand art arten alter alters stelle stellen ssen sten ster".split()
        ),
        frozenset(
            "amt bad bau eis gas hof hut ort rad rat see tag tor uhr weg zug".split()
        ),
        ("ab", "ober", "ur", "haupt"),
    ),
    "nl": _Grammar(
        ("", "s", "en", "n", "e", "er"),
        frozenset(
            "heid heden schap schappen baar lijk lijke lijks loos loze isch ische ing ingen"
            " teit atie aties over onder tegen achter door samen voor naar uit aan bij met van"
            " het een der den des dat die niet zich ons wij hij zij zijn was wie wat als dan"
            " ook toe her ver ont mis trans ultra per pro logisch logische ering uring ters"
            " ders ling rij weer terug heen mede neer tussen rond om in op te ander andere"
            " anderen alle zelf stelling houd houden sten ster maten menten trekken".split()
        ),
        frozenset(
            "bad bos bus dag dak dam gas hof kas lab net oog oor pad tol vak vee vis weg wet"
            " zee zon".split()
        ),
    ),
    "sv": _Grammar(
        ("", "s", "e", "a", "o", "u"),
        frozenset(
            "het heter skap skaper bar lig liga ligt isk iska iskt ning ningar ande ende are"
            " aren arna orna erna över under efter före från till med mot mellan genom samman"
            " för att och det den ett som var han hon vad när där här ner upp ute inne fram"
            " åter bort ihop ring ringen rings tur inte trans ultra per pro logisk logiska"
            " rande tande torer sig sin sitt man men eller lös lösa löst full fullt sam ell"
            " ella ten sten tet ster".split()
        ),
        frozenset(
            "bad bil bro båt dag gas hav hem hus jul liv mat ord rum råd rör sal sjö sol tid"
            " tåg ved väg".split()
        ),
    ),
    "da": _Grammar(
        ("", "s", "e", "er", "n"),
        frozenset(
            "hed heder skab skaber bar lig lige ligt isk iske ning ninger ende else elser"
            " over under efter foran for fra til med mod mellem gennem sammen ved der det den"
            " som var trans ultra per pro ding logisk logiske etter ske han hun hvad når her"
            " ned ude inde frem bort ring ringen rings inger ikke sig sin sit man men eller"
            " løs løse løst fuld fuldt sam ell elle ten tet ster eren erne ene".split()
        ),
        frozenset(
            "bad bil bro båd dag gas hav hus jul liv mad ord rum råd rør sal sol tid tog tøj"
            " vej".split()
        ),
    ),
    "fi": _Grammar(
        ("",),
        frozenset(
            "lait teet teissa teissä teisiin torien sten inti intiin yks minen mista misen"
            " ttaa taan seen ssa sta lla lle lta ksi nen sen set tta ttä ssä stä llä ltä kaan"
            " kään kin han hän pas pa ko kö mme nne nsa nsä ton tön mainen inen lainen läinen"
            " aan een iin että tai niin kuin mutta jos kun".split()
        ),
        frozenset(
            "jää kuu luu maa puu suo sää tie työ".split()
        ),
    ),
    "hu": _Grammar(
        ("",),
        frozenset(
            "eszti eztem ati eti atára eni enért osok eret ság ség ságok ségek ban ben nak"
            " nek val vel ból ből tól től hoz hez höz nál nél ért ként ről ról kor ott ett"
            " tött ított ítés ítás talan telen beli szer szeri meg fel le ki be el rá oda ide"
            " vissza össze alá fölé hogy nem egy van volt és vagy ami aki".split()
        ),
        frozenset(
            "bor fal fej fém gáz gép ház hét híd hír jog kép kéz láb nap szó tej tér tűz vas"
            " vár víz".split()
        ),
    ),
}  # fmt: skip

LANGUAGES = frozenset(_GRAMMAR)


class _Words(NamedTuple):
    """Frequencies, as tenths of Zipf's scale, by word and by stem."""

    words: dict[str, int]
    stems: dict[str, int]


@cache
def _words(lang: str) -> _Words:
    words: dict[str, int] = {}
    stems: dict[str, int] = {}
    text = (files(__package__) / "wordlists" / f"{lang}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        key, *listed = line.split()
        for word in listed:
            words[word] = int(key)
            stems.setdefault(stem(word, lang), int(key))
    return _Words(words, stems)


@lru_cache(1 << 12)
def compound_words(lowered: str, lang: str) -> tuple[str, ...]:
    """The words that a lower-case compound is made of, in their order; () where it is none.

    abwasserreinigungsanlage: abwasser, reinigung, anlage. lang: of the word.
    """
    if lang not in LANGUAGES or not _LEAST <= len(lowered) <= _LONGEST or not lowered.isalpha():
        return ()
    lowered = lowered.replace("ß", "ss")
    return tuple(lowered[start:end] for start, end in _spans(lowered, lang, _words(lang)))


class _Way(NamedTuple):
    """A way to take a word apart. spans: where its parts are; total: of their frequencies."""

    spans: tuple[tuple[int, int], ...]
    total: int

    @property
    def mean(self) -> float:
        return self.total / len(self.spans)


def compound_parts(lowered: str, lang: str) -> tuple[str, ...]:
    """The words in a lower-case word; () where it is no compound, or it is unclear of what.

    abwasserreinigungsanlage: abwasser, wasser, reinigung, anlage, abwasserreinigung and
    reinigungsanlage. The last part has the ending of the whole. lang: of the text.
    """
    if lang not in LANGUAGES or not _LEAST <= len(lowered) <= _LONGEST or not lowered.isalpha():
        return ()
    known = _words(lang)
    lowered = lowered.replace("ß", "ss")  # as in the lists
    spans = _spans(lowered, lang, known) or ((0, len(lowered)),)
    found = []
    for first, (start, _) in enumerate(spans):
        for _, end in spans[first:]:
            piece = lowered[start:end]
            found.append(piece)
            found += _without_prefix(piece, lang, known)
    return tuple(piece for piece in dict.fromkeys(found) if piece != lowered)


def _without_prefix(word: str, lang: str, known: _Words) -> list[str]:
    for prefix in _GRAMMAR[lang].prefixes:
        rest = word[len(prefix) :]
        if len(rest) >= _LEAST_STEM and word.startswith(prefix):
            alone = known.words.get(rest, 0)
            if alone >= known.words.get(word, alone) + _MUCH:
                return [rest]
    return []


def _spans(word: str, lang: str, known: _Words) -> tuple[tuple[int, int], ...]:
    """Where the parts of a word are, from left to right; () where it stays whole."""
    ways = _ways(word, 0, lang, known, _MOST_PARTS)
    if not ways:
        return ()
    fewest = min(len(way.spans) for way in ways)
    best, *others = sorted(
        (way for way in ways if len(way.spans) == fewest), key=lambda way: (-way.mean, way.spans)
    )
    whole = _last(word, lang, known)
    if whole is not None and whole >= best.mean:
        return ()
    rivals = [way for way in others if best.mean - way.mean < _SURE]
    starts = {start for way in (best, *rivals) for start, _ in way.spans}
    # Afval and waterzuivering, or afvalwater and zuivering: no doubt, if all three are words.
    finer = [way for way in ways if starts <= {start for start, _ in way.spans}]
    if not finer:
        return ()
    finest = max(finer, key=lambda way: way.mean)
    plain = all(end - start >= _PLAIN for start, end in finest.spans)
    return finest.spans if plain else best.spans


def _part(word: str, lang: str, known: _Words) -> int | None:
    """The frequency of a word as written; None where it can't be a part."""
    found = known.words.get(word)
    if found is None or word in _GRAMMAR[lang].not_parts:
        return None
    if len(word) < _SHORT:
        return found if word in _GRAMMAR[lang].short else None
    return found if len(word) > _SHORT or found >= _COMMON else None


def _last(word: str, lang: str, known: _Words) -> int | None:
    """The frequency of a last part, which may have an ending that the list lacks."""
    if word in known.words:
        return _part(word, lang, known)
    stemmed = stem(word, lang)
    if len(stemmed) < _LEAST_STEM or word in _GRAMMAR[lang].not_parts:
        return None
    found = known.stems.get(stemmed)
    return None if found is None else found - _INFLECTED


def _ways(word: str, start: int, lang: str, known: _Words, most: int) -> list[_Way]:
    """All ways to take apart what begins at `start`, into two to `most` parts."""
    found = []
    for cut in range(start + 3, len(word) - 2):
        frequency = _part(word[start:cut], lang, known)
        if frequency is None:
            continue
        for link in _GRAMMAR[lang].links:
            begin = cut + len(link)
            if len(word) - begin < 3 or not word.startswith(link, cut):
                continue
            last = _last(word[begin:], lang, known)
            if last is not None:
                found.append(_Way(((start, cut), (begin, len(word))), frequency + last))
            if most > 2:
                found += [
                    _Way(((start, cut), *way.spans), frequency + way.total)
                    for way in _ways(word, begin, lang, known, most - 1)
                ]
    return found
