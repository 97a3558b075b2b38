"""What is held of messages: taken along, erased, forgotten, and in the register."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.apps import apps
from django.core import mail
from django.utils import timezone

from tessera.accounts.models import User
from tessera.accounts.profiles.erasure import erase
from tessera.accounts.profiles.export import held_of
from tessera.accounts.profiles.register import entries
from tessera.contact.deciding import decide
from tessera.contact.forgetting import forget
from tessera.contact.models import Block, Decision, Message, Party, Report, Standing, Thread, What
from tessera.contact.notices import tell_late
from tessera.contact.writing import send
from tests.integration.accounts.test_mail import Inbox
from tests.integration.accounts.test_rights import everything
from tests.integration.contact.conftest import Make, signed_in
from tests.livesite import free_port

pytestmark = pytest.mark.django_db(transaction=True)


def reported(message: Message, by: User) -> Report:
    party = message.thread.parties.get(user=by)
    return Report.objects.create(message=message, by=party, reason="other", words="Words of mine")


def test_both_take_the_conversation_along_without_an_address(ada: User, bo: User) -> None:
    message = send(ada, bo, "from ada")
    send(bo, ada, "from bo")
    Block.objects.create(by=ada, whom=bo, name="Bo")
    reported(message, bo)
    signed_in(bo).post(f"/account/messages/{message.thread_id}/address/", {"act": "give"})
    held = json.loads(signed_in(ada).get("/account/data/my-data.json").content)
    assert [(row["text"], row["written_by_you"], row["name"]) for row in held["messages"]] == [
        ("from ada", True, "Ada Zq7x"), ("from bo", False, "Bo Zq7x"),
    ]  # fmt: skip
    assert held["blocked"][0]["name"] == "Bo"
    assert held["messages_choices"] == [{"may_be_written_to": True, "stopped_at": None}]
    assert held["reports"] == []
    page = signed_in(ada).get("/account/data/").content.decode()
    assert "from bo" in page
    assert bo.email not in json.dumps(held) + page
    his = held_of(bo)
    assert his["reports"][0]["words"] == "Words of mine"
    assert his["conversations"][0]["address_you_gave"] == bo.email
    assert "blocked" in his
    assert his["blocked"] == []


def test_nothing_of_the_erased_is_left_with_the_other(ada: User, bo: User, make: Make) -> None:
    message = send(ada, bo, "from ada")
    send(bo, ada, "from bo")
    report = reported(message, bo)
    reported(send(make("cy"), ada, "from cy"), ada)
    decide(report, What.STOP, "Words about Ada", make("ed"))
    Block.objects.create(by=bo, whom=ada, name="Ada Zq7x")
    Party.objects.filter(user=ada).update(address=ada.email, address_given_at=timezone.now())
    for each in ("from ada", "Ada Zq7x", ada.email, "Words about Ada", "Works Zq7x"):
        assert each in everything()
    assert everything().count("Words of mine") == 2
    erase(User.objects.get(pk=ada.pk))
    left = everything()
    for each in ("from ada", "Ada Zq7x", ada.email, "Words about Ada", "Works Zq7x"):
        assert each not in left, each
    assert "from bo" in left
    assert left.count("Words of mine") == 1
    page = signed_in(bo).get(f"/account/messages/{message.thread_id}/").content.decode()
    assert "(erased account)" in page
    assert "went with the account" in page
    assert "from bo" in page
    assert "take messages" in page
    erase(User.objects.get(pk=bo.pk))
    assert not Thread.objects.filter(pk=message.thread_id).exists()


def test_the_page_says_what_remains(ada: User, make: Make) -> None:
    page = signed_in(ada).get("/account/data/").content.decode()
    assert "Whom you blocked" in page
    from django.template.loader import render_to_string

    from tessera.contact.rights import REMAINS

    said = render_to_string("account/remains.html", {"remains": [REMAINS]})
    assert "your messages in it are emptied" in said


def test_the_register_has_every_table_and_the_days_of_the_setting(settings: Any) -> None:
    registered = {model for entry in entries() for model in entry.models}
    assert {m._meta.label_lower for m in apps.get_app_config("contact").get_models()} <= registered
    said = " ".join(str(entry.kept) for entry in entries())
    assert f"{settings.SITE.contact.keep_days} days after the last message" in said


def test_old_conversations_go_but_for_what_is_to_decide(ada: User, bo: User, make: Make) -> None:
    now = timezone.now()
    old, edge = now - timedelta(days=366), now - timedelta(days=364)
    gone = send(ada, bo, "old", old).thread_id
    send(ada, make("cy"), "newer", edge)
    waiting = reported(send(make("di"), ada, "reported", old), ada)
    stopped = reported(send(make("eve"), ada, "evil", old), ada)
    decide(stopped, What.STOP, "x", bo)
    assert forget() == 1
    assert not Thread.objects.filter(pk=gone).exists()
    assert Message.objects.count() == 3
    decide(waiting, What.NOTHING, "", bo)
    decide(stopped, What.ALLOW, "", bo)
    assert forget() == 2
    assert forget() == 0
    assert not Decision.objects.exists()
    assert Message.objects.get().text == "newer"
    assert Standing.objects.filter(user=ada).exists()


def test_the_worker_forgets_and_tells(ada: User, bo: User) -> None:
    from tessera.site import worker

    send(ada, bo, "old", timezone.now() - timedelta(days=366))
    late = send(bo, ada, "untold", timezone.now() - timedelta(minutes=6))
    Thread.objects.update(last_at=timezone.now())
    assert worker._tell()
    assert [each.to for each in mail.outbox] == [[ada.email]]
    late.refresh_from_db()
    assert late.noticed_at is not None
    assert worker._tell()
    assert len(mail.outbox) == 1
    Thread.objects.update(last_at=timezone.now() - timedelta(days=366))
    assert worker._forget()
    assert not Message.objects.exists()


def test_a_notice_that_failed_goes_later_and_no_log_has_an_address(
    settings: Any, ada: User, bo: User, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    done = signed_in(ada).post("/account/messages/to/member:bo/", {"text": "hello"})
    assert done.status_code == 302
    assert "could not be sent by mail" in caplog.text
    assert "@mailbox.example" not in caplog.text
    assert tell_late()
    Message.objects.update(at=timezone.now() - timedelta(minutes=6))
    assert not tell_late()
    inbox = Inbox()
    server: Any = Controller(inbox, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        settings.EMAIL_PORT = server.port
        assert tell_late()
    finally:
        server.stop()
    (notice,) = inbox.messages
    assert notice["To"] == bo.email
    assert notice["Reply-To"] is None
    assert ada.email not in notice.as_string()
