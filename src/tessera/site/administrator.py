"""The first administrator, made from the command line."""

from __future__ import annotations

import getpass
import secrets
import sys

from django.contrib.auth import get_user_model, password_validation
from django.core.exceptions import ValidationError


class AdministratorError(Exception):
    """No administrator was made; the message says why."""


def make_administrator(name: str) -> str:
    """Make `name` an administrator, with a password asked for on a terminal.

    Returns the password where there is no terminal to ask on and one was made up, else "".
    Someone of that name who is there already gets the new password.
    """
    users = get_user_model()
    user = users.objects.filter(username=name).first() or users(username=name)
    user.is_staff = user.is_superuser = user.is_active = True
    made_up = "" if sys.stdin.isatty() else secrets.token_urlsafe(15)
    password = made_up or _asked(name)
    try:
        user.full_clean(exclude=["password"])
        password_validation.validate_password(password, user)
    except ValidationError as error:
        raise AdministratorError(" ".join(error.messages)) from error
    user.set_password(password)
    user.save()
    return made_up


def _asked(name: str) -> str:
    first = getpass.getpass(f"Password for {name}: ")
    if getpass.getpass("The same again: ") != first:
        raise AdministratorError("the two passwords differ; nothing was changed.")
    return first
