"""The forms of signing in, in the words of this site."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    AddEmailForm,
    LoginForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    SignupForm,
)
from allauth.socialaccount.forms import DisconnectForm
from django import forms
from django.utils.translation import gettext_lazy as _


def _name_address(form: forms.Form, field: str = "email") -> None:
    """Label instead of placeholder, which goes away while one types."""
    form.fields[field].label = _("E-mail address")
    form.fields[field].widget.attrs.pop("placeholder", None)


class PasswordForm(LoginForm):  # type: ignore[misc]  # allauth is untyped
    """Address and password. allauth has no password here where signing up asks for none."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _name_address(self, "login")
        self.fields["password"].widget.attrs.pop("placeholder", None)

    def _setup_password_field(self) -> None:
        """Keep it."""


class SignUpForm(SignupForm):  # type: ignore[misc]  # allauth is untyped
    """An address, no more."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _name_address(self)


class CodeRequestForm(RequestLoginCodeForm):  # type: ignore[misc]  # allauth is untyped
    """Where to send a code to sign in with."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _name_address(self)


class ForgottenForm(ResetPasswordForm):  # type: ignore[misc]  # allauth is untyped
    """Where to send a code for a new password."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _name_address(self)


class AddressForm(AddEmailForm):  # type: ignore[misc]  # allauth is untyped
    """Another address."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _name_address(self)


class InstitutionForm(DisconnectForm):  # type: ignore[misc]  # allauth is untyped
    """Which institution to take off; the last one, too, for a code by mail is always a way in."""

    def clean(self) -> dict[str, Any] | None:
        return forms.Form.clean(self)
