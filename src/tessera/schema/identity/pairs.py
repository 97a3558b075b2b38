"""Whether two organisations are one: evidence in named parts whose weights add up to the score."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tessera.engine.analysis import folded
from tessera.schema.identity.identifiers import identifiers
from tessera.schema.identity.names import Name, Parsed, compared, parsed
from tessera.schema.identity.similarity import word_similarity
from tessera.schema.identity.words import PARTS, SORTS, WHOLES, words

SURE: Final = 8.0
"""From this score on, two organisations are taken for one without asking."""

CANDIDATE: Final = 5.0
"""From this score on, an editor is asked."""

MAYBE: Final = 0.72
"""Share of the words of two names that must agree for them to be compared further."""


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of evidence. reason: a fixed word. weight: below zero speaks against.

    said: what was found, for people.
    """

    reason: str
    weight: float
    said: str = ""

    def as_json(self) -> dict[str, object]:
        return {"reason": self.reason, "weight": self.weight, "said": self.said}


@dataclass(frozen=True, slots=True)
class Evidence:
    parts: tuple[Part, ...]

    @property
    def score(self) -> float:
        return round(sum(part.weight for part in self.parts), 2)

    @property
    def sure(self) -> bool:
        return self.score >= SURE

    @property
    def worth_asking(self) -> bool:
        return self.score >= CANDIDATE

    def as_json(self) -> list[dict[str, object]]:
        return [part.as_json() for part in self.parts]


@dataclass(frozen=True, slots=True)
class Organisation:
    """What is compared of an organisation. names: of today first, as written; see `known`.

    acronyms: folded. country: ISO code. region: NUTS code. town: folded. numbers: by scheme.
    """

    uid: str
    names: tuple[str, ...]
    former: tuple[str, ...] = ()
    acronyms: frozenset[str] = frozenset()
    country: str = ""
    region: str = ""
    town: str = ""
    type: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)

    @property
    def compared(self) -> tuple[Name, ...]:
        return tuple(compared(name) for name in self.names)


def known(uid: str, data: Mapping[str, Any]) -> Organisation:
    """What is compared of a canonical draft of an organisation."""
    read: list[Parsed] = [parsed(title) for title in data.get("title", {}).values()]
    past: list[Parsed] = []
    for each in data.get("names", ()):
        (past if each.get("until") else read).append(parsed(each["name"]))
    acronyms = {name for each in (*read, *past) for name in each.acronyms}
    if data.get("acronym"):
        acronyms.add(folded(str(data["acronym"])).replace(" ", ""))
    former = [*(each.name for each in past),
              *(parsed(alias.name).name for each in read for alias in each.aliases)]  # fmt: skip
    regions = data.get("regions") or [{}]
    return Organisation(
        uid,
        tuple(dict.fromkeys(each.name for each in read)),
        tuple(dict.fromkeys(former)),
        frozenset(acronyms - {""}),
        next(iter(data.get("countries") or ()), ""),
        str(regions[0].get("nuts", "")),
        _town(str(data.get("place") or data.get("town") or "")),
        str(data.get("type") or ""),
        identifiers(uid, data),
    )


def _town(written: str) -> str:
    """A town as compared: without its postal code, under one name in all languages."""
    name = compared(written)
    return " ".join(word for word in name.words if not word.isdigit()) if written else ""


COMMON: Final = 4
"""A word in so many different names of one country tells no organisation from another."""

SHARED: Final = 6
"""A number under which so many different names stand is a slip or stands for none."""

IsCommon = Callable[[str, str], bool]
"""Whether a word (second) stands in COMMON different names of a country (first) or more."""


def evidence(one: Organisation, other: Organisation, is_common: IsCommon | None = None) -> Evidence:
    """All that speaks for and against two organisations being one.

    is_common: how words are used, where all organisations are known.
    """
    found = [*_numbers(one, other), *_countries(one, other)]
    pair, name = _best_names(one, other)
    found += name
    found += _places(one, other, pair)
    found += _common(one, pair, is_common)
    found += _types(one, other)
    shared = one.acronyms & other.acronyms
    if shared:
        found.append(Part("acronym", 1.5, ", ".join(sorted(shared)).upper()))
    elif one.acronyms and other.acronyms:
        both = (min(one.acronyms).upper(), min(other.acronyms).upper())
        found.append(Part("other acronym", -1.0, _both(*both)))
    return Evidence(tuple(found))


def _both(one: str, other: str) -> str:
    return f"{one} | {other}"


_NUMBERS: Final = {"pic": (12.0, -3.0), "nid": (8.0, -3.0)}
"""What the same number says, and another one, of those that aren't one for each body for sure: one
may have two PICs, and a national number may be of any register of its country."""


def _numbers(one: Organisation, other: Organisation) -> Iterator[Part]:
    both = one.numbers.keys() & other.numbers.keys()
    if "vat" in both:
        both = both - {"nid"}  # often the same number once more
    for scheme in sorted(both, key=lambda each: (one.numbers[each] != other.numbers[each], each)):
        mine, theirs = one.numbers[scheme], other.numbers[scheme]
        same, another = _NUMBERS.get(scheme, (12.0, -8.0))
        if mine == theirs:
            yield Part(f"same {scheme}", same, mine)
        else:
            yield Part(f"other {scheme}", another, _both(mine, theirs))


def _countries(one: Organisation, other: Organisation) -> Iterator[Part]:
    if one.country and other.country:
        if one.country == other.country:
            yield Part("same country", 2.0, one.country)
        else:
            yield Part("other country", -8.0, _both(one.country, other.country))


def _best_names(one: Organisation, other: Organisation) -> tuple[tuple[Name, Name], list[Part]]:
    """The pair of names that agrees best, and what it says."""
    best: tuple[float, tuple[Name, Name], list[Part]] | None = None
    for names, others, past in (
        (one.names, other.names, False),
        (one.former, other.names, True),
        (one.names, other.former, True),
    ):
        for mine in names:
            for theirs in others:
                pair = compared(mine), compared(theirs)
                parts = _name(*pair, _both(mine, theirs))
                if past:
                    parts.append(Part("former name", -0.5))
                score = sum(part.weight for part in parts)
                if best is None or score > best[0]:
                    best = score, pair, parts
    if best is None:
        raise ValueError(f"{one.uid} or {other.uid} has no name to compare")
    return best[1], best[2]


def _name(one: Name, other: Name, said: str) -> list[Part]:
    if one.plain == other.plain:
        found = [Part("same name", 6.0, said)]
    elif one.words == other.words:
        found = [Part("same name but for legal form, language or small words", 5.5, said)]
    elif one.key == other.key:
        found = [Part("same words in another order", 5.0, said)]
    else:
        found = list(_similar(one, other, said))
    found += _different_sorts(one, other)
    if one.legal and one.legal == other.legal and one.plain != other.plain:
        found.append(Part("same legal form", 0.75, "+".join(sorted(one.legal))))
    elif one.legal and other.legal and one.legal != other.legal:
        legal = _both("+".join(sorted(one.legal)), "+".join(sorted(other.legal)))
        found.append(Part("other legal form", -3.0, legal))
    return found


def _similar(one: Name, other: Name, said: str) -> Iterator[Part]:
    similar, lost = word_similarity(one.words, other.words)
    if similar < MAYBE:
        yield Part("other name", -4.0, said)
        return
    yield Part("similar name", round(5.5 * similar * similar, 2), said)
    numbers = {word for word in lost if any(char.isdigit() for char in word)}
    if numbers:
        yield Part("other number", -6.0, ", ".join(sorted(numbers)))
    # A word that a name has more is what tells its bearer from the other one.
    if lost:
        weight = sum(_weight(word) for word in lost)
        yield Part("other words", -weight, ", ".join(lost))


def _weight(word: str) -> float:
    """What it says that only one of two names has a word."""
    if word in SORTS:
        return 2.5
    return 0.5 if word in words().generic else 1.25


def _different_sorts(one: Name, other: Name) -> Iterator[Part]:
    """A faculty is not its university, nor a city its region."""
    mine, theirs = one.sorts - other.sorts, other.sorts - one.sorts
    if not mine and not theirs:
        return
    said = _both(", ".join(sorted(mine)) or "–", ", ".join(sorted(theirs)) or "–")
    whole = one.sorts & other.sorts & WHOLES
    if (mine or theirs) <= PARTS and whole and not (mine and theirs):
        yield Part("a part and its whole", -12.0, said)
    elif mine and theirs:
        yield Part("another sort of organisation", -8.0, said)
    else:
        yield Part("sort named once", -1.5, said)


def _places(one: Organisation, other: Organisation, names: tuple[Name, Name]) -> Iterator[Part]:
    if one.town and other.town:
        if one.town == other.town or word_similarity(
            tuple(one.town.split()), tuple(other.town.split())
        )[0] >= 0.9:  # fmt: skip
            yield Part("same town", 1.5, one.town)
        else:
            yield Part("other town", -2.0, _both(one.town, other.town))
    elif not all(name.own or "ministry" in name.sorts for name in names):
        yield Part("a name that many bear", -3.0)
    elif not (one.region and other.region) and "municipality" in names[0].sorts & names[1].sorts:
        # Dlouhá Ves, Privlaka, Castro: a country has several places of one name.
        yield Part("which place of the name", -0.5)
    if one.region and other.region:
        shared = min(len(one.region), len(other.region))
        if one.region[:shared] == other.region[:shared] and shared >= 3:
            yield Part("same region", 0.5 + 0.25 * (shared - 3), _both(one.region, other.region))
        elif shared >= 3:
            yield Part("other region", -1.5, _both(one.region, other.region))


def _common(
    one: Organisation, names: tuple[Name, Name], is_common: IsCommon | None
) -> Iterator[Part]:
    own = names[0].own & names[1].own
    if is_common is None or not own or "ministry" in names[0].sorts:
        return
    if all(is_common(one.country, word) for word in own):
        yield Part("common words", -1.5, f"each in {COMMON} names or more")


_UNLIKE: Final = frozenset({
    frozenset({"LocalPublicAuthority", "RegionalPublicAuthority"}),
    frozenset({"LocalPublicAuthority", "NationalPublicAuthority"}),
    frozenset({"RegionalPublicAuthority", "NationalPublicAuthority"}),
    frozenset({"HigherEducationOrganisations", "Sme"}),
    frozenset({"HigherEducationOrganisations", "EnterpriseExceptSme"}),
    frozenset({"HigherEducationOrganisations", "LocalPublicAuthority"}),
    frozenset({"HigherEducationOrganisations", "RegionalPublicAuthority"}),
    frozenset({"Sme", "LocalPublicAuthority"}), frozenset({"Sme", "RegionalPublicAuthority"}),
})  # fmt: skip
"""Types that no organisation has both of; other types are often stated now so, now so."""


def _types(one: Organisation, other: Organisation) -> Iterator[Part]:
    if one.type and other.type:
        said = _both(one.type, other.type)
        if one.type == other.type and one.type != "Other":
            yield Part("same type", 0.75, one.type)
        elif frozenset({one.type, other.type}) in _UNLIKE:
            yield Part("other type", -2.0, said)
