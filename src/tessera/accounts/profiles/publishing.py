"""The pages on which a profile is published, and taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from tessera.accounts.models import Profile, User
from tessera.accounts.profiles import alive, saving
from tessera.accounts.profiles.consents import LISTING, PURPOSES
from tessera.accounts.profiles.parts import PARTS
from tessera.accounts.profiles.showing import facts
from tessera.accounts.profiles.visibility import SEEN_LABELS, Seen
from tessera.records.changes import writing

_SENT = {False: "no", True: "yes"}


class PublishForm(forms.Form):
    """What goes with publishing: who sees the name, where nobody did, the other purposes, and what
    parts of the site have to be chosen. What isn't sent of those stays as it was."""

    def __init__(self, profile: Profile, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        if profile.seen("name") is Seen.NOBODY:
            self.fields["see_name"] = forms.ChoiceField(
                label=lazy("Who may see your name, and find you by it"),
                choices=[(each, SEEN_LABELS[each]) for each in (Seen.MEMBERS, Seen.EVERYONE)],
                widget=forms.RadioSelect,
            )
        for name, wording in PURPOSES.items():
            self.fields[name] = forms.BooleanField(
                label=str(wording.text), required=False, initial=getattr(profile, name)
            )
        self.choices = {name: part.choice for name, part in PARTS.items() if part.choice}
        for name, choice in self.choices.items():
            self.fields[name] = forms.ChoiceField(
                label=str(choice.label), required=False, widget=forms.RadioSelect,
                choices=[(_SENT[each], said) for each, said in choice.options.items()],
                initial=_SENT[choice.stored(profile.user)],
            )  # fmt: skip

    def publish(self, user: User) -> None:
        stated = self.cleaned_data.get("see_name")
        seen = {"name": stated} if stated else {}
        with writing():
            saving.publish(user, seen, {name: self.cleaned_data[name] for name in PURPOSES})
            for name, choice in self.choices.items():
                if sent := self.cleaned_data[name]:
                    choice.choose(user, sent == _SENT[True])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish_page(request: HttpRequest) -> HttpResponse:
    """What each audience will see, the words that are agreed to, and the button."""
    user = request.user
    assert isinstance(user, User)
    mine = saving.profile_of(user)
    form = PublishForm(mine, request.POST if request.method == "POST" else None)
    if form.is_bound and mine.name and form.is_valid():
        form.publish(user)
        messages.success(request, _("Your profile is published."))
        return redirect("profile")
    context = {
        "form": form,
        "profile": mine,
        "text": LISTING.text,
        "previews": [
            {"audience": each, "facts": facts(mine, each), "named": mine.shows("name", each)}
            for each in (Seen.MEMBERS, Seen.EVERYONE)
        ],
    }
    return render(request, "account/profile/publish.html", context)


@login_required
@require_POST
def confirm_now(request: HttpRequest) -> HttpResponse:
    """Say, signed in, that the profile is still right."""
    assert isinstance(request.user, User)
    if saving.profile_of(request.user).published:
        saving.confirm(request.user)
        messages.success(request, _("Thank you: your profile is shown as you chose."))
    return redirect("profile")


@csrf_exempt  # The link itself is the proof, and works where cookies don't.
@require_http_methods(["GET", "HEAD", "POST"])
def still_right(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link in a mail leads: a button, so that programs which follow links say nothing."""
    profile = alive.asked(token)
    if profile is not None and request.method == "POST":
        saving.confirm(profile.user)
    context = {"known": profile is not None, "done": request.method == "POST"}
    return render(request, "account/profile/still_right.html", context)


@login_required
@require_POST
def withdraw_now(request: HttpRequest) -> HttpResponse:
    """Take the profile back; it stays with its owner as it is."""
    assert isinstance(request.user, User)
    saving.withdraw(request.user)
    said = _("Your profile is withdrawn: nobody but you sees it. What you wrote is kept here.")
    messages.success(request, said)
    return redirect("profile")
