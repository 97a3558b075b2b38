"""Commands that bring records in: sources, import, harvest."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tessera.harvest.report import Report
    from tessera.sources.configured import ConfiguredSource

SHOWN = 20
"""Errors that are said one by one; all are kept with the run, and `--json` prints them all."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this part's commands; see `tessera.cli`."""
    sources = subparsers.add_parser("sources", help="the importers known, one line each")
    sources.add_argument("--json", action="store_true", help="as a JSON list")
    sources.set_defaults(run=run_sources)

    bring = subparsers.add_parser(
        "import",
        help="take in the records of local files or folders",
        description="One run over local files. A delivery is complete for its source: what an "
        "earlier one had and this one lacks is withdrawn. Several paths are one delivery.",
    )
    bring.add_argument("source", metavar="SOURCE", help="an importer; `tessera sources` lists them")
    bring.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="a file or folder")
    bring.add_argument(
        "--as",
        dest="slug",
        metavar="SLUG",
        type=_slug,
        help="the source to store under (the importer's own name)",
    )
    bring.add_argument("--dry-run", action="store_true", help="say what would come of it, no more")
    bring.add_argument(
        "--accept-loss",
        action="store_true",
        help="withdraw what the delivery lacks, however much it is",
    )
    bring.add_argument("--no-index", action="store_true", help="leave the index as it is for now")
    bring.add_argument("--json", action="store_true", help="the report as JSON on stdout")
    bring.set_defaults(run=run_import)

    harvest = subparsers.add_parser("harvest", help="runs over the sources that tessera.toml names")
    harvest.add_argument("sources", metavar="SOURCE", nargs="*", help="only these")
    harvest.add_argument(
        "--accept-loss",
        action="store_true",
        help="withdraw what a delivery lacks, however much it is",
    )
    harvest.add_argument("--json", action="store_true", help="the reports as a JSON list on stdout")
    harvest.set_defaults(run=run_harvest)


def _slug(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,79}", text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no name for a source: small letters, digits, - and _, at most 80"
        )
    return text


def run_sources(args: argparse.Namespace) -> int:
    from tessera.sources.registry import importers

    known = importers()
    if args.json:
        listed = [
            {"slug": info.slug, "name": info.name, "description": info.description}
            for info in known
        ]
        print(json.dumps(listed, ensure_ascii=False, indent=1))
        return 0
    width = max((len(info.slug) for info in known), default=0)
    for info in known:
        print(f"{info.slug:<{width}}  {info.description}")
    return 0


def run_import(args: argparse.Namespace) -> int:
    from tessera.harvest.report import HarvestError
    from tessera.harvest.run import harvest
    from tessera.sources.registry import UnknownSource, importer

    try:
        chosen = importer(args.source)
    except UnknownSource as error:
        return _said(str(error), 2)
    for path in args.paths:
        if not path.exists():
            return _said(f"There is no {path}.", 2)
    line = _Line()
    failure = ""
    report: Report | None
    try:
        report = harvest(
            chosen,
            args.paths,
            source_slug=args.slug,
            dry_run=args.dry_run,
            accept_loss=args.accept_loss,
            progress=line.show,
        )
    except HarvestError as error:
        report, failure = error.report, str(error)
    line.end()
    if report is not None and not args.json:
        _tell(report)
    status = _said(failure, 1) if failure else 0
    if report is not None and not args.dry_run:
        _recognised()
    # What was stored before a run failed is there to be found, too.
    if report is not None and not args.dry_run and not args.no_index and not _indexed():
        status = 1
    if report is not None and args.json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    return status


def run_harvest(args: argparse.Namespace) -> int:
    from django.conf import settings

    sources = {source.slug: source for source in settings.SITE.sources}
    unknown = [slug for slug in args.sources if slug not in sources]
    if unknown:
        known = f"it names {', '.join(sources)}" if sources else "it names none"
        return _said(f"tessera.toml names no source {unknown[0]!r}; {known}.", 2)
    if not sources:
        print(
            "tessera.toml names no sources, so there is nothing to harvest. `tessera import` takes "
            "in local files.",
            file=sys.stderr,
        )
        if args.json:
            print("[]")
        return 0
    status = 0
    reports = []
    for slug in dict.fromkeys(args.sources or sources):
        failed, report = _harvested(sources[slug], args)
        status = max(status, failed)
        if report is not None:
            reports.append(report.as_json())
    _recognised()
    status = max(status, 0 if _indexed() else 1)
    if args.json:
        print(json.dumps(reports, ensure_ascii=False))
    return status


def _harvested(made: ConfiguredSource, args: argparse.Namespace) -> tuple[int, Report | None]:
    """One run over a source of tessera.toml, with its status. A failure stops no other source."""
    from tessera.harvest.configured import harvest_source
    from tessera.harvest.report import HarvestError

    line = _Line()
    status, failure = 0, ""
    report: Report | None
    try:
        report = harvest_source(made, accept_loss=args.accept_loss, progress=line.show)
    except HarvestError as error:
        report, failure = error.report, str(error)
    line.end()
    if failure:
        status = _said(f"{made.slug}: {failure}", 1)
    if report is not None and not args.json:
        _tell(report)
    return status, report


def _recognised() -> None:
    """Merge the organisations that are one, unless tessera.toml leaves that to the command."""
    from django.conf import settings

    from tessera.records.matching import recognise

    if settings.SITE.match != "always":
        return
    line = _Line()
    report = recognise(line.count)
    line.end()
    if report.organisations:
        print(f"Organisations: {report.sentence()}.", file=sys.stderr)


def _indexed() -> bool:
    """Bring the index up to date; whether that worked, with a sentence where it did not."""
    from tessera.engine.errors import EngineError, IndexLocked
    from tessera.indexing.sync import sync

    try:
        sync()
    except IndexLocked as error:
        _said(f"The records are stored. {error}", 0)
    except EngineError as error:
        _said(f"The records are stored, but the index is not up to date: {error}", 1)
        return False
    return True


def _tell(report: Report) -> None:
    """The report for people, on stderr."""
    for problem in report.errors[:SHOWN]:
        print(f"{problem.where}: {problem.message}", file=sys.stderr)
    if len(report.errors) > SHOWN:
        more = len(report.errors) - SHOWN
        print(f"... and {more:,} more errors; --json prints them all", file=sys.stderr)
    for (_, message), (where, times) in list(report.warnings.items())[:SHOWN]:
        often = f" ({times:,} times, first here)" if times > 1 else ""
        print(f"{where}: note: {message}{often}", file=sys.stderr)
    for note in report.notes:
        print(note, file=sys.stderr)
    would = "A dry run; nothing was written. " if report.dry_run else ""
    print(f"{would}{report.source}: {report.sentence()}.", file=sys.stderr)


def _said(sentence: str, status: int) -> int:
    print(f"tessera: {sentence}", file=sys.stderr)
    return status


class _Line:
    """How far a run is, in one line of a terminal that is written over; nothing in a pipe."""

    def __init__(self) -> None:
        self.shown = False
        self.terminal = sys.stderr.isatty()

    def show(self, report: Report) -> None:
        if self.terminal:
            print(f"\r\033[K{report.sentence()}", end="", file=sys.stderr, flush=True)
            self.shown = True

    def count(self, what: str, number: int) -> None:
        if self.terminal:
            print(f"\r\033[K{number:,} {what}", end="", file=sys.stderr, flush=True)
            self.shown = True

    def end(self) -> None:
        if self.shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
            self.shown = False
