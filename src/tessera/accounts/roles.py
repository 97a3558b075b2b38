"""Who may do what: three roles, each with its rights in code."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from tessera.accounts.models import User
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
    """The role of the last administrator who can sign in can't be taken."""


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
    with transaction.atomic():
        stored = User.objects.get(pk=user.pk)
        before = role_of(stored)
        if (stored.is_staff, stored.is_superuser) == rights(role):
            return False
        if before is Role.ADMINISTRATOR and not others(user).exists():
            raise LastAdministrator
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


def others(user: User) -> models.QuerySet[User]:
    """The other administrators who can sign in."""
    able = User.objects.filter(is_staff=True, is_superuser=True, is_active=True)
    return able.exclude(pk=user.pk)


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
