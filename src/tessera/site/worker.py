"""Scheduled work: what `tessera worker` does until it is told to stop."""

from __future__ import annotations

import logging
import signal
import threading
import time
from types import FrameType

from django.db import DatabaseError, close_old_connections

from tessera.engine.errors import EngineError
from tessera.engine.meaning.errors import BuildLocked

log = logging.getLogger(__name__)


class Stopped(BaseException):
    """The worker was told to stop; no error, so that nothing takes it for one."""


def work(every: int, *, once: bool = False) -> int:
    """Harvest what is due, check links that are due, keep index and vectors in step and the
    dictionary near them, looking every so many seconds.

    A look that fails is said and tried again at the next one; with `once` it is the exit status.
    """
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    log.info("Looking for changes every %d seconds.", every)
    while True:
        try:
            harvested = _harvest(stop)
            recognised = _recognise(stop)
            # Searches answer from what came in before links are asked for, which takes its time.
            looked = _look()
            learned = _learn(stop)
            checked = _check_links(stop)
            forgotten = _forget()
            asked = _ask()
            told = _tell()
            encoded = _encode(stop, every)
        except Stopped:
            log.info("Stopped in the middle of a run; the next one completes it.")
            return 0
        done = all(
            (looked, recognised, harvested, learned, checked, forgotten, asked, told, encoded)
        )
        if once:
            return 0 if done else 1
        if stop.wait(every):
            log.info("Stopped.")
            return 0


def _harvest(stop: threading.Event) -> bool:
    """Run what is due; whether all of that went well."""
    from django.conf import settings
    from django.utils import timezone

    from tessera.harvest.configured import due, harvest_source
    from tessera.harvest.report import HarvestError, Report

    def on_batch(report: Report) -> None:
        if stop.is_set():
            raise Stopped

    close_old_connections()
    well = True
    try:
        for made in due(settings.SITE.sources, timezone.now()):
            if stop.is_set():
                raise Stopped
            try:
                report = harvest_source(made, progress=on_batch)
            except HarvestError as error:
                log.error("%s: %s", made.slug, error)
                well = False
            else:
                log.info("%s: %s.", made.slug, report.sentence())
                for note in report.notes:
                    log.warning("%s: %s", made.slug, note)
    except DatabaseError as error:
        log.error("What is due was not harvested, and will be tried again: %s", error)
        return False
    return well


def _recognise(stop: threading.Event) -> bool:
    """Merge the organisations that are one, unless tessera.toml leaves that to the command."""
    from django.conf import settings

    from tessera.records.matching import recognise

    def on_batch(what: str, number: int) -> None:
        if stop.is_set():
            raise Stopped

    if settings.SITE.match != "always":
        return True
    close_old_connections()
    try:
        report = recognise(on_batch)
        if report.organisations:
            log.info("Organisations: %s.", report.sentence())
    except DatabaseError as error:
        log.error("Organisations were not compared, and that will be tried again: %s", error)
        return False
    return True


def _learn(stop: threading.Event) -> bool:
    """Make the dictionary anew where that is worthwhile; whether that went well."""
    from django.conf import settings

    from tessera.indexing.dictionary.learned import due, make

    def on_pairs(pairs: int) -> None:
        if stop.is_set():
            raise Stopped

    if not settings.SITE.expansion:
        return True
    close_old_connections()
    try:
        why = due()
        if why:
            report = make(on_pairs)
            log.info(
                "Dictionary: learned %d translations from %d pairs, took in %d labels. %s",
                report.translations, report.pairs, report.labels, why,
            )  # fmt: skip
    except (EngineError, DatabaseError) as error:
        log.error("The dictionary was not made anew, and that will be tried again: %s", error)
        return False
    return True


def _check_links(stop: threading.Event) -> bool:
    """Ask for the links that are due, where tessera.toml says so; whether that went well."""
    from django.conf import settings
    from django.utils import timezone

    from tessera.harvest.configured import agent
    from tessera.harvest.weblinks.checking import Checked, check, last_run

    def on_link(checked: Checked) -> None:
        if stop.is_set():
            raise Stopped

    schedule = settings.SITE.links.schedule
    try:
        if schedule is None or not schedule.due(last_run(), timezone.now()):
            return True
        checked = check(agent(), settings.SITE.links, progress=on_link)
    except DatabaseError as error:
        log.error("Links were not checked, and will be later: %s", error)
        return False
    log.info("%s.", checked.sentence())
    for note in checked.notes:
        log.warning("Links: %s", note)
    return True


def _forget() -> bool:
    """Delete the searches that found nothing and are too old, sessions that ended, accounts that
    nobody confirmed, and old conversations; whether that went well."""
    from tessera.accounts import forgetting
    from tessera.contact import forgetting as conversations
    from tessera.wording import unanswered

    close_old_connections()
    try:
        unanswered.forget()
        forgetting.forget()
        conversations.forget()
    except DatabaseError as error:
        log.error("What is too old was not deleted, and that will be tried again: %s", error)
        return False
    return True


def _ask() -> bool:
    """Ask whose published profile is old whether it is still right, and hide and erase what is
    due; whether that went well."""
    from django.utils import timezone

    from tessera.accounts.profiles.alive import look

    close_old_connections()
    try:
        done = look(timezone.now())
    except DatabaseError as error:
        log.error("Profiles were not looked through, and will be later: %s", error)
        return False
    if done:
        log.info("People: %s.", done.sentence())
    if done.problem:
        log.error("People were not asked about their profiles: %s.", done.problem)
    return not done.problem


def _tell() -> bool:
    """Send word of messages that couldn't be sent before; whether that went well."""
    from tessera.contact.notices import tell_late

    close_old_connections()
    try:
        return tell_late()
    except DatabaseError as error:
        log.error("Word of messages was not sent, and that will be tried again: %s", error)
        return False


def _look() -> bool:
    from tessera.indexing.sync import sync

    close_old_connections()
    try:
        report = sync()
    except (EngineError, DatabaseError) as error:
        log.error("The index was not brought in step, and will be tried again: %s", error)
        return False
    log.debug("%s", report)
    return True


def _encode(stop: threading.Event, seconds: int) -> bool:
    """Encode new texts, where an encoder is set, for so many seconds; then the index comes first
    again. Whether that went well."""
    from django.conf import settings

    from tessera.indexing.meaning import build

    if settings.SITE.meaning is None:
        return True
    until = time.monotonic() + seconds
    close_old_connections()
    try:
        # One thread: the site's answers need the others.
        report = build(stop=lambda: stop.is_set() or time.monotonic() > until, threads=1)
    except BuildLocked as error:
        log.info("%s", error)
    except (EngineError, DatabaseError) as error:
        log.error("Texts were not encoded, and that will be tried again: %s", error)
        return False
    else:
        if report.encoded:
            log.info("%d passages encoded.", report.encoded)
    return True
