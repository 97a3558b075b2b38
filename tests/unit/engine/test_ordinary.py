from __future__ import annotations

import pytest

from tessera.engine.spelling.ordinary import in_doubt
from tessera.engine.spelling.typed import words_to_correct


@pytest.mark.parametrize(
    ("typed", "doubted"),
    [
        ("save", ["save"]),
        ("save energy", ["save", "energy"]),
        ("how can small towns save energy", []),
        ("the regions of the lake share wather", ["wather"]),
        ("wie kann die Gemeinde ihr Abwasser reinigne lassen", ["reinigne"]),
        ("comment améliorer la santé des abeiles", ["abeiles"]),
        ("како да се подобри здравјето на пчелитте", ["пчелитте"]),
        ("kako da se ljudima na selu pomogne bolje zdravlje", []),
        ("which organisations recieve support from the goverment", ["recieve", "goverment"]),
    ],
)
def test_in_a_sentence_ordinary_and_short_words_are_not_doubted(
    typed: str, doubted: list[str]
) -> None:
    assert [word.text for word in in_doubt(words_to_correct(typed))] == doubted
