"""Which beginnings and parts find a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engine.analysis import name_parts, parts_among, prefix_key, tokens


def found(typed: str, name: str) -> bool:
    return len(prefix_key(typed)) >= 2 and prefix_key(typed) in name_parts(name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("cluster", "ClusterFY"),
        ("cluster", "ClusteriX 2.0"),
        ("cluster", "CLUSTERS3"),
        ("clusters", "CLUSTERS3"),
        ("cluster", "BIOCLUSTER"),
        ("cluster", "BIOCLUSTERS"),
        ("cluster", "BIOCLUSTER3"),
        ("Clusterix2", "ClusteriX 2.0"),
        ("clusterix2.0", "ClusteriX 2.0"),
        ("innovet", "Inno-VET"),
        ("koš", "Twinning Košice"),
        ("kos", "Twinning Košice"),
        ("oesterr", "Österreich"),
        ("osterr", "Österreich"),
        ("österr", "Oesterreich"),
        ("athi", "Αθήνα"),
        ("αθη", "Athina 2030"),
        ("sof", "Община София"),
        ("internationalisation", "Internationalisation"),
    ],
)
def test_a_part_finds_the_name(typed: str, name: str) -> None:
    assert found(typed, name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("sea", "research"),
        ("sea", "RESEARCH"),
        ("search", "Research"),
        ("luster", "Cluster policies"),
        ("c", "Cluster"),
        ("", "Cluster"),
        ("!", "Cluster!"),
    ],
)
def test_other_pieces_do_not(typed: str, name: str) -> None:
    assert not found(typed, name)


@given(st.text(st.characters(), max_size=60))
def test_every_word_of_a_name_finds_it(name: str) -> None:
    for token in tokens(name):
        key = prefix_key(name[token.start : token.end])
        assert len(key) < 2 or key in name_parts(name)


@given(st.text(st.characters(), max_size=60), st.sampled_from(["und", "de", "el"]), st.data())
def test_the_keys_of_a_name_that_are_wanted(name: str, lang: str, data: st.DataObject) -> None:
    keys = name_parts(name, lang)
    wanted = {*data.draw(st.lists(st.sampled_from(sorted(keys)))), "none"} if keys else {"none"}
    assert parts_among(name, lang, wanted) == keys & wanted
    assert parts_among(name, lang, keys) == keys


@given(st.text(st.characters(), max_size=60))
def test_no_key_is_empty(name: str) -> None:
    assert all(name_parts(name))
