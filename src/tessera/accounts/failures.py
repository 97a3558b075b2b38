"""Failures to sign in, or to prove who one is, go into the trail where the account has rights.

Of other accounts nothing is kept. Those by a code are told by allauth's signal, those by a passkey
by no one: its forms do it here. Beyond the limits of attempts nothing is tried, nor noted.
"""

from __future__ import annotations

from typing import Any

from allauth.core import context, ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from allauth.mfa.webauthn import forms
from allauth.mfa.webauthn.internal.auth import extract_user_from_response
from django.core.exceptions import ValidationError
from django.dispatch import receiver

from tessera.accounts.models import User
from tessera.trail.models import What, note
from tessera.trail.signing import signature


def failed(user: User, step: str, *, proof: bool = False) -> None:
    """Note it. step: what was wrong. proof: asked of somebody who is signed in already."""
    if user.is_staff:
        note(
            "", What.NOT_SIGNED_IN, signature(user), step=step, **({"proof": True} if proof else {})
        )


@receiver(authentication_failed, sender=Authenticator)
def code_failed(user: User, reauthentication: bool = False, **_: Any) -> None:
    """Of an app, or a recovery code: which of them was meant can't be told."""
    failed(user, "code", proof=reauthentication)


class _Passkey(forms.AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except ValidationError as error:
            if error.code == "incorrect_code" and (user := self._meant()):
                failed(user, "passkey", proof=self.reauthenticated)
            raise

    def _meant(self) -> User | None:
        """Whose passkey it should have been."""
        known: User | None = self.user
        return known


class SecondStepForm(_Passkey):
    """A passkey after a password or a mailed code."""


class ProofForm(_Passkey, forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]  # as above
    """A passkey of somebody who is signed in."""


class SignInForm(_Passkey, forms.LoginWebAuthnForm):  # type: ignore[misc]  # as above
    """A passkey alone."""

    def _meant(self) -> User | None:
        """The account that it names. Anybody can name any, so that only a few count."""
        try:
            user: User = extract_user_from_response(self.cleaned_data["credential"])
        except ValidationError:
            return None
        limit = {"action": "login_failed", "key": f"passkey of {signature(user)}"}
        return user if ratelimit.consume(context.request, **limit) else None
