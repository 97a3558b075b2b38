"""Pages of people whom a source publishes: how they ask to have theirs taken down.

What members publish of themselves they take back themselves; contacts of programmes have no account
here, so a form takes what they say to the editors' queue in the administration.
"""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from tessera.accounts.models import TakedownRequest
from tessera.accounts.profiles.inputs import Text
from tessera.accounts.visitor import is_signed_in
from tessera.engine.audience import Audience
from tessera.records.corrections import is_taken_down, take_down
from tessera.records.members import is_members
from tessera.records.models import Record
from tessera.schema.visibility import is_shown
from tessera.trail.models import What, note

MOST_OPEN: Final = 20
"""Requests on one page that wait at a time; after that many, one more says nothing new."""


class TakedownForm(forms.Form):
    """Why, and where an answer reaches them, if they want one."""

    said = Text(
        label=_("What you ask for, and why"), lines=True, max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    reply_to = forms.EmailField(
        label=_("Your e-mail address, if you want an answer"), required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def takedown_page(request: HttpRequest, uid: str) -> HttpResponse:
    """The form; what is sent waits for an editor."""
    record = Record.objects.select_related("source").filter(uid=uid, kind="person").first()
    audience = Audience.MEMBERS if is_signed_in(request) else Audience.EVERYONE
    if record is None or not record.shown or not is_shown(record.current, audience):
        raise Http404(uid)
    if is_members(record):
        raise Http404(uid)
    form = TakedownForm(request.POST if request.method == "POST" else None, label_suffix="")
    waiting = TakedownRequest.objects.filter(uid=uid, decided=TakedownRequest.Decided.NOT_YET)
    done = form.is_bound and form.is_valid()
    if done and waiting.count() < MOST_OPEN:
        TakedownRequest.objects.create(uid=uid, **form.cleaned_data)
    context: dict[str, Any] = {"form": form, "record": record, "done": done}
    response = render(request, "account/takedown.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def decide(asked: TakedownRequest, *, taken_down: bool, by: str) -> bool:
    """Take the page down or leave it, and note who decided; False where it was decided before."""
    if asked.decided != TakedownRequest.Decided.NOT_YET:
        return False
    record = Record.objects.filter(uid=asked.uid).first()
    if taken_down and record is not None and not is_taken_down(record):
        take_down(record, by=by)
    asked.decided = (
        TakedownRequest.Decided.TAKEN_DOWN if taken_down else TakedownRequest.Decided.LEFT
    )
    asked.by, asked.decided_at = by, timezone.now()
    with transaction.atomic():
        note(by, What.TAKEN_DOWN if taken_down else What.LEFT, asked.uid)
        asked.save()
    return True
