"""The pages of one's own profile. Each shows and changes that of whoever is signed in, no other."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tessera.accounts.models import Profile, User
from tessera.accounts.profiles import photo, saving
from tessera.accounts.profiles.forms import GROUPS, PhotoForm
from tessera.accounts.profiles.publication import portrait
from tessera.accounts.profiles.showing import facts
from tessera.accounts.profiles.visibility import FIELDS, Seen
from tessera.accounts.visitor import is_signed_in
from tessera.engine.audience import Audience


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@login_required
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """What one has said of oneself, who may see it, and where to change it."""
    mine = saving.profile_of(_user(request))
    stated = {fact.field: fact for fact in facts(mine)}
    groups = [
        {
            "slug": slug,
            "title": form.title,
            "facts": [stated[each] for each in form.holds if each in stated],
        }
        for slug, form in GROUPS.items()
    ]
    stated_texts = [stated["texts"]] if "texts" in stated else []
    next(each for each in groups if each["slug"] == "text")["facts"] = stated_texts
    return render(request, "account/profile/overview.html", {"groups": groups, "profile": mine})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """One group of fields with its own button; what is wrong is said, and stays as typed."""
    if slug not in GROUPS:
        raise Http404(slug)
    user = _user(request)
    mine = saving.profile_of(user)
    made = GROUPS[slug]
    told = {} if request.method == "POST" else _told(user, mine, made.holds)
    more: dict[str, Any] = {}
    if request.method == "POST":
        more = {"data": request.POST}
        if issubclass(made, PhotoForm):
            more |= {"files": request.FILES, "too_big": "tessera.too_big" in request.META}
    form = made(mine, **more, initial=told)
    if request.method == "POST" and form.is_valid():
        form.save(user)
        messages.success(request, _("Saved."))
        return redirect("profile_group", slug)
    slugs = list(GROUPS)
    context = {
        "form": form,
        "profile": mine,
        "told": told,
        "next": [
            {"slug": each, "title": GROUPS[each].title}
            for each in slugs[slugs.index(slug) + 1 :][:1]
        ],
    }
    return render(request, "account/profile/group.html", context)


def _told(user: User, mine: Any, holds: Any) -> dict[str, str]:
    """What an institution said of them and they haven't said themselves."""
    wanted = {each for each in ("name", "country") if each in holds and not getattr(mine, each)}
    if not wanted:
        return {}
    told = saving.told_by_institution(user)
    return {each: told[each] for each in wanted if each in told}


@login_required
@require_safe
def preview(request: HttpRequest, audience: str) -> HttpResponse:
    """One's profile as members or everyone would see it."""
    if audience not in (Seen.MEMBERS, Seen.EVERYONE):
        raise Http404(audience)
    mine = saving.profile_of(_user(request))
    seen = Seen(audience)
    shown = facts(mine, seen)
    hidden = [FIELDS[each.field] for each in facts(mine) if not mine.shows(each.field, seen)]
    context = {"facts": shown, "hidden": hidden, "audience": audience, "profile": mine}
    return render(request, "account/profile/preview.html", context)


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """A photo, to its owner and to those who may see it on the page of a published profile.

    The answer is kept by nobody (`PrivacyMiddleware`), so that a switch holds at once.
    """
    path = photo.stored(name) if _may_see(request, name) else None
    if path is None:
        raise Http404(name)
    response = HttpResponse(path.read_bytes(), content_type=photo.CONTENT_TYPE)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Robots-Tag"] = "noindex"
    return response


def _may_see(request: HttpRequest, name: str) -> bool:
    owner = Profile.objects.select_related("user").filter(photo=name).first() if name else None
    if owner is None:
        return False
    signed_in = is_signed_in(request)
    audience = Audience.MEMBERS if signed_in else Audience.EVERYONE
    return (signed_in and owner.user == request.user) or portrait(owner, audience) == name
