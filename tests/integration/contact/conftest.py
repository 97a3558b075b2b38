from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tessera.accounts.models import Profile, User
from tessera.accounts.profiles.saving import publish, save_fields
from tessera.contact import people

Make = Callable[..., User]


@pytest.fixture(autouse=True)
def no_counts(db: None) -> None:
    cache.clear()


@pytest.fixture
def make(db: None) -> Make:
    """Somebody with a profile: `make("ada", published=False, reachable=False, ...)`.

    Names and addresses are unique, so that a search for them in any output means something. A
    published one has the uid `member:SLUG`.
    """

    def made(slug: str, *, published: bool = True, reachable: bool = True, **fields: Any) -> User:
        user = User.objects.create_user(f"{slug}-zq7x@mailbox.example")
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        seen = fields.pop("visibility", {"name": "everyone"})
        save_fields(user, {"name": f"{slug.title()} Zq7x"} | fields, seen)
        if published:
            Profile.objects.filter(user=user).update(uid=f"member:{slug}")
            publish(user, {}, {})
        if reachable:
            people.choose(user, True)
        return User.objects.get(pk=user.pk)

    return made


@pytest.fixture
def ada(make: Make) -> User:
    return make("ada", organisation_name="Works Zq7x")


@pytest.fixture
def bo(make: Make) -> User:
    return make("bo")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(answer: Any, *replaced: str) -> str:
    """What is read there: without tokens of forms, and "..." for what differs between people."""
    lines = answer.content.decode().splitlines()
    page = "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line)
    for each in replaced:
        page = page.replace(each, "...")
    return page


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2030, 5, day, hour, tzinfo=timezone.get_default_timezone())
