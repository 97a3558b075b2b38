"""Against real servers on 127.0.0.1, which the fetcher is allowed to ask by name and port."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest

from tessera.sources.fetch import addresses
from tessera.sources.fetch.errors import (
    AddressRefused,
    BudgetSpent,
    FetchError,
    HttpError,
    LimitExceeded,
    RobotsRefused,
    Unreachable,
)
from tests.websites import Notes, Website, redirect, send, website


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as served:
        yield served


def test_a_page_comes_with_who_asks(site: Website) -> None:
    site.pages["/a"] = "hello"
    found = site.fetcher().get(f"{site.url}/a#part")
    assert (found.body, found.url, found.unchanged) == (b"hello", f"{site.url}/a", False)
    assert site.asked == ["/robots.txt", "/a"]
    assert site.headers[1]["User-Agent"] == "Tessera/0 (+https://portal.example)"


def test_without_being_allowed_this_machine_is_not_asked(site: Website) -> None:
    closed = replace(site.fetcher(), allowed=frozenset())
    for host in ("127.0.0.1", "2130706433", "0x7f000001", "127.1", "[::ffff:127.0.0.1]"):
        with pytest.raises(AddressRefused):
            closed.get(f"http://{host}:{site.port}/a")
    assert site.asked == []


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.2:{port}/", "http://localhost:{port}/", "http://169.254.169.254/latest/",
        "http://[::1]:{port}/", "http://[64:ff9b::7f00:1]:{port}/", "http://0x7f000001:{port}/",
        "file:///etc/passwd", "http://10.0.0.1/", "//[::ffff:127.0.0.1]:{port}/",
    ],
)  # fmt: skip
def test_a_redirect_to_a_private_address_is_not_followed(site: Website, target: str) -> None:
    site.pages["/a"] = redirect(target.format(port=site.port))
    with pytest.raises(AddressRefused):
        site.fetcher().get(f"{site.url}/a")
    assert site.asked == ["/robots.txt", "/a"]


def test_a_name_is_looked_up_once_and_the_checked_address_is_asked(
    site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is public when checked and private when connected to gains nothing."""
    answers = iter([[(2, 1, 6, "", ("127.0.0.1", 0))], [(2, 1, 6, "", ("10.0.0.1", 0))]])
    # The resolver is the system's, not ours: only a zone of our own could answer twice like this.
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: next(answers))
    site.pages["/robots.txt"] = "User-agent: *\nAllow: /"
    fetcher = site.fetcher()
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1, a private network"):
        fetcher.get(f"http://rebinding.example:{site.port}/a")
    assert site.asked == ["/robots.txt"]


def test_a_name_with_one_private_address_is_refused_whole(
    site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [(2, 1, 6, "", ("93.184.216.34", 0)), (2, 1, 6, "", ("192.168.0.1", 0))]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(AddressRefused, match="private network"):
        site.fetcher().get("http://two-faced.example/")


def test_redirects_are_followed_within_bounds(site: Website) -> None:
    site.pages |= {"/a": redirect("/b", 301), "/b": redirect("c"), "/c": "here"}
    assert site.fetcher().get(f"{site.url}/a").url == f"{site.url}/c"
    with pytest.raises(LimitExceeded, match="more than 1 times"):
        site.fetcher(redirects=1).get(f"{site.url}/a")


def test_circles_end(site: Website) -> None:
    site.pages |= {"/a": redirect("/b"), "/b": redirect("/a")}
    with pytest.raises(LimitExceeded, match="in a circle"):
        site.fetcher().get(f"{site.url}/a")


def test_robots_are_obeyed_on_the_way_too(site: Website) -> None:
    site.pages |= {
        "/robots.txt": "User-agent: Tessera\nDisallow: /private\n\nUser-agent: *\nDisallow: /",
        "/a": "open", "/private/x": "closed", "/to": redirect("/private/x"),
    }  # fmt: skip
    fetcher = site.fetcher()
    assert fetcher.get(f"{site.url}/a").body == b"open"
    for path in ("/private/x", "/to"):
        with pytest.raises(RobotsRefused, match=r"robots\.txt"):
            fetcher.get(f"{site.url}{path}")
    assert site.asked == ["/robots.txt", "/a", "/to"]


@pytest.mark.parametrize(
    ("status", "open_"), [(404, True), (403, True), (503, False), (429, False)]
)
def test_a_site_without_readable_rules(site: Website, status: int, open_: bool) -> None:
    site.pages |= {"/robots.txt": lambda h: send(h, status), "/a": "x"}
    if open_:
        assert site.fetcher().get(f"{site.url}/a").body == b"x"
    else:
        with pytest.raises(RobotsRefused, match="try again later"):
            site.fetcher().get(f"{site.url}/a")


def test_crawl_delay_slows_down(site: Website) -> None:
    site.pages |= {"/robots.txt": "User-agent: *\nCrawl-delay: 0.3", "/a": "x"}
    fetcher = site.fetcher()
    begun = time.monotonic()
    fetcher.get(f"{site.url}/a")
    fetcher.get(f"{site.url}/a")
    assert time.monotonic() - begun >= 0.3


def test_what_did_not_change_is_not_sent_again(site: Website) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("If-None-Match") == '"v1"':
            send(handler, 304)
        else:
            send(handler, 200, b"long page", {"ETag": '"v1"', "Last-Modified": "Sat, 1"})

    site.pages["/a"] = answer
    notes = Notes()
    first = site.fetcher(notes).get(f"{site.url}/a", essence=bytes.upper)
    again = site.fetcher(notes).get(f"{site.url}/a", essence=bytes.upper)
    assert (first.body, first.unchanged) == (b"LONG PAGE", False)
    assert (again.body, again.unchanged) == (b"LONG PAGE", True)
    assert site.headers[-1]["If-Modified-Since"] == "Sat, 1"


def test_a_site_that_asks_for_patience_gets_it(site: Website) -> None:
    times: list[float] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        times.append(time.monotonic())
        if len(times) == 1:
            send(handler, 429, b"", {"Retry-After": "1"})
        else:
            send(handler, 200, b"now")

    site.pages["/a"] = answer
    assert site.fetcher().get(f"{site.url}/a").body == b"now"
    assert times[1] - times[0] >= 1


def test_too_much_patience_is_refused_in_a_sentence(site: Website) -> None:
    site.pages["/a"] = lambda h: send(h, 503, b"", {"Retry-After": "86400"})
    with pytest.raises(HttpError, match=r"answers 503 .* asks for 86,400 seconds") as caught:
        site.fetcher().get(f"{site.url}/a")
    assert caught.value.status == 503 and not caught.value.gone
    assert site.asked.count("/a") == 1


def test_errors_that_stay_are_not_asked_again(site: Website) -> None:
    with pytest.raises(HttpError, match="answers 404") as caught:
        site.fetcher().get(f"{site.url}/nowhere")
    assert caught.value.gone
    assert site.asked.count("/nowhere") == 1
    site.pages["/a"] = lambda h: send(h, 500)
    with pytest.raises(HttpError, match="answers 500"):
        site.fetcher(retries=2).get(f"{site.url}/a")
    assert site.asked.count("/a") == 3


def test_a_slow_answer_is_ended(site: Website) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    def drip_headers(handler: BaseHTTPRequestHandler) -> None:
        for _ in range(100):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: " if not _ else b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    site.pages |= {"/body": drip, "/headers": drip_headers}
    for path in ("/body", "/headers"):
        begun = time.monotonic()
        with pytest.raises(LimitExceeded, match="within"):
            site.fetcher(seconds=0.5, retries=0).get(f"{site.url}{path}")
        assert time.monotonic() - begun < 2


def test_an_endless_answer_is_ended(site: Website) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 100_000)

    site.pages["/a"] = endless
    with pytest.raises(LimitExceeded, match="larger than"):
        site.fetcher(size=1_000_000).get(f"{site.url}/a")


def test_a_bomb_is_not_unpacked(site: Website) -> None:
    bomb = gzip.compress(bytes(200_000_000), 9)
    site.pages |= {
        "/bomb": lambda h: send(h, 200, bomb, {"Content-Encoding": "gzip"}),
        "/good": lambda h: send(
            h, 200, gzip.compress(b"one ") + gzip.compress(b"two"), {"Content-Encoding": "gzip"}
        ),
        "/cut": lambda h: send(
            h, 200, gzip.compress(bytes(range(256)) * 50)[:-40], {"Content-Encoding": "gzip"}
        ),
        "/other": lambda h: send(h, 200, b"x", {"Content-Encoding": "br"}),
    }
    begun = time.monotonic()
    with pytest.raises(LimitExceeded, match="larger than"):
        site.fetcher(size=1_000_000).get(f"{site.url}/bomb")
    assert time.monotonic() - begun < 1
    assert site.fetcher().get(f"{site.url}/good").body == b"one two"
    for path in ("/cut", "/other"):
        with pytest.raises(FetchError, match="its answer"):
            site.fetcher().get(f"{site.url}{path}")


def test_an_answer_that_breaks_off_is_no_answer(site: Website) -> None:
    def broken(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"half")
        handler.close_connection = True

    site.pages["/a"] = broken
    with pytest.raises(Unreachable):
        site.fetcher().get(f"{site.url}/a")


def test_a_run_has_a_budget(site: Website) -> None:
    site.pages["/a"] = "x" * 1000
    few = site.fetcher(requests=3)
    few.get(f"{site.url}/a")
    few.get(f"{site.url}/a")
    with pytest.raises(BudgetSpent, match="3 requests"):
        few.get(f"{site.url}/a")
    small = site.fetcher(total_size=1500)
    small.get(f"{site.url}/a")
    with pytest.raises(BudgetSpent, match="all that it may"):
        small.get(f"{site.url}/a")
    short = site.fetcher(total_seconds=0.2)
    time.sleep(0.25)
    with pytest.raises(BudgetSpent, match="minutes"):
        short.get(f"{site.url}/a")


def test_nobody_there_is_said_plainly(site: Website) -> None:
    with website() as other:
        pass
    with pytest.raises(Unreachable, match=r"can't be reached: .*refused"):
        other.fetcher(retries=0).get(f"{other.url}/a")
