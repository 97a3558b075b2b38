"""From typed text to terms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engine.plan import (
    AnyTerm,
    Both,
    Either,
    Everything,
    PlanNode,
    Sequence,
    StartsWith,
    Without,
    plan,
)


def any_term(word: str, part: bool = True) -> AnyTerm:
    """A word alone, which may be part of a compound and of a name, or (not part) in a phrase."""
    if part:
        return AnyTerm((word, f"nl:{word}", f"nl+:{word}"), word)
    return AnyTerm((word, f"nl:{word}"))


wind, park, zee = (any_term(word) for word in ("wind", "park", "zee"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Everything()),
        ("!? --", Everything()),
        ('""', Everything()),
        ("wind", wind),
        ("wind wind", wind),
        ("wind !", wind),
        ("wind OR !", wind),
        ("wind park", Both((wind, park))),
        ("wind OR park", Either((wind, park))),
        ("-wind", Without(wind)),
        ("park -wind", Both((park, Without(wind)))),
        ("-!", Everything()),
        ('"wind park"', Sequence((any_term("wind", False), any_term("park", False)))),
        ('"wind"', any_term("wind", False)),
        ("wi*", StartsWith("wi")),
        ("Ö*", AnyTerm(("o", "oe", "nl:o", "nl:oe"), "")),
        ("Österr*", Either((StartsWith("osterr"), StartsWith("oesterr")))),
        ("2.0", Sequence((AnyTerm(("2",)), AnyTerm(("0",))))),
        (
            "wind-park",
            Either(
                (
                    Sequence((any_term("wind", False), any_term("park", False))),
                    any_term("windpark"),
                )
            ),
        ),
        ("wind-pa*", Both((any_term("wind", False), StartsWith("pa")))),
        ("l'zee", zee),
    ],
)
def test_text_becomes_terms(text: str, expected: PlanNode) -> None:
    assert plan(text, ["nl"]) == expected


def test_a_word_of_one_letter_is_no_part_of_a_name() -> None:
    assert plan("x", []) == AnyTerm(("x",), "")


def test_stems_come_in_every_language_of_the_index() -> None:
    planned = plan("clusters", ["de", "en"])
    assert planned == AnyTerm(("clusters", "de:clust", "de+:clust", "en:cluster"), "clusters")


@given(st.text(st.characters(), max_size=100), st.sets(st.sampled_from(["en", "el", "xx", "und"])))
def test_any_text_has_a_plan(text: str, langs: set[str]) -> None:
    planned = plan(text, langs)
    assert hash(planned) == hash(plan(text, langs))
    assert _well_formed(planned)


def _well_formed(node: PlanNode) -> bool:
    match node:
        case Both(nodes) | Either(nodes):
            return len(nodes) > 1 and all(map(_well_formed, nodes))
        case Without(inner):
            return not isinstance(inner, Everything) and _well_formed(inner)
        case Sequence(positions):
            return len(positions) > 1 and all(map(_well_formed, positions))
        case AnyTerm(terms, part):
            return bool(terms) and len(part) != 1
        case StartsWith(key):
            return bool(key)
        case _:
            return True
