"""Where the link of an invitation leads."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tessera.accounts.invitations.inviting import accept, opened_by
from tessera.accounts.roles import LastAdministrator, Role


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_page(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether they want to; opening the link alone, as mail scanners do, accepts nothing."""
    if request.method == "POST":
        try:
            accepted = accept(token)
        except LastAdministrator:
            accepted = None
        if accepted is None:
            return _over(request)
        messages.success(request, _("Your account is there. Sign in with a code by e-mail."))
        return redirect("account_request_login_code")
    invitation = opened_by(token)
    if invitation is None:
        return _over(request)
    role = Role(invitation.role)
    context = {
        "invitation": invitation,
        "role": role.label if role is not Role.READER else "",
        "token": token,
    }
    return render(request, "account/invitation.html", context)


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "account/invitation_over.html", status=410)
