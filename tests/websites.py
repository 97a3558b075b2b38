"""Real web servers on 127.0.0.1 that answer as a test wants."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tessera.sources.fetch.addresses import Endpoint, parse_endpoint
from tessera.sources.fetch.fetcher import Fetcher, Limits, Memory, Remembered
from tessera.sources.fetch.pace import Pace

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Website:
    """pages: path (with query, or without) -> body, or a function that answers by itself.

    asked, headers, methods: of each request in its turn.
    """

    port: int
    pages: dict[str, bytes | str | Answer] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def endpoint(self) -> Endpoint:
        return parse_endpoint(f"127.0.0.1:{self.port}")

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        path = handler.path
        self.asked.append(path)
        self.methods.append(handler.command)
        self.headers.append(dict(handler.headers))
        page = self.pages.get(path, self.pages.get(path.partition("?")[0]))
        if callable(page):
            page(handler)
        elif page is None:
            send(handler, 404, b"nothing here")
        else:
            body = page.encode() if isinstance(page, str) else page
            send(handler, 200, body, {"Content-Type": self.types.get(path, "text/plain")})

    def fetcher(self, memory: Memory | None = None, **limits: Any) -> Fetcher:
        """A fetcher without long pauses that may ask this server."""
        chosen = Limits(**({"delay": 0.0, "retries": 1, "seconds": 5.0} | limits))
        return Fetcher(
            "Tessera/0 (+https://portal.example)", chosen, frozenset({self.endpoint}), memory,
            _pace=Pace(first_pause=0.02),
        )  # fmt: skip


class Notes(dict[str, Remembered]):
    """What a fetcher remembers, in memory."""

    def recall(self, url: str) -> Remembered | None:
        return self.get(url)

    def remember(self, url: str, what: Remembered) -> None:
        self[url] = what


def send(
    handler: BaseHTTPRequestHandler,
    status: int,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
) -> None:
    """A whole answer."""
    handler.send_response(status)
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


def redirect(target: str, status: int = 302) -> Answer:
    return lambda handler: send(handler, status, b"", {"Location": target})


@contextmanager
def website(**pages: bytes | str | Answer) -> Iterator[Website]:
    """A server on a free port, ended afterwards."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                site.answer(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = Website(server.server_address[1], dict(pages))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
