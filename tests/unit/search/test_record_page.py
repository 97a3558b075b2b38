from __future__ import annotations

import json

import pytest

from tessera.search.labels import Labels
from tessera.search.parts import unwrapped
from tessera.search.said import choose


def test_lines_of_a_printed_page_become_paragraphs() -> None:
    page = (
        "A short heading\n"
        "This line is as long as the paper allows, so the text goes on\n"
        "in the next one, which is nearly as long as the one before it\n"
        "and ends here.\n"
        "\n"
        "Another paragraph that is long enough to be taken for one, ok\n"
    )
    assert unwrapped(page) == (
        "A short heading",
        "This line is as long as the paper allows, so the text goes on in the next one, which is"
        " nearly as long as the one before it and ends here.",
        "Another paragraph that is long enough to be taken for one, ok",
    )
    assert unwrapped("") == ()
    assert unwrapped(" \n\n ") == ()


@pytest.mark.parametrize(
    ("lang", "page", "text", "attr"),
    [
        ("el", "en", "Γεια", ' lang="el"'),
        ("fr", "en", "Hello", ""),
        ("en", "de", "Hello", ' lang="en"'),
    ],
)
def test_the_readers_language_is_chosen(lang: str, page: str, text: str, attr: str) -> None:
    said = choose({"el": "Γεια", "en": "Hello"}, lang, page)
    assert (said.text, said.attr) == (text, attr)


def test_a_text_of_unknown_language_says_so() -> None:
    assert choose({"und": "x"}, "en", "en").attr == ' lang=""'
    assert not choose({}, "en", "en")
    assert not choose(None, "en", "en")


def test_json_ld_ends_no_script() -> None:
    from tessera.search.jsonld import _ESCAPES

    text = json.dumps({"name": "</script><!--&"}).translate(_ESCAPES)
    assert not set("<>&") & set(text)
    assert json.loads(text) == {"name": "</script><!--&"}


@pytest.mark.parametrize(
    ("data", "facts"),
    [
        (
            {"opens": "2020-01-02", "deadline": "2020-02-03", "call_status": "open"},
            {"Opens": ["2 January 2020"], "Deadline": ["3 February 2020"], "Call": ["Closed"]},
        ),
        (
            {
                "deadline": "2999-02-03",
                "deadlines": ["2998-01-01", "2999-02-03"],
                "call_status": "forthcoming",
            },
            {"Deadlines": ["1 January 2998", "3 February 2999"], "Call": ["Not open yet"]},
        ),
        ({}, {}),
    ],
)
def test_a_call_says_when_it_closes_and_is_closed_afterwards(
    data: dict[str, object], facts: dict[str, list[str]]
) -> None:
    from tessera.search.facts import _deadlines

    found = {fact.label: [v.text for v in fact.values] for fact in _deadlines(data, Labels("en"))}
    assert found == facts


def test_json_ld_says_when_a_call_expires() -> None:
    from types import SimpleNamespace

    from tessera.search.jsonld import _by_kind

    data = {"opens": "2020-01-02", "deadline": "2020-02-03", "programme": {"name": "Horizon"}}
    assert _by_kind(SimpleNamespace(kind="call"), data) == {
        "datePublished": "2020-01-02",
        "expires": "2020-02-03",
        "funder": {"@type": "Organization", "name": "Horizon"},
    }
