"""A folder of many small documents in several formats, and what importing it costs.

    python -m benchmarks.folder --files 10000

Of a hundred files about 76 are documents of their own, 12 are copies, 6 have the text of another
in another format and 6 are drafts of another. The import runs as `tessera import files` does,
into a home of its own, twice: the second run finds every text kept. Memory is the peak of the
importing process, or of a reading process where one needed more; and what of the importing
process's is its own, without the files that are mapped into it and can be let go at any time.
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
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from benchmarks.corpus import vocabulary

SEED: Final = 20260101
_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PER_FOLDER: Final = 500


def txt(path: Path, lines: Sequence[str]) -> None:
    path.write_text("\n".join(lines), encoding="utf-8")


def html(path: Path, lines: Sequence[str]) -> None:
    body = "".join(f"<p>{line}</p>" for line in lines)
    path.write_text(f"<!doctype html><html><body>{body}</body></html>", encoding="utf-8")


def csv(path: Path, lines: Sequence[str]) -> None:
    path.write_text("\n".join(line.replace(" ", ";", 2) for line in lines), encoding="utf-8")


def docx(path: Path, lines: Sequence[str]) -> None:
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
        )


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
    "txt": txt, "md": txt, "html": html, "csv": csv, "docx": docx, "pdf": pdf,
}  # fmt: skip
"""Format -> what writes it; a fifth of the files is PDF, a fifth DOCX."""

_FORMATS: Final = ("txt", "txt", "md", "html", "csv", "docx", "docx", "pdf", "pdf", "html")


def make(folder: Path, files: int) -> int:
    """Write the folder, the same for the same number; returns how many documents it has."""
    words = vocabulary("en")
    weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(words))))
    chance = random.Random(SEED)
    documents = 0
    earlier: list[tuple[list[str], str]] = []
    for number in range(files):
        kind = chance.random()
        form = chance.choice(_FORMATS)
        if not earlier or kind < 0.76:
            picked = chance.choices(words, cum_weights=weights, k=240)
            lines = [" ".join(picked[at : at + 12]) for at in range(0, 240, 12)]
            lines.append(f"Reference {SEED + number}")
            documents += 1
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
        WRITERS[form](at / f"{name} {_letters(number)}.{form}", lines)
    return documents


def _letters(number: int) -> str:
    """A number in letters, so that no name has a number by which versions would be told."""
    return str(number).translate(str.maketrans("0123456789", "abcdefghij"))


def measured(folder: Path, home: Path) -> tuple[float, float, float, str]:
    """Seconds, peak megabytes, own ones among them (0 where the system doesn't tell), and the
    sentence of one run of the import."""
    command = [sys.executable, "-m", "tessera.cli", "--home", str(home), "import", "--no-index",
               "files", str(folder)]  # fmt: skip
    begun = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ})
    assert process.stderr is not None
    own = [0]
    watch = threading.Thread(target=_watch, args=(process.pid, own), daemon=True)
    watch.start()
    said = process.stderr.read().strip()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.join()
    if process.returncode:
        raise SystemExit(said)
    seconds = time.perf_counter() - begun
    sentence = next(line for line in said.splitlines() if " received: " in line)
    return seconds, used.ru_maxrss / 1024, max(own) / 1024, sentence


def _watch(pid: int, own: list[int]) -> None:
    """Note a process's own memory (kB), several times a second, until it is gone."""
    status = Path(f"/proc/{pid}/status")
    with contextlib.suppress(OSError):
        while found := re.search(r"^RssAnon:\s+(\d+)", status.read_text(), re.MULTILINE):
            own[0] = max(own[0], int(found[1]))
            time.sleep(0.2)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.folder")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument(
        "--only-make", type=Path, metavar="FOLDER", help="write the folder, no more"
    )
    args = parser.parse_args()
    if args.only_make:
        print(f"{make(args.only_make, args.files):,} documents")
        return 0
    with tempfile.TemporaryDirectory(prefix="tessera-bench-") as place:
        folder, home = Path(place, "files"), Path(place, "home")
        documents = make(folder, args.files)
        print(f"{args.files:,} files of {documents:,} documents")
        for name in ("first", "second"):
            seconds, megabytes, own, said = measured(folder, home)
            rate = args.files / seconds
            print(f"{name}: {seconds:,.0f} s, {rate:,.0f} files/s, {megabytes:,.0f} MB, "
                  f"{own:,.0f} MB its own: {said}", flush=True)  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
