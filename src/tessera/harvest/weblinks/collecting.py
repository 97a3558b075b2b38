"""Which links live records carry, kept in step with the log of changes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils import timezone

from tessera.harvest.models import LinkProgress, WebLink, WebLinkUse
from tessera.records.bulk import insert, slices
from tessera.records.changes import writing
from tessera.records.models import Change, Record, Source
from tessera.sources.fetch.urls import UrlError, parts_of
from tessera.sources.objects import texts_in

BATCH: Final = 500
"""Changes in one transaction."""

_LEFT_OUT: Final = frozenset({"id", "links", "licence", "stated", "mended", "pages", "path"})
"""Fields whose addresses are names of something, or were cut in two by the edge of a page."""

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"'`{}|\\^\[\]]+", re.IGNORECASE)
_END: Final = ".,;:!?…*_·”’»"
_PERSONAL: Final = re.compile(r"[\w.+-]+(?:@|%40)[\w-]+\.\w", re.IGNORECASE)
"""An e-mail address: such a link is about a person, and is not asked for."""


def collect(progress: Callable[[int], None] | None = None) -> int:
    """Bring the known links in step with the records; returns how many records were looked at.

    In batches of one transaction each: a kill in between loses nothing. What no live record
    carries any more is forgotten.
    """
    looked = 0
    while True:
        with writing():
            state, _ = LinkProgress.objects.get_or_create(pk=1)
            changes = list(
                Change.objects.filter(sequence__gt=state.cursor)
                .order_by("sequence")
                .values_list("sequence", "record_id")[:BATCH]
            )
            if not changes:
                return looked
            looked += _take({record for _, record in changes})
            LinkProgress.objects.filter(pk=1).update(cursor=changes[-1][0])
        if progress is not None:
            progress(looked)


def _take(pks: set[int]) -> int:
    """Write anew which links these records carry."""
    carried: list[tuple[str, int, str]] = []
    live = Record.objects.filter(pk__in=pks, withdrawn_at=None, answers_as="")
    # What people write of themselves is theirs to keep right, and goes with them.
    for record in live.exclude(source__slug=Source.MEMBERS):
        carried += [(url, record.pk, field) for field, url in links_in(record.current)]
    uses = WebLinkUse.objects.filter(record_id__in=pks)
    before = set(uses.values_list("link_id", flat=True))
    uses.delete()
    known = _links([url for url, _, _ in carried])
    insert(
        WebLinkUse,
        ("link_id", "record_id", "field"),
        ((known[url], record, field[:200]) for url, record, field in carried),
    )
    for some in slices(before):
        WebLink.objects.filter(pk__in=some, uses=None).delete()
    return len(pks)


def _links(urls: Sequence[str]) -> dict[str, int]:
    """The primary keys of links by address; new ones are due at once."""
    by_digest = {digest(url): url for url in urls}
    known = _known(by_digest)
    now = timezone.now()
    insert(
        WebLink,
        ("address", "url", "host", "outcome", "detail", "moved_to", "due_at", "failed_days",
         "broken"),
        ((key, url, parts_of(url).host[:255], WebLink.Outcome.UNCHECKED, "", "", now, 0, False)
         for key, url in by_digest.items() if key not in known),
    )  # fmt: skip
    known |= _known(by_digest.keys() - known.keys())
    return {url: known[key] for key, url in by_digest.items()}


def _known(digests: Any) -> dict[str, int]:
    rows = WebLink.objects.order_by().values_list("address", "pk")
    return {key: pk for some in slices(digests) for key, pk in rows.filter(address__in=some)}


def digest(url: str) -> str:
    """What an address is known by in the database."""
    return hashlib.sha256(url.encode()).hexdigest()


def asked_as(url: str) -> str:
    """An address in the spelling in which it is asked for; "" for one that never is."""
    if _PERSONAL.search(url):
        return ""
    try:
        return parts_of(url).url
    except UrlError:
        return ""


def links_in(data: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Each address that a record leads to, in one spelling, with the first field that has it."""
    seen: set[str] = set()
    for field, text in texts_in(data, _LEFT_OUT):
        for found in _ADDRESS.findall(text) if "://" in text else ():
            url = asked_as(_trimmed(found))
            if url and url not in seen:
                seen.add(url)
                yield field, url


def _trimmed(url: str) -> str:
    """An address without what belongs to the sentence around it."""
    url = url.rstrip(_END)
    while url.endswith(")") and url.count("(") < url.count(")"):
        url = url[:-1].rstrip(_END)
    return url
