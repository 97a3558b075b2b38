"""What a source's addresses answered last time, kept in the database."""

from __future__ import annotations

import hashlib
import zlib
from datetime import datetime
from typing import Final

from django.utils import timezone

from tessera.harvest.models import Fetched
from tessera.records.models import Source
from tessera.sources.fetch.fetcher import Remembered

MAX_BODY: Final = 5_000_000
"""Bytes, packed. A larger one is asked for whole each time rather than kept."""

MAX_VALIDATOR: Final = 1_000


class StoredMemory:
    """The memory of a fetcher for one source. version: of the code that reads what is fetched."""

    def __init__(self, source_slug: str, version: str) -> None:
        self._slug = source_slug
        self._version = version

    def recall(self, url: str) -> Remembered | None:
        """What was kept of an address by this version of the code."""
        rows = Fetched.objects.filter(
            source__slug=self._slug, address=_digest(url), version=self._version
        )
        row = rows.first()
        if row is None:
            return None
        rows.update(used_at=timezone.now())
        return Remembered(row.etag, row.last_modified, zlib.decompress(bytes(row.body)))

    def remember(self, url: str, what: Remembered) -> None:
        """Keep a body with its validators; what is too large for that is forgotten."""
        source = Source.objects.filter(slug=self._slug).first()
        packed = zlib.compress(what.body)
        too_large = max(len(what.etag), len(what.last_modified)) > MAX_VALIDATOR
        if source is None:
            return
        if too_large or len(packed) > MAX_BODY:
            Fetched.objects.filter(source=source, address=_digest(url)).delete()
            return
        Fetched.objects.update_or_create(
            source=source,
            address=_digest(url),
            defaults={
                "url": url, "etag": what.etag, "last_modified": what.last_modified,
                "version": self._version, "body": packed, "used_at": timezone.now(),
            },
        )  # fmt: skip

    def forget_before(self, at: datetime) -> None:
        """Drop what no run has used since then."""
        Fetched.objects.filter(source__slug=self._slug, used_at__lt=at).delete()


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()
