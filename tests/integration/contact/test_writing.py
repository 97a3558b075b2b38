"""Who may write to whom, and how much: counted in the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tessera.accounts.models import Consent, Profile, User
from tessera.contact import people
from tessera.contact.models import Block, Message, Party, Standing, Thread
from tessera.contact.writing import Refused, Why, refusal, send
from tessera.site.contacttable import ContactRules
from tests.integration.contact.conftest import Make, at


def rules(settings: Any, **changed: int) -> None:
    settings.SITE = replace(settings.SITE, contact=ContactRules(**changed))


def why(author: User, other: User, now: Any = None) -> str:
    refused = refusal(author, other, now)
    return refused.why if refused else ""


def test_two_people_have_one_conversation(ada: User, bo: User) -> None:
    first = send(ada, bo, "hello")
    assert send(bo, ada, "and to you").thread_id == first.thread_id
    assert Thread.objects.get().messages.count() == 2
    assert [each.began for each in Party.objects.order_by("pk")] == [True, False]


def test_name_and_what_a_published_profile_shows_go_along(make: Make, bo: User) -> None:
    shy = make("shy", published=False, organisation_name="Hidden works",
               visibility={"organisation": "everyone"})  # fmt: skip
    nobody = make("cy", organisation_name="Hidden works")
    open_ = make("di", organisation_name="Open works", visibility={"name": "members",
                 "organisation": "members"})  # fmt: skip
    for author, organisation in ((shy, ""), (nobody, ""), (open_, "Open works")):
        message = send(author, bo, "hello")
        assert (message.name, message.organisation) == (author.profile.name, organisation)


@pytest.mark.parametrize("closed", ["switch", "unpublished", "blocked", "inactive"])
def test_why_somebody_takes_no_messages_is_not_told(ada: User, bo: User, closed: str) -> None:
    if closed == "switch":
        people.choose(bo, False)
    elif closed == "unpublished":
        Profile.objects.filter(user=bo).update(published=False)
    elif closed == "blocked":
        Block.objects.create(by=bo, whom=ada)
    else:
        User.objects.filter(pk=bo.pk).update(is_active=False)
    with pytest.raises(Refused) as caught:
        send(ada, User.objects.get(pk=bo.pk), "hello")
    assert (caught.value.why, caught.value.until) == (Why.CLOSED, None)
    assert not Message.objects.exists()
    assert not Thread.objects.exists()


def test_who_has_answered_goes_on_hearing(ada: User, make: Make) -> None:
    quiet = make("quiet", published=False, reachable=False)
    assert why(ada, quiet) == Why.CLOSED
    send(quiet, ada, "may I ask you something?")
    assert why(ada, quiet) == ""
    send(ada, quiet, "yes")
    people.choose(ada, False)
    assert why(quiet, ada) == ""
    Block.objects.create(by=ada, whom=quiet)
    assert why(quiet, ada) == Why.CLOSED
    assert why(ada, quiet) == Why.BLOCKED


def test_nobody_writes_to_themselves(ada: User) -> None:
    assert why(ada, ada) == Why.CLOSED


def test_who_is_stopped_writes_to_nobody(ada: User, bo: User) -> None:
    send(bo, ada, "hello")
    Standing.objects.filter(user=ada).update(stopped_at=at(1))
    assert why(ada, bo) == Why.STOPPED
    assert why(bo, ada) == ""


def test_to_one_person_until_they_answer(settings: Any, ada: User, bo: User) -> None:
    rules(settings, unanswered=2)
    send(ada, bo, "one")
    send(ada, bo, "two")
    assert why(ada, bo) == Why.UNANSWERED
    send(bo, ada, "yes?")
    send(ada, bo, "three")
    send(ada, bo, "four")
    assert why(ada, bo) == Why.UNANSWERED


def test_messages_a_day(settings: Any, ada: User, bo: User) -> None:
    rules(settings, messages_per_day=2, unanswered=10)
    send(ada, bo, "one", at(1, 9))
    send(ada, bo, "two", at(1, 15))
    refused = refusal(ada, bo, at(1, 20))
    assert refused is not None
    assert (refused.why, refused.until) == (Why.MESSAGES, at(2, 9))
    assert why(bo, ada, at(1, 20)) == ""
    assert why(ada, bo, at(2, 9) - timedelta(seconds=1)) == Why.MESSAGES
    send(ada, bo, "three", at(2, 9))
    refused = refusal(ada, bo, at(2, 10))
    assert refused is not None
    assert refused.until == at(2, 15)


def test_conversations_a_day(settings: Any, make: Make, ada: User) -> None:
    rules(settings, conversations_per_day=2)
    others = [make(f"other{n}") for n in range(4)]
    send(others[3], ada, "not begun by ada", at(1, 8))
    send(ada, others[0], "one", at(1, 9))
    send(ada, others[1], "two", at(1, 10))
    refused = refusal(ada, others[2], at(1, 20))
    assert refused is not None
    assert (refused.why, refused.until) == (Why.CONVERSATIONS, at(2, 9))
    assert why(ada, others[0], at(1, 20)) == ""
    assert why(ada, others[3], at(1, 20)) == ""
    assert why(ada, others[2], at(2, 9)) == ""
    rules(settings, conversations_per_day=0)
    refused = refusal(ada, others[2], at(9))
    assert refused is not None
    assert (refused.why, refused.until) == (Why.CONVERSATIONS, None)


def test_the_choice_is_logged_in_its_words(make: Make) -> None:
    user = make("eli", reachable=False)
    for wanted in (True, True, False):
        people.choose(user, wanted)
    logged = Consent.objects.filter(user=user, what="contact")
    assert [row.given for row in logged] == [True, False]
    assert {row.text for row in logged} == {str(people.REACHABLE.text)}
