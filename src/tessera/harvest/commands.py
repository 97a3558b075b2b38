"""Commands that bring records in, and tell of it: sources, import, harvest, runs."""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tessera.harvest.report import Report
    from tessera.sources.configured import ConfiguredSource


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

    runs = subparsers.add_parser("runs", help="the reports of runs that were")
    acts = runs.add_subparsers(dest="act", metavar="ACT", required=True)
    listed = acts.add_parser("list", help="the last runs, one line each")
    listed.add_argument("--source", metavar="SLUG", help="only runs of this source")
    listed.add_argument("--last", type=int, default=20, metavar="N", help="how many (20)")
    listed.set_defaults(run=run_runs_list)
    shown = acts.add_parser("show", help="the report of one run, with all its errors")
    shown.add_argument("number", metavar="N", type=int, help="the number that the run has")
    shown.add_argument("--csv", action="store_true", help="errors and warnings as CSV on stdout")
    shown.set_defaults(run=run_runs_show)
    for act in (listed, shown):
        act.add_argument("--json", action="store_true", help="the answer as JSON on stdout")


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
    from django.conf import settings

    from tessera.harvest.configured import promise
    from tessera.harvest.report import HarvestError
    from tessera.harvest.run import harvest
    from tessera.harvest.telling import Line, tell, tell_stages
    from tessera.records.bulk import collect_seldom
    from tessera.sources.registry import UnknownSource, importer

    try:
        chosen = importer(args.source)
    except UnknownSource as error:
        return _said(str(error), 2)
    for path in args.paths:
        if not path.exists():
            return _said(f"There is no {path}.", 2)
    slug = args.slug or chosen.info.slug
    for made in settings.SITE.sources:
        if made.slug == slug:
            promise(chosen, made)
    collect_seldom()
    line = Line()
    failure = ""
    report: Report | None
    try:
        with line.interruptible():
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
    if report is not None and not args.json:
        tell(report)
    status = _said(failure, 1) if failure else 0
    if report is not None and not args.dry_run:
        _recognised(report, aloud=not args.json)
    # What was stored before a run failed is there to be found, too.
    if report is not None and not args.dry_run and not args.no_index and not _indexed(report):
        status = 1
    if report is not None and args.json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    elif report is not None:
        tell_stages(report)
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
    if args.json:
        print(json.dumps(reports, ensure_ascii=False))
    return status


def _harvested(made: ConfiguredSource, args: argparse.Namespace) -> tuple[int, Report | None]:
    """One run over a source of tessera.toml, with its status. A failure stops no other source."""
    from tessera.harvest.configured import harvest_source
    from tessera.harvest.report import HarvestError
    from tessera.harvest.telling import Line, tell, tell_stages

    line = Line()
    status, failure = 0, ""
    report: Report | None
    try:
        with line.interruptible():
            report = harvest_source(made, accept_loss=args.accept_loss, progress=line.show)
    except HarvestError as error:
        report, failure = error.report, str(error)
    if failure:
        status = _said(f"{made.slug}: {failure}", 1)
    if report is None:
        return status, None
    if not args.json:
        tell(report)
    _recognised(report, aloud=not args.json)
    status = max(status, 0 if _indexed(report) else 1)
    if not args.json:
        tell_stages(report)
    return status, report


def _recognised(report: Report, *, aloud: bool) -> None:
    """Merge the organisations that are one, unless tessera.toml leaves that to the command."""
    from django.conf import settings

    from tessera.harvest.ledger import note_stages
    from tessera.harvest.telling import Line
    from tessera.records.matching import recognise

    if settings.SITE.match != "always":
        return
    line = Line()
    began = time.monotonic()
    found = recognise(line.count)
    line.end()
    report.merged, report.undone, report.candidates = found.merged, found.undone, found.candidates
    report.seconds["match"] = time.monotonic() - began
    note_stages(report)
    if found.organisations and aloud:
        print(f"Organisations: {found.sentence()}.", file=sys.stderr)


def _indexed(report: Report) -> bool:
    """Bring the index up to date; whether that worked, with a sentence where it did not."""
    from tessera.engine.errors import EngineError, IndexLocked
    from tessera.harvest.ledger import note_stages
    from tessera.indexing.meaning import hint
    from tessera.indexing.sync import sync

    try:
        done = sync()
        report.written, report.deleted = done.written, done.deleted
        report.seconds["index"] = done.seconds
        note_stages(report)
        if said := hint():
            print(said, file=sys.stderr)
    except IndexLocked as error:
        _said(f"The records are stored. {error}", 0)
    except EngineError as error:
        _said(f"The records are stored, but the index is not up to date: {error}", 1)
        return False
    return True


def run_runs_list(args: argparse.Namespace) -> int:
    from tessera.harvest.past import heading, runs
    from tessera.records.models import Source

    if args.source and not Source.objects.filter(slug=args.source).exists():
        known = ", ".join(Source.objects.values_list("slug", flat=True)) or "none"
        return _said(f"There is no source {args.source!r}; there are: {known}.", 2)
    found = [heading(run) for run in runs(args.source or "")[: max(args.last, 0)]]
    if args.json:
        print(json.dumps(found, ensure_ascii=False))
        return 0
    for each in found:
        print(
            f"{each['run']:>5}  {each['started'][:16].replace('T', ' ')}  {each['source']:<20}  "
            f"{each['outcome']:<11}  {each['received']:,} received, {each['added']:,} added, "
            f"{each['changed']:,} changed, {each['withdrawn']:,} withdrawn, "
            f"{each['errors_count']:,} in error"
        )
    if not found:
        print("There was no run yet. `tessera import` takes in local files.", file=sys.stderr)
    return 0


def run_runs_show(args: argparse.Namespace) -> int:
    from tessera.harvest.past import as_csv, as_json, problem, runs
    from tessera.harvest.report import stage_lines

    run = runs().filter(pk=args.number).first()
    if run is None:
        return _said(f"There was no run {args.number}; `tessera runs list` names them.", 2)
    if args.csv:
        sys.stdout.writelines(as_csv(run.errors.all()))
        return 0
    if args.json:
        print(json.dumps(as_json(run), ensure_ascii=False))
        return 0
    print(f"Run {run.pk} of {run.source.slug}, {run.started_at:%Y-%m-%d %H:%M} UTC: {run.outcome}")
    if run.message:
        print(run.message)
    for line in stage_lines(run.stages):
        print(f"  {line}")
    for error in run.errors.order_by("warning", "id").iterator():
        note = "note: " if error.warning else ""
        often = f" ({error.times:,} times, first here)" if error.times > 1 else ""
        print(f"{error.where}: {note}{problem(error).sentence}{often}")
    return 0


def _said(sentence: str, status: int) -> int:
    print(f"tessera: {sentence}", file=sys.stderr)
    return status
