"""Mail through a real server: what arrives there, and what is said when it is down."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Received

from tests.integration.accounts.mailbox import code
from tests.livesite import LiveSite, free_port, serving, tessera

ADA = "ada@portal.example"


class Inbox(Received):  # type: ignore[misc]  # aiosmtpd is untyped
    """Keeps what comes in."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message[str, str]] = []

    def handle_message(self, message: Message[str, str]) -> None:
        self.messages.append(message)


class Visitor:
    """A browser without pictures: cookies, and forms with their token."""

    def __init__(self, site: LiveSite) -> None:
        jar = http.cookiejar.CookieJar()
        self.web = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self.site = site

    def send(self, path: str, **fields: str) -> tuple[int, str]:
        page = self.web.open(self.site.url + path, timeout=30).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode()
        try:
            answer = self.web.open(self.site.url + path, body, timeout=30)
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        return answer.status, answer.read().decode()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "tessera.toml").write_text(
        '[site]\nname = "Alpe Adria"\n[mail]\nfrom = "Alpe Adria <hello@portal.example>"\n',
        encoding="utf-8",
    )
    assert tessera(folder, "init").returncode == 0
    return folder


def test_a_code_arrives_and_signs_up(home: Path) -> None:
    inbox = Inbox()
    server: Any = Controller(inbox, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        url = f"smtp://127.0.0.1:{server.port}"
        with serving(home, TESSERA_EMAIL_URL=url) as site:
            visitor = Visitor(site)
            assert visitor.send("/account/signup/", email=ADA)[0] == 200
            (message,) = inbox.messages
            assert message["Subject"] == "Alpe Adria: confirm your address"
            assert message["From"] == "Alpe Adria <hello@portal.example>"
            assert message.get_content_type() == "text/plain"
            text = message.get_payload(decode=True)
            assert isinstance(text, bytes)
            sent = code(text.decode().replace("\r\n", "\n"))
            status, page = visitor.send("/account/confirm-email/", code=sent)
            assert (status, "Your account" in page) == (200, True)
    finally:
        server.stop()
    assert not (home / "mail").exists()
    log = (home / "serve.log").read_text(encoding="utf-8")
    assert ADA not in log
    assert sent not in log


def test_a_server_that_is_down_is_said_without_a_traceback(home: Path) -> None:
    with serving(home, TESSERA_EMAIL_URL=f"smtp://127.0.0.1:{free_port()}") as site:
        status, page = Visitor(site).send("/account/login/code/", email=ADA)
    assert status == 503
    assert "Mail can&#x27;t be sent now" in page or "Mail can't be sent now" in page
    log = (home / "serve.log").read_text(encoding="utf-8")
    assert "Mail could not be sent: ConnectionRefusedError" in log
    assert "Traceback" not in log
    assert ADA not in log
