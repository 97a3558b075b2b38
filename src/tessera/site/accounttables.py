"""The tables of tessera.toml on accounts: who may sign up, institutions, and mail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

SIGN_UP = ("open", "invited", "closed")
"""Who may make an account: everybody, or nobody (administrators make accounts)."""

INSTITUTION_KEYS = ("name", "url", "client_id", "secret_file")

_LOCAL = ("127.0.0.1", "localhost", "::1")


PEOPLE_KEYS = ("ask_days", "remind_days", "hide_days", "erase_days")

LEAST_DAYS = 7
"""For so long at least people have time to answer."""
MOST_DAYS = 3_650


class AccountMistake(Exception):
    """A wrong value; keys: its place below the table, the message: what is wrong and expected."""

    def __init__(self, message: str, *keys: str) -> None:
        super().__init__(message)
        self.keys = keys


@dataclass(frozen=True, slots=True)
class Institution:
    """One institution's own sign-in, by OpenID Connect. url: of the issuer, or of its discovery."""

    slug: str
    name: str
    url: str
    client_id: str
    secret: str = field(repr=False)


def institution(slug: str, table: Mapping[str, object], home: Path) -> Institution:
    """One table [institutions.SLUG]; its secret is read now. Raises AccountMistake."""
    for key in INSTITUTION_KEYS:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            raise AccountMistake(f"is {value!r}; expected a text in quotes.", key)
    texts = {key: str(table[key]).strip() for key in INSTITUTION_KEYS}
    parts = urlsplit(texts["url"])
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL)
    if not secure or not parts.hostname:
        raise AccountMistake(
            f"is {texts['url']!r}; expected the https:// address of the issuer,"
            " or of its /.well-known/openid-configuration.",
            "url",
        )
    return Institution(
        slug, texts["name"], texts["url"].rstrip("/"), texts["client_id"],
        _secret(home / texts["secret_file"]),
    )  # fmt: skip


def _secret(path: Path) -> str:
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = f"is {str(path)!r}, which can't be read: {error}."
        raise AccountMistake(why, "secret_file") from error
    if not secret:
        raise AccountMistake(f"is {str(path)!r}, which is empty.", "secret_file")
    return secret


@dataclass(frozen=True, slots=True)
class PeopleDays:
    """Days after which a published profile's owner is asked whether it is still right (0: never),
    reminded after that, hidden after that, and the profile erased after that."""

    ask: int = 182
    remind: int = 21
    hide: int = 21
    erase: int = 365


def people_days(table: Mapping[str, object]) -> PeopleDays:
    """The table [people]. Raises AccountMistake."""
    stated: dict[str, int] = {}
    for key, value in table.items():
        never = key == "ask_days" and value == 0
        if (
            not isinstance(value, int)
            or isinstance(value, bool)
            or not (never or LEAST_DAYS <= value <= MOST_DAYS)
        ):
            or_never = ", or 0 for never" if key == "ask_days" else ""
            raise AccountMistake(
                f"is {value!r}; expected a number of days from {LEAST_DAYS} to {MOST_DAYS}"
                f"{or_never}.", key,
            )  # fmt: skip
        stated[key.removesuffix("_days")] = value
    return PeopleDays(**stated)


def mail_from(value: str) -> str:
    """An address that mail can come from, such as `Name <portal@example.org>`, or nothing."""
    if not value:
        return ""
    _, address = parseaddr(value)
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", address) or "\n" in value or "\r" in value:
        raise AccountMistake(
            f"is {value!r}; expected an address such as 'Portal <portal@example.org>'.", "from"
        )
    return value
