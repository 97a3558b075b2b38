"""Pages of accounts that allauth has not: the overview, and the way to an institution."""

from __future__ import annotations

import logging

import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.openid_connect.views import login as oidc_login
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tessera.accounts.models import User

log = logging.getLogger("tessera.accounts")


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """One's own account: how one signs in, and where to change it."""
    assert isinstance(request.user, User)
    steps = list(Authenticator.objects.filter(user=request.user))
    context = {
        "current": "account",
        "has_password": request.user.has_usable_password(),
        "passkeys": sum(each.type == Authenticator.Type.WEBAUTHN for each in steps),
        "has_app": any(each.type == Authenticator.Type.TOTP for each in steps),
        "connected": SocialAccount.objects.filter(user=request.user).count(),
    }
    return render(request, "account/overview.html", context)


@login_required
@require_POST
def end_session(request: HttpRequest, number: int) -> HttpResponse:
    """Sign one of one's own sessions out; that of somebody else isn't there."""
    get_object_or_404(UserSession, pk=number, user_id=request.user.pk).end()
    messages.info(request, _("That session is signed out."))
    return redirect("usersessions_list")


def to_institution(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the institution's own sign-in, by a page in between.

    Browsers hold the redirect that answers a form against form-action, which is the site alone.
    """
    try:
        response: HttpResponse = oidc_login(request, provider_id)
    except requests.RequestException as error:
        log.error("%s can't be asked to sign in: %s", provider_id, type(error).__name__)
        return render(request, "socialaccount/authentication_error.html", status=503)
    address = response.get("Location", "")
    if request.method == "POST" and address.startswith(("http://", "https://")):
        return render(request, "account/to_institution.html", {"address": address})
    return response
