"""What parts of the site above this one hold of accounts, which this one can't import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.functional import Promise

if TYPE_CHECKING:
    from tessera.accounts.models import User
    from tessera.accounts.profiles.register import Entry


class Choice(NamedTuple):
    """Something that is chosen along with publishing. options: what is agreed to by either, in the
    very words. stored: what holds. choose: store it, and log it."""

    label: Promise
    options: Mapping[bool, Promise]
    stored: Callable[[User], bool]
    choose: Callable[[User, bool], None]


class Part(NamedTuple):
    """One part. headings: of its keys in the export. held: by those keys, rows as JSON values.
    erase: what is done before the account goes, in the same transaction. entries: its lines of the
    register of processing. remains: what stays after erasure, and why. choice: see there."""

    headings: Mapping[str, Promise]
    held: Callable[[User], dict[str, list[dict[str, Any]]]]
    erase: Callable[[User], None]
    entries: Callable[[], list[Entry]]
    remains: Promise
    choice: Choice | None = None


PARTS: dict[str, Part] = {}
"""By label of the app, which adds itself when it is ready."""
