"""The editors' queue: reported messages and what is decided, and no other message."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tessera.accounts.models import User
from tessera.accounts.roles import Role, give
from tessera.contact.models import Decision, Report, Standing
from tessera.contact.writing import refusal, send
from tessera.trail.models import Act
from tessera.trail.signing import signature
from tests.integration.contact.conftest import Make, signed_in

pytestmark = pytest.mark.django_db

QUEUE = "/admin/contact/report/"


@pytest.fixture
def editor(make: Make) -> User:
    user = make("ed", name="Ed Itor")
    give(user, Role.EDITOR, by="")
    return user


@pytest.fixture
def report(ada: User, bo: User) -> Report:
    """The last of eight messages, reported."""
    for n in range(4):
        send(bo, ada, f"to ada {n}.")
        last = send(ada, bo, f"to bo {n}.")
    return Report.objects.create(
        message=last, by=last.thread.parties.get(user=bo), reason="insult", words="Rude!"
    )


def text_of(client: Client, path: str) -> str:
    answer: Any = client.get(path)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def test_editors_see_what_was_reported_and_no_more(
    editor: User, report: Report, ada: User, bo: User, make: Make
) -> None:
    send(make("cy"), bo, "private words")
    client = signed_in(editor)
    listed = text_of(client, QUEUE)
    assert "Ada Zq7x" in listed
    page = text_of(client, f"{QUEUE}{report.pk}/change/")
    assert "by Bo Zq7x: Insults" in page
    assert "Rude!" in page
    shown = [f"to {who} {n}." in page for n in range(4) for who in ("ada", "bo")]
    assert shown == [False, False, *[True] * 6]
    assert "private words" not in page
    for address in (ada.email, bo.email):
        assert address not in listed + page


def test_who_is_no_editor_sees_no_queue(report: Report, ada: User) -> None:
    """Nor does who wrote the message; editors' rights are tested with those to all other pages."""
    for client in (signed_in(ada), Client()):
        for path in (QUEUE, f"{QUEUE}{report.pk}/change/"):
            assert client.get(path).status_code == 302
            assert client.post(path, {"what": "nothing"}).status_code == 302
    assert not Decision.objects.exists()


def test_nothing_else_is_offered(editor: User, report: Report) -> None:
    client = signed_in(editor)
    assert client.get(f"{QUEUE}{report.pk}/delete/").status_code == 403
    for path in ("add/", f"{report.pk + 1}/change/", "x/change/"):
        assert client.get(f"{QUEUE}{path}").status_code == 404
    for model in ("message", "thread", "party", "standing", "block", "decision"):
        assert client.get(f"/admin/contact/{model}/").status_code == 404


def test_no_action_is_recorded_and_nobody_is_told(editor: User, report: Report) -> None:
    signed_in(editor).post(f"{QUEUE}{report.pk}/change/", {"what": "nothing"})
    decision = Decision.objects.get()
    assert (decision.what, decision.editor) == ("nothing", editor)
    report.refresh_from_db()
    assert report.decided_at is not None
    assert not mail.outbox
    page = text_of(signed_in(editor), f"{QUEUE}{report.pk}/change/")
    assert "Ed Itor: No action" in page
    act = Act.objects.get(what="decided")
    assert (act.by, act.on) == (signature(editor), f"contact.report {report.pk}")
    assert act.details == {"decision": "nothing"}


def test_a_warning_is_sent_with_its_reasons(editor: User, report: Report, ada: User) -> None:
    client = signed_in(editor)
    page = client.post(f"{QUEUE}{report.pk}/change/", {"what": "warn"}).content.decode()
    assert "Say why" in page
    assert not Decision.objects.exists()
    client.post(f"{QUEUE}{report.pk}/change/", {"what": "warn", "words": "Be kind."})
    (warned,) = mail.outbox
    assert warned.to == [ada.email]
    assert "Be kind." in warned.body
    assert "> to bo 3." in warned.body
    assert "Bo Zq7x" not in warned.body
    assert editor.email not in str(warned.message())
    assert refusal(ada, editor) is None


def test_the_right_to_write_is_taken_and_given_back(
    editor: User, report: Report, ada: User, bo: User
) -> None:
    client, path = signed_in(editor), f"{QUEUE}{report.pk}/change/"
    client.post(path, {"what": "allow", "words": ""})
    assert not Decision.objects.exists()
    client.post(path, {"what": "stop", "words": "Threats."})
    assert Standing.objects.get(user=ada).stopped_at is not None
    assert refusal(bo, ada) is None
    stopped = refusal(ada, bo)
    assert stopped is not None
    assert stopped.why == "stopped"
    assert "at present" in text_of(client, path)
    client.post(path, {"what": "allow", "words": ""})
    assert refusal(ada, bo) is None
    assert [each.what for each in Decision.objects.all()] == ["stop", "allow"]
    assert [each.to for each in mail.outbox] == [[ada.email]] * 2


def test_undecided_ones_come_first(editor: User, report: Report, make: Make, ada: User) -> None:
    client = signed_in(editor)
    client.post(f"{QUEUE}{report.pk}/change/", {"what": "nothing"})
    other = send(make("cy", name="Cy Late"), ada, "hm")
    by = other.thread.parties.get(user=ada)
    Report.objects.create(message=other, by=by, reason="other")
    page = text_of(client, QUEUE)
    assert page.index("Cy Late") < page.index("Ada Zq7x")
    assert "Ada Zq7x" not in text_of(client, f"{QUEUE}?state=open")
    assert "Cy Late" not in text_of(client, f"{QUEUE}?state=decided")


def test_an_erased_author_is_left_alone(editor: User, report: Report, ada: User) -> None:
    from tessera.accounts.profiles.erasure import erase

    erase(ada)
    client, path = signed_in(editor), f"{QUEUE}{report.pk}/change/"
    page = text_of(client, path)
    assert "(erased account)" in page
    assert "Zq7x" not in page.replace("Bo Zq7x", "")
    client.post(path, {"what": "warn", "words": "x"})
    assert not Decision.objects.exists()
    client.post(path, {"what": "nothing"})
    assert Decision.objects.get().what == "nothing"
