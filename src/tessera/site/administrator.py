"""The first administrator, made from the command line."""

from __future__ import annotations

import getpass
import secrets
import sys

from allauth.account.models import EmailAddress
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from tessera.accounts.models import User


class AdministratorError(Exception):
    """No administrator was made; the message says why."""


def make_administrator(address: str) -> str:
    """Make whoever has this e-mail address an administrator, with a password asked for.

    Returns the password where there is no terminal to ask on and one was made up, else "".
    Someone of that address who is there already gets the new password.
    """
    address = address.strip().lower()
    user = User.objects.filter(email=address).first() or User(email=address)
    user.is_staff = user.is_superuser = user.is_active = True
    made_up = "" if sys.stdin.isatty() else secrets.token_urlsafe(15)
    password = made_up or _asked(address)
    try:
        user.full_clean(exclude=["password"])
        password_validation.validate_password(password, user)
    except ValidationError as error:
        raise AdministratorError(" ".join(error.messages)) from error
    user.set_password(password)
    user.save()
    # Who can run commands here needs no code to prove the address.
    EmailAddress.objects.filter(user=user).update(primary=False)
    EmailAddress.objects.update_or_create(
        user=user, email=address, defaults={"verified": True, "primary": True}
    )
    return made_up


def _asked(address: str) -> str:
    first = getpass.getpass(f"Password for {address}: ")
    if getpass.getpass("The same again: ") != first:
        raise AdministratorError("the two passwords differ; nothing was changed.")
    return first
