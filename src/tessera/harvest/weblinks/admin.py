"""Links into the web and what became of them, for editors to read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as lazy

from tessera.harvest.models import WebLink, WebLinkUse
from tessera.records.models import Source
from tessera.trail.admin import ReadOnly


class OfSource(admin.SimpleListFilter):
    title = lazy("source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(Source.objects.values_list("slug", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[WebLink]) -> QuerySet[WebLink]:
        if not self.value():
            return queryset
        uses = WebLinkUse.objects.filter(record__source__slug=self.value())
        return queryset.filter(pk__in=uses.order_by().values("link"))


class WebLinkUseInline(admin.TabularInline):  # type: ignore[type-arg]  # of WebLinkUse
    """The records that carry a link."""

    model = WebLinkUse
    fields = readonly_fields = ("page", "source", "field")
    extra = 0
    max_num = 0
    can_delete = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("record__source")

    @admin.display(description=lazy("Record"))
    def page(self, obj: WebLinkUse) -> SafeString:
        record = obj.record
        return format_html("<a href='/{}/{}'>{}</a>", record.kind, record.uid, record.title)

    @admin.display(description=lazy("Source"))
    def source(self, obj: WebLinkUse) -> str:
        return obj.record.source.name


@admin.register(WebLink)
class WebLinkAdmin(ReadOnly):
    """Links of records into the web; what became of them is in `tessera links report`, too."""

    list_display = (
        "url", "outcome", "broken", "status", "failing_since", "good_at", "checked_at", "records",
    )  # fmt: skip
    list_filter = ("broken", "outcome", OfSource)
    search_fields = ("url", "host")
    search_help_text = lazy("A host, or a part of an address")
    show_full_result_count = False
    inlines = (WebLinkUseInline,)
    fields = (
        "url", "outcome", "status", "detail", "moved_to", "broken", "failing_since", "failed_days",
        "good_at", "checked_at", "due_at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebLink]:
        links: QuerySet[WebLink] = super().get_queryset(request)
        return links.annotate(carried=Count("uses__record", distinct=True))

    @admin.display(description=lazy("Records"), ordering="carried")
    def records(self, obj: Any) -> int:
        return int(obj.carried)
