"""Runs, what went wrong in them, and the sources with their runs, for editors to read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tessera.harvest import judgement
from tessera.harvest.models import Run, RunError
from tessera.harvest.past import as_csv, as_json
from tessera.records.admin import SourceAdmin
from tessera.records.models import Source
from tessera.sources.configured import ConfiguredSource
from tessera.trail.admin import ReadOnly

GROUPS = 50
"""Groups of errors, and of warnings, that the page of a run shows; all are in the list."""

FREQUENT = 25
"""Values that a filter offers, the most frequent first."""

LAST_RUNS = 20


@admin.register(Run)
class RunAdmin(ReadOnly):
    """The list of runs; the page of one says how it ended, what held and what to do next."""

    list_display = (
        "source", "outcome", "started_at", "finished_at", "received", "added", "changed",
        "unchanged", "withdrawn", "errors_count",
    )  # fmt: skip
    list_filter = ("outcome", "source")
    list_select_related = ("source",)
    date_hierarchy = "started_at"
    change_form_template = "admin/harvest/run.html"

    def get_urls(self) -> list[URLPattern]:
        more = [
            path("<int:pk>/report.json", self.admin_site.admin_view(self.report), name="run_json"),
            path("<int:pk>/errors.csv", self.admin_site.admin_view(self.errors), name="run_csv"),
        ]
        urls: list[URLPattern] = super().get_urls()
        return more + urls

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        run = self.get_object(request, object_id)
        page = {} if run is None else self._page(run)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **page})

    def _page(self, run: Run) -> dict[str, Any]:
        errors = judgement.groups(run, warnings=False, limit=GROUPS + 1)
        warnings = judgement.groups(run, warnings=True, limit=GROUPS + 1)
        listed = reverse("admin:harvest_runerror_changelist")
        return {
            "run": run,
            "title": _("Run %(n)s of %(source)s") % {"n": run.pk, "source": run.source},
            "outcome": judgement.outcome(run),
            "next_step": judgement.next_step(run),
            "promises": list(judgement.promises(run)),
            "stages": run.stages,
            "found": (
                (_("Errors"), errors[:GROUPS], len(errors) > GROUPS),
                (_("Warnings"), warnings[:GROUPS], len(warnings) > GROUPS),
            ),
            "list_of_errors": f"{listed}?{urlencode({'run__id__exact': run.pk})}",
        }

    def _run(self, request: HttpRequest, pk: int) -> Run:
        run = Run.objects.select_related("source").filter(pk=pk).first()
        if run is None or not self.has_view_permission(request, run):
            raise Http404
        return run

    def report(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The report as JSON."""
        run = self._run(request, pk)
        text = json.dumps(as_json(run), ensure_ascii=False, indent=1)
        return _download(HttpResponse(text, "application/json"), f"run-{pk}.json")

    def errors(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Errors and warnings as CSV."""
        run = self._run(request, pk)
        lines = as_csv(run.errors.all())
        return _download(StreamingHttpResponse(lines, "text/csv"), f"run-{pk}-errors.csv")


def _download(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class Frequent(admin.SimpleListFilter):
    """The most frequent values of a column, of one run or of all."""

    parameter_name: str

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> Iterable[tuple[str, str]]:
        rows = model_admin.get_queryset(request).exclude(**{self.parameter_name: ""})
        run = request.GET.get("run__id__exact", "")
        if run.isdecimal():
            rows = rows.filter(run=int(run))
        counted = rows.order_by().values_list(self.parameter_name).annotate(count=Count("pk"))
        offered = [value for value, _count in counted.order_by("-count")[:FREQUENT]]
        chosen = self.value()
        if chosen and chosen not in offered:
            offered.append(chosen)
        return [(value, value) for value in offered]

    def queryset(self, request: HttpRequest, queryset: QuerySet[RunError]) -> QuerySet[RunError]:
        chosen = self.value()
        return queryset.filter(**{self.parameter_name: chosen}) if chosen else queryset


class FileFilter(Frequent):
    title = lazy("file (the most frequent)")
    parameter_name = "file"


class SheetFilter(Frequent):
    title = lazy("sheet (the most frequent)")
    parameter_name = "sheet"


class ColumnFilter(Frequent):
    title = lazy("column (the most frequent)")
    parameter_name = "column"


@admin.register(RunError)
class RunErrorAdmin(ReadOnly):
    list_display = (
        "run", "stage", "warning", "times", "file", "sheet", "row", "column", "value", "message",
        "mend",
    )  # fmt: skip
    list_filter = ("stage", "warning", FileFilter, SheetFilter, ColumnFilter, "run__source")
    search_fields = ("where", "message", "key", "value")
    list_select_related = ("run__source",)
    ordering = ("-id",)
    show_full_result_count = False
    fields = (
        "run", "stage", "warning", "times", "where", "file", "sheet", "row", "column", "value",
        "message", "mend", "became",
    )  # fmt: skip
    readonly_fields = ("became",)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return lookup == "run__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description=lazy("What became of the item"))
    def became(self, obj: RunError) -> SafeString | str:
        if not obj.key:
            return "–"
        address = f"{reverse('whereabouts')}?{urlencode({'q': obj.key})}"
        return format_html("<a href='{}'>{}</a>", address, obj.key)


admin.site.unregister(Source)


@admin.register(Source)
class SourceWithRunsAdmin(SourceAdmin):
    """A source with what reads it and when, its last runs, and what of it is in error."""

    fields = (
        "name", "licence", "url", "slug", "importer", "material", "schedule", "there_now",
        "in_error", "last_runs", "created_at",
    )  # fmt: skip
    readonly_fields = (
        "slug", "importer", "material", "schedule", "there_now", "in_error", "last_runs",
        "created_at",
    )  # fmt: skip

    @admin.display(description=lazy("Read from"))
    def material(self, obj: Source) -> str:
        made = _configured(obj)
        if made is None:
            return _("what `tessera import` is given; tessera.toml doesn't name it")
        return ", ".join(made.urls or map(str, made.paths))

    @admin.display(description=lazy("Schedule"))
    def schedule(self, obj: Source) -> str:
        made = _configured(obj)
        return made.schedule.written if made and made.schedule else _("by hand")

    @admin.display(description=lazy("Records that are there"))
    def there_now(self, obj: Source) -> SafeString:
        address = reverse("admin:records_record_changelist")
        asked = urlencode({"source__id__exact": obj.pk, "state": "there"})
        count = obj.records.filter(withdrawn_at=None).count()
        return format_html("<a href='{}?{}'>{}</a>", address, asked, f"{count:,}")

    @admin.display(description=lazy("Items in error"))
    def in_error(self, obj: Source) -> SafeString:
        address = reverse("admin:records_sourcerecord_changelist")
        asked = urlencode({"source__id__exact": obj.pk, "problem__isempty": 0})
        count = obj.items.exclude(problem="").count()
        return format_html("<a href='{}?{}'>{}</a>", address, asked, f"{count:,}")

    @admin.display(description=lazy("Last runs"))
    def last_runs(self, obj: Source) -> SafeString:
        rows = format_html_join(
            "",
            "<li><a href='{}'>{}</a>: {}</li>",
            (
                (
                    reverse("admin:harvest_run_change", args=[run.pk]),
                    f"{run.started_at:%Y-%m-%d %H:%M}",
                    judgement.outcome(run),
                )
                for run in obj.runs.all()[:LAST_RUNS]
            ),
        )
        return format_html("<ul>{}</ul>", rows) if rows else SafeString("–")


def _configured(source: Source) -> ConfiguredSource | None:
    return next((each for each in settings.SITE.sources if each.slug == source.slug), None)
