"""For editors: the searches that found nothing, what was offered instead, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tessera.engine.backend import Index
from tessera.engine.errors import EngineError
from tessera.engine.query import AS_TYPED, Query, clean_text
from tessera.engine.spelling.deciding import correction
from tessera.indexing.current import current
from tessera.trail.admin import ReadOnly
from tessera.trail.models import What, note
from tessera.trail.signing import signature
from tessera.wording.models import Unanswered
from tessera.wording.unanswered import LEAST, Missed, forget, missed, rare

SHOWN = 20
"""Searches on a page."""

FORGET = "_forget"
"""The name of the button that deletes a text; its value is the text."""


@dataclass(frozen=True, slots=True)
class Row:
    """A search and what is answered to it now.

    found: records with all its words, or what stands for them. close: those offered instead.
    corrected: what it is corrected to, or offered for it; "" for nothing.
    """

    missed: Missed
    found: int
    close: int
    corrected: str
    explore: str
    synonym: str
    stop: str


class UnansweredAdmin(ReadOnly):
    """One page, made of counts by day; single rows are of no use."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if FORGET in request.POST:
            return self._forget(request)
        try:
            forget()
        except DatabaseError:
            # The worker tries again, and what is too old isn't shown.
            messages.warning(request, _("The database is busy; what is too old goes later."))
        holding = clean_text(request.GET.get("q", ""))[:100].lower()
        page = Paginator(missed(holding=holding), SHOWN).get_page(request.GET.get("page"))
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Searches that found nothing"),
            "page": page,
            "holding": holding,
            "least": LEAST,
            "rare": rare(),
            "days": settings.SITE.unanswered_days,
            "may_forget": request.user.has_perm("wording.delete_unanswered"),
        }
        try:
            context["rows"] = [_row(current(), Missed(**row)) for row in page]
        except EngineError as error:
            context["problem"] = str(error)
        return render(request, "admin/wording/unanswered.html", context)

    def change_view(self, request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:wording_unanswered_changelist"))

    def _forget(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("wording.delete_unanswered"):
            raise PermissionDenied
        text = request.POST[FORGET]
        with transaction.atomic():
            # Not the text: someone's name may be why it is deleted.
            note(signature(request.user), What.FORGOT_SEARCH)
            Unanswered.objects.filter(text=text).delete()
        messages.success(request, _("“%(text)s” is forgotten.") % {"text": text})
        return HttpResponseRedirect(request.get_full_path())


def _row(index: Index, found: Missed) -> Row:
    text = found.text
    result = index.search(Query(text, size=1, spelling=AS_TYPED), highlight=False)
    totals = {section.way: section.total for section in result.sections}
    offered = correction(index, Query(text)) if settings.SPELLING else None
    form = urlencode({"words": f"{text}, ", "trial": text})
    word = " " not in text
    return Row(
        found,
        result.as_typed + totals.get("related", 0),
        totals.get("close", 0),
        offered.corrected if offered else "",
        f"{reverse('explore')}?{urlencode({'q': text})}",
        f"{reverse('admin:wording_synonym_add')}?{form}",
        "" if word else f"{reverse('admin:wording_stopterm_add')}?{urlencode({'trial': text})}",
    )
