"""A folder of many small documents in several formats, and what importing it costs.

    python -m benchmarks.folder --files 100000 --runs 1

Of a hundred files about 75 are documents of their own, 12 are copies, 6 have the text of another
in another format, 6 are drafts of another and one is broken: the first half of a document. The
import runs as `tessera import files` does, into a home of its own, twice: the second run finds
every text kept. Memory is looked at every two seconds: what of the importing process's is its own,
without the files that are mapped into it and can be let go at any time; and that of all processes
together, what they share counted once.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.corpus import vocabulary
from benchmarks.measuring import memory
from tests.unit.sources import making

SEED: Final = 20260101
EVERY: Final = 2.0
"""Seconds between two looks at the memory."""
_PER_FOLDER: Final = 500
_SHOWN: Final = 10
"""Samples of the memory that are printed, evenly over the run."""


def txt(path: Path, lines: Sequence[str]) -> None:
    path.write_text("\n".join(lines), encoding="utf-8")


def html(path: Path, lines: Sequence[str]) -> None:
    body = "".join(f"<p>{line}</p>" for line in lines)
    path.write_text(f"<!doctype html><html><body>{body}</body></html>", encoding="utf-8")


def csv(path: Path, lines: Sequence[str]) -> None:
    path.write_text("\n".join(line.replace(" ", ";", 2) for line in lines), encoding="utf-8")


def docx(path: Path, lines: Sequence[str]) -> None:
    making.docx(path, [lines])


def pptx(path: Path, lines: Sequence[str]) -> None:
    slides = [" ".join(lines[at : at + 5]) for at in range(0, len(lines), 5)]
    making.pptx(path, slides, range(1, len(slides) + 1))


def xlsx(path: Path, lines: Sequence[str]) -> None:
    making.xlsx(path, {"Sheet": [line.split(" ", 2) for line in lines]})


def pdf(path: Path, lines: Sequence[str]) -> None:
    shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    stream = f"BT /F1 10 Tf 40 800 Td {shown} ET".encode("latin-1", "replace")
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1"
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    )
    data = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 5\n0000000000 65535 f \n"
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    path.write_bytes(data + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start)


WRITERS: Final[dict[str, Callable[[Path, Sequence[str]], None]]] = {
    "txt": txt, "md": txt, "html": html, "csv": csv, "docx": docx, "pdf": pdf, "pptx": pptx,
    "xlsx": xlsx,
}  # fmt: skip
"""Format -> what writes it; a fifth of the files is PDF, a fifth DOCX."""

_FORMATS: Final = ("txt", "md", "html", "csv", "docx", "docx", "pdf", "pdf", "pptx", "xlsx")
_PACKED: Final = ("docx", "pptx", "xlsx")
"""Formats of which a half can't be read."""


def make(folder: Path, files: int) -> tuple[int, int]:
    """Write the folder, the same for the same number; how many documents it has, and how many
    files that can't be read."""
    words = vocabulary("en")
    weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(words))))
    chance = random.Random(SEED)
    documents = broken = 0
    earlier: list[tuple[list[str], str]] = []
    for number in range(files):
        kind = chance.random()
        form = chance.choice(_FORMATS)
        if spoilt := kind < 0.01:
            form = chance.choice(_PACKED)
        if not earlier or kind < 0.76:
            picked = chance.choices(words, cum_weights=weights, k=240)
            lines = [" ".join(picked[at : at + 12]) for at in range(0, 240, 12)]
            lines.append(f"Reference {SEED + number}")
            broken, documents = broken + spoilt, documents + (not spoilt)
            if not spoilt:
                earlier = [*earlier[-999:], (lines, form)]
        else:
            lines, form = chance.choice(earlier)
            if kind >= 0.94:
                lines = [*lines[:-1], "with few words more", lines[-1]]
            if kind >= 0.88:
                form = chance.choice([other for other in WRITERS if other != form])
        at = folder / f"{number // _PER_FOLDER:04}"
        at.mkdir(parents=True, exist_ok=True)
        name = "-".join(chance.choices(words, k=4))
        path = at / f"{name} {_letters(number)}.{form}"
        WRITERS[form](path, lines)
        if spoilt:
            os.truncate(path, path.stat().st_size // 2)
    return documents, broken


def _letters(number: int) -> str:
    """A number in letters, so that no name has a number by which versions would be told."""
    return str(number).translate(str.maketrans("0123456789", "abcdefghij"))


@dataclass(frozen=True, slots=True)
class Sample:
    """Megabytes at one time: the importing process's own, and of all processes together."""

    seconds: float
    own: float
    together: float


def measured(folder: Path, home: Path) -> tuple[float, list[Sample], str]:
    """Seconds, the memory, and the sentence of one run of the import."""
    command = [sys.executable, "-m", "tessera.cli", "--home", str(home), "import", "--no-index",
               "files", str(folder)]  # fmt: skip
    begun = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ})
    assert process.stderr is not None
    samples: list[Sample] = []
    watch = threading.Thread(target=_watch, args=(process.pid, begun, samples), daemon=True)
    watch.start()
    said = process.stderr.read().strip()
    status = process.wait()
    seconds = time.perf_counter() - begun
    watch.join()
    sentence = next((line for line in said.splitlines() if " received: " in line), "")
    if not sentence:
        raise SystemExit(f"it ended with {status}: {said[-2000:]}")
    return seconds, samples, sentence


def _watch(pid: int, begun: float, samples: list[Sample]) -> None:
    """Note the memory of a process and all below it until it is gone."""
    status = Path(f"/proc/{pid}/status")
    with contextlib.suppress(OSError):
        while found := re.search(r"^RssAnon:\s+(\d+)", status.read_text(), re.MULTILINE):
            passed = time.perf_counter() - begun
            samples.append(Sample(passed, int(found[1]) / 1024, memory(pid)))
            time.sleep(EVERY)


def _told(name: str, files: int, seconds: float, samples: Sequence[Sample], said: str) -> None:
    own = max((each.own for each in samples), default=0)
    together = max((each.together for each in samples), default=0)
    print(f"{name}: {seconds:,.0f} s, {files / seconds:,.0f} files/s, at most {own:,.0f} MB its "
          f"own and {together:,.0f} MB together: {said}", flush=True)  # fmt: skip
    for number in range(1, min(_SHOWN, len(samples)) + 1):
        each = samples[number * len(samples) // min(_SHOWN, len(samples)) - 1]
        print(f"  at {each.seconds:,.0f} s {each.own:,.0f} and {each.together:,.0f} MB", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.folder")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=2, help="imports one after the other (2)")
    parser.add_argument(
        "--only-make", type=Path, metavar="FOLDER", help="write the folder, no more"
    )
    args = parser.parse_args()
    if args.only_make:
        documents, broken = make(args.only_make, args.files)
        print(f"{documents:,} documents, {broken:,} broken files")
        return 0
    with tempfile.TemporaryDirectory(prefix="tessera-bench-") as place:
        folder, home = Path(place, "files"), Path(place, "home")
        documents, broken = make(folder, args.files)
        print(f"{args.files:,} files of {documents:,} documents, {broken:,} broken", flush=True)
        for number in range(1, args.runs + 1):
            seconds, samples, said = measured(folder, home)
            _told(f"run {number}", args.files, seconds, samples, said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
