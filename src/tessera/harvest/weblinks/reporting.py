"""What is known of the links of live records, by outcome, by source and by host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, QuerySet

from tessera.harvest.models import WebLink, WebLinkUse

FIELDS: Final = (
    "url", "outcome", "status", "broken", "failing_since", "failed_days", "good_at", "checked_at",
    "due_at", "moved_to", "detail", "source", "record", "kind", "title", "field",
)  # fmt: skip
"""The columns of a listing: a row for each record that carries a link."""

GROUPINGS: Final[Mapping[str, str]] = {
    "outcome": "link__outcome", "source": "record__source__slug", "host": "link__host",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which links; empty for all. broken: those alone that are broken by the rule."""

    outcome: str = ""
    source: str = ""
    host: str = ""
    broken: bool = False

    def uses(self) -> QuerySet[WebLinkUse]:
        found = WebLinkUse.objects.all()
        if self.outcome:
            found = found.filter(link__outcome=self.outcome)
        if self.source:
            found = found.filter(record__source__slug=self.source)
        if self.host:
            found = found.filter(link__host=self.host.lower())
        return found.filter(link__broken=True) if self.broken else found


def counts(wanted: Wanted, by: str) -> list[dict[str, Any]]:
    """How many links and records there are of each outcome, source or host, most links first."""
    key = GROUPINGS[by]
    rows = (
        wanted.uses()
        .order_by()
        .values(key)
        .annotate(links=Count("link", distinct=True), records=Count("record", distinct=True))
        .order_by("-links", key)
    )
    broken = dict(
        wanted.uses()
        .filter(link__broken=True)
        .order_by()
        .values_list(key)
        .annotate(links=Count("link", distinct=True))
    )
    return [
        {
            by: row[key], "links": row["links"], "records": row["records"],
            "broken": broken.get(row[key], 0),
        }
        for row in rows.iterator()
    ]  # fmt: skip


def listing(wanted: Wanted) -> Iterator[dict[str, Any]]:
    """Each link once for each record that carries it, in the order of hosts and addresses."""
    uses = wanted.uses().select_related("link", "record__source").defer(
        "record__data", "record__corrections", "record__face"
    )  # fmt: skip
    for use in uses.order_by("link__host", "link__url", "record__uid").iterator(2_000):
        link, record = use.link, use.record
        yield {
            "url": link.url, "outcome": link.outcome, "status": link.status, "broken": link.broken,
            "failing_since": _iso(link.failing_since), "failed_days": link.failed_days,
            "good_at": _iso(link.good_at), "checked_at": _iso(link.checked_at),
            "due_at": _iso(link.due_at), "moved_to": link.moved_to, "detail": link.detail,
            "source": record.source.slug, "record": record.uid, "kind": record.kind,
            "title": record.title, "field": use.field,
        }  # fmt: skip


def _iso(at: datetime | None) -> str:
    return "" if at is None else at.isoformat(timespec="seconds")


def broken_links(record: int) -> dict[str, WebLink]:
    """The links of a record (by primary key) that are broken, by address as it is asked for."""
    return {link.url: link for link in WebLink.objects.filter(uses__record_id=record, broken=True)}
