"""Connections of urllib3 that go to checked addresses only, and end at a deadline."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Set
from types import TracebackType
from typing import Self

import urllib3.exceptions
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError
from urllib3.response import BaseHTTPResponse

from tessera.sources.fetch.addresses import Endpoint, checked
from tessera.sources.fetch.errors import Reason

CONNECT_TIMEOUT = 10.0
"""Seconds for a connection to one address."""

READ_TIMEOUT = 30.0
"""Seconds of silence after which an answer is given up."""


class Deadline:
    """Ends a connection when its time is up, however it is being kept busy.

    A timeout of a socket counts from byte to byte, so that a server that sends one byte now and
    then can hold a client for ever. Shutting the socket down ends every such wait.
    """

    def __init__(self, seconds: float) -> None:
        self.ends = time.monotonic() + seconds
        self.passed = False
        self._watched: list[socket.socket] = []
        self._timer = threading.Timer(max(seconds, 0.0), self._end)
        self._timer.daemon = True

    @property
    def left(self) -> float:
        return self.ends - time.monotonic()

    def watch(self, sock: socket.socket) -> None:
        # A copy: TLS takes the socket itself over and leaves an empty one behind.
        self._watched.append(sock.dup())
        if self.passed:
            self._end()

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        self._timer.join()
        for sock in self._watched:
            sock.close()

    def _end(self) -> None:
        self.passed = True
        for sock in self._watched:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # It has ended by itself.


def connect(host: str, port: int, allowed: Set[Endpoint], deadline: Deadline) -> socket.socket:
    """A connection to the first address of a host that answers; all of them are checked first.

    Raises Refusal, or OSError where none answers.
    """
    problem: OSError = OSError(f"{host} has no address")
    for address in checked(host, port, allowed):
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(max(0.1, min(CONNECT_TIMEOUT, deadline.left)))
            sock.connect((str(address), port))
        except OSError as error:
            sock.close()
            problem = error
            continue
        sock.settimeout(max(0.1, min(READ_TIMEOUT, deadline.left)))
        deadline.watch(sock)
        return sock
    raise problem


class _CheckedHTTP(HTTPConnection):
    allowed: Set[Endpoint]
    deadline: Deadline

    def _new_conn(self) -> socket.socket:
        return _opened(self, self.allowed, self.deadline)


class _CheckedHTTPS(HTTPSConnection):
    allowed: Set[Endpoint]
    deadline: Deadline

    def _new_conn(self) -> socket.socket:
        return _opened(self, self.allowed, self.deadline)


def _opened(
    connection: HTTPConnection, allowed: Set[Endpoint], deadline: Deadline
) -> socket.socket:
    try:
        return connect(connection.host, connection.port, allowed, deadline)
    except OSError as error:
        raise NewConnectionError(connection, str(error)) from error


def reason_of(error: BaseException) -> Reason:
    """What failed, by the errors of urllib3 and the system that led to one."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, socket.gaierror):
            return "name"
        if isinstance(seen, ssl.SSLError | urllib3.exceptions.SSLError):
            return "tls"
        # To urllib3 each failed connection is a kind of time-out.
        timed = isinstance(seen, TimeoutError | urllib3.exceptions.TimeoutError)
        if timed and not isinstance(seen, NewConnectionError):
            return "time"
        seen = seen.__cause__ or seen.__context__
    return ""


def request(
    scheme: str,
    host: str,
    port: int,
    target: str,
    headers: dict[str, str],
    *,
    allowed: Set[Endpoint],
    deadline: Deadline,
    method: str = "GET",
) -> BaseHTTPResponse:
    """One request; the answer's body isn't read yet, and not unpacked.

    Raises Refusal, and errors of urllib3 and the system.
    """
    made: _CheckedHTTP | _CheckedHTTPS
    timeout = max(0.1, min(READ_TIMEOUT, deadline.left))
    if scheme == "https":
        made = _CheckedHTTPS(host, port, timeout=timeout, cert_reqs="CERT_REQUIRED")
    else:
        made = _CheckedHTTP(host, port, timeout=timeout)
    made.allowed, made.deadline = allowed, deadline
    try:
        made.request(method, target, headers=headers, preload_content=False, decode_content=False)
        return made.getresponse()
    except BaseException:
        made.close()
        raise
