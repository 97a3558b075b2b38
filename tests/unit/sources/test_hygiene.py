"""Texts are mended once, for all importers, and each record says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Item, ItemError
from tessera.sources.drafting import drafted
from tessera.sources.hygiene import drafts_of
from tessera.sources.registry import importer, importers
from tessera.sources.vocabulary import is_vocabulary

PROJECT: dict[str, Any] = {"id": "a:1", "kind": "project", "title": {"en": "Ferry"}}


def drafts(**values: Any) -> tuple[RecordDraft, list[ItemError]]:
    made = list(drafts_of(importer("jsonl"), Item("a:1", PROJECT | values, "p.jsonl, line 1")))
    [draft] = [each for each in made if isinstance(each, RecordDraft)]
    return draft, [each for each in made if isinstance(each, ItemError)]


def told(draft: RecordDraft) -> list[tuple[str, str, str, str]]:
    return [(each.field, each.what, each.before, each.after) for each in draft.mended]


def test_a_spoilt_name_is_mended_and_its_record_says_so() -> None:
    draft, [warning] = drafts(organisations=[{"name": "Stadt K√§rnten"}, {"name": "Kärnten Süd"}])
    assert [each.name for each in draft.organisations] == ["Stadt Kärnten", "Kärnten Süd"]
    assert told(draft)[0] == ("organisations.0.name", "encoding", "K√§rnten", "Kärnten")
    assert warning.where == "p.jsonl, line 1, K√§rnten became Kärnten"
    assert (warning.message, warning.warning) == ("mended the encoding in organisations.name", True)


def test_each_field_is_told_once_with_how_many_words_it_had() -> None:
    draft, warnings = drafts(text={"en": "the beneficiariesâ€™ and partnersâ€™ costs, Â§ 5"})
    assert draft.text == {"en": "the beneficiaries’ and partners’ costs, § 5"}
    assert [(each.field, each.times) for each in draft.mended] == [("text.en", 3)]
    assert len(warnings) == 1


@pytest.mark.parametrize(
    ("text", "meant", "what"),
    [
        ("l\x92eau \x96 caf\xe9\x85", "l’eau – café…", "encoding"),
        ("MÃ\xadrida, \xc3\x81vila", "Mírida, Ávila", "encoding"),
        ("evil\u202egpj.exe\u202c", "evilgpj.exe", "controls"),
        ("\u2066שלום\u2069 x", "שלום x", "controls"),
        ("a\x00b\x1bc", "abc", "controls"),
        ("Research &amp;amp; <b>innovation</b>", "Research & innovation", "markup"),
        ("R&amp;D", "R&D", "entities"),
    ],
)
def test_what_is_mended_is_told(text: str, meant: str, what: str) -> None:
    draft, warnings = drafts(title={"en": text})
    assert draft.title == {"en": meant}
    assert {each.what for each in draft.mended} == {what}
    assert all(before.isprintable() for _, _, before, _ in told(draft))
    assert len(warnings) == len(draft.mended)


@pytest.mark.parametrize(
    "text",
    [
        "Il-Gżira, Ħal Għaxaq, Żejtun, Ċirkewwa",  # Maltese
        "Nguyễn Thị Minh Khai, Đặng Hữu Phước",  # Vietnamese
        "İstanbul, Iğdır, ŞANLIURFA, Çağrı",
        "Ευρυδίκη Παπαϊωάννου, ΐ ΰ, «Αθήνα»",
        "[ˈtʃɛxɪjɑ] /ˌɪntəˈnæʃ(ə)nəl/ ŋ ʃ ʒ ð θ ɣ ɲ",
        "Þórður Æsir Øyvind Åse Œuvre Łódź ĳssel",
        "Țară, Ștefan, Ţ, Ş, Ŵŷ, Ẁ, ḃ ċ ḋ ḟ ġ ṁ ṗ ṡ ṫ",
        "Ђорђе Љубљана Їжак Ґалаґан Щёлково Ѓорѓи Ќирил",
        "Dvořák, Kőszeg, Žďár, Ľubľana, Ķegums, Šķūņi, Ģ, Ņ, Įšventė, Ųžė",
        "«L’été à Besançon» – “naïve” … 5 € ± 3 % × 2 ≤ 7 °C § 4 ½",
        "Sámi: Čáhcesuolu, Ŋálggat, Ŧ; Ainm: Ó Súilleabháin",
        "ÄÖÜ ÃO ÂNGELO SÃO JOÃO ÉVORA ÀÉÎ ÐÞ ÍÑIGO",
        "עברית العربية فارسی می‌خواهم 👩‍🔬",
        "x² + y³ ≈ √2, ∆T, µm, ¬p ∧ q, A ∩ B, f: ℝ → ℝ",
    ],
)
def test_texts_that_are_right_stay_in_every_field(text: str) -> None:
    draft, warnings = drafts(title={"en": text}, text={"en": text}, acronym=text)
    # A language that the script contradicts is not taken (see test_languages).
    assert [*draft.title.values(), *draft.text.values(), draft.acronym] == [text] * 3
    assert (draft.mended, warnings) == ([], [])


def test_markup_is_no_business_of_ids_of_documents_and_of_what_is_stated() -> None:
    draft, warnings = drafts(
        pages=[{"page": 1, "text": "The <br> element &amp; others"}],
        stated={"name": "A &amp; B"},
        mirrors=["https://x.example/?a=1&amp;b=2"],
    )
    assert draft.pages[0].text == "The <br> element &amp; others"
    assert draft.model_extra == {
        "stated": {"name": "A &amp; B"}, "mirrors": ["https://x.example/?a=1&b=2"],
    }  # fmt: skip
    assert [each.field for each in draft.mended] == ["mirrors.0"]
    assert len(warnings) == 1


def test_what_was_mended_before_comes_back_with_the_record() -> None:
    before = {"field": "title.en", "what": "encoding", "before": "J√∂", "after": "Jö", "times": 2}
    draft, warnings = drafts(mended=[before])
    assert draft.canonical()["mended"] == [before]
    assert warnings == []


class _Two:
    """One item, two records; the mended word stands in one of them."""

    info = importer("jsonl").info

    def gather(self, paths: Sequence[Path]) -> Iterator[Item]:
        yield from ()

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        yield from drafted(PROJECT | {"title": item.raw["one"]}, item)
        yield from drafted(PROJECT | {"id": "a:2", "title": item.raw["other"]}, item)


def test_of_several_records_of_an_item_that_one_is_told_in_which_the_word_stands() -> None:
    made = list(drafts_of(_Two(), Item("k", {"one": "Ferry", "other": "J√∂ckel"}, "row 1")))
    one, other = (each for each in made if isinstance(each, RecordDraft))
    assert one.mended == []
    assert told(other) == [("title.und", "encoding", "J√∂ckel", "Jöckel")]


def test_all_importers_draft_through_the_same_hygiene() -> None:
    """Each sample, with markup put into every text of its items: none comes through."""
    assert len(importers()) > 10
    for info in importers():
        chosen = importer(info.slug)
        if is_vocabulary(chosen):
            continue
        folder = Path(__file__).parents[3] / "src/tessera/sources" / info.slug.replace("-", "_")
        for item in chosen.gather([folder / "sample"]):
            if not isinstance(item, Item):
                continue
            for made in drafts_of(chosen, Item(item.key, _hostile(item.raw), item.where)):
                if isinstance(made, RecordDraft):
                    assert [t for t in _left(made.model_dump()) if "<script" in t] == [], info.slug


def _left(value: Any) -> Iterator[str]:
    """All texts of a record but those that are kept as they came."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        kept = ("stated", "pages", "mended")
        yield from (text for key, each in value.items() if key not in kept for text in _left(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in _left(each))


def _hostile(value: Any) -> Any:
    if isinstance(value, str) and " " in value:
        return f"{value} <script>alert(1)</script>"
    if isinstance(value, dict):
        return {key: _hostile(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_hostile(each) for each in value]
    return value


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Open \x01 ferry", "Open ferry"),
        ("\u202e Open ferry \u202e \x02", "Open ferry"),
        ("Â§ 5 \x01 of the beneficiariesâ€™ costs", "§ 5 of the beneficiaries’ costs"),
    ],
)
def test_a_control_character_between_blanks_costs_no_record(text: str, meant: str) -> None:
    draft, _ = drafts(text={"en": text})
    assert " ".join(draft.text["en"].split()) == meant
