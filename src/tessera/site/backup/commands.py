"""`tessera backup` and `tessera restore`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this part's commands; see `tessera.cli`."""
    backup = subparsers.add_parser("backup", help="write everything into one file, while it runs")
    backup.add_argument("file", metavar="FILE", type=Path, help="a .zip; replaced when complete")
    backup.set_defaults(run=run_backup)

    restore = subparsers.add_parser(
        "restore", help="replace everything by what a backup holds, and rebuild the index"
    )
    restore.add_argument("file", metavar="FILE", type=Path, help="made by `tessera backup`")
    restore.set_defaults(run=run_restore)


def run_backup(args: argparse.Namespace) -> int:
    from tessera.site.backup.archive import BackupError
    from tessera.site.backup.making import backup

    try:
        manifest = backup(args.file)
    except BackupError as error:
        return _failed(str(error))
    size = args.file.stat().st_size / 1e6
    rows = manifest.rows["records.record"]
    print(f"Backed up {rows:,} records into {args.file} ({size:.1f} MB).", file=sys.stderr)
    return 0


def run_restore(args: argparse.Namespace) -> int:
    from tessera.indexing.rebuild import rebuild
    from tessera.site.backup.archive import BackupError
    from tessera.site.backup.restoring import restore

    try:
        manifest = restore(args.file)
    except BackupError as error:
        return _failed(str(error))
    report = rebuild()
    print(
        f"Restored {manifest.rows['records.record']:,} records as of {manifest.created[:16]} UTC; "
        f"{report.documents:,} of them can be found.",
        file=sys.stderr,
    )
    return 0


def _failed(sentence: str) -> int:
    print(f"tessera: {sentence}", file=sys.stderr)
    return 1
