from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.sources.formats.markup import without_markup

SPOILT = [
    ("Research &amp; innovation", "Research & innovation"),
    ("R&amp;amp;D", "R&D"),
    ("caf&eacute; &#8211; l&#39;eau &#x2019;", "café – l'eau ’"),
    ("A<br>B<BR/>C", "A\nB\nC"),
    ('<a href="x.html">A</a>', "A"),
    ("<p>One</p><p>Two</p>", "\n\nOne\n\n\n\nTwo\n\n"),
    ("&lt;p&gt;One&lt;/p&gt;", "\n\nOne\n\n"),
    ("H<sub>2</sub>O", "H2O"),
    ('<a href="javascript:alert(1)">click</a>', "click"),
    ("x<script>alert('<b>')</script>y", "xy"),
    ('<img src=x onerror="alert(1)">name', "name"),
    ("a<!-- hidden -->b", "ab"),
    ("https://x.example/?a=1&amp;b=2", "https://x.example/?a=1&b=2"),
]
RIGHT = [
    "R&D, AT&T; Q&A", "a < b > c", "<50 employees and >10", "<Name>, <https://x.example/>",
    "the mean value <p> of it", "the <select> statement", "List<String>", "a <- b", "I <3 it",
    "John <john@x.example>", "https://x.example/?a=1&copy;=2&lt=3", "&foo; &#7; &;",
    "if (a<b && c>d)",
    "use <del> ... </del> in the issue", "in HTML, <b>bold</b> &amp; <i>italic</i>",
    "x.replace(/</g, '&lt;')", "<script>alert(1)", "<!-- open",
]  # fmt: skip


@pytest.mark.parametrize(("spoilt", "meant"), SPOILT)
def test_what_is_certain_is_taken_out(spoilt: str, meant: str) -> None:
    found, what = without_markup(spoilt)
    assert found == meant
    assert what in ("markup", "entities")


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_stays(text: str) -> None:
    assert without_markup(text) == (text, "")


@given(st.text(alphabet='<>/!-apbr scriptdv="&;lg#1'))
def test_any_text_can_be_looked_at(text: str) -> None:
    found, what = without_markup(text)
    assert (found == text) == (what == "")


@pytest.mark.parametrize(
    "piece", ["<script>", "<p ", "<!--", "&lt;", "</script", '<a "', "<div>", "<svg></svg", "&#60;"]
)
def test_a_hostile_text_takes_no_longer_than_its_length(piece: str) -> None:
    begun = time.process_time()
    without_markup(piece * 40_000)
    assert time.process_time() - begun < 5
