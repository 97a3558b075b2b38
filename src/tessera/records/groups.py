"""Records that are one organisation: which belong together, and under which of them all are shown.

Merges that hold make a forest: each record is merged into at most one other. A tree is a group.
It is shown under its root or, while that is withdrawn, under the first member that is there. So
ids survive whatever comes and goes, and an undone merge leaves no trace.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tessera.records.bulk import slices
from tessera.records.models import Link, Merge, Record


def groups_of(uids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The whole group, root first, of each id that is in one; by every id of the group."""
    edges: dict[str, tuple[str, int]] = {}
    known: set[str] = set()
    due = set(uids)
    holding = Merge.objects.filter(undone_at=None)
    if not due or not holding.exists():
        return {}
    while due:
        known |= due
        found: set[str] = set()
        for some in slices(sorted(due)):
            for name in ("kept__among", "merged__among"):
                rows = holding.filter(**{name: some}).order_by()
                for pk, kept, merged in rows.values_list("pk", "kept", "merged"):
                    edges[merged] = (kept, pk)
                    found |= {kept, merged}
        due = found - known
    return _trees(edges)


def _trees(edges: dict[str, tuple[str, int]]) -> dict[str, tuple[str, ...]]:
    """Groups by id. edges: from a merged record to the one that keeps it, and the merge's key."""
    below: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for merged, (kept, pk) in edges.items():
        below[kept].append((pk, merged))
    found: dict[str, tuple[str, ...]] = {}
    for root in below.keys() - edges.keys():
        group, due = [], [root]
        while due:
            uid = due.pop(0)
            group.append(uid)
            due += [merged for _, merged in sorted(below[uid])]
        found |= dict.fromkeys(group, tuple(group))
    return found


def settle_groups(uids: Iterable[str]) -> set[str]:
    """Bring `answers_as` in line for these records and all of their groups.

    Returns the ids of records that are shown otherwise now: those whose `answers_as` changed, and
    those under which they were and are shown.
    """
    wanted = set(uids)
    groups = groups_of(wanted)
    wanted |= groups.keys()
    there: dict[str, bool] = {}
    other_kind: set[str] = set()
    before: dict[str, str] = {}
    for some in slices(sorted(wanted)):
        rows = Record.objects.filter(uid__among=some).order_by()
        for uid, kind, withdrawn_at, answers_as in rows.values_list(
            "uid", "kind", "withdrawn_at", "answers_as"
        ):
            there[uid] = withdrawn_at is None and kind == "organisation"
            before[uid] = answers_as
            if kind != "organisation":
                other_kind.add(uid)
    changed: set[str] = set()
    for uid, was in before.items():
        # A source may come to say that what it called an organisation is something else.
        group = groups.get(uid, (uid,)) if uid not in other_kind else (uid,)
        shown = next((each for each in group if there.get(each)), group[0])
        now = "" if shown == uid else shown
        if now != was:
            Record.objects.filter(uid=uid).update(answers_as=now)
            changed |= {uid, was, now} - {""}
    return changed


def shown_as(uids: Iterable[str]) -> dict[str, str]:
    """The ids under which records are shown, of those that are shown under another one."""
    found: dict[str, str] = {}
    for some in slices(set(uids)):
        rows = Record.objects.filter(uid__among=some).exclude(answers_as="").order_by()
        found.update(rows.values_list("uid", "answers_as"))
    return found


def members(uids: Iterable[str]) -> dict[str, list[Record]]:
    """The records that are there and shown under others, by the id they are shown under."""
    found: defaultdict[str, list[Record]] = defaultdict(list)
    for some in slices(set(uids)):
        for record in Record.objects.filter(answers_as__among=some, withdrawn_at=None).order_by(
            "uid"
        ):
            found[record.answers_as].append(record)
    return found


def ids_of(uid: str) -> tuple[str, ...]:
    """The id of a record that is shown, with those of all that are shown under it."""
    others = Record.objects.filter(answers_as=uid).order_by("uid").values_list("uid", flat=True)
    return (uid, *others)


def around(uids: Iterable[str]) -> tuple[set[str], set[str]]:
    """What changes with records whose group changed: ids that their groups link to, and ids of
    their groups, the linking records of which change."""
    wanted = set(uids)
    groups = groups_of(wanted)
    wanted |= groups.keys()
    targets: set[str] = set(wanted)
    for some in slices(sorted(wanted)):
        stated = Link.objects.filter(record__uid__among=some, record__withdrawn_at=None).order_by()
        targets.update(stated.values_list("target_uid", flat=True))
    return targets, wanted
