"""Pages of the site beside the search: prose, health, robots."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tessera.accounts.profiles.register import entries
from tessera.accounts.visitor import is_signed_in
from tessera.engine.errors import EngineError
from tessera.indexing.current import current
from tessera.records.models import Source
from tessera.schema import vocabularies
from tessera.schema.visibility import FIELD
from tessera.search.languages import interface_languages


def site_context(request: HttpRequest) -> dict[str, object]:
    """What every page needs: the site's name, the languages it speaks."""
    codes = interface_languages()
    languages = []
    if len(codes) > 1:
        params = request.GET.copy()
        for code in codes:
            params["lang"] = code
            languages.append({
                "code": code,
                "name": vocabularies.autonym(code) or code,
                "href": f"{request.path}?{params.urlencode()}",
            })  # fmt: skip
    site = getattr(settings, "SITE", None)
    colours = getattr(site, "colours", None)
    return {
        "site_name_text": getattr(site, "name", "Tessera"),
        "languages": languages,
        "theme_css": reverse("theme") if colours else "",
        "signed_in": is_signed_in(request),
        "sign_up_open": getattr(site, "sign_up", "") == "open",
        "sign_up_invited": getattr(site, "sign_up", "") == "invited",
    }


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this site is, and which sources it has."""
    # Not those that people keep of themselves: how many there are need not be known to all.
    kept = Q(records__kind="person", records__face__has_key=FIELD)
    live = Count("records", filter=Q(records__withdrawn_at=None) & ~kept)
    sources = Source.objects.annotate(count=live).filter(count__gt=0).order_by("-count", "name")
    context = {"sources": sources, "api_url": reverse("api-guide"), "current": "about"}
    return render(request, "pages/about.html", context)


@require_safe
def prose(request: HttpRequest, name: str) -> HttpResponse:
    """A page that is text alone."""
    base = reverse("api:search").removesuffix("search")
    days = settings.SITE.unanswered_days
    context = {
        "current": name,
        "base": base,
        "unanswered_days": days,
        "keep_days": settings.SITE.contact.keep_days,
    }
    return render(request, f"pages/{name}.html", context)


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """What is kept of people with an account, why, and how long."""
    return render(request, "pages/register.html", {"current": "register", "entries": entries()})


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 where database and index answer, else 503 with a line for each that doesn't."""
    wrong = []
    try:
        connection.ensure_connection()
    except Exception as error:  # noqa: BLE001 - each database has its own; all mean the same here
        wrong.append(f"database: {type(error).__name__}")
    try:
        len(current())
    except EngineError as error:
        wrong.append(f"index: {type(error).__name__}")
    text = "\n".join(wrong) or "ok"
    response = HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8")
    response.status_code = 503 if wrong else 200
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Records are for search engines, searches aren't: there is no end of them."""
    lines = ["User-agent: *", "Disallow: /explore?", "Disallow: /api/", "Disallow: /admin/",
             "Disallow: /account/", ""]  # fmt: skip
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def theme(request: HttpRequest) -> HttpResponse:
    """The site's own colours, from tessera.toml."""
    colours = getattr(getattr(settings, "SITE", None), "colours", {})
    css = ""
    for name, scheme in (("accent", "light"), ("accent_dark", "dark")):
        colour = colours.get(name)
        if colour:
            rule = (
                f":root{{--link:{colour};--link-strong:{colour};--action:{colour};"
                f"--action-strong:{colour};--focus:{colour}}}"
            )
            css += f"@media (prefers-color-scheme:{scheme}){{{rule}}}\n"
    return HttpResponse(css, content_type="text/css; charset=utf-8")
