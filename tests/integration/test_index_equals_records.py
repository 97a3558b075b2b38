"""Whatever is imported and edited, the synced index is the one that a rebuild would make."""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tessera.engine.audience import Audience
from tessera.engine.document import Document
from tessera.harvest.run import harvest
from tessera.indexing import current
from tessera.indexing.rebuild import rebuild
from tessera.indexing.sync import sync
from tessera.indexing.verify import verify
from tessera.records.corrections import correct, uncorrect
from tessera.records.links import Shown, links_of
from tessera.records.merges import MergeError, merge, undo
from tessera.records.models import Link, Mention, Merge, Record, SourceRecord
from tessera.records.views import record_views
from tessera.schema.document import to_document
from tests.integration.deliveries import Lines, write

pytestmark = pytest.mark.django_db

KINDS = ("project", "project", "project", "event", "news", "person", "file", "organisation")
SOURCES = ("one", "two", "three")
UIDS = [f"r:{n}" for n in range(14)] + ["pic:1", "pic:2"]


class Catalogue:
    """Deliveries of three sources that change at random; each record belongs to one of them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.owner = {uid: self.random.choice(SOURCES) for uid in UIDS}
        self.records: dict[str, dict[str, Any]] = {}

    def change(self) -> None:
        for _ in range(self.random.randint(1, 5)):
            uid = self.random.choice(UIDS)
            if uid in self.records and self.random.random() < 0.15:
                del self.records[uid]
            elif uid in self.records and self.random.random() < 0.75:
                self.records[uid] |= self.random.choice((
                    {"programme": {"name": self.random.choice(("North", "South", "West"))}},
                    {"themes": [self.random.choice(("Ports", "Forests", "Trains"))]},
                    {"acronym": self.random.choice(("", "ONE", "TWO"))},
                    {"period": self.random.choice(("2014-2020", "2021-2027"))},
                    {"summary": {"en": self.random.choice(("Of ports.", "Of trains. " * 40))}},
                    {"start": self.random.choice(("2019-01-01", "2021-01-01"))},
                ))  # fmt: skip
            else:
                self.records[uid] = self.record(uid)

    def record(self, uid: str) -> dict[str, Any]:
        pick = self.random
        made: dict[str, Any] = {
            "id": uid,
            "kind": "organisation" if uid.startswith("pic") else pick.choice(KINDS),
            "title": {"en": pick.choice(("Alpha", "Beta", "Gamma")), "lt": "Vardas"},
        }
        if pick.random() < 0.5:
            made["acronym"] = pick.choice(("ONE", "TWO"))
        if pick.random() < (0.8 if made["kind"] == "project" else 0.2):
            made["programme"] = {"name": pick.choice(("North", "South"))}
            made["period"] = pick.choice(("2014-2020", "2021-2027"))
        if pick.random() < 0.3:
            made["themes"] = pick.sample(("Ports", "Forests", "Trains"), 2)
        made["links"] = [
            {"rel": pick.choice(("about", "part_of")), "id": pick.choice([*UIDS, "nobody"])}
            for _ in range(pick.randint(0, 3))
        ]
        if made["kind"] == "project":
            made["organisations"] = [self.partner() for _ in range(pick.randint(0, 3))]
        if made["kind"] == "person":
            made["organisation"] = pick.choice(("pic:1", "pic:2", "Mita"))
        return made

    def partner(self) -> dict[str, Any]:
        pick = self.random
        said: dict[str, Any] = {
            "name": pick.choice(("Mita", "MITA", "Uni of Kaunas")),
            "country": pick.choice(("LT", "LV")),
            "role": pick.choice(("lead", "partner")),
        }
        if pick.random() < 0.5:
            said["type"] = pick.choice(("Sme", "Other"))
        if pick.random() < 0.4:
            said["id"] = pick.choice(("pic:1", "pic:2", "pic:3"))
        return said

    def deliver(self, source: str, folder: Path) -> None:
        records = [r for uid, r in self.records.items() if self.owner[uid] == source]
        self.random.shuffle(records)
        path = write(folder / f"{source}.jsonl", records)
        harvest(Lines(source, minimum=0, max_loss=1.0), [path])

    def edit(self) -> None:
        found = list(Record.objects.order_by("uid"))
        if not found:
            return
        record = self.random.choice(found)
        if record.corrections and self.random.random() < 0.5:
            uncorrect(record)
            return
        fields = self.random.choice((
            {"acronym": "FIXED"}, {"title": {"en": "Corrected"}}, {"acronym": None},
            {"links": [{"rel": "about", "id": self.random.choice(UIDS)}]},
            {"organisations": [self.partner()]}, {"programme": {"name": "East"}},
        ))  # fmt: skip
        correct(record, fields)

    def merge_or_undo(self) -> None:
        """Say of two organisations that they are one, or take such a statement back."""
        holding = list(Merge.objects.filter(undone_at=None))
        if holding and self.random.random() < 0.4:
            undo(self.random.choice(holding).pk, by="test")
            return
        found = list(
            Record.objects.filter(kind="organisation").order_by("uid").values_list("uid", flat=True)
        )
        if len(found) > 1:
            with contextlib.suppress(MergeError):
                merge(*self.random.sample(found, 2), by="test")


def indexed() -> dict[str, Document]:
    """The documents in the promoted index of the memory backend."""
    engine: Any = current.backend()
    everyone = engine._boxes[engine.promoted()].states[Audience.EVERYONE]
    return {id_: entry.document for id_, entry in everyone.entries.items()}


def made_anew() -> dict[str, Document]:
    """The documents as the records are, of whole linked records rather than of their faces."""
    return {
        view.id: to_document(view)
        for view in record_views(Record.objects.filter(withdrawn_at=None, answers_as=""))
    }


def recounted() -> Counter[tuple[str, str]]:
    return Counter(
        said
        for record in Record.objects.filter(withdrawn_at=None)
        for said in Shown.of("", {}, links_of(record.uid, record.current)).mentions
    )


@pytest.mark.parametrize("seed", range(8))
def test_document_by_document(seed: int, tmp_path: Path, memory_index: None) -> None:
    catalogue = Catalogue(seed)
    for step in range(20):
        catalogue.change()
        catalogue.deliver(catalogue.random.choice(SOURCES), tmp_path)
        if step % 3 == 1:
            catalogue.edit()
        if step % 4 > 1:
            catalogue.merge_or_undo()
        if step % 2:
            sync()
            assert indexed() == made_anew()
    sync()
    synced = indexed()
    assert verify().problem == ""
    rebuild()
    assert synced == indexed()
    stored = {(m.target_uid, m.said): m.times for m in Mention.objects.all()}
    assert stored == dict(recounted())
    for record in Record.objects.filter(withdrawn_at=None):
        stated = [(s.rel, s.role, s.target) for s in links_of(record.uid, record.current)]
        rows = Link.objects.filter(record=record).order_by("position")
        assert list(rows.values_list("rel", "role", "target_uid")) == stated


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_imports_does_not_matter(seed: int, tmp_path: Path) -> None:
    catalogue = Catalogue(seed)
    for _ in range(12):
        catalogue.change()
    outcomes = []
    for order in (SOURCES, SOURCES[::-1]):
        for source in order:
            catalogue.deliver(source, tmp_path)
        outcomes.append({
            (r.uid, r.kind, r.derived, r.source.slug, r.checksum, r.withdrawn_at is None)
            for r in Record.objects.select_related("source")
        })  # fmt: skip
        for model in (Record, Mention, SourceRecord):
            model.objects.all().delete()
    assert outcomes[0] == outcomes[1]
