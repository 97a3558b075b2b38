"""The language of texts whose source says none, or a wrong one."""

import pytest

from tessera.sources.base import Item
from tessera.sources.drafting import drafted
from tessera.sources.languages import with_languages


@pytest.mark.parametrize(
    ("lang", "title", "text"),
    [
        ("de", "Sauberes Wasser", "Das Projekt verbessert die Reinigung von Abwasser."),
        ("fi", "Puhdasta vettä kaikille", "Hanke parantaa jäteveden puhdistusta alueella."),
        ("bg", "Чиста вода за всички", "Проектът подобрява пречистването на отпадъчни води."),
        ("el", "Καθαρό νερό για όλους", "Το έργο βελτιώνει τον καθαρισμό των λυμάτων."),
        ("lv", "Tīrs ūdens visiem", "Projekts uzlabo notekūdeņu attīrīšanu reģionā."),
    ],
)
def test_texts_in_no_language_are_judged_together(lang: str, title: str, text: str) -> None:
    found = with_languages({"kind": "project", "title": {"und": title}, "text": {"und": text}})
    assert found["text"] == {lang: text}
    assert found["title"] == ({lang: title} if len(title.split()) > 2 else {"und": title})


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "project", "title": {"und": "BIOCLUSTER"}},
        {"kind": "project", "title": {"und": "Alpha Beta Gamma 2024"}},
        {"kind": "organisation", "title": {"und": "Universität für Bodenkultur Wien"}},
        {"kind": "project", "title": {"sl": "Čista voda za vse prebivalce mesta"}},
        {"kind": "project", "title": {"en": "Αθήνα and the clean water of its suburbs"}},
        {"kind": "project", "title": {"sr": "Чиста вода за све становнике града"}},
        {"kind": "project", "title": "no mapping", "text": {"und": 5}},
    ],
)
def test_what_is_stated_or_not_sure_stays(values: dict[str, object]) -> None:
    assert with_languages(values) == values


def test_a_language_that_the_script_contradicts_is_not_taken() -> None:
    title = "Проектът подобрява пречистването на отпадъчните води в българските градове"
    assert with_languages({"kind": "project", "title": {"en": title}})["title"] == {"bg": title}
    assert with_languages({"title": {"en": "Вода"}})["title"] == {"und": "Вода"}


def test_two_texts_of_one_language_are_not_joined() -> None:
    values = {
        "kind": "project",
        "text": {"de": "Kurz.", "und": "Das Projekt verbessert die Reinigung von Abwasser."},
    }
    assert with_languages(values) == values


def test_every_importer_gets_it() -> None:
    item = Item("1", {}, "a.jsonl")
    values = {
        "id": "a:1", "kind": "project",
        "title": {"und": "Das Projekt verbessert die Reinigung von Abwasser"},
    }  # fmt: skip
    (draft,) = drafted(values, item)
    assert list(draft.title) == ["de"]
