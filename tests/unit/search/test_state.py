from __future__ import annotations

from tessera.search.state import State, split


def test_years_of_a_form_become_one_range() -> None:
    sent = [("q", "x"), ("year.from", "2014"), ("year.to", "2020"), ("year", "none"), ("year", "2")]
    assert split(sent) == ([("q", "x"), ("year", "none"), ("year", "2014..2020")], State(), True)
    assert split([("year.from", "2014"), ("year.to", "")])[0] == [("year", "2014..")]
    assert split([("year.from", ""), ("year.to", "2014")])[0] == [("year", "..2014")]
    assert split([("year.from", "2014"), ("year.to", "2014")])[0] == [("year", "2014")]


def test_blank_fields_are_left_out() -> None:
    assert split([("q", ""), ("sort", ""), ("kind", "file")]) == ([("kind", "file")], State(), True)


def test_an_address_that_no_form_made_is_left_as_it_is() -> None:
    pairs = [("q", "x"), ("year", "2014..2020"), ("colour", "red")]
    assert split(pairs) == (pairs, State(), False)


def test_what_is_unfolded_belongs_to_the_page() -> None:
    rest, state, sent = split([("open", "region:LT"), ("find.theme", " clu "), ("q", "x")])
    assert (rest, sent) == ([("q", "x")], False)
    assert state == State({"theme": "clu"}, ("region:LT",))
    assert state.pairs() == (("find.theme", "clu"), ("open", "region:LT"))
    assert state.toggled("region:LT").open == ()
    assert state.toggled("region:SI").open == ("region:LT", "region:SI")
