"""Which spellings and forms of a word find each other, and which must not."""

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engine.analysis import tokens, word_terms

OFFICIAL = [
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr"),
    *("hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv"),
]


def finds(typed: str, written: str, lang: str = "und", langs: tuple[str, ...] = ("en",)) -> bool:
    """Whether a typed word matches a text of one written word (or of several, as a phrase)."""
    asked = word_terms(typed, {*langs, lang} - {"und"})
    held = [set(token.terms) for token in tokens(written, lang)]
    return any(
        all(held[at + step] & set(terms) for step, terms in enumerate(asked))
        for at in range(len(held) - len(asked) + 1)
    )


FAMILIES = [
    ("Österreich", "Oesterreich", "Osterreich", "OESTERREICH", "österreich"),
    ("Universität", "Universitaet", "Universitat"),
    ("Köln", "Koeln"),
    ("Köln", "Koln"),
    ("Malmö", "Malmo", "MALMÖ"),
    ("Århus", "Aarhus", "Arhus"),
    ("Ærø", "Aero"),
    ("Tromsø", "Tromso", "Tromsoe"),
    ("Straße", "Strasse", "STRASSE", "STRAẞE"),
    ("Αθήνα", "ΑΘΗΝΑ", "αθηνα", "Athina"),
    ("Θεσσαλονίκη", "ΘΕΣΣΑΛΟΝΙΚΗ", "Thessaloniki"),
    ("Ελλάδας", "ΕΛΛΆΔΑΣ", "ΕΛΛΑΔΑΣ", "Elladas"),
    ("Εύβοια", "ΕΥΒΟΙΑ", "Evvoia"),
    ("Ηράκλειο", "Irakleio"),
    ("Ηράκλειο", "Iraklio"),
    ("Ταΰγετος", "Taygetos"),
    ("Χανιά", "Chania"),
    ("Χανιά", "Hania"),
    ("Ναύπλιο", "Nafplio"),
    ("София", "Sofia", "СОФИЯ"),
    ("Пловдив", "Plovdiv"),
    ("Търговище", "Targovishte"),
    ("Ниш", "Niš", "Nis"),
    ("Београд", "Beograd"),
    ("Шабац", "Šabac", "Sabac"),
    ("Đoković", "Ђоковић", "Djokovic"),
    ("Đoković", "Dokovic"),
    ("Київ", "Kyiv"),
    ("Харків", "Kharkiv"),
    ("Košice", "Kosice", "KOŠICE"),
    ("Łódź", "Lodz", "łódź"),
    ("Žilina", "Zilina"),
    ("Timișoara", "Timişoara", "Timisoara"),
    ("İstanbul", "Istanbul", "ıstanbul", "ISTANBUL"),
    ("Ħal", "Hal"),
    ("Þingvellir", "Thingvellir"),
    ("cœur", "coeur"),
    ("ﬁnance", "finance"),
    ("Zusammen\u00adarbeit", "Zusammenarbeit"),
    ("здоров'я", "здоров’я", "здоровʼя"),
    ("col·laboració", "collaboracio"),
    ("ＣＯＶＩＤ", "covid"),
    ("l'innovation", "innovation", "L’INNOVATION"),
    ("dell'acqua", "acqua", "dell’acqua"),
    ("d’Europe", "Europe"),
    ("cluster's", "cluster", "cluster’s"),
]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family[0])
@pytest.mark.parametrize("lang", ["und", "en", "de"])
def test_spellings_meet(family: tuple[str, ...], lang: str) -> None:
    for typed, written in itertools.permutations(family, 2):
        assert finds(typed, written, lang), f"{typed} does not find {written}"


FORMS = [
    ("en", "cluster", "clusters"),
    ("en", "clusters", "clustering"),
    ("de", "Cluster", "Clustern"),
    ("de", "Universität", "Universitäten"),
    ("de", "Universitaet", "Universitäten"),
    ("de", "Universitat", "Universitäten"),
    ("de", "Poet", "Poeten"),
    ("lt", "klasteris", "klasteriai"),
    ("lt", "klasteriai", "klasterių"),
    ("el", "Ελλάδα", "Ελλάδας"),
    ("el", "έργο", "ΕΡΓΑ"),
    ("fr", "région", "régions"),
    ("fr", "regions", "l'région"),
    ("it", "regione", "regioni"),
    ("es", "región", "regiones"),
    ("pl", "projekt", "projektów"),
    ("cs", "projekt", "projektů"),
    ("sk", "projekt", "projektov"),
    ("hr", "projekt", "projekata"),
    ("sr", "пројекат", "пројекта"),
    ("sl", "projekt", "projekta"),
    ("bg", "проект", "проекти"),
    ("lv", "reģions", "reģioni"),
    ("hu", "város", "városok"),
    ("fi", "hanke", "hankkeen"),
    ("et", "linna", "linnad"),
    ("sv", "projekt", "projekten"),
    ("da", "kommune", "kommuner"),
    ("nl", "regio", "regio's"),
    ("pt", "cidade", "cidades"),
    ("ro", "proiect", "proiecte"),
    ("ga", "forbairt", "fhorbairt"),
    ("mt", "il-programm", "programm"),
    ("mt", "programm", "il-programm"),
    ("mt", "l-Unjoni", "Unjoni"),
    ("mt", "Unjoni", "għall-Unjoni"),
    ("el", "cluster", "clusters"),
    ("bg", "cluster", "clusters"),
]


@pytest.mark.parametrize(("lang", "typed", "written"), FORMS)
def test_forms_meet(lang: str, typed: str, written: str) -> None:
    assert finds(typed, written, lang, tuple(OFFICIAL))


APART = [
    ("sea", "research", "en"),
    ("poet", "pot", "en"),
    ("poet", "pot", "de"),
    ("pot", "Poet", "de"),
    ("statues", "status", "en"),
    ("statues", "Status", "de"),
    ("queue", "que", "fr"),
    ("neue", "neu", "en"),
    ("oeuvre", "ouvre", "fr"),
    ("2014", "2015", "en"),
]


@pytest.mark.parametrize(("typed", "written", "lang"), APART)
def test_others_stay_apart(typed: str, written: str, lang: str) -> None:
    assert not finds(typed, written, lang, ("en", "de", "fr"))


def test_a_stem_matches_only_its_own_language() -> None:
    assert finds("clusters", "cluster", "en", ("en", "lt"))
    assert not finds("klasteriai", "klasteris", "en", ("en", "lt"))


def test_parts_of_a_written_word_are_found() -> None:
    assert finds("cluster", "ClusterFY", "en")
    assert finds("cluster", "CLUSTERS3", "en")
    assert finds("parser", "XMLParser", "en")
    assert not finds("ClusterFY", "cluster", "en")


def test_a_compound_splits_into_positions() -> None:
    assert [terms[0] for terms in word_terms("e-mail", ["en"])] == ["e", "mail"]
    assert [terms[0] for terms in word_terms("2.0", ["en"])] == ["2", "0"]
    assert word_terms("?!", ["en"]) == ()


# Letters of the languages of the union and its neighbours.
LETTERS = st.sampled_from(
    "abcdefghijklmnopqrstuvwxyzäöüßåæøœéèêëàâçîïôùûñíóúáýčďěňřšťůžąćęłńśźżāēģīķļņūėįų"
    "őűăâșțţşħġċżðþđıαβγδεζηθικλμνξοπρστυφχψωάέήίόύώϊϋΐΰ"
    "абвгдежзийклмнопрстуфхцчшщъьюяёыэіїєґјљњћђџѓќѕ0123456789"
)
WORDS = st.text(LETTERS, min_size=1, max_size=12)
LANGS = st.sampled_from([*OFFICIAL, "und", "sr", "uk", "tr", "no", "xx"])


@given(WORDS, LANGS, LANGS)
def test_a_word_of_a_text_finds_it(word: str, lang: str, other: str) -> None:
    assert finds(word, word, lang, (other,))


@given(st.text(max_size=30), LANGS)
def test_whatever_a_text_holds_finds_it(text: str, lang: str) -> None:
    for token in tokens(text, lang):
        word = text[token.start : token.end]
        assert finds(word, text, lang), f"{word!r} of {text!r}"


@given(WORDS, LANGS)
def test_case_makes_no_difference(word: str, lang: str) -> None:
    for other in (word.upper(), word.lower(), word.capitalize()):
        assert finds(other, word, lang), f"{other} does not find {word}"


@given(WORDS, LANGS)
def test_normal_form_makes_no_difference(word: str, lang: str) -> None:
    forms = [unicodedata.normalize(form, word) for form in ("NFC", "NFD", "NFKC", "NFKD")]
    assert len({tuple(token.terms for token in tokens(form, lang)) for form in forms}) == 1
    assert len({word_terms(form, [lang]) for form in forms}) == 1


@given(WORDS, LANGS)
def test_marks_may_be_left_out(word: str, lang: str) -> None:
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    if not any("\u0400" <= c <= "\u04ff" for c in word):  # й is a letter, not и with a mark
        assert finds(bare, word, lang)
