"""Stems by our own rules: forms of a word meet, and other words keep apart."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engine.analysis import suffixes
from tessera.engine.analysis.stem import stem

WORDS = {
    "bg": [
        "проект проекти проекта проектът проектите",
        "област области областта областите",
        "българска български българският българската българските",
        "център центъра центрове центровете",
        "езици езиците езика",
        "сътрудничество сътрудничеството",
        "организация организации организацията организациите",
        "резултат резултата резултати резултатите",
    ],
    "mk": [
        "проект проекти проектот проектите",
        "општина општини општината општините",
        "градови градовите",
        "соработка соработката",
        "европски европскиот европската европските",
    ],
    "uk": [
        "проект проекту проекти проектів проектами",
        "область області областей областю",
        "розвиток розвитку розвитком",
        "український українського української українських",
        "громада громади громад громадам",
    ],
    "hr": [
        "projekt projekta projektu projektom projekti projekata projektima",
        "županija županije županiji županijom županijama",
        "mogućnost mogućnosti mogućnošću",
        "pisac pisca piscu piscima",
        "europski europska europskoga europskim europskih",
    ],
    "sl": [
        "projekt projekta projektu projekti projektov projektih",
        "storitev storitve storitvi storitvah",
        "točka točke točki točk točkami",
        "organizacija organizacije organizaciji organizacijo organizacij",
        "sistem sistema sistemi sistemov",
    ],
    "sk": [
        "projekt projekty projektov projektom projektoch",
        "mesto mesta mestu mestom mestách mestami",
        "systém systému systémov systémami",
        "zamestnanec zamestnanca zamestnanci zamestnancov",
        "možnosť možnosti možností možnosťou",
        "slovenský slovenská slovenského slovenskej slovenských",
        "dôležitý dôležitejší najdôležitejší",
    ],
    "lv": [
        "projekts projekta projektu projektam projekti projektiem projektos",
        "pilsēta pilsētas pilsētai pilsētu pilsētā pilsētām",
        "brālis brāļa brāļi brāļiem",
        "sieviete sievietes sieviešu",
        "iedzīvotājs iedzīvotāja iedzīvotāji iedzīvotājiem",
        "zeme zemes zemju zemēm",
        "augsts augstāks visaugstākais",
    ],
    "mt": [
        "proġett proġetti",
        "organizzazzjoni organizzazzjonijiet",
        "pubbliku pubblika pubbliċi",
        "servizz servizzi",
    ],
    "sq": ["projekt projekti projektit projektet projekteve", "qytet qyteti qytetit qytetet"],
}
FORMS = [(lang, forms) for lang, lines in WORDS.items() for forms in lines]


@pytest.mark.parametrize(("lang", "forms"), FORMS, ids=lambda value: value.split()[0])
def test_forms_of_a_word_have_one_stem(lang: str, forms: str) -> None:
    assert len({stem(form, lang) for form in forms.split()}) == 1


@pytest.mark.parametrize("lang", WORDS)
def test_words_keep_apart(lang: str) -> None:
    stems = [{stem(form, lang) for form in forms.split()} for forms in WORDS[lang]]
    for some, others in itertools.combinations(stems, 2):
        assert not some & others


@pytest.mark.parametrize("lang", sorted(suffixes.LANGUAGES))
@given(word=st.text(st.characters(categories=["Ll", "Lo", "Nd", "Mn"]), min_size=1, max_size=30))
def test_a_stem_is_never_empty_nor_longer(lang: str, word: str) -> None:
    stemmed = suffixes.stem(word, lang)
    assert stemmed
    assert len(stemmed) <= len(suffixes.unmarked(word)) + 1
    assert len(stemmed) >= min(2, len(suffixes.unmarked(word)))


@pytest.mark.parametrize("lang", sorted(suffixes.LANGUAGES))
@given(word=st.text("abcdefgijklmnoprstuvzšžčćāēīаеиоутнсвркљћ", min_size=4, max_size=14))
def test_words_typed_without_marks_have_the_same_stem(lang: str, word: str) -> None:
    assert suffixes.stem(word, lang) == suffixes.stem(suffixes.unmarked(word), lang)
