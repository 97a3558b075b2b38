"""Whether a published profile is still right: asked, reminded, hidden, erased, and answered."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from tessera.accounts.models import Consent, Profile, User
from tessera.accounts.profiles.alive import look
from tessera.accounts.profiles.saving import withdraw
from tessera.records.models import Record
from tests.integration.accounts.people import WORDS, fill, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tantivy_index")]

NOW = timezone.now()
LINK = re.compile(r"https://portal\.example(/account/profile/still-right/\S+)")


@pytest.fixture(autouse=True)
def public(settings: Any) -> None:
    settings.PUBLIC_URL = "https://portal.example"


@pytest.fixture
def published(client: Client, ada: User) -> Profile:
    fill(client, every="everyone")
    publish(client)
    mail.outbox.clear()
    return Profile.objects.get()


def after(days: int) -> str:
    """One look so many days from now; what was sent, by subject."""
    mail.outbox.clear()
    look(NOW + timedelta(days=days))
    return " | ".join(each.subject for each in mail.outbox)


def link() -> str:
    found = LINK.search(str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def is_shown(profile: Profile) -> bool:
    return bool(Client().get(f"/person/{profile.uid}").status_code == 200)


def test_by_the_schedule_to_the_end(published: Profile, ada: User) -> None:
    assert after(181) == ""
    assert after(183) == "Tessera: is your profile still right?"
    assert mail.outbox[0].to == [ada.email]
    assert after(183) == after(203) == "", "once"
    assert after(205) == "Tessera: is your profile still right?"
    assert "21 days" in str(mail.outbox[0].body)
    assert after(225) == "" and is_shown(published)
    assert after(227) == "Tessera: your profile is hidden now"
    assert not is_shown(published)
    assert WORDS["texts"] not in str(Record.objects.get().__dict__)
    assert Profile.objects.get().texts, "kept"
    assert after(591) == "" and Profile.objects.exists()
    after(593)
    assert not Profile.objects.exists() and User.objects.filter(pk=ada.pk).exists()
    last = Consent.objects.last()
    assert last is not None and (last.what, last.given) == ("listed", False)


@pytest.mark.parametrize("days", [(183,), (183, 205), (183, 205, 227)])
def test_a_button_behind_the_link_answers(published: Profile, days: tuple[int, ...]) -> None:
    for each in days:
        after(each)
    stranger = Client(enforce_csrf_checks=True)
    before = Profile.objects.values().get()
    page = stranger.get(link()).content.decode()
    assert "It is still right" in page and WORDS["name"] not in page
    stranger.head(link())
    assert Profile.objects.values().get() == before, "a program that follows links says nothing"
    assert "It is noted" in stranger.post(link()).content.decode()
    assert is_shown(Profile.objects.get())
    assert after(181) == ""
    assert after(183) != "", "asked again after as long"


def test_a_link_says_nothing_for_others(published: Profile, ada: User) -> None:
    after(183)
    good = link()
    for wrong in (good[:-3] + "xx/", "/account/profile/still-right/member:1/"):
        answer = Client().post(wrong)
        assert "no longer good" in answer.content.decode()
    assert Profile.objects.get().asked_at is not None
    withdraw(ada)
    assert "no longer good" in Client().post(good).content.decode()
    assert not Profile.objects.get().published


def test_whoever_is_here_answers_by_the_page(client: Client, published: Profile) -> None:
    for each in (183, 205, 227):
        after(each)
    assert "whether it is still right" in client.get("/account/profile/").content.decode()
    assert client.post("/account/profile/confirm/").status_code == 302
    assert is_shown(published)


def test_only_who_published_is_asked(client: Client, ada: User) -> None:
    fill(client, every="everyone")
    assert after(9_000) == "" and Profile.objects.exists()


def test_nobody_is_hidden_who_was_not_written_to(
    published: Profile, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    for days in (183, 205, 227, 900):
        done = look(NOW + timedelta(days=days))
        assert not done and "does not take it" in done.problem and "@" not in done.problem
    settings.PUBLIC_URL = ""
    assert "TESSERA_URL" in look(NOW + timedelta(days=183)).problem
    assert is_shown(published)


def test_the_month_is_all_that_is_kept_of_a_visit(client: Client, published: Profile) -> None:
    Profile.objects.update(active_month="2020-01-01")
    session = client.session
    session["active_month"] = "2020-01-01"
    session.save()
    client.get("/about")
    profile = Profile.objects.get()
    assert profile.active_month is not None
    assert profile.active_month == timezone.localdate().replace(day=1)
