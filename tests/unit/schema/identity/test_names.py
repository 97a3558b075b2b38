"""Names with notes in them: former names, names of today, being wound up."""

from __future__ import annotations

import pytest

from tessera.schema.identity.names import parsed


@pytest.mark.parametrize(("written", "name", "alias", "former"), [
    ("Helmut & Sohn (vormals: Werft Nord)", "Helmut & Sohn", "Werft Nord", True),
    ("MWE Ref 21 (ehem. MW 10)", "MWE Ref 21", "MW 10", True),
    ("Agence Sud (anciennement Agence Nord)", "Agence Sud", "Agence Nord", True),
    ("Město Nové (dříve Obec Nová)", "Město Nové", "Obec Nová", True),
    ("Институт (бивш Завод Изток)", "Институт", "Завод Изток", True),
    ("Werft Nord (jetzt: Helmut & Sohn)", "Werft Nord", "Helmut & Sohn", False),
    ("SPRI (now known as Basque Agency)", "SPRI", "Basque Agency", False),
])  # fmt: skip
def test_notes_are_further_names(written: str, name: str, alias: str, former: bool) -> None:
    found = parsed(written)
    assert found.name == name
    assert [(each.name, each.former) for each in found.aliases] == [(alias, former)]


@pytest.mark.parametrize(("written", "name"), [
    ("Jugendwerkstatt Hersfeld gGmbH i.L.", "Jugendwerkstatt Hersfeld gGmbH"),
    ("Fetter Gesellschaft m.b.H. in Liqu.", "Fetter Gesellschaft m.b.H."),
    ("Stroje Ostrava, s.r.o. v likvidaci", "Stroje Ostrava, s.r.o"),
    ("Stocznia S.A. (w likwidacji)", "Stocznia S.A"),
    ("Centar d.o.o. - u stečaju", "Centar d.o.o"),
    ("Institut für Liquidität", "Institut für Liquidität"),
    ("Air Liquide", "Air Liquide"),
    ("Know How (since 1990)", "Know How (since 1990)"),
    ("Agentur ehemals suchtkranker Personen", "Agentur ehemals suchtkranker Personen"),
])  # fmt: skip
def test_what_is_wound_up_is_the_same(written: str, name: str) -> None:
    assert parsed(written).name.rstrip(".") == name.rstrip(".")
    assert parsed(written).aliases == ()


@pytest.mark.parametrize(("written", "acronyms"), [
    ("RIOPELE - TÊXTEIS, S.A.", set()), ("SLIDESHOW - UNIPESSOAL LDA", set()),
    ("CNR - CONSIGLIO NAZIONALE DELLE RICERCHE", {"cnr"}),
    ("CONSIGLIO NAZIONALE DELLE RICERCHE (CNR)", {"cnr"}),
    ("SPRI - Basque Agency", {"spri"}),
])  # fmt: skip
def test_in_capitals_an_acronym_has_the_initials_of_the_rest(
    written: str, acronyms: set[str]
) -> None:
    assert parsed(written).acronyms == acronyms
