"""A conversation is deleted by one of the two for themselves, and is gone once both did."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tessera.accounts.models import User
from tessera.accounts.profiles.erasure import erase
from tessera.accounts.profiles.export import held_of
from tessera.contact.deciding import decide
from tessera.contact.forgetting import forget
from tessera.contact.models import Message, Party, Report, Thread, What
from tessera.contact.writing import Refused, send
from tests.integration.accounts.test_rights import everything
from tests.integration.contact.conftest import Make, signed_in

pytestmark = pytest.mark.django_db(transaction=True)

YESTERDAY = timedelta(days=1, minutes=1)


def text_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def delete(user: User, thread: Any) -> None:
    done = signed_in(user).post(f"/account/messages/{thread}/delete/")
    assert done.status_code == 302 and done.url == "/account/messages/"


@pytest.fixture
def thread(ada: User, bo: User) -> Any:
    """A conversation of the day before, in which both wrote."""
    at = timezone.now() - YESTERDAY
    send(ada, bo, "from ada", at)
    return send(bo, ada, "from bo", at).thread_id


def test_it_goes_for_the_one_and_stays_for_the_other(ada: User, bo: User, thread: Any) -> None:
    hers, path = signed_in(ada), f"/account/messages/{thread}/"
    hers.post(f"{path}address/", {"act": "give"})
    page = text_of(hers.get(path))
    assert f"{path}delete/" in page
    page = text_of(hers.get(f"{path}delete/"))
    assert "Delete the conversation with Bo Zq7x" in page and "is not shown to the other" in page
    assert "from bo" in text_of(hers.get(path))  # asking alone deletes nothing
    delete(ada, thread)
    assert "Bo Zq7x" not in text_of(hers.get("/account/messages/"))
    first = Message.objects.order_by("pk").first()
    assert first is not None
    for each in ("", "delete/", f"report/{first.pk + 1}/"):
        assert hers.get(path + each).status_code == 404, each
    for each in ("", "delete/", "block/", "address/"):
        assert hers.post(path + each, {"text": "x"}).status_code == 404, each
    page = text_of(signed_in(bo).get(path))
    assert "from ada" in page and "from bo" in page
    assert ada.email not in page
    held = held_of(ada)
    assert [row["text"] for row in held["messages"]] == ["from ada"]
    assert held["conversations"][0]["messages_deleted_up_to"] == first.pk + 1
    assert len(held_of(bo)["messages"]) == 2


def test_what_comes_later_is_there_and_nothing_from_before(
    ada: User, bo: User, thread: Any
) -> None:
    delete(ada, thread)
    hers, path = signed_in(ada), f"/account/messages/{thread}/"
    last = Message.objects.order_by("pk").last()
    assert last is not None
    signed_in(bo).post(path, {"text": "once more"})
    assert "Messages (1 new)" in text_of(hers.get("/account/"))
    page = text_of(hers.get(path))
    assert "once more" in page and "from bo" not in page
    assert hers.post(f"{path}report/{last.pk}/", {"reason": "insult"}).status_code == 404


def test_who_deleted_can_write_again(ada: User, bo: User, thread: Any) -> None:
    delete(ada, thread)
    hers = signed_in(ada)
    address = "/account/messages/to/member:bo/"
    assert "Message to Bo Zq7x" in text_of(hers.get(address))
    assert hers.post(address, {"text": "anew"}).url == f"/account/messages/{thread}/"
    page = text_of(hers.get(f"/account/messages/{thread}/"))
    assert "anew" in page and "from ada" not in page
    assert hers.get(address).url == f"/account/messages/{thread}/"


def test_deleted_by_both_it_is_gone(ada: User, bo: User, thread: Any, make: Make) -> None:
    other = send(make("cy"), ada, "from cy").thread_id
    report = Report.objects.create(
        message=Message.objects.get(text="from ada"), by=Party.objects.get(user=bo),
        reason="other", words="Words of bo",
    )  # fmt: skip
    decide(report, What.WARN, "Words of editors", make("ed"))
    delete(ada, thread)
    assert "from ada" in everything()
    delete(bo, thread)
    left = everything()
    for each in ("from ada", "from bo", "Words of bo", "Words of editors"):
        assert each not in left, each
    assert list(Thread.objects.values_list("pk", flat=True)) == [other]


def test_what_was_reported_stays_until_it_is_decided(
    ada: User, bo: User, thread: Any, make: Make
) -> None:
    report = Report.objects.create(
        message=Message.objects.get(text="from ada"), by=Party.objects.get(user=bo), reason="other"
    )
    for each in (ada, bo):
        delete(each, thread)
    forget()
    assert Message.objects.filter(text="from ada").exists()
    for each in (ada, bo):
        assert "Zq7x" not in text_of(signed_in(each).get("/account/messages/"))
    editor = make("ed")
    decide(report, What.STOP, "so", editor)
    forget()
    assert Message.objects.filter(text="from ada").exists()
    decide(report, What.ALLOW, "so", editor)
    forget()
    assert not Thread.objects.exists()


def test_no_limit_is_got_round_by_deleting(ada: User, bo: User) -> None:
    at = timezone.now() - YESTERDAY
    thread = send(ada, bo, "words", at).thread_id
    send(ada, bo, "more words", at)
    for each in (ada, bo):
        delete(each, thread)
    forget()
    assert "words" not in "".join(Message.objects.values_list("text", flat=True))
    with pytest.raises(Refused):
        send(ada, bo, "once more")
    sent = send(bo, ada, "an answer")
    assert sent.thread_id == thread
    assert "Conversation with Ada Zq7x" in text_of(
        signed_in(bo).get(f"/account/messages/{thread}/")
    )
    for each in (ada, bo):
        delete(each, thread)
    assert Thread.objects.exists()  # for the limits of one day
    Thread.objects.update(last_at=at)
    forget()
    assert not Thread.objects.exists()


def test_erasing_takes_along_what_the_other_deleted(ada: User, bo: User) -> None:
    at = timezone.now() - YESTERDAY
    thread = send(ada, bo, "from ada", at).thread_id
    delete(bo, thread)
    erase(User.objects.get(pk=ada.pk))
    assert not Thread.objects.exists()
