"""The forms of signing in that differ from allauth's."""

from __future__ import annotations

from allauth.account.forms import LoginForm


class PasswordForm(LoginForm):  # type: ignore[misc]  # allauth is untyped
    """Address and password. allauth has no password here where signing up asks for none."""

    def _setup_password_field(self) -> None:
        self.fields["password"].help_text = ""
