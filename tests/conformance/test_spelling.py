"""What is offered for words that look mistyped: the same on every backend."""

from __future__ import annotations

import pytest

from tessera.engine.backend import Index
from tessera.engine.document import Document, Text
from tessera.engine.query import AS_TYPED, WORDS, Query
from tessera.engine.spelling import Correction
from tessera.engine.spelling.deciding import correction, sentence
from tests.conformance.conftest import MakeBackend, build

TITLES = (
    ("en", "Rail freight across the border"),
    ("en", "Freight villages and rail hubs"),
    ("en", "Cross border hospital"),
    ("en", "Environment and innovation in cross border regions"),
    ("en", "Innovation vouchers for clusters"),
    ("en", "BIOCLUSTER"),
    ("en", "A fright in the theatre"),
    ("el", "Ανάπτυξη της υπαίθρου"),
    ("de", "Österreich am Fluss"),
    ("en", "Windenergy parks"),
    ("en", "NEARFAR"),
)


@pytest.fixture(scope="session")
def titles(make_backend: MakeBackend) -> Index:
    documents = [
        Document(f"d{n}", n, {"title": (Text(title, lang),)}, stored={"title": {lang: title}})
        for n, (lang, title) in enumerate(TITLES, 1)
    ]
    # Two hundred documents more of one word, so that others are rare beside it.
    many = [
        Document(f"m{n}", 100 + n, {"title": (Text("Environment report"),)}) for n in range(200)
    ]
    typo = [Document("t", 900, {"title": (Text("An enviroment"),)})]
    return build(make_backend(), [documents, many + typo])


def corrected(index: Index, text: str) -> str | None:
    found = correction(index, Query(text))
    return found.corrected if found else None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("inovation", "innovation"),
        ("INOVATION", "INNOVATION"),
        ("Inovation vouchers", "Innovation vouchers"),
        ("biocluter", "biocluster"),
        ("innovation vuochers -rail", "innovation vouchers -rail"),
        ("hopsital OR inovation", "hospital OR innovation"),
        ("crossborder regions", "cross border regions"),
        ("wind energy parks", "windenergy parks"),
        ("ανάπυξη", "ανάπτυξη"),
        ("Östereich", "Österreich"),
    ],
)
def test_a_search_that_finds_nothing_is_corrected(titles: Index, text: str, wanted: str) -> None:
    found = correction(titles, Query(text))
    assert found is not None and found.applied
    assert found.corrected == wanted
    assert titles.count(Query(found.corrected)) > 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "innovation",
        "environment",
        '"inovation"',
        "-inovation",
        "inovat*",
        "zzzzqqqq",
        "2022",
        "in",
        "rail hospital",
    ],
)
def test_what_is_well_or_wanted_so_stays(titles: Index, text: str) -> None:
    assert corrected(titles, text) is None


def test_a_rare_word_beside_a_frequent_one_is_an_offer(titles: Index) -> None:
    assert correction(titles, Query("enviroment")) == Correction(
        "enviroment", "environment", (("enviroment", "environment"),), applied=False
    )


def test_the_other_words_decide(titles: Index) -> None:
    assert corrected(titles, "rail frieght") == "rail freight"
    assert corrected(titles, "theatre frieght") == "theatre fright"


def test_alternatives_where_it_cannot_be_told(make_backend: MakeBackend) -> None:
    documents = [Document(w, n, {"title": (Text(w),)}) for n, w in enumerate(("dant", "dart"), 1)]
    index = build(make_backend(), [documents])
    assert corrected(index, "daxt") == "dant OR dart"


def test_as_typed_and_words_alone(titles: Index) -> None:
    found = correction(titles, Query("inovation", spelling=AS_TYPED))
    assert found is not None and not found.applied
    assert correction(titles, Query("inovation", match=WORDS)) is None


def test_filters_and_pages_change_nothing(titles: Index) -> None:
    plain = correction(titles, Query("inovation"))
    filtered = Query("inovation", page=3).with_filter("kind", "event")
    assert correction(titles, filtered, found=0) == plain


def test_a_sentence_is_corrected_word_by_word(titles: Index) -> None:
    text = "what of inovation, and of the hopsital that zzzzqqqq?"
    assert sentence(titles, text) == "what of innovation, and of the hospital that zzzzqqqq?"


def test_what_came_since_is_known(make_backend: MakeBackend) -> None:
    backend = make_backend()
    index = build(backend, [[Document("a", 1, {"title": (Text("Harbour"),)})]])
    assert corrected(index, "lighthuose") is None
    with backend.writer(index.schema, "first") as writer:
        writer.put([Document("b", 2, {"title": (Text("Lighthouse"),)})])
    assert corrected(backend.current(index.schema), "lighthuose") == "lighthouse"


def test_words_with_their_frequencies(make_backend: MakeBackend) -> None:
    texts = {"title": (Text("Οδός Odos"),), "text": (Text("odos 2021 привет שלום", "en"),)}
    index = build(make_backend(), [[Document("a", 1, texts), Document("b", 2, texts)]])
    words = dict(index.words())
    assert words["odos"] == 2 and words["2021"] == 2 and words["privet"] == 2
    assert all(":" not in word and word[0].isascii() for word in words)
    assert index.state() is index.state()
