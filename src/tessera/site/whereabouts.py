"""For editors: what became of an item, and why it isn't shown."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tessera.engine.query import clean_text
from tessera.search.whereabouts import whereabouts


@require_safe
def whereabouts_view(request: HttpRequest) -> HttpResponse:
    """Search by id, key, address or title; one answer for each item found."""
    typed = clean_text(request.GET.get("q", ""))[:300]
    context = {
        **admin.site.each_context(request),
        "title": _("Why is my item not shown?"),
        "typed": typed,
        "found": whereabouts(typed) if typed else None,
    }
    return render(request, "admin/whereabouts.html", context)
