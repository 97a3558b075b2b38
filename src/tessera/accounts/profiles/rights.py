"""Everything that is held of oneself, to read and to take along; and its end."""

from __future__ import annotations

from django import forms
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from tessera.accounts.models import User
from tessera.accounts.profiles.erasure import erase
from tessera.accounts.profiles.export import held_of
from tessera.accounts.profiles.parts import PARTS
from tessera.accounts.roles import LastAdministrator, is_last

HEADINGS = {
    "account": _("Account"),
    "addresses": _("E-mail addresses"),
    "sessions": _("Sessions"),
    "sign_in_methods": _("Passkeys and second step"),
    "institutions": _("Institutions"),
    "profile": _("Profile"),
    "consents": _("What you agreed to, and took back"),
    "invitations": _("Invitations to you, and by you"),
    "acts": _("What you did with your rights, and what was done to your account"),
}


class EraseForm(forms.Form):
    """That it is meant."""

    sure = forms.BooleanField(
        label=_("Erase my account and all that belongs to it; this can't be undone")
    )


@login_required
@require_safe
def data_page(request: HttpRequest) -> HttpResponse:
    """All of it as a page."""
    assert isinstance(request.user, User)
    held = held_of(request.user)
    parts = []
    others = {key: said for part in PARTS.values() for key, said in part.headings.items()}
    for name, heading in (HEADINGS | others).items():
        rows = held[name] if isinstance(held[name], list) else [held[name]] if held[name] else []
        parts.append({"heading": heading, "rows": [list(_filled(row)) for row in rows]})
    photo = held["profile"]["photo"] if held["photo"] else ""
    return render(request, "account/data.html", {"parts": parts, "photo": photo})


def _filled(row: dict[str, object]) -> list[tuple[str, object]]:
    return [
        (name.replace("_", " "), value)
        for name, value in row.items()
        if value not in ("", None, [], {})
    ]


@login_required
@require_safe
def data_file(request: HttpRequest) -> HttpResponse:
    """All of it as JSON."""
    assert isinstance(request.user, User)
    response = JsonResponse(
        held_of(request.user), json_dumps_params={"indent": 1, "ensure_ascii": False}
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase_page(request: HttpRequest) -> HttpResponse:
    """Say what goes and what stays; once that is meant, do it. urls.py asks for a proof first.

    The last administrator is told what to do before."""
    user = request.user
    assert isinstance(user, User)
    context = {"remains": [part.remains for part in PARTS.values()]}
    form = EraseForm(request.POST if request.method == "POST" else None)
    last = is_last(user)
    if not last and form.is_bound and form.is_valid():
        try:
            erase(User.objects.get(pk=user.pk))
        except LastAdministrator:
            last = True
        else:
            logout(request)
            return render(request, "account/erased.html", context)
    refused = str(LastAdministrator()) if last else ""
    return render(request, "account/erase.html", context | {"form": form, "refused": refused})
