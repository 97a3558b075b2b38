"""The best of several groups are the same by one search as by one for each."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tessera.engine.audience import Audience
from tessera.engine.backends.tantivy import TantivyBackend, grouped, places
from tessera.engine.backends.tantivy.reading import TantivyReading
from tessera.engine.backends.tantivy.snapshot import Snapshot
from tessera.engine.backends.tantivy.translate import Translation
from tessera.engine.document import Document, Text
from tessera.engine.fields import IndexSchema, TextField
from tessera.engine.plan import Both, Either, Everything, PlanNode, Written, plan_word

SCHEMA = IndexSchema("langs", 1, (TextField("text"),), (), (), "relevance")
GROUPS: tuple[PlanNode, ...] = (
    Written("de"),
    Written("fr"),
    Either((Written("fi"), Written("sv"))),
    Written("none"),
)


def document(number: int, chance: random.Random) -> Document:
    """Of three languages in uneven numbers, every fifth in two; a third of them all alike."""
    langs = chance.choices(("de", "fr", "fi", "sv"), (60, 30, 5, 5), k=1 + (number % 5 == 0))
    words = ["bridge"] * (1 if number % 3 else chance.randint(1, 9))
    text = " ".join(words + ["river"] * (number % 4 == 0) + ["x"] * (9 - len(words)))
    return Document(f"d{number}", number, {"text": tuple(Text(text, lang) for lang in set(langs))})


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """In several segments, with deleted documents among them."""
    backend = TantivyBackend(Path(tmp_path_factory.mktemp("grouped")))
    backend.create(SCHEMA, "langs")
    chance = random.Random(7)
    with backend.writer(SCHEMA, "langs") as writer:
        for start in range(0, 900, 300):
            writer.put(document(n, chance) for n in range(start + 1, start + 301))
            writer.commit()
        writer.delete(f"d{n}" for n in range(0, 900, 11))
    return backend.index(SCHEMA, "langs")._snapshot()


def one_by_one(reading: TantivyReading, node: PlanNode, most: int) -> list[list[tuple[int, float]]]:
    return [reading.best(Both((node, group)), most) for group in GROUPS]


@pytest.mark.parametrize("together", [1, 7, 40, 10_000])
@pytest.mark.parametrize("most", [1, 20])
def test_one_search_finds_what_one_for_each_group_finds(
    snapshot: Snapshot, together: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouped, "TOGETHER", together)
    reading = TantivyReading(snapshot, Audience.EVERYONE)
    bridge, river, nothing = (plan_word(word, ["en"]) for word in ("bridge", "river", "nothing"))
    nodes = [bridge, Either((bridge, river)), Both((bridge, river)), nothing]
    for node, found in zip(nodes, reading.best_in_each(nodes, GROUPS, most), strict=True):
        assert [ranked.pairs() for ranked in found] == one_by_one(reading, node, most)


def test_a_single_group_is_searched_by_itself(snapshot: Snapshot) -> None:
    reading = TantivyReading(snapshot, Audience.EVERYONE)
    bridge = plan_word("bridge", ["en"])
    ((found,),) = reading.best_in_each([bridge], [Everything()], 30)
    assert found.pairs() == reading.best(bridge, 30)


def test_every_document_has_its_key_at_its_place(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_AT_ONCE", 64)
    addresses = places.Addresses(snapshot.searcher, snapshot.fields)
    kept = {n for n in range(1, 901) if n % 11}
    assert set(addresses.keys.tolist()) - {0} == kept
    german = Translation(snapshot).matching(Written("de"))
    found = [address for _, address in snapshot.searcher.search(german, 900).hits]
    assert addresses.keys[addresses.places(found)].tolist() == snapshot.keys(found)
    members = addresses.matching([Translation(snapshot).matching(Written("fr")), german])
    among = addresses.keys[(members & 2).astype(bool)]
    assert sorted(among.tolist()) == sorted(snapshot.keys(found))
