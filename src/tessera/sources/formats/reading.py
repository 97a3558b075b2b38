"""A process of its own for reading documents: with limits, reused, replaced when it dies.

A hostile or broken file can make a reader loop, eat all memory or crash. Here it costs that
file alone: the process is ended, the file is an error, and the next file gets a new process.
Not for use by several threads at once.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import selectors
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

MAX_FRAME: Final = 256_000_000
_HEADER: Final = struct.Struct(">I")


class ReadError(ValueError):
    """A file that can't be read; the message continues a sentence that begins with its name.

    lasting: whether the same file will be as unreadable next time.
    """

    def __init__(self, message: str, *, lasting: bool = True) -> None:
        super().__init__(message)
        self.lasting = lasting


@dataclass(frozen=True, slots=True)
class Limits:
    """max_size: bytes of a file. memory: bytes of the process. seconds: of computing, per file.

    patience: seconds to wait for the next piece of an answer; wall: for a whole document.
    max_text: characters of a document; what stands beyond is left out, and the document says so.
    files: that the process may have open; it may write none. documents: after which it is
    replaced, so that what a reader leaks doesn't add up.
    """

    max_size: int = 100_000_000
    memory: int = 1_500_000_000
    seconds: int = 120
    patience: int = 300
    wall: int = 900
    max_text: int = 50_000_000
    files: int = 64
    documents: int = 500


class Reader:
    """Reads one file after another in a process of its own, which starts with the first."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._served = 0
        self.started = 0
        """How many processes were started."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, at once."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def stop(self) -> None:
        """Let whoever waits for an answer, in another thread, get an error instead."""
        process = self._process
        if process is not None:
            process.kill()

    def document(self, path: Path, kind: str) -> dict[str, Any]:
        """Text of a document: `title`, `lang`, `notes` and `pages` as (number, label, text)."""
        answer: dict[str, Any] = {"pages": []}
        until = time.monotonic() + self.limits.wall
        for frame in self._ask({"do": "document", "path": str(path), "kind": kind}, until):
            if "page" in frame:
                answer["pages"].append(tuple(frame["page"]))
            else:
                answer.update(frame)
        return answer

    def sheets(self, path: Path) -> Iterator[tuple[str, Iterator[list[str]]]]:
        """Name and rows of each sheet of a workbook; cells as text. Raises ReadError."""
        frames = self._ask({"do": "sheets", "path": str(path), "kind": ""})
        name: str | None = None
        ended = False

        def rows() -> Iterator[list[str]]:
            nonlocal name, ended
            for frame in frames:
                if "sheet" in frame:
                    name = frame["sheet"]
                    return
                yield from frame["rows"]
            ended = True

        for _ in rows():
            raise ReadError("has rows before its first sheet")
        while not ended and name is not None:
            current, name = name, None
            inner = rows()
            yield current, inner
            for _ in inner:  # what the caller left unread of this sheet
                pass

    def _ask(
        self, request: dict[str, str], until: float = float("inf")
    ) -> Iterator[dict[str, Any]]:
        check_size(Path(request["path"]).stat().st_size, self.limits)
        finished = False
        try:
            self._send(request)
            while True:
                frame = self._receive(until)
                if "error" in frame:
                    finished = not frame.get("spent") and self._served < self.limits.documents
                    raise ReadError(frame["error"])
                if "end" in frame:
                    finished = self._served < self.limits.documents
                    return
                yield frame
        finally:
            if not finished:
                self.close()

    def _send(self, request: dict[str, str]) -> None:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._start()
        process = self._process
        if process is None or process.stdin is None:
            raise ReadError("can't be read: the reading process did not start")
        data = json.dumps(request).encode()
        try:
            self._served += 1
            process.stdin.write(_HEADER.pack(len(data)) + data)
            process.stdin.flush()
        except OSError:
            raise self._died() from None

    def _start(self) -> None:
        # The process gets no environment of ours: a file that breaks it finds no secrets there.
        source = str(Path(__file__).parents[3])
        environment = {"PYTHONPATH": source, "PATH": os.defpath, "LC_ALL": "C.UTF-8"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tessera.sources.formats.worker",
             json.dumps(asdict(self.limits))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=environment, close_fds=True, start_new_session=True,
        )  # fmt: skip
        self.started += 1
        self._served = 0

    def _receive(self, until: float) -> dict[str, Any]:
        deadline = min(time.monotonic() + self.limits.patience, until)
        (length,) = _HEADER.unpack(self._exactly(_HEADER.size, deadline))
        if length > MAX_FRAME:
            raise ReadError(f"gives {length:,} bytes at once, more than {MAX_FRAME:,}")
        frame: dict[str, Any] = json.loads(self._exactly(length, deadline))
        return frame

    def _exactly(self, count: int, deadline: float) -> bytes:
        process = self._process
        if process is None or process.stdout is None:
            raise ReadError("can't be read: the reading process is gone")
        descriptor = process.stdout.fileno()
        received = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            while len(received) < count:
                left = deadline - time.monotonic()
                if left <= 0 or not selector.select(left):
                    raise ReadError(
                        f"gave no answer within {self.limits.patience} seconds, or none to the "
                        f"end within {self.limits.wall}, and was left; import it again when the "
                        "machine has less to do, or split it",
                        lasting=False,
                    )
                data = os.read(descriptor, min(count - len(received), 1 << 20))
                if not data:
                    raise self._died()
                received += data
        return bytes(received)

    def _died(self) -> ReadError:
        """What the end of the process says about the file."""
        code = self._process.wait(10) if self._process else 0
        if code == -signal.SIGXCPU:
            return ReadError(
                f"takes more than {self.limits.seconds} seconds to read; it was left: "
                "save it anew, or split it"
            )
        if code in (-signal.SIGKILL, -signal.SIGABRT):
            # Killed from outside the machine had no memory left, which next time it may have.
            return ReadError(too_large(self.limits), lasting=code == -signal.SIGABRT)
        return ReadError(
            f"breaks the reader (it ended with status {code}): it is damaged or hostile; "
            "save it anew, or take it out"
        )


def check_size(size: int, limits: Limits) -> None:
    """ReadError where a file has more bytes than are read."""
    if size > limits.max_size:
        raise ReadError(
            f"is {size / 1e6:,.0f} MB large, more than the limit of "
            f"{limits.max_size / 1e6:,.0f} MB; make it smaller, or split it"
        )


def too_large(limits: Limits) -> str:
    """What is said of a file that needs too much memory."""
    return (
        f"needs more than {limits.memory / 1e6:,.0f} MB of memory to read; it was left: save it "
        "anew (a workbook without empty rows and columns), or split it"
    )


@cache
def reader() -> Reader:
    """The reader of this process with the limits as they come; ended with it."""
    shared = Reader()
    atexit.register(shared.close)
    return shared
