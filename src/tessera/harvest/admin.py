"""Runs and what went wrong in them, for editors to read."""

from __future__ import annotations

from django.contrib import admin

from tessera.harvest.models import Run, RunError
from tessera.records.admin import ReadOnly


class RunErrorInline(admin.TabularInline):  # type: ignore[type-arg]  # of RunError
    """At most the first hundred; all of them are in the list of errors."""

    model = RunError
    fields = readonly_fields = ("stage", "where", "message", "warning", "times")
    extra = 0
    can_delete = False
    max_num = 0
    show_change_link = False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        return False


@admin.register(Run)
class RunAdmin(ReadOnly):
    list_display = (
        "source", "outcome", "started_at", "finished_at", "received", "added", "changed",
        "unchanged", "withdrawn", "errors_count",
    )  # fmt: skip
    list_filter = ("outcome", "source")
    list_select_related = ("source",)
    inlines = (RunErrorInline,)
    date_hierarchy = "started_at"


@admin.register(RunError)
class RunErrorAdmin(ReadOnly):
    list_display = ("run", "stage", "warning", "times", "where", "message")
    list_filter = ("stage", "warning", "run__source")
    search_fields = ("where", "message")
    list_select_related = ("run__source",)
    ordering = ("-id",)
    show_full_result_count = False
