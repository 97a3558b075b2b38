"""Saying that two organisations are one, and taking it back.

A merge is a statement beside the records: it changes neither, so whatever their sources send
again is stored as before, and undoing it restores the exact former state.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone

from tessera.records.bulk import slices
from tessera.records.changes import log_regrouped, writing
from tessera.records.groups import groups_of, settle_groups
from tessera.records.models import Candidate, Merge, Record
from tessera.records.organisations import KIND
from tessera.schema.identity.pairs import Evidence, evidence, known
from tessera.trail.models import What, note

PUBLIC = ("ror", "pic", "vat", "nid")
"""Schemes of ids that are numbers known beyond their source."""

MATCH = "match"
"""Who merges what is sure."""


class MergeError(ValueError):
    """Why two records can't be merged, or a merge can't be undone, in a sentence."""


def merge(
    kept: str,
    merged: str,
    *,
    by: str,
    why: str = "",
    found: Evidence | None = None,
    at: datetime | None = None,
) -> Merge:
    """Show the organisation `merged` (and all shown under it) under `kept` from now on.

    by: who says so. found: the evidence; compared anew where it isn't given. Raises MergeError.
    """
    when = at or timezone.now()
    with writing():
        groups = groups_of((kept, merged))
        tops = [groups.get(uid, (uid,))[0] for uid in (kept, merged)]
        if tops[0] == tops[1]:
            raise MergeError(f"{kept} and {merged} are one organisation already.")
        first, second = _organisation(tops[0]), _organisation(tops[1])
        if found is None:
            found = evidence(known(first.uid, first.current), known(second.uid, second.current))
        made = Merge.objects.create(
            kept=first.uid,
            merged=second.uid,
            score=found.score,
            evidence=found.as_json(),
            compared=[kept, merged],
            said={each.uid: {"title": each.current.get("title"), "names": each.current.get("names")}
                  for each in (first, second)},
            by=by,
            why=why,
            at=when,
        )  # fmt: skip
        _decided(kept, merged, Candidate.State.ACCEPTED, found, by, why, when)
        _regrouped((first.uid, second.uid), when)
        note(by, What.MERGED, second.uid, under=first.uid, merge=made.pk, why=why)
    return made


def undo(number: int, *, by: str, why: str = "", at: datetime | None = None) -> Merge:
    """Take a merge back: both organisations are shown as before it, and it isn't proposed again.

    Raises MergeError where there is none of this number, or where it is undone already.
    """
    when = at or timezone.now()
    with writing():
        made = Merge.objects.filter(pk=number).first()
        if made is None:
            raise MergeError(f"There is no merge {number}.")
        if made.undone_at is not None:
            raise MergeError(f"Merge {number} was undone on {made.undone_at:%Y-%m-%d} already.")
        before = set(groups_of((made.kept,)).get(made.kept, ()))
        made.undone_at, made.undone_by, made.undone_why = when, by, why
        made.save()
        for one, other in ((made.kept, made.merged), made.compared):
            _decided(one, other, Candidate.State.REJECTED, None, by, why, when)
        _regrouped(before | {made.kept, made.merged}, when)
        note(by, What.UNDONE, made.merged, under=made.kept, merge=made.pk, why=why)
    return made


def reject(candidate: Candidate, *, by: str, why: str, at: datetime | None = None) -> None:
    """Keep two organisations apart: they are neither merged by `match` nor proposed again."""
    candidate.state = Candidate.State.REJECTED
    candidate.by, candidate.why, candidate.decided_at = by, why, at or timezone.now()
    with writing():
        candidate.save()
        note(by, What.KEPT_APART, candidate.one, other=candidate.other, why=why)


def accept(candidate: Candidate, *, by: str, why: str) -> Merge:
    """Merge the two of a candidate; the one to be kept is the one with more behind it."""
    kept, merged = in_order((candidate.one, candidate.other))
    one, other = (known(uid, _organisation(uid).current) for uid in (kept, merged))
    made = merge(kept, merged, by=by, why=why, found=evidence(one, other))
    candidate.refresh_from_db()
    return made


def in_order(uids: Sequence[str]) -> list[str]:
    """Ids in the order in which one of them is kept; see `precedence`."""
    first = precedence(uids)
    return sorted(uids, key=lambda uid: first[uid])


def precedence(uids: Iterable[str]) -> dict[str, tuple[bool, bool, str]]:
    """What orders ids by which one is kept: those that a source delivers under a public number
    first, then those that a source delivers, then those that are only named."""
    wanted = list(uids)
    derived: dict[str, bool] = {}
    for some in slices(wanted):
        derived |= dict(Record.objects.filter(uid__in=some).values_list("uid", "derived"))
    return {
        uid: (derived.get(uid, True), uid.partition(":")[0] not in PUBLIC, uid) for uid in wanted
    }


def _organisation(uid: str) -> Record:
    record = Record.objects.filter(uid=uid).first()
    if record is None:
        raise MergeError(f"There is no record {uid}.")
    if record.kind != KIND:
        raise MergeError(f"{uid} is of the kind {record.kind}; only organisations are merged.")
    return record


def _regrouped(uids: Sequence[str] | set[str], at: datetime) -> None:
    changed = settle_groups(uids)
    log_regrouped(changed | set(uids), at)


def _decided(
    one: str,
    other: str,
    state: Candidate.State,
    found: Evidence | None,
    by: str,
    why: str,
    at: datetime,
) -> None:
    """Keep what was decided of a pair."""
    first, second = sorted((one, other))
    decided = {"state": state, "by": by, "why": why, "decided_at": at}
    stated = {"score": found.score, "evidence": found.as_json()} if found else {}
    Candidate.objects.update_or_create(
        one=first,
        other=second,
        defaults={**decided, **stated},
        create_defaults={"score": 0.0, "evidence": [], "found_at": at, **stated, **decided},
    )
