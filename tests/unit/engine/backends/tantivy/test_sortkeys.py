from hypothesis import given
from hypothesis import strategies as st

from tessera.engine.backends.tantivy.sortkeys import as_text, boosted, chunks, composed

ids = st.text(st.sampled_from("abé\U0001f600:"), min_size=1, max_size=30)
keys = st.one_of(
    st.lists(
        st.tuples(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=40), ids)
    ),
    st.lists(st.tuples(st.none() | st.integers(-(2**63), 2**63 - 1), ids)),
)


@given(keys, st.booleans())
def test_keys_order_like_what_they_are_made_of(
    keys: list[tuple[str | int | None, str]], descending: bool
) -> None:
    made = {pair: composed(*pair, descending=descending) for pair in keys}
    by_id = sorted(set(keys), key=lambda pair: pair[1])
    expected = sorted(
        (pair for pair in by_id if pair[0] is not None),
        key=lambda pair: pair[0],  # type: ignore[arg-type,return-value]
        reverse=descending,
    ) + [pair for pair in by_id if pair[0] is None]
    assert sorted(made, key=lambda pair: made[pair]) == expected
    assert sorted(made, key=lambda pair: as_text(made[pair]).encode()) == expected


@given(st.lists(st.binary(max_size=50)))
def test_chunks_order_as_far_as_they_go(found: list[bytes]) -> None:
    assert [chunks(key) for key in sorted(found)] == sorted(chunks(key) for key in found)


def test_the_greatest_boost_first_then_by_id() -> None:
    made = [(boost, id_) for boost in (10.0, 1.5, 1.0, 0.1) for id_ in ("a", "b")]
    assert sorted(made, key=lambda pair: boosted(*pair)) == made
