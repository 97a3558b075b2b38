"""The editors' queue: messages that somebody reported, and nothing else of what people write.

Names stand here as the two see each other, and no e-mail address.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tessera.accounts.models import User
from tessera.accounts.profiles.saving import profile_of
from tessera.contact import deciding
from tessera.contact.forms import DecisionForm
from tessera.contact.models import Report, What
from tessera.contact.notices import tell_decision
from tessera.contact.people import name_of
from tessera.contact.views import base_of
from tessera.trail.admin import Traced


class StateFilter(admin.SimpleListFilter):
    """Decided or not."""

    title = lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", lazy("To decide")), ("decided", lazy("Decided"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        if self.value() in ("open", "decided"):
            return queryset.filter(decided_at__isnull=self.value() == "open")
        return queryset


@admin.register(Report)
class ReportAdmin(Traced):
    """Undecided ones first, the oldest of them at the top."""

    list_display = ("at", "reason", "written_by", "last_decision", "decided_at")
    list_filter = (StateFilter, "reason")
    list_select_related = ("message__author",)
    ordering = (F("decided_at").desc(nulls_first=True), "at")
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=lazy("author of the message"))
    def written_by(self, report: Report) -> str:
        return report.message.name or _("(erased account)")

    @admin.display(description=lazy("decision"))
    def last_decision(self, report: Report) -> str:
        last = report.decisions.last()
        return last.get_what_display() if last else "-"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The report with its message, what was decided, and the form to decide."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        number = int(object_id) if object_id and object_id.isdecimal() else 0
        report = get_object_or_404(Report.objects.select_related("message__author"), pk=number)
        may_decide = self.has_change_permission(request)
        if request.method == "POST" and not may_decide:
            raise PermissionDenied
        open_to = deciding.choices(report)
        form = DecisionForm(open_to, request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            self._decide(request, report, form)
            return HttpResponseRedirect(reverse("admin:contact_report_change", args=[report.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reported message"),
            "opts": self.opts,
            "report": report,
            "before": deciding.context_of(report),
            "reporter": name_of(report.by),
            "earlier": deciding.reported_before(report),
            "is_stopped": deciding.is_stopped(report),
            "decisions": [
                (each, _signature(each.editor)) for each in report.decisions.select_related()
            ],
            "form": form if may_decide else None,
        }
        return render(request, "admin/contact/report.html", context)

    def _decide(self, request: HttpRequest, report: Report, form: DecisionForm) -> None:
        assert isinstance(request.user, User)
        what, words = What(form.cleaned_data["what"]), form.cleaned_data["words"]
        decision = deciding.decide(report, what, words, request.user)
        if tell_decision(decision, base_of(request)):
            messages.success(request, _("Recorded."))
        else:
            messages.warning(request, _("Recorded; but the author could not be told by mail."))


def _signature(editor: User | None) -> str:
    """Who decided, without an address."""
    if editor is None:
        return _("(erased account)")
    return profile_of(editor).name or _("account %(number)d") % {"number": editor.pk}
