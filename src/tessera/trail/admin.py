"""The trail in the admin, for administrators; and what puts acts of the admin into it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tessera.trail.models import Act, What, note
from tessera.trail.signing import signature, told

COLUMNS = ("at", "by", "what", "on", "details")

HISTORY = 200
"""Acts that the history of one row lists, newest first; the trail has all."""


class Traced(admin.ModelAdmin):  # type: ignore[type-arg]  # of any model
    """What is done here goes into the trail, which stands for Django's own log."""

    def traced_as(self, obj: Any) -> str:
        """How the trail names a row."""
        return f"{obj._meta.label_lower} {obj.pk}"

    def traced_details(self, obj: Any) -> dict[str, object]:
        """What the trail says of a row: nothing of a person."""
        return {"said": str(obj)[:300]}

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        return self._note(request, What.ADDED, obj)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        return self._note(request, What.CHANGED, obj, fields=_fields(message))

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Any]) -> Any:
        return [self._note(request, What.DELETED, each) for each in queryset]

    def _note(self, request: HttpRequest, what: What, obj: Model, **more: object) -> Act:
        details = self.traced_details(obj) | more
        return note(signature(request.user), what, self.traced_as(obj), **details)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The acts on one row, for whoever may see it."""
        obj = get_object_or_404(self.get_queryset(request), pk=_key(self.model, object_id))
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        acts = Act.objects.filter(on=self.traced_as(obj))[:HISTORY]
        context = {
            **self.admin_site.each_context(request),
            "title": _("What was done: %(what)s") % {"what": obj},
            "rows": [_row(each) for each in acts],
        }
        return render(request, "admin/trail/history.html", context)


class ReadOnly(Traced):
    """What runs and imports write, editors only read."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ForAdministrators(Traced):
    """Pages that no permission opens to anybody else."""

    def _is_administrator(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return bool(user.is_active and user.is_staff and user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_administrator(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._is_administrator(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_administrator(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_administrator(request)


class SignedBy(admin.AllValuesFieldListFilter):
    """By who signed, under the address instead of the number."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for each in super().choices(changelist):
            shown = each["display"]
            yield each | {"display": told(shown) if isinstance(shown, str) else shown}


class WhatFilter(admin.SimpleListFilter):
    title = lazy("what")
    parameter_name = "what"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return list(What.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Act]) -> QuerySet[Act]:
        return queryset.filter(what=self.value()) if self.value() else queryset


@admin.register(Act)
class ActAdmin(ReadOnly, ForAdministrators):
    """All acts, newest first; as CSV, too."""

    list_display = ("at", "who", "did", "on", "said")
    list_filter = (WhatFilter, ("by", SignedBy))
    date_hierarchy = "at"
    search_fields = ("on", "by")
    search_help_text = lazy("The id of a record, or `account` and a number")
    ordering = ("-pk",)
    show_full_result_count = False
    fields = ("at", "who", "did", "on", "said")
    readonly_fields = fields
    change_list_template = "admin/trail/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        more = [path("acts.csv", self.admin_site.admin_view(self.as_csv), name="trail_csv")]
        urls: list[URLPattern] = super().get_urls()
        return more + urls

    def as_csv(self, request: HttpRequest) -> StreamingHttpResponse:
        """All of it as one file; that it was taken is an act as well."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        note(signature(request.user), What.LISTED)
        response = StreamingHttpResponse(_csv(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="acts.csv"'
        return response

    @admin.display(description=lazy("who"), ordering="by")
    def who(self, obj: Act) -> str:
        return told(obj.by) or "–"

    @admin.display(description=lazy("what"), ordering="what")
    def did(self, obj: Act) -> str:
        return _did(obj)

    @admin.display(description=lazy("details"))
    def said(self, obj: Act) -> str:
        return _said(obj)


def _did(act: Act) -> str:
    return str(What(act.what).label) if act.what in What.values else act.what


def _said(act: Act) -> str:
    return json.dumps(act.details, ensure_ascii=False) if act.details else ""


def _row(act: Act) -> tuple[str, str, str, str]:
    return f"{act.at:%Y-%m-%d %H:%M:%S}", told(act.by) or "–", _did(act), _said(act)


def _fields(message: Any) -> list[str]:
    """Names of the fields in a change message of the admin."""
    parts = message if isinstance(message, list) else []
    return [name for part in parts for name in part.get("changed", {}).get("fields", ())]


def _key(model: type[Model], text: str) -> Any:
    from django.contrib.admin.utils import unquote
    from django.core.exceptions import ValidationError
    from django.http import Http404

    assert model._meta.pk is not None
    try:
        return model._meta.pk.to_python(unquote(text))
    except ValidationError as error:
        raise Http404 from error


class _Line:
    """What csv writes a line to: it is handed on."""

    def write(self, line: str) -> str:
        return line


def _csv() -> Iterator[str]:
    """Signatures stay numbers: a file goes where no erasure reaches it."""
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for act in Act.objects.order_by("pk").iterator():
        yield writer.writerow(
            [act.at.isoformat(), act.by, act.what, _inert(act.on), _inert(_said(act))]
        )


def _inert(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
