"""No e-mail address stands anywhere after a conversation, until its owner gives it to the other."""

from __future__ import annotations

import re
from collections import deque
from html import unescape
from typing import Any
from urllib.parse import urldefrag, urljoin

import pytest
from aiosmtpd.controller import Controller
from django.contrib.auth.models import Permission
from django.test import Client

from tessera.accounts.models import User
from tessera.contact.models import Report
from tessera.contact.notices import tell_decision
from tessera.indexing.rebuild import rebuild
from tests.integration.accounts.test_mail import Inbox
from tests.integration.contact.conftest import Make, signed_in
from tests.livesite import free_port

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("tantivy_index"),
]  # fmt: skip

LINK = re.compile(r'(?:href|action|src)="([^"#]+)|<loc>([^<]+)')
STARTS = (
    "/", "/explore?q=Zq7x", "/person/member:ada", "/person/member:bo", "/about/register",
    "/api/v1/search?q=Zq7x", "/api/v1/records/member:ada", "/api/v1/records/member:bo",
    "/robots.txt", "/sitemap.xml", "/account/messages/", "/account/data/my-data.json", "/admin/",
    "/admin/contact/report/",
)  # fmt: skip
PAGES = 150
"""Links lead from page to page without end; the first so many of them are read."""


def outputs(client: Client, *starts: str) -> dict[str, str]:
    """All that a reader comes to by links, by path; addresses as they may be spelt are plain."""
    waiting, read = deque([*starts, *STARTS]), dict[str, str]()
    while waiting and len(read) < PAGES:
        path = urldefrag(waiting.popleft()).url
        if path in read or path.startswith(("/static/", "/account/logout")):
            continue
        answer: Any = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        read[path] = unescape(body.decode(errors="replace"))
        for found in LINK.findall(read[path]):
            to = urljoin(path, unescape(found[0] or found[1]).removeprefix("http://testserver"))
            if to.startswith("/") and "lang=" not in to:
                waiting.append(to)
    return read


def those_with(address: str, read: dict[str, str]) -> list[str]:
    found = address.casefold()
    spelt = (found, found.replace("@", "%40"), found.replace("@", "\\u0040"))
    return [path for path, text in read.items() if any(each in text.casefold() for each in spelt)]


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """All that the site logs; the mail server, which logs what it gets, is none of its."""
    return "\n".join(each.getMessage() for each in caplog.records if each.name != "mail.log")


@pytest.fixture
def editor(make: Make) -> User:
    user = make("ed", published=False)
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="contact"))
    return user


def test_addresses_stand_nowhere_until_they_are_given(
    settings: Any, caplog: pytest.LogCaptureFixture, make: Make, editor: User
) -> None:
    caplog.set_level("DEBUG")
    rebuild()
    ada, bo, cy = make("ada"), make("bo"), make("cy")
    inbox = Inbox()
    server: Any = Controller(inbox, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    hers, his = signed_in(ada), signed_in(bo)
    try:
        page = hers.get("/person/member:bo").content.decode()
        assert 'href="/account/messages/to/member:bo/"' in page
        path = hers.post("/account/messages/to/member:bo/", {"text": "first"}).url
        his.post(path, {"text": "second"})
        hers.post(path, {"text": "third"})
        signed_in(cy).post("/account/messages/to/member:bo/", {"text": "cy to bo"})
        number = re.findall(rf"{path}report/(\d+)/", his.get(path).content.decode())[-1]
        his.post(f"{path}report/{number}/", {"reason": "insult", "words": "Rude!"})
        queue = f"/admin/contact/report/{Report.objects.get().pk}/change/"
        signed_in(editor).post(queue, {"what": "warn", "words": "Be kind."})
        his.post(f"{path}block/")
        assert tell_decision(Report.objects.get().decisions.get(), "http://testserver")
    finally:
        server.stop()

    everybody = {ada: hers, bo: his, cy: signed_in(cy), editor: signed_in(editor), None: Client()}

    def shown(address: str, owner: User) -> dict[str, list[str]]:
        """Where others than its owner read it, by reader."""
        return {
            str(reader and reader.pk): found
            for reader, client in everybody.items()
            if reader != owner and (found := those_with(address, outputs(client, path, queue)))
        }

    own = outputs(hers, path)
    assert {path, "/account/messages/", "/account/data/my-data.json", "/person/member:bo"} <= set(
        own
    )
    assert "third" in own[path]
    assert "third" in outputs(signed_in(editor), queue)[queue]
    assert "second" in own["/account/data/my-data.json"]
    # What looks for it finds it where it is meant to stand.
    assert "/account/" in those_with(ada.email, own)
    assert shown(ada.email, ada) == {}
    assert shown(bo.email, bo) == {}
    for notice in inbox.messages:
        said = notice.as_string()
        others = [each.email for each in (ada, bo, cy, editor) if each.email != notice["To"]]
        assert not [each for each in others if each in said]
    assert len(inbox.messages) == 6
    assert "@mailbox.example" not in logged(caplog)

    hers.post(f"{path}address/", {"act": "give"})
    assert shown(ada.email, ada) == {str(bo.pk): [path]}
    assert shown(bo.email, bo) == {}
    assert "@mailbox.example" not in logged(caplog)
