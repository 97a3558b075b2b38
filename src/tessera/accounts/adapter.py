"""Where allauth asks what this site wants: who may sign up, mail, and proof of who is there."""

from __future__ import annotations

import logging
import time
from smtplib import SMTPException
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tessera.accounts.failures import failed
from tessera.accounts.models import User
from tessera.trail.models import What, note
from tessera.trail.signing import signature

log = logging.getLogger("tessera.accounts")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Tessera's answers."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Failures at accounts with rights are for the trail; of others nothing is kept."""
        address = str(credentials.get("email") or "").strip().lower()
        user = User.objects.filter(email=address, is_staff=True).first()
        if user is not None:
            failed(user, "password")

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        if user.is_staff:
            note(signature(user), What.SIGNED_IN)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SITE.sign_up == "open")

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.SITE.name}: {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send, or end the request with a page that says that mail can't be sent now."""
        request = _request()
        more = {
            "sign_in_url": build_absolute_uri(request, reverse("account_login")),
            "home_url": build_absolute_uri(request, reverse("home")),
            "sign_up_open": self.is_open_for_signup(request),
        }
        try:
            super().send_mail(template_prefix, email, context | more)
        except (OSError, SMTPException) as error:
            log.error("Mail could not be sent: %s: %s", type(error).__name__, _plain(error))
            page = render(request, "account/mail_failed.html", status=503)
            raise ImmediateHttpResponse(page) from error

    def send_notification_mail(self, *arguments: Any, **named: Any) -> None:
        """Word of a change that was made already: one that can't be sent is in the log alone."""
        try:
            super().send_notification_mail(*arguments, **named)
        except ImmediateHttpResponse:
            return  # `send_mail` has said why

    def is_reauthentication_required(self, *, app: str, **named: Any) -> bool:
        """Whether it is at all; raises where someone has to prove it by a code sent by mail.

        allauth asks nothing more of those with neither a password nor a second step.
        """
        required = bool(super().is_reauthentication_required(app=app, **named))
        request = _request()
        if required and not get_reauthentication_flows(request.user) and not _is_fresh(request):
            raise ReauthenticationRequired
        return required

    def get_reauthentication_methods(
        self, user: AbstractBaseUser | AnonymousUser
    ) -> list[dict[str, Any]]:
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if methods or not user.is_authenticated:
            return methods
        url = reverse("account_reauthenticate_by_code")
        return [{"id": "code", "description": _("Have a code sent to you"), "url": url}]


def _request() -> HttpRequest:
    request: HttpRequest = context.request
    return request


def _is_fresh(request: HttpRequest) -> bool:
    """Whether they proved who they are, in any way, within the last minutes."""
    records = get_authentication_records(request, request.user)
    if not records:
        return False
    return bool(time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT)


def _plain(error: Exception) -> str:
    """What happened, without the addresses that a mail server repeats in its refusals."""
    return str(
        getattr(error, "strerror", "") or getattr(error, "smtp_code", "") or "no more is known"
    )
