"""The real site as a child process: `tessera ...` in a home of its own, on a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

START = 60.0
"""Seconds that a site may take until it answers."""


@dataclass(frozen=True, slots=True)
class LiveSite:
    """A site that answers. url: without a slash at its end."""

    url: str
    home: Path
    pid: int

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Status and body of a page, whatever its status is."""
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


def environment(home: Path, **more: str) -> dict[str, str]:
    """This process's variables without any of the tests' own, for a child with that home."""
    ours = ("TESSERA_", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {
        **kept,
        "PYTHONPATH": str(ROOT / "src"),
        "TESSERA_HOME": str(home),
        **more,
    }


def tessera(
    home: Path, *arguments: str, timeout: float = 300, **more: str
) -> subprocess.CompletedProcess[str]:
    """One `tessera` command in that home, run to its end."""
    return subprocess.run(
        [sys.executable, "-m", "tessera.cli", *arguments],
        env=environment(home, **more),
        cwd=home,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def commands_in(home: Path, **more: str) -> Callable[..., tuple[str, str]]:
    """`run(*arguments, status=0)`: stdout and stderr of a command that is to end with that."""

    def run(*arguments: object, status: int = 0) -> tuple[str, str]:
        done = tessera(home, *map(str, arguments), **more)
        assert done.returncode == status, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout, done.stderr

    return run


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(home: Path, *, workers: int = 2, **more: str) -> Iterator[LiveSite]:
    """`tessera serve` over that home while the block runs; its log goes to `home/serve.log`."""
    port = free_port()
    with (home / "serve.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tessera.cli", "serve", "--port", str(port),
             "--workers", str(workers)],
            env=environment(home, **more), cwd=home, stdout=log, stderr=log,
        )  # fmt: skip
        site = LiveSite(f"http://127.0.0.1:{port}", home, process.pid)
        try:
            _wait(process, site)
            yield site
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=20)


def _wait(process: subprocess.Popen[bytes], site: LiveSite) -> None:
    until = time.monotonic() + START
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            site.get("/")
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    said = (site.home / "serve.log").read_text(encoding="utf-8")
    raise RuntimeError(f"The site did not start (exit status {process.poll()}):\n{said}")
