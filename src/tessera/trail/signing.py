"""How a decision is signed: by the number of an account, which tells nothing once it is erased."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

_SIGNATURE = re.compile(r"account ([1-9][0-9]{0,17})", re.ASCII)


def signature(user: Any) -> str:
    """What stands in a column that says who it was, such as `account 7`."""
    return f"account {user.pk}"


def told(by: str) -> str:
    """A signature for editors to read: the address of the account, as long as there is one.

    What isn't the signature of an account, such as `match`, stays as it is.
    """
    match = _SIGNATURE.fullmatch(by)
    if match is None:
        return by
    accounts = get_user_model()._base_manager.filter(pk=int(match[1]))
    address = accounts.values_list(get_user_model().EMAIL_FIELD, flat=True).first()
    return address or _("%(account)s (erased)") % {"account": by}
