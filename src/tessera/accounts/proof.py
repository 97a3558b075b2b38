"""Proof by a mailed code, for those who have neither a password nor a second step."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from tessera.accounts.models import User

STATE = "accounts_proof"
TRIES = 3


class CodeForm(forms.Form):
    """The code that was mailed."""

    code = forms.CharField(
        label=_("Code"), widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )


@login_required
@require_http_methods(["GET", "POST"])
def by_code(request: HttpRequest) -> HttpResponse:
    """Offer to send a code; with one sent, ask for it, and go on where it was wanted."""
    user = request.user
    assert isinstance(user, User)
    adapter = get_adapter()
    if any(each["id"] != "code" for each in adapter.get_reauthentication_methods(user)):
        return redirect("account_reauthenticate")
    if request.method == "POST" and request.POST.get("action") == "send":
        return _sent(request, user)
    state = _state(request)
    form = CodeForm(request.POST if request.method == "POST" and state else None)
    if state and form.is_valid():
        limited = _limited(request, action="reauthenticate", user=user)
        if limited:
            return limited
        if compare_user_code(actual=form.cleaned_data["code"], expected=state["code"]):
            del request.session[STATE]
            record_authentication(request, user, method="code", reauthenticated=True)
            return resume_request(request) or redirect("account_overview")
        state = _tried(request, state)
        form.add_error("code", _("This code is not right."))
        if not state:
            form = CodeForm()
    return _page(request, user, form, sent=bool(state))


def _limited(request: HttpRequest, **what: Any) -> HttpResponse | None:
    """The page to answer with where there were too many attempts."""
    answer: HttpResponse | None = ratelimit.consume_or_429(request, **what)
    return answer


def _page(request: HttpRequest, user: User, form: forms.Form, *, sent: bool) -> HttpResponse:
    following = request.POST.get("next") or request.GET.get("next", "")
    context = {"form": form, "sent": sent, "email": user.email, "next": following}
    return render(request, "account/reauthenticate_by_code.html", context)


def _sent(request: HttpRequest, user: User) -> HttpResponse:
    limited = _limited(request, action="request_login_code", key=user.email)
    if limited:
        return limited
    code = get_adapter().generate_login_code()
    get_adapter().send_mail("account/email/login_code", user.email, {"code": code})
    request.session[STATE] = {"code": code, "at": time.time(), "tries": 0}
    return _page(request, user, CodeForm(), sent=True)


def _state(request: HttpRequest) -> dict[str, Any] | None:
    state: dict[str, Any] | None = request.session.get(STATE)
    if state and time.time() - state["at"] > app_settings.LOGIN_BY_CODE_TIMEOUT:
        del request.session[STATE]
        return None
    return state


def _tried(request: HttpRequest, state: dict[str, Any]) -> dict[str, Any] | None:
    """The state after a wrong code; None once there were too many."""
    state["tries"] += 1
    if state["tries"] >= TRIES:
        del request.session[STATE]
        return None
    request.session[STATE] = state
    return state
