"""Profiles in the directory."""

from __future__ import annotations

import pytest

from tessera.accounts.models import Profile, User
from tessera.accounts.profiles.publication import account_behind

pytestmark = pytest.mark.django_db


def test_an_account_is_found_by_a_profile_in_the_directory_alone() -> None:
    user = User.objects.create_user("ada@portal.example")
    shown = {"published": True, "name": "Ada", "visibility": {"name": "members"}}
    profile = Profile.objects.create(user=user, uid="member:1", **shown)
    assert account_behind("member:1") == user
    assert account_behind("member:2") is None
    for name, value in {"published": False, "name": "", "visibility": {}}.items():
        Profile.objects.filter(pk=profile.pk).update(**shown | {name: value})
        assert account_behind("member:1") is None, name
