"""The table [contact] of tessera.toml: how much people may write to each other through the site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace


class ContactMistake(Exception):
    """A wrong value; key: its place in the table, the message: what is wrong and expected."""

    def __init__(self, message: str, key: str) -> None:
        super().__init__(message)
        self.keys = (key,)


@dataclass(frozen=True, slots=True)
class ContactRules:
    """conversations_per_day, messages_per_day: of one person within 24 hours. unanswered: messages
    to somebody who hasn't answered. keep_days: days after the last message of a conversation."""

    conversations_per_day: int = 5
    messages_per_day: int = 30
    unanswered: int = 2
    keep_days: int = 365


CONTACT_KEYS = tuple(field.name for field in fields(ContactRules))

BOUNDS = {
    "conversations_per_day": (0, 1_000),
    "messages_per_day": (1, 10_000),
    "unanswered": (1, 10),
    "keep_days": (30, 3_650),
}
"""The least and the most of each."""


def contact_rules(table: Mapping[str, object]) -> ContactRules:
    """The table; raises ContactMistake."""
    made = ContactRules()
    for key, (least, most) in BOUNDS.items():
        value = table.get(key, getattr(made, key))
        if type(value) is not int or not least <= value <= most:
            raise ContactMistake(
                f"is {value!r}; expected a whole number from {least} to {most}.", key
            )
        made = replace(made, **{key: value})
    return made
