from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tessera.accounts.models import User
from tessera.indexing.sync import sync
from tests.integration.conftest import Deliver
from tests.integration.endpoints import furnish


class Asker:
    """Asks as one and the same visitor, and leaves nothing behind of any request."""

    def __init__(self, **client: Any) -> None:
        self.client = Client(raise_request_exception=False, **client)

    def __call__(self, method: str, path: str, *data: Any, **more: Any) -> Any:
        cache.clear()
        kept, before = deepcopy(self.client.cookies), transaction.savepoint()
        try:
            return getattr(self.client, method)(path, *data, **more)
        finally:
            transaction.savepoint_rollback(before)
            self.client.cookies = kept


PASSWORD = "a lighthouse in the fog"


def signed_in(user: User, **client: Any) -> Asker:
    """By password, as people do: a proof of who they are, for what is sensitive."""
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    asker = Asker()
    cache.clear()
    done = asker.client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert done.status_code == 302 and asker.client.get("/account/").status_code == 200
    asker.client.post("/account/reauthenticate/", {"password": PASSWORD})
    if client:
        strict = Asker(**client)
        strict.client.cookies = asker.client.cookies
        return strict
    return asker


@pytest.fixture
def furnished(deliver: Deliver, tantivy_index: None) -> User:
    """A site with something behind every address; whose it is, who never signs in here."""
    owner = User.objects.create_superuser("owner@portal.example")
    furnish(deliver, owner)
    sync()
    return owner


@pytest.fixture
def visitor(furnished: User) -> Asker:
    return Asker()


@pytest.fixture
def administrator(furnished: User) -> Asker:
    return signed_in(User.objects.create_superuser("root@portal.example"))
