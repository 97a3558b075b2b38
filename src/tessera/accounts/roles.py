"""Who may do what: three roles, each with its rights in code."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tessera.accounts.models import User
from tessera.records.changes import writing
from tessera.trail.models import What, note
from tessera.trail.signing import signature


class Role(models.TextChoices):
    """From the least to the most."""

    READER = "reader", _("Reader")
    EDITOR = "editor", _("Editor")
    ADMINISTRATOR = "administrator", _("Administrator")


_EDITING: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "records": {
        "record": ("view", "change"),
        "candidate": ("view", "change"),
        "merge": ("view", "change"),
        "source": ("view",),
        "sourcerecord": ("view",),
        "change": ("view",),
        "link": ("view",),
        "vocabulary": ("view",),
        "concept": ("view",),
    },
    "harvest": {
        "run": ("view",),
        "runerror": ("view",),
        "weblink": ("view",),
        "weblinkuse": ("view",),
    },
    "indexing": {"indexstate": ("view",)},
    "wording": {
        "synonym": ("view", "add", "change", "delete"),
        "stopterm": ("view", "add", "change", "delete"),
        "unanswered": ("view", "delete"),
    },
    "contact": {"report": ("view", "change")},
    "accounts": {"invitation": ("view", "add", "change"), "takedownrequest": ("view", "change")},
}

EDITORS_MAY: Final = frozenset(
    f"{app}.{act}_{model}"
    for app, of_models in _EDITING.items()
    for model, acts in of_models.items()
    for act in acts
)
"""What editors may do; administrators may do everything, readers nothing of it."""


class LastAdministrator(ValueError):
    """The last administrator who can sign in stays one; the text says what to do first."""

    def __str__(self) -> str:
        return gettext(
            "This is the last administrator who can sign in. First make somebody else an "
            "administrator: under “Accounts” in the pages for editors, or with the command "
            "tessera init --admin ADDRESS."
        )


def role_of(user: User | AnonymousUser) -> Role:
    """The role of an account; a reader is whoever has no other."""
    if user.is_staff and user.is_superuser:
        return Role.ADMINISTRATOR
    return Role.EDITOR if user.is_staff else Role.READER


def give(user: User, role: Role, *, by: str) -> bool:
    """Let an account have this role from now on; whether it had another one.

    Rights that an administrator gave beyond a role go with it when it becomes a reader's. Raises
    LastAdministrator.
    """
    with writing():
        stored = User.objects.get(pk=user.pk)
        before = role_of(stored)
        if (stored.is_staff, stored.is_superuser) == rights(role):
            return False
        if role is not Role.ADMINISTRATOR:
            keep_one(user)
        user.is_staff, user.is_superuser = rights(role)
        user.save(update_fields=["is_staff", "is_superuser"])
        if role is Role.READER:
            user.groups.clear()
            user.user_permissions.clear()
        note(by, What.ROLE, signature(user), before=before.value, after=role.value)
    return True


def rights(role: Role) -> tuple[bool, bool]:
    """is_staff and is_superuser of a role."""
    return role is not Role.READER, role is Role.ADMINISTRATOR


def is_last(user: User) -> bool:
    """Whether without this account nobody could sign in as an administrator."""
    able = User.objects.filter(is_staff=True, is_superuser=True, is_active=True)
    return list(able.values_list("pk", flat=True)[:2]) == [user.pk]


def keep_one(user: User) -> None:
    """Raise LastAdministrator where `is_last`. Call it before an administrator goes, within
    `writing`: one of those runs at a time, so that no two go at once."""
    if is_last(user):
        raise LastAdministrator


class RoleBackend(BaseBackend):
    """Gives editors their rights; signs nobody in."""

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if obj is not None or not user_obj.is_active or not user_obj.is_staff:
            return set()
        return set(EDITORS_MAY)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(
            each.startswith(f"{app_label}.") for each in self.get_group_permissions(user_obj)
        )
