"""A made-up catalogue of any size: seeded, so that everyone measures on the same records.

Words follow Zipf's law over vocabularies of made-up but pronounceable words, one per language,
with some words of the field among them. A project has about 150 words and 13 facet values. The
records are in the interchange format, so that the real importer and schema take them in.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tessera.schema import vocabularies

SEED = 20140101
WORDS = 150
"""About how many words a record has, in its title, summary and text together."""

Record = dict[str, Any]

LANGUAGES = {"en": 60, "de": 10, "fr": 8, "pl": 6, "el": 5, "bg": 4, "lt": 4, "fi": 3}
"""Language and its share of the records, in percent."""

KINDS = {
    "project": 40, "event": 14, "news": 14, "file": 12, "organisation": 10,
    "person": 5, "good_practice": 5,
}  # fmt: skip
"""Kind and its share of the records, in percent."""

_SYLLABLES = {
    "en": "ter ing con ral sen por ment lo ri ac tion ble der ful cap stra wen mar lin hel",
    "de": "schaf gen ver wick lung raum bau stadt kei ten ge för der un wirt haus über zu",
    "fr": "tion eau re ment pro vin ce lé gion bour trans fron tiè ri ve é co no mie",
    "pl": "prze woj dztwo gos po dar ka roz wój gra ni ca mia sto wy ło nie szko ści",
    "el": "πε ρι φέ ρεια α νά πτυ ξη συ νερ γα σί δη μος κοι νω νί ελ λά έρ γο θα λασ",
    "bg": "раз ви тие об щи на гра ни ца про ект сътруд ни чест во ик о но ми ка транс",
    "lt": "plė tra re gi o nas ben dra dar bia vi mas sa vi val dy bė miš kas jū ra žem",
    "fi": "kau pun ki yh teis työ han ke ra ja kehi tys met sä jär vi luon to maa kun ta",
}

FIELD_WORDS = (
    "cluster", "region", "innovation", "transport", "energy", "water", "tourism", "health",
    "border", "research", "climate", "heritage", "training", "river", "forest", "digital",
    "harbour", "railway", "school", "market", "policy", "network", "farm", "flood", "biomass",
    "cycling", "museum", "port", "mobility", "landscape",
)  # fmt: skip
"""English words to ask for: they stand among the made-up ones at ranks 10, 20, 40, 60, ..."""

_VOCABULARY = {"en": 30_000}
_OTHER_VOCABULARY = 12_000

COUNTRIES = (
    "DE", "AT", "IT", "SI", "HR", "HU", "SK", "CZ", "PL", "LT", "LV", "EE",
    "FI", "SE", "DK", "NL", "BE", "FR", "ES", "PT", "IE", "GR", "BG", "RO",
)  # fmt: skip
_NUTS_COUNTRIES = frozenset(vocabularies.nuts_country(code) for code in COUNTRIES)
STATUSES = ("closed", "closed", "closed", "ongoing", "ongoing", "contracted", "planned")
TYPES = (
    "RegionalPublicAuthority", "LocalPublicAuthority", "HigherEducationOrganisations", "Sme",
    "SectoralAgency", "BusinessSupportOrganisation", "InterestGroups", "NationalPublicAuthority",
)  # fmt: skip
FILE_TYPES = ("pdf", "pdf", "pdf", "doc", "ppt", "xls", "image")


def vocabulary(lang: str) -> list[str]:
    """The words of a language, the most frequent first."""
    chance = random.Random(f"{SEED} words {lang}")
    syllables = _SYLLABLES[lang].split()
    size = _VOCABULARY.get(lang, _OTHER_VOCABULARY)
    words: dict[str, None] = {}
    while len(words) < size:
        length = chance.choice((1, 2, 2, 3, 3, 3, 4, 4))
        words["".join(chance.choice(syllables) for _ in range(length))] = None
    listed = list(words)
    if lang == "en":
        for number, word in enumerate(FIELD_WORDS):
            listed.insert(max(10, 20 * number), word)
    return listed


class Corpus:
    """`records` records, the same for the same number."""

    def __init__(self, records: int) -> None:
        self.size = records
        self._words = {lang: vocabulary(lang) for lang in LANGUAGES}
        self._weights = {
            lang: list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(words))))
            for lang, words in self._words.items()
        }
        chance = random.Random(f"{SEED} lists")
        self.programmes = [
            {"id": each.cci, "name": each.name} for each in vocabularies.programmes() if each.cci
        ][:80]
        self.themes = [each.capitalize() for each in chance.sample(self._words["en"][:3000], 40)]
        leaves = [code for code in vocabularies.regions(3) if code[:2] in _NUTS_COUNTRIES]
        self._regions = chance.sample(leaves, min(len(leaves), 400))
        shares = list(itertools.accumulate(KINDS.values()))
        kinds = random.Random(f"{SEED} kinds").choices(list(KINDS), cum_weights=shares, k=records)
        self._kinds = kinds
        self._organisations = [n for n, kind in enumerate(kinds) if kind == "organisation"]
        self._projects = [n for n, kind in enumerate(kinds) if kind == "project"]

    def __iter__(self) -> Iterator[Record]:
        for number in range(self.size):
            yield self.record(number)

    def record(self, number: int) -> Record:
        """Record `number`, from 0; it depends on no other one."""
        chance = random.Random(f"{SEED} {self.size} {number}")
        kind = self._kinds[number]
        lang = chance.choices(list(LANGUAGES), weights=list(LANGUAGES.values()))[0]
        made: Record = {
            "id": f"bench:{number}",
            "kind": kind,
            "title": {lang: self._sentence(chance, lang, 4, 9)},
            "licence": "CC0-1.0",
        }
        if kind in ("organisation", "person"):
            made["text"] = {lang: self._sentence(chance, lang, 20, 50)}
        else:
            made["summary"] = {lang: self._sentence(chance, lang, 25, 45)}
            made["text"] = {lang: self._sentence(chance, lang, 80, 130)}
        getattr(self, f"_{kind}")(chance, made, lang)
        return made

    def _sentence(self, chance: random.Random, lang: str, low: int, high: int) -> str:
        count = chance.randint(low, high)
        words = chance.choices(self._words[lang], cum_weights=self._weights[lang], k=count)
        return " ".join(words).capitalize()

    def _day(self, chance: random.Random) -> date:
        return date(2007, 1, 1) + timedelta(days=chance.randrange(365 * 20))

    def _cooperation(self, chance: random.Random, made: Record) -> None:
        # Squared: some programmes have many more projects than others.
        made["programme"] = self.programmes[int(len(self.programmes) * chance.random() ** 2)]
        made["period"] = chance.choice(("2007-2013", "2014-2020", "2014-2020", "2021-2027"))
        made["themes"] = chance.sample(self.themes, chance.choice((1, 2, 2, 3)))

    def _project(self, chance: random.Random, made: Record, lang: str) -> None:
        start = self._day(chance)
        self._cooperation(chance, made)
        made["acronym"] = chance.choice(self._words["en"][:8000]).upper()
        made["start"] = start.isoformat()
        made["end"] = (start + timedelta(days=chance.randrange(300, 1400))).isoformat()
        made["status"] = chance.choice(STATUSES)
        made["objectives"] = [f"TO{chance.randint(1, 11)}"]
        made["budget"] = {"total": {"amount": f"{chance.randrange(10**5, 10**7)}.00"}}
        made["regions"] = [{"nuts": nuts} for nuts in chance.sample(self._regions, 1)]
        partners = min(chance.choice((1, 2, 2, 3, 4)), len(self._organisations))
        chosen = chance.sample(self._organisations, partners)
        made["organisations"] = [
            {
                "id": f"bench:{number}",
                "name": self._name(number),
                "role": "partner" if place else "lead",
                "type": TYPES[number % len(TYPES)],
                "country": COUNTRIES[number % len(COUNTRIES)],
            }
            for place, number in enumerate(chosen)
        ]

    def _name(self, organisation: int) -> str:
        chance = random.Random(f"{SEED} name {organisation}")
        return " ".join(chance.choices(self._words["en"][:6000], k=3)).title()

    def _event(self, chance: random.Random, made: Record, lang: str) -> None:
        day = self._day(chance)
        self._about(chance, made)
        made["starts"], made["ends"] = day.isoformat(), (day + timedelta(days=1)).isoformat()
        made["countries"] = [chance.choice(COUNTRIES)]
        made["organiser"] = chance.choice(("programme", "project"))

    def _news(self, chance: random.Random, made: Record, lang: str) -> None:
        self._about(chance, made)
        made["published"] = self._day(chance).isoformat()
        made["news_source"] = chance.choice(("programme", "project"))

    def _file(self, chance: random.Random, made: Record, lang: str) -> None:
        self._about(chance, made)
        made["published"] = self._day(chance).isoformat()
        made["file_type"] = chance.choice(FILE_TYPES)
        made["size"] = chance.randrange(10**4, 10**7)

    def _good_practice(self, chance: random.Random, made: Record, lang: str) -> None:
        self._about(chance, made)
        made["published"] = self._day(chance).isoformat()
        made["countries"] = [chance.choice(COUNTRIES)]
        made["regions"] = [{"nuts": chance.choice(self._regions)}]

    def _about(self, chance: random.Random, made: Record) -> None:
        self._cooperation(chance, made)
        if self._projects:
            made["links"] = [{"rel": "about", "id": f"bench:{chance.choice(self._projects)}"}]

    def _organisation(self, chance: random.Random, made: Record, lang: str) -> None:
        number = int(made["id"].partition(":")[2])
        made["title"] = {lang: self._name(number)}
        made["type"] = TYPES[number % len(TYPES)]
        made["countries"] = [COUNTRIES[number % len(COUNTRIES)]]
        made["regions"] = [{"nuts": chance.choice(self._regions)}]

    def _person(self, chance: random.Random, made: Record, lang: str) -> None:
        made["title"] = {lang: " ".join(chance.choices(self._words[lang], k=2)).title()}
        made["interested_in"] = chance.sample(("leading", "joining", "idea", "networking"), 2)
        made["representing"] = chance.choice(TYPES)
        made["countries"] = [chance.choice(COUNTRIES)]
        made["themes"] = chance.sample(self.themes, 2)
        if self._organisations:
            made["organisation"] = f"bench:{chance.choice(self._organisations)}"
