"""What is shown of why a document matched."""

import html
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.engine.analysis import name_parts, tokens
from tessera.engine.document import Text
from tessera.engine.fields import IndexSchema, TextField
from tessera.engine.highlight import highlight
from tessera.engine.plan import AnyTerm, plan
from tessera.engine.result import Highlight

SCHEMA = IndexSchema(
    name="test",
    version=1,
    texts=(
        TextField("title", weight=4.0, parts=True),
        TextField("summary", weight=2.0),
        TextField("text"),
        TextField("codes", passages=False),
    ),
    facets=(),
    sorts=(),
    default_sort="",
)
LANGS = ["en", "de", "el", "lt"]


def shown(
    typed: str, lang: str = "", width: int = 240, **fields: str | Text | list[Text]
) -> tuple[Highlight, ...]:
    texts = {}
    for name, value in fields.items():
        listed = value if isinstance(value, list) else [value]
        texts[name] = [Text(v, "en") if isinstance(v, str) else v for v in listed]
    return highlight(plan(typed, LANGS), texts, SCHEMA, lang, width)


def plain(passage: Highlight) -> str:
    """The text of a passage, without marks and ellipses."""
    bare = re.sub(r"</?mark>", "", passage.html)
    return html.unescape(bare.removeprefix("… ").removesuffix(" …"))


def marks(passages: tuple[Highlight, ...]) -> list[str]:
    return [
        html.unescape(mark)
        for passage in passages
        for mark in re.findall("<mark>(.*?)</mark>", passage.html, re.DOTALL)
    ]


FILLER = "Nothing of note is said here, at some length. " * 20


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("cluster", "The Clusters of Europe", ["Clusters"]),
        ("oesterreich", "Aus Österreich.", ["Österreich"]),
        ("athina", "Η Αθήνα σήμερα", ["Αθήνα"]),
        ("innovation", "De l'innovation!", ["innovation"]),
        ('"regional policy"', "A policy. Our regional policy counts", ["regional policy"]),
        ("e-mail", "Send an e-mail", ["e-mail"]),
        ("clus*", "Clustering matters", ["Clustering"]),
        ("cluster -policy", "cluster policy", ["cluster"]),
        ("cluster OR policy", "cluster policy", ["cluster", "policy"]),
        ('"a b a b c"', "x a b a b a b c y", ["a b a b c"]),
        ("cafe\u0301", "the café", ["café"]),
    ],
)
def test_matches_are_marked(typed: str, text: str, marked: list[str]) -> None:
    assert marks(shown(typed, text=Text(text, "en"))) == marked


@pytest.mark.parametrize(
    ("typed", "name", "marked"),
    [
        ("cluster", "ClusterFY", ["ClusterFY"]),
        ("cluster", "BIOCLUSTER", ["BIOCLUSTER"]),
        ("clusterix2", "ClusteriX 2.0 again", ["ClusteriX 2"]),
        ("kos", "Twinning with Košice", ["Košice"]),
        ("luster", "BIOCLUSTER projects", []),
        ("clust*", "Big ClusterFY", ["ClusterFY"]),
    ],
)
def test_names_are_marked_by_part(typed: str, name: str, marked: list[str]) -> None:
    assert marks(shown(typed, title=name)) == marked


@pytest.mark.parametrize("typed", ["", "-cluster", "other", "!!"])
def test_nothing_is_shown_where_nothing_is_asked_for(typed: str) -> None:
    assert shown(typed, title="Cluster", text="A cluster", codes="cluster") == ()


def test_the_passage_comes_before_the_names() -> None:
    found = shown("cluster", title="ClusterFY", text="Our clusters")
    assert [passage.field for passage in found] == ["text", "title"]


def test_most_words_close_together_win() -> None:
    text = f"A port. {FILLER} A river. {FILLER} The port on the river. {FILLER}"
    (passage,) = shown("port river", text=text)
    assert marks((passage,)) == ["port", "river"]
    assert plain(passage).startswith("The port on the river.")


def test_the_weightier_field_wins_at_equal_worth() -> None:
    (passage,) = shown("port", text="A port.", summary="The port.")
    assert passage.field == "summary"


def test_the_readers_language_wins_at_equal_worth() -> None:
    texts = [Text("Der Port", "de"), Text("The port", "en")]
    assert [p.lang for p in shown("port", "en", text=texts)] == ["en"]
    assert [p.lang for p in shown("port", "de", text=texts)] == ["de"]
    assert [p.lang for p in shown("port", "en", title=texts)] == ["en"]


def test_more_words_count_more_than_the_readers_language() -> None:
    texts = [Text("Der Port am River", "de"), Text("The port", "en")]
    assert [p.lang for p in shown("port river", "en", text=texts)] == ["de"]


def test_the_label_tells_the_page() -> None:
    pages = [Text("One", "en", "1"), Text("Two ports", "en", "37")]
    assert [p.label for p in shown("port", text=pages)] == ["37"]


def test_names_are_whole() -> None:
    title = FILLER + "Port"
    (name,) = shown("port", title=title)
    assert plain(name) == title


def test_a_field_without_passages_shows_only_where_nothing_else_does() -> None:
    assert [p.field for p in shown("lt01", codes="LT01", text="x")] == ["codes"]
    assert [p.field for p in shown("lt01", codes="LT01", text="LT01")] == ["text"]


def test_markup_in_a_text_is_escaped() -> None:
    (passage,) = shown("port", text="<mark>x</mark> & <script>port</script>")
    assert passage.html == (
        "&lt;mark&gt;x&lt;/mark&gt; &amp; &lt;script&gt;<mark>port</mark>&lt;/script&gt;"
    )


def test_a_passage_begins_with_its_sentence() -> None:
    text = FILLER + "This is the one about the port. " + FILLER
    (passage,) = shown("port", text=text)
    assert passage.html.startswith("… This is the one about the <mark>port</mark>. ")
    assert passage.html.endswith(" …")


def test_a_word_longer_than_the_passage_is_cut() -> None:
    (passage,) = shown("xx*", text="x" * 100_000)
    assert passage.html == f"<mark>{'x' * 240}</mark> …"


PIECES = st.sampled_from(
    [*("port", "Port", "river", "rivers", "Österreich", "ClusterFY", "e-mail", "l'eau", "don't"),
     *("<b>", "&amp;", '"', "</mark>", "<mark>", "…", ".", "\n", "  ", " ", " ", " ", " ", "-"),
     *("cafe\u0301", "x" * 50, "ΑΘΗΝΑ", "a", "b", "\ud800", "'s", "2.0", "здоров'я", "研究")]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=120).map("".join)
TYPED = st.sampled_from(
    [*("port", "river port", '"port river"', "oesterreich", "cluster", "e-mail", "eau", "s"),
     *("athina", "a b", '"a b a"', "研", "cafe", "port OR zzz", "port -river", "amp", "mark"),
     "po* riv*"]
)  # fmt: skip


@given(TYPED, TEXTS, st.integers(20, 300))
def test_a_passage_is_a_stretch_of_the_text(typed: str, text: str, width: int) -> None:
    for passage in shown(typed, width=width, text=text):
        stretch = plain(passage)
        starts = [at.start() for at in re.finditer(f"(?={re.escape(stretch)})", text)]
        assert any(_whole(text, at, at + len(stretch)) for at in starts)
        assert len(stretch) <= 2 * width + 100


def _whole(text: str, start: int, end: int) -> bool:
    """Whether no word is cut at either end."""
    inside = {at for token in tokens(text) for at in range(token.start + 1, token.end)}
    return start not in inside and end not in inside


@given(TYPED, TEXTS, TEXTS)
def test_no_markup_but_marks(typed: str, title: str, text: str) -> None:
    for passage in shown(typed, title=title, text=text):
        bare = re.sub("<mark>[^<>]+</mark>", "", passage.html)
        assert not set(bare) & set("<>\"'")
        assert re.fullmatch("(?:[^&]|&(?:amp|lt|gt|quot|#x27);)*", passage.html)


@given(TYPED, TEXTS)
def test_marks_cover_whole_words(typed: str, text: str) -> None:
    for passage in shown(typed, title=text, text=text):
        stretch = plain(passage)
        pieces = re.split("</?mark>", passage.html.removeprefix("… ").removesuffix(" …"))
        at = 0
        for number, piece in enumerate(map(html.unescape, pieces)):
            if number % 2:
                assert piece
                assert _whole(stretch, at, at + len(piece))
            at += len(piece)


@given(st.sampled_from(["port", "river", "oesterreich", "cluster", "athina", "cafe", "a"]), TEXTS)
def test_what_matches_is_shown_and_nothing_else(typed: str, text: str) -> None:
    asked = plan(typed, LANGS)
    assert isinstance(asked, AnyTerm)
    held = {term for token in tokens(text, "en") for term in token.terms}
    assert bool(shown(typed, text=text)) == bool(held & set(asked.terms))
    by_name = bool(held & set(asked.terms)) or asked.part in name_parts(text)
    assert bool(shown(typed, title=text)) == by_name


@given(TEXTS)
def test_normal_form_makes_no_difference(text: str) -> None:
    composed, apart = (
        marks(shown("oesterreich cafe", width=10_000, text=unicodedata.normalize(form, text)))
        for form in ("NFC", "NFD")
    )
    assert [unicodedata.normalize("NFC", mark) for mark in apart] == composed


@given(
    st.sampled_from(["the", "port", '"the port"', "po*", "zzz"]),
    st.lists(st.sampled_from(["other", "airport", "the-port", "port", "the", ""]), max_size=5),
)
@settings(max_examples=30)
def test_long_texts_are_read_to_the_end(typed: str, words: list[str]) -> None:
    padding = "another airports theatre " * 1000
    text = f"{padding} {' '.join(words)} {padding}"
    assert bool(marks(shown(typed, text=text))) == bool(marks(shown(typed, text=" ".join(words))))
