"""The process in which documents are read; started by `tessera.sources.formats.reading`.

Requests come on stdin, answers go to stdout, each a length (4 bytes, big end first) and JSON.
An answer is frames of pages or rows and at last `{"end": true}`, or `{"error": message}`.
"""

from __future__ import annotations

import json
import logging
import resource
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from tessera.sources.formats.archives import ArchiveError
from tessera.sources.formats.reading import Limits, ReadError, too_large
from tessera.sources.formats.spreadsheets import SpreadsheetError

_HEADER = struct.Struct(">I")
_BATCH = 200
_MISSING = 0.1
"""The share of pages without text from which on a document's text doesn't stand for it."""


def main() -> None:
    """Serve requests until stdin ends."""
    limits = Limits(**json.loads(sys.argv[1]))
    logging.disable()
    sys.setrecursionlimit(3000)
    _limit(resource.RLIMIT_AS, limits.memory)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, limits.files)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a reader prints must not get between the frames
    while True:
        head = requests.read(_HEADER.size)
        if len(head) < _HEADER.size:
            return
        request = json.loads(requests.read(_HEADER.unpack(head)[0]))
        _limit_computing(limits.seconds)
        if not _answer(request, limits, answers):
            return


def _limit(kind: int, amount: int) -> None:
    hard = resource.getrlimit(kind)[1]
    wanted = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
    resource.setrlimit(kind, (wanted, hard))


def _limit_computing(seconds: int) -> None:
    """Let the process be ended once it has computed that long from now."""
    _limit(resource.RLIMIT_CPU, int(time.process_time()) + seconds + 1)


def _answer(request: dict[str, str], limits: Limits, answers: BinaryIO) -> bool:
    """Answer one request; False where the process is spent and should be replaced."""
    path = Path(request["path"])
    try:
        frames = (
            _sheets(path) if request["do"] == "sheets" else _document(path, request["kind"], limits)
        )
        for frame in frames:
            _send(answers, frame)
    except (ReadError, ArchiveError, SpreadsheetError) as error:
        _send(answers, {"error": str(error)})
    except MemoryError:
        _send(answers, {"error": too_large(limits), "spent": True})
        return False
    except RecursionError:
        _send(answers, {"error": "is nested too deeply to be read; save it anew"})
    except Exception as error:  # noqa: BLE001 - parsers fed with broken files raise anything; it is reported as an error of that file
        what = " ".join(f"{type(error).__name__} {error}".split())[:200]
        _send(answers, {"error": f"is damaged and can't be read; save it anew ({what})"})
    else:
        _send(answers, {"end": True})
    return True


def _send(answers: BinaryIO, frame: dict[str, Any]) -> None:
    data = json.dumps(frame, ensure_ascii=False).encode("utf-8", "replace")
    answers.write(_HEADER.pack(len(data)) + data)
    answers.flush()


def _sheets(path: Path) -> Iterator[dict[str, Any]]:
    from tessera.sources.formats.spreadsheets import cell_text, sheets

    for name, rows in sheets(path):
        yield {"sheet": name}
        batch: list[list[str]] = []
        for row in rows:
            batch.append([cell_text(cell) for cell in row])
            if len(batch) >= _BATCH:
                yield {"rows": batch}
                batch = []
        if batch:
            yield {"rows": batch}


def _document(path: Path, kind: str, limits: Limits) -> Iterator[dict[str, Any]]:
    """Frames of a document: `{"page": [number, label, text]}`, then title, lang and notes."""
    from tessera.sources.formats.extraction import extract

    deadline = time.process_time() + limits.seconds * 0.8
    content = extract(path, kind)
    written = 0
    notes: list[str] = []
    for page in content.pages:
        room = limits.max_text - written
        text = page.text[:room]
        written += len(text)
        if text:
            yield {"page": [page.number, page.label, text]}
        if len(page.text) > room:
            notes.append(f"only the first {limits.max_text:,} characters are searched")
            break
        if time.process_time() > deadline:
            notes.append(f"only the first {page.number} pages are searched: it takes too long")
            break
    yield {
        "title": content.title,
        "lang": content.lang,
        "count": content.count,
        "notes": [*content.notes, *notes],
        "partial": bool(notes) or content.unread > content.count * _MISSING,
    }


if __name__ == "__main__":
    main()
