"""What an operator should know of a run at once: how it ended, what held, what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Sum
from django.utils.translation import gettext as _

from tessera.harvest.models import Run, RunError
from tessera.harvest.run import FEW_ERRORS

PLACES = 3
"""Places that are named of errors with the same message."""


def outcome(run: Run) -> str:
    """How a run ended, in a sentence."""
    counted = {
        "received": f"{run.received:,}", "added": f"{run.added:,}", "changed": f"{run.changed:,}",
        "withdrawn": f"{run.withdrawn:,}", "errors": f"{run.errors_count:,}",
    }  # fmt: skip
    came = _(
        "%(received)s items received: %(added)s records added, %(changed)s changed, "
        "%(withdrawn)s withdrawn; %(errors)s items in error."
    )
    how = {
        Run.Outcome.RUNNING: _("It is going on."),
        Run.Outcome.DONE: _("Done.") if not run.errors_count else _("Done, with errors."),
        Run.Outcome.FAILED: _("Failed."),
        Run.Outcome.INTERRUPTED: _("Broken off before it was done."),
    }[Run.Outcome(run.outcome)]
    return f"{how} {came % counted}"


def next_step(run: Run) -> str:
    """What to do now."""
    if run.outcome == Run.Outcome.RUNNING:
        return _("Wait. This page shows how far it is each time it is loaded.")
    if run.outcome == Run.Outcome.INTERRUPTED:
        return _(
            "Run it again: what was stored stays, and the next run completes what is left. A "
            "source with a schedule does so by itself."
        )
    if run.outcome == Run.Outcome.FAILED and run.promises.get("lost"):
        return _(
            "Look whether the delivery is whole. If the records are really gone, run it again "
            "with --accept-loss, or set max_loss of the source in tessera.toml."
        )
    if run.outcome == Run.Outcome.FAILED:
        return _("Mend what the sentence above names, and run it again. What was stored stays.")
    if run.errors_count:
        return _(
            "Mend the errors below at their source, and run it again: only what changed is read "
            "anew. Until then, records of items in error stay as they were."
        )
    return _("Nothing.")


@dataclass(frozen=True, slots=True)
class Promise:
    """said: what was promised, and what came. held: None where it wasn't judged."""

    said: str
    held: bool | None


def promises(run: Run) -> Iterator[Promise]:
    """What the source promised, and whether it held."""
    told: dict[str, Any] = run.promises
    if "minimum" in told:
        least, records = told["minimum"], told["records"]
        said = _("At least %(least)s good records; there are %(records)s.")
        yield Promise(said % {"least": f"{least:,}", "records": f"{records:,}"}, records >= least)
        if told["complete"]:
            share, known, lost = told["max_loss"], told["known"], told["lost"]
            said = _("At most %(share)s of the %(known)s known records lost; it lacks %(lost)s.")
            values = {"share": f"{share:.0%}", "known": f"{known:,}", "lost": f"{lost:,}"}
            yield Promise(said % values, lost <= share * known or told["accepted"])
        else:
            yield Promise(_("Not complete: what it lacks stays."), None)
    if "max_errors" in told:
        said = _(
            "At most %(share)s of the items in error, or %(few)s of them; there are %(errors)s."
        )
        values = {
            "share": f"{told['max_errors']:.0%}",
            "few": f"{FEW_ERRORS}",
            "errors": f"{told['errors']:,}",
        }
        yield Promise(said % values, "minimum" in told)


@dataclass(frozen=True, slots=True)
class Group:
    """Errors or warnings of one message. places: the first PLACES. column: "" where several."""

    stage: str
    message: str
    mend: str
    warning: bool
    times: int
    places: tuple[str, ...]
    first: int


def groups(run: Run, *, warnings: bool, limit: int) -> list[Group]:
    """What went wrong, the most frequent first; at most `limit` groups."""
    rows = (
        run.errors.filter(warning=warnings)
        .order_by()
        .values("stage", "message", "mend")
        .annotate(count=Sum("times"), rows=Count("pk"), first=Min("pk"))
        .order_by("-count", "first")[:limit]
    )
    return [
        Group(
            row["stage"], row["message"], row["mend"], warnings, row["count"],
            tuple(
                RunError.objects.filter(
                    run=run, warning=warnings, stage=row["stage"], message=row["message"]
                )
                .order_by("pk")
                .values_list("where", flat=True)[:PLACES]
            ),
            row["first"],
        )
        for row in rows
    ]  # fmt: skip
