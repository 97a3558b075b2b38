"""Keeping up with what organisations are compared by, after the log of changes.

Each organisation has keys; those that share one are compared. What is read here is bounded by what
changed: an organisation that changed is due to be compared, and so are those of which something
that counts became otherwise with it (a word that is common now, a block too large to compare).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

from django.db.models import Count

from tessera.records.bulk import insert, slices
from tessera.records.changes import writing
from tessera.records.models import Change, Compared, MatchKey, MatchState, Record
from tessera.records.organisations import KIND
from tessera.schema.identity import blocking
from tessera.schema.identity.pairs import COMMON, SHARED, Organisation, known

BATCH = 1_000
"""Changes, or organisations, that are read in one transaction."""

Progress = Callable[[str, int], None]
Row = tuple[int, int]
"""Key and name, as in `MatchKey`."""


@cache
def rules() -> str:
    """The version of the rules: a digest of all that they are written in."""
    folder = Path(blocking.__file__).parent
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted((*folder.glob("*.py"), *folder.glob("*.toml"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def follow(*, anew: bool = False, progress: Progress | None = None) -> None:
    """Read what changed since the last time; after it, `Compared.due` says what is to compare.

    anew: read all organisations, and let all be due. That is done of itself the first time, where
    the rules changed, and where so much changed that it is the shorter way. It goes on where it
    was when it was interrupted.
    """
    with writing():
        state = _state()
        if anew or state.version != rules() or (state.scan is None and _most_changed(state)):
            state.scan, state.version, state.cursor = 0, rules(), _last_change()
            state.save()
    read = 0
    while more := _step():
        read += more
        if progress is not None:
            progress("organisations read", read)


def _state() -> MatchState:
    state, _ = MatchState.objects.get_or_create(pk=1)
    return state


def _last_change() -> int:
    return Change.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def _most_changed(state: MatchState) -> bool:
    lines = Change.objects.filter(sequence__gt=state.cursor, record__kind=KIND)
    return lines.exclude(what=Change.What.LINKED).count() * 2 > Compared.objects.count()


def _step() -> int:
    """Read one batch; how many lines or organisations it had."""
    with writing():
        state = _state()
        if state.scan is not None:
            every = Record.objects.filter(kind=KIND) | Record.objects.exclude(compared=None)
            pks = list(every.filter(pk__gt=state.scan).order_by("pk").values_list("pk", flat=True)[
                :BATCH])  # fmt: skip
            _keep(pks, anew=True)
            state.scan = pks[-1] if pks else None
            state.save()
            return len(pks) or _changes(state)
        return _changes(state)


def _changes(state: MatchState) -> int:
    lines = list(
        Change.objects.filter(sequence__gt=state.cursor)
        .order_by("sequence")
        .values_list("sequence", "record_id", "what")[:BATCH]
    )
    if lines:
        # What is only linked otherwise is itself as it was.
        _keep(sorted({pk for _, pk, what in lines if what != Change.What.LINKED}), anew=False)
        state.cursor = lines[-1][0]
        state.save()
    return len(lines)


def organisation_of(record: Record) -> Organisation | None:
    """What is compared of a record; None where it is withdrawn or no organisation."""
    if record.kind != KIND or record.withdrawn_at is not None:
        return None
    return known(record.uid, record.current)


def _keep(pks: Sequence[int], *, anew: bool) -> None:
    """Bring the keys of records in line with what they state now."""
    for some in slices(pks):
        was = dict(Compared.objects.filter(pk__among=some).values_list("pk", "digest"))
        wanted: dict[int, set[Row]] = {}
        due: dict[int, str] = {}
        there = Record.objects.filter(pk__among=some).only(
            "uid", "kind", "withdrawn_at", "data", "corrections"
        )
        for record in there:
            made = organisation_of(record)
            digest = _digest(made)
            if (made is not None or record.pk in was) and (anew or was.get(record.pk) != digest):
                due[record.pk] = digest
                wanted[record.pk] = set() if made is None else _rows(made)
        _settle(wanted, watch=not anew)
        _mark(due, was)


def _digest(made: Organisation | None) -> str:
    if made is None:
        return ""
    said = repr((made.names, made.former, sorted(made.acronyms), made.country, made.region,
                 made.town, made.type, sorted(made.numbers.items())))  # fmt: skip
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def _rows(made: Organisation) -> set[Row]:
    counted = {
        (blocking.number_of(feature), blocking.number_of(name))
        for feature, name in blocking.features(made)
    }
    return {(key, 0) for key in blocking.keys(made)} | counted


def _mark(due: dict[int, str], was: dict[int, str]) -> None:
    insert(
        Compared,
        ("record_id", "digest", "due"),
        ((pk, digest, True) for pk, digest in due.items() if pk not in was),
    )
    for pk in due.keys() & was.keys():
        Compared.objects.filter(pk=pk).update(digest=due[pk], due=True)


def _settle(wanted: dict[int, set[Row]], *, watch: bool) -> None:
    """Make the stored keys of records (by primary key) those. watch: let those be due for which
    something that counts becomes otherwise."""
    present: dict[tuple[int, Row], int] = {}
    for some in slices(wanted):
        rows = MatchKey.objects.filter(record_id__among=some)
        for pk, record, key, name in rows.values_list("pk", "record_id", "key", "name"):
            present[record, (key, name)] = pk
    new = [(pk, row) for pk, rows in wanted.items() for row in rows if (pk, row) not in present]
    gone = [(at, pk) for at, pk in present.items() if at[1] not in wanted[at[0]]]
    touched = {row for _, row in new} | {row for (_, row), _ in gone}
    before = {row: _counts(*row) for row in touched} if watch else {}
    for pks in slices(pk for _, pk in gone):
        MatchKey.objects.filter(pk__among=pks).delete()
    # In the order of their index, so that rows beside each other are written to the same pages.
    insert(MatchKey, ("key", "name", "record_id"), sorted((*row, pk) for pk, row in new))
    turned = {row[0] for row, was in before.items() if _counts(*row) != was}
    for keys in slices(turned):
        holders = MatchKey.objects.filter(key__among=keys).values("record_id")
        Compared.objects.filter(pk__in=holders).update(due=True)


def _counts(key: int, name: int) -> tuple[bool, ...]:
    """What of a key counts: whether its block is too large; whether a word of it is common, a
    number shared."""
    if name == 0:
        return (_at_least(key, "record_id", blocking.LARGEST + 1),)
    return _at_least(key, "name", COMMON), _at_least(key, "name", SHARED)


def _at_least(key: int, column: str, many: int) -> bool:
    """Whether a key has so many different ones; no more are counted, however many there are."""
    rows = MatchKey.objects.filter(key=key).values_list(column, flat=True)
    return len(rows.distinct()[:many]) >= many


def is_common(country: str, word: str) -> bool:
    """Whether a word stands in so many different names of a country that it tells little."""
    return _at_least(blocking.number_of(f"word:{country}:{word}"), "name", COMMON)


def shared(numbers: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of some numbers (scheme, number) under which so many different names stand that they
    are none of theirs."""
    keys = {blocking.number_of(f"number:{scheme}:{said}"): (scheme, said)
            for scheme, said in numbers}  # fmt: skip
    found: set[tuple[str, str]] = set()
    for some in slices(keys):
        rows = MatchKey.objects.filter(key__among=some).values("key").order_by()
        many = rows.annotate(names=Count("name", distinct=True)).filter(names__gte=SHARED)
        found.update(keys[key] for key in many.values_list("key", flat=True))
    return found
