"""Who may see which fields of a record: one description, and the one place where it is applied.

A record that someone keeps about themselves carries `visibility`: by field of the interchange
format who may see it, and nobody sees what isn't named there. Whether the record is there at all
for somebody depends on its `title`: where that is hidden, so is all of it. A record without
`visibility`, as sources deliver them, is for everyone. See docs/decisions/visibility.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from tessera.engine.audience import Audience

FIELD: Final = "visibility"
"""The field of a draft that says it. Never shown to anybody."""

ALWAYS: Final = ("id", "kind")
"""What whoever sees a record at all sees of it."""

DECIDING: Final = "title"
"""The field that whoever may not see it sees nothing of the record."""


class Visibility(StrEnum):
    """Who may see a field. The first is what holds where nothing is said."""

    NOBODY = "nobody"
    MEMBERS = "members"
    EVERYONE = "everyone"

    def holds_for(self, audience: Audience) -> bool:
        return self is Visibility.EVERYONE or (
            self is Visibility.MEMBERS and audience is Audience.MEMBERS
        )


def is_restricted(data: Mapping[str, Any]) -> bool:
    """Whether a record, or the face of one, says who may see it."""
    return FIELD in data


def shows(data: Mapping[str, Any], name: str, audience: Audience) -> bool:
    """Whether an audience may see a field of a record; of a hidden record it may see none."""
    if not is_restricted(data):
        return True
    stated: Mapping[str, str] = data[FIELD]
    return all(
        Visibility(stated.get(each, Visibility.NOBODY)).holds_for(audience)
        for each in (DECIDING, name)
    )


def is_shown(data: Mapping[str, Any], audience: Audience) -> bool:
    """Whether a record is there at all for an audience."""
    return shows(data, DECIDING, audience)


def visible(data: Mapping[str, Any], audience: Audience) -> Mapping[str, Any] | None:
    """What an audience may see of a canonical draft or a face; None where it may see nothing."""
    if not is_restricted(data):
        return data
    if not is_shown(data, audience):
        return None
    return {
        name: value
        for name, value in data.items()
        if name in ALWAYS or (name != FIELD and shows(data, name, audience))
    }


def shows_link(data: Mapping[str, Any], rel: str, audience: Audience) -> bool:
    """Whether an audience may see the links of a sort that a record states."""
    return shows(data, "organisation" if rel == "member_of" else "links", audience)
