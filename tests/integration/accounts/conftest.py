from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from tessera.accounts.models import User
from tests.integration.accounts.mailbox import code

ADA = "ada@portal.example"
PASSWORD = "a lighthouse in the fog"


@pytest.fixture(autouse=True)
def no_counts(db: None) -> None:
    """Nobody has tried anything yet."""
    cache.clear()


@pytest.fixture
def ada(client: Client) -> User:
    """An account made as people make theirs; `client` is signed in."""
    client.post("/account/signup/", {"email": ADA})
    done = client.post("/account/confirm-email/", {"code": code()})
    assert done.status_code == 302, done.content.decode()
    return User.objects.get(email=ADA)


@pytest.fixture
def prove(client: Client) -> Callable[[], None]:
    """Proof by a mailed code, as is asked before something sensitive."""

    def by_code() -> None:
        client.post("/account/reauthenticate/code/", {"action": "send"})
        done = client.post("/account/reauthenticate/code/", {"code": code()})
        assert done.status_code == 302, done.content.decode()

    return by_code
