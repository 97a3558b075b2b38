"""One run over a vocabulary: it is replaced whole, in one transaction, or stays as it was.

Through the same door as runs over records (`tessera.harvest.run.harvest`): turns, reports,
errors and promises are the same.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn

from django.db import transaction
from django.utils import timezone

from tessera.harvest.gathering import BATCH, Gather
from tessera.harvest.ledger import Ledger
from tessera.harvest.mapping import unfit, usable_key
from tessera.harvest.models import Run
from tessera.harvest.report import HarvestError, Report
from tessera.records import concepts
from tessera.records.keeping import check
from tessera.records.models import Concept, ConceptLabel, Source, Vocabulary
from tessera.schema import concepts as schema
from tessera.sources.base import Gone, Item, ItemError, Partial, Taken
from tessera.sources.vocabulary import VocabularyImporter

FEW_ERRORS = 20
"""As for records: so many never stop a run."""

AS_IT_WAS = "Nothing was changed: the vocabulary is as it was."

_log = logging.getLogger(__name__)


class Known(NamedTuple):
    """What is stored of a concept. there: whether it isn't withdrawn."""

    pk: int
    checksum: str
    there: bool


@dataclass(slots=True)
class _Delivery:
    """What has been seen of a delivery. schemes: how many concepts are in each; tops: what is
    said of the schemes themselves. unknown: items in error that can't be told apart."""

    seen: set[str] = field(default_factory=set)
    schemes: Counter[str] = field(default_factory=Counter)
    tops: dict[str, schema.Concept] = field(default_factory=dict)
    unknown: int = 0


class VocabularyRun:
    """The state of one run. run: None in a dry run. source: None where it is not there yet."""

    def __init__(
        self,
        importer: VocabularyImporter,
        source: Source | None,
        report: Report,
        run: Run | None,
        ledger: Ledger,
    ) -> None:
        self.importer = importer
        self.source = source
        self.report = report
        self.run = run
        self.ledger = ledger
        self.delivery = _Delivery()

    def go(self, gather: Gather, *, accept_loss: bool) -> None:
        """Raises HarvestError, with the vocabulary as it was."""
        stream = self._stream(gather)
        began = time.perf_counter()
        try:
            # What takes long comes before the first item, and before anything is locked.
            first = next(stream, None)
            self.report.seconds["gather"] = time.perf_counter() - began
            with self._transaction():
                self._replace(first, stream, accept_loss=accept_loss)
            self.report.seconds["store"] = (
                time.perf_counter() - began - self.report.seconds["gather"]
            )
        except BaseException:
            self._undone()
            raise
        finally:
            self.ledger.settle()

    def _stream(self, gather: Gather) -> Iterator[Taken]:
        try:
            for each in gather():
                if isinstance(each, Partial):
                    raise ValueError("it is a part alone, and a vocabulary is replaced whole")
                yield each
        except Exception as error:
            what = (
                f"{error.filename}: {error.strerror}"
                if isinstance(error, OSError) and error.filename
                else str(error) or type(error).__name__
            )
            raise HarvestError(
                f"The delivery can't be read: {what}. {AS_IT_WAS}", self.report
            ) from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        if self.run is None:
            yield
            return
        with transaction.atomic():
            yield

    def _replace(self, first: Taken | None, rest: Iterator[Taken], *, accept_loss: bool) -> None:
        vocabulary = self._vocabulary()
        known = self._known(vocabulary)
        batch: list[schema.Concept] = []
        for each in _all(first, rest):
            batch += self._taken(each)
            if len(batch) >= BATCH:
                self._put(vocabulary, batch, known)
                batch = []
                self._check_errors()
        self._put(vocabulary, batch, known)
        self._check_errors()
        lost = self._lost(known, accept_loss=accept_loss)
        self.report.withdrawn = len(lost)
        if vocabulary is not None and self.run is not None:
            concepts.withdraw(lost, timezone.now())
            self._describe(vocabulary)

    def _vocabulary(self) -> Vocabulary | None:
        if self.source is None:
            return None
        found = Vocabulary.objects.filter(source=self.source).first()
        if found is None and self.run is not None:
            return Vocabulary.objects.create(source=self.source, changed_at=timezone.now())
        return found

    def _known(self, vocabulary: Vocabulary | None) -> dict[str, Known]:
        """All that are stored, by URI."""
        if vocabulary is None:
            return {}
        rows = Concept.objects.filter(vocabulary=vocabulary).values_list(
            "uri", "pk", "checksum", "withdrawn_at"
        )
        return {uri: Known(pk, own, gone is None) for uri, pk, own, gone in rows.iterator()}

    def _taken(self, each: Taken) -> list[schema.Concept]:
        """The concept of one item, if it can be had; errors go to the report."""
        if isinstance(each, Gone):
            self.report.received += 1
            return []
        if isinstance(each, ItemError):
            self.report.tell(each.stage, each)
            if not each.warning:
                self.report.received += 1
                self._in_error(each.key)
            return []
        self.report.received += 1
        problem = unfit(each)
        if problem is None and each.key in self.delivery.seen:
            problem = f"another item with the key {each.key!r} came before; this one was left out"
        if problem is not None:
            self._in_error(each.key)
            self.report.fail("gather", each.where, problem, each.key)
            return []
        self.delivery.seen.add(each.key)
        return self._mapped(each)

    def _in_error(self, key: str) -> None:
        """What is known of an item that can't be taken stays, if it can be told which it is."""
        if usable_key(key):
            self.delivery.seen.add(key)
        else:
            self.delivery.unknown += 1

    def _mapped(self, item: Item) -> list[schema.Concept]:
        made: list[schema.Concept] = []
        try:
            check(item.written, item.raw)
            for each in self.importer.concepts(item):
                if isinstance(each, schema.Concept):
                    made.append(each)
                else:
                    self.report.tell("map", each)
        except ValueError as error:
            self.report.fail("map", item.where, str(error), item.key)
        except Exception as error:  # noqa: BLE001 - a slip of an importer is an error of that item
            _log.exception("importer %s, %s", self.importer.info.slug, item.where)
            message = f"the importer can't read this: {type(error).__name__}: {error}"
            self.report.fail("map", item.where, message, item.key)
        self.report.mapped += 1
        self.report.drafts += len(made)
        for concept in made:
            self.delivery.schemes.update(concept.schemes)
            if concept.kind == "scheme":
                self.delivery.tops[concept.uri] = concept
        return made

    def _put(
        self,
        vocabulary: Vocabulary | None,
        batch: list[schema.Concept],
        known: Mapping[str, Known],
    ) -> None:
        stored = []
        for each in batch:
            before = known.get(each.uri)
            if before is None or not before.there:
                self.report.added += 1
                self.report.restored += before is not None
            elif before.checksum != each.checksum():
                self.report.changed += 1
            else:
                self.report.unchanged += 1
                continue
            stored.append(each)
        if stored and vocabulary is not None and self.run is not None:
            keys = {each.uri: known[each.uri].pk for each in stored if each.uri in known}
            concepts.put(vocabulary, stored, keys)
        self.ledger.show()

    def _check_errors(self) -> None:
        errors, received = len(self.report.errors), self.report.received
        allowed = self.importer.info.max_errors
        if errors > FEW_ERRORS and errors > allowed * received:
            first = self.report.errors[0]
            self._refuse(
                f"{errors:,} of {received:,} items are in error, more than the {allowed:.0%} that "
                f"the source allows. The first: {first.where}: {first.message}. {AS_IT_WAS}",
                max_errors=allowed,
                errors=errors,
            )

    def _lost(self, known: Mapping[str, Known], *, accept_loss: bool) -> list[int]:
        """Concepts (primary keys) that the delivery lacks; HarvestError where it may not."""
        info, report = self.importer.info, self.report
        there = {uri: each.pk for uri, each in known.items() if each.there}
        lost = [pk for uri, pk in there.items() if uri not in self.delivery.seen]
        report.promises = {
            "minimum": info.minimum, "records": report.records, "max_loss": info.max_loss,
            "known": len(there), "lost": len(lost), "accepted": accept_loss,
            "max_errors": info.max_errors, "errors": len(report.errors), "complete": True,
            "broken": "",
        }  # fmt: skip
        if report.records < info.minimum:
            why = f" The first error: {report.errors[0].message}." if report.errors else ""
            self._refuse(
                f"The delivery has {report.records:,} good concepts, and the source promises at "
                f"least {info.minimum:,}.{why} {AS_IT_WAS}"
            )
        if lost and self.delivery.unknown:
            report.notes.append(
                f"{self.delivery.unknown:,} items could not be told apart for errors, and may be "
                f"among the {len(lost):,} concepts that this delivery seems to lack: nothing was "
                "withdrawn."
            )
            return []
        if len(lost) > info.max_loss * len(there) and not accept_loss:
            self._refuse(
                f"The delivery lacks {len(lost):,} of the {len(there):,} concepts known of this "
                f"vocabulary, more than the {info.max_loss:.0%} that it may lose at once. "
                f"{AS_IT_WAS} If they are really gone, import again with --accept-loss."
            )
        return lost

    def _refuse(self, why: str, **promises: object) -> NoReturn:
        self.report.promises |= {**promises, "broken": why}
        raise HarvestError(why, self.report)

    def _describe(self, vocabulary: Vocabulary) -> None:
        """What the vocabulary says of itself: its own scheme, or the one most concepts are in."""
        own = getattr(self.importer, "scheme", "")
        ranked = sorted(self.delivery.schemes.items(), key=lambda pair: (-pair[1], pair[0]))
        uri = own or (ranked[0][0] if ranked else next(iter(sorted(self.delivery.tops)), ""))
        top = self.delivery.tops.get(uri, schema.Concept(uri))
        rows = ConceptLabel.objects.filter(
            concept__vocabulary=vocabulary, concept__withdrawn_at=None
        )
        vocabulary.uri = uri
        vocabulary.title = dict(top.labels)
        vocabulary.version = top.version
        vocabulary.issued = top.issued[:40]
        vocabulary.licence = top.licence
        vocabulary.languages = sorted(rows.order_by().values_list("lang", flat=True).distinct())
        vocabulary.changed_at = timezone.now()
        vocabulary.save()

    def _undone(self) -> None:
        """The report of a run that came to nothing says so."""
        report = self.report
        report.added = report.changed = report.unchanged = 0
        report.restored = report.withdrawn = 0


def _all(first: Taken | None, rest: Iterator[Taken]) -> Iterator[Taken]:
    if first is not None:
        yield first
        yield from rest
