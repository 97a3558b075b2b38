"""Runs over the sources that tessera.toml names, from files or over the network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.utils import timezone

from tessera import __version__
from tessera.harvest.ledger import Progress
from tessera.harvest.mapping import mapping_version
from tessera.harvest.models import Run
from tessera.harvest.remembering import StoredMemory
from tessera.harvest.report import HarvestError, Report
from tessera.harvest.run import harvest
from tessera.harvest.turn import dead
from tessera.records.models import Source
from tessera.sources.base import Importer, is_remote
from tessera.sources.configured import ConfiguredSource
from tessera.sources.fetch.fetcher import PRODUCT, Fetcher, Limits, Remembered
from tessera.sources.registry import UnknownSource, importer

NO_CONTACT = (
    "The sites that are asked can't see who asks: set TESSERA_URL to this portal's public address."
)


def harvest_source(
    made: ConfiguredSource, *, accept_loss: bool = False, progress: Progress | None = None
) -> Report:
    """One run over a configured source. Raises HarvestError."""
    try:
        chosen = importer(made.importer)
    except UnknownSource as error:
        raise HarvestError(str(error)) from error
    promise(chosen, made)
    options: dict[str, Any] = {
        "source_slug": made.slug, "accept_loss": accept_loss, "progress": progress,
    }  # fmt: skip
    try:
        if made.urls:
            report = _remote(made, chosen, options)
        else:
            report = harvest(chosen, made.paths, **options)
    finally:
        stated = {"name": made.name, "licence": made.licence}
        said = {field: value for field, value in stated.items() if value}
        if said:
            Source.objects.filter(slug=made.slug).update(**said)
    return report


def promise(chosen: Importer, made: ConfiguredSource) -> None:
    """Let an importer promise what tessera.toml says of a source instead of its own."""
    promises: Mapping[str, Any] = {
        name: value
        for name in ("minimum", "max_loss", "max_errors")
        if (value := getattr(made, name)) is not None
    }
    chosen.info = replace(chosen.info, **promises)


def _remote(made: ConfiguredSource, chosen: Importer, options: Mapping[str, Any]) -> Report:
    if not is_remote(chosen):
        raise HarvestError(
            f"The importer {made.importer!r} reads files only; give it paths instead of a url."
        )
    begun = timezone.now()
    memory = StoredMemory(made.slug, mapping_version(chosen))
    fetcher = Fetcher(
        agent(), replace(Limits(), **_whole(made.limits)), allowed=made.private, memory=memory
    )
    report = harvest(chosen, partial(chosen.gather_remote, made.urls, fetcher), **options)
    for key, what in fetcher.noted.items():
        memory.remember(key, Remembered("", "", what))
    memory.forget_before(begun)
    if not settings.PUBLIC_URL:
        report.notes.append(NO_CONTACT)
    return report


def _whole(limits: Mapping[str, float]) -> dict[str, Any]:
    """Numbers of requests and bytes are whole."""
    return {
        name: int(value) if name in ("requests", "total_size") else float(value)
        for name, value in limits.items()
    }


def agent() -> str:
    """How we name ourselves to the sites that we ask, with where to find us."""
    contact = f" (+{settings.PUBLIC_URL})" if settings.PUBLIC_URL else ""
    return f"{PRODUCT}/{__version__}{contact}"


def due(sources: Iterable[ConfiguredSource], now: datetime) -> list[ConfiguredSource]:
    """The sources whose schedule wants a run now."""
    found = []
    for made in sources:
        if made.schedule is None:
            continue
        last = Run.objects.filter(source__slug=made.slug).order_by("-started_at").first()
        if last is not None and last.outcome == Run.Outcome.RUNNING:
            # A killed one is completed at once; one that goes on elsewhere is left to itself.
            if dead(last):
                found.append(made)
            continue
        failed = last is not None and last.outcome != Run.Outcome.DONE
        if made.schedule.due(last.started_at if last else None, now, failed=failed):
            found.append(made)
    return found
