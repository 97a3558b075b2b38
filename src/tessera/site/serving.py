"""The site behind gunicorn, in this process and its workers."""

from __future__ import annotations

import gc
import os
import socket
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.http.errors import LimitRequestLine
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

THREADS = 4
LONGEST_REQUEST = 8190
"""Bytes of a request's first line, and so of an address: the most that gunicorn can be told."""
MAX_WORKERS = 4
"""Workers when none are named: one per core, up to so many."""


def port_taken(host: str, port: int) -> bool:
    """Whether something listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno in (98, 48):  # EADDRINUSE on Linux and on macOS
                return True
            raise SystemExit(
                f"tessera: can't listen on {host}:{port}: {error.strerror}."
            ) from error
    return False


# Nothing of the request is known here, its language neither: the plainest page there is.
_TOO_LONG = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Too long a search</title></head><body><main><h1>Too long a search</h1>
<p>Nothing was searched for: the address of this search would be longer than {LONGEST_REQUEST:,}
characters. A plain letter takes one of them; a letter with an accent takes six, as do Greek and
Cyrillic letters, of which some {LONGEST_REQUEST // 600 * 100:,} fit.</p>
<p>Please go back and search for less of the text: a few sentences say enough.</p>
</main></body></html>
"""


class _Worker(ThreadWorker):
    """Says of an address that is too long what to do; gunicorn would say its number alone."""

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        body = _TOO_LONG.encode()
        head = (
            "HTTP/1.1 414 URI Too Long\r\nConnection: close\r\n"
            "Content-Type: text/html; charset=utf-8\r\n"
            "Content-Security-Policy: default-src 'none'\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        try:
            write_nonblock(client, head.encode() + body)
        except OSError as error:
            self.log.debug("The page of too long a search was not sent: %s", error)


class _Server(BaseApplication):
    """gunicorn, told by us instead of by a configuration file."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from django.db import connections
        from django.urls import get_resolver

        from tessera.site.wsgi import application

        # All pages are loaded once for all workers, and what can't be loaded stops the start.
        _ = get_resolver().url_patterns
        # A connection must not be shared by the processes that are forked next.
        connections.close_all()
        collect_seldom()
        return application


def collect_seldom() -> None:
    """Look for cycles where they may be, and not at every few hits.

    A long question makes some thousands of objects that are gone with it, at each 700 of which
    Python would look for cycles: a tenth of the work, and now and then 40 ms at once. What is
    there before the workers are forked stays to the end, and is shared as long as nobody looks
    at it.
    """
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def serve(host: str, port: int, workers: int | None = None) -> int:
    """Serve until told to stop; the status to exit with."""
    _Server(
        {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers or min(os.cpu_count() or 1, MAX_WORKERS),
            "worker_class": _Worker,
            "threads": THREADS,
            "preload_app": True,
            "control_socket_disable": True,
            "limit_request_line": LONGEST_REQUEST,
            "loglevel": "error",
            "timeout": 60,
            "graceful_timeout": 10,
            "keepalive": 5,
            "proc_name": "tessera",
        }
    ).run()
    return 0
