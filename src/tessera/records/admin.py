"""Records and sources for editors: read all, correct fields, see what happened when."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tessera.records.corrections import (
    FIXED,
    LockedField,
    correct,
    is_taken_down,
    locked_fields,
    uncorrect,
)
from tessera.records.members import is_members
from tessera.records.models import Change, Link, Record, Source, SourceRecord
from tessera.schema.draft import DraftError, RecordDraft
from tessera.schema.kinds import KIND_NAMES
from tessera.trail.admin import ReadOnly, Traced
from tessera.trail.signing import signature, told

TAKE_BACK = "_take_back"
"""The name of the button that takes a correction back; its value is the field."""

HISTORY = 50
"""Changes that a record's page lists, newest first."""


class KindFilter(admin.SimpleListFilter):
    title = lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name.replace("_", " ")) for name in KIND_NAMES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Record]) -> QuerySet[Record]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class StateFilter(admin.SimpleListFilter):
    title = lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("there", lazy("There")),
            ("withdrawn", lazy("Withdrawn")),
            ("corrected", lazy("Corrected")),
            ("derived", lazy("Made from other records")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Record]) -> QuerySet[Record]:
        match self.value():
            case "there":
                return queryset.filter(withdrawn_at=None)
            case "withdrawn":
                return queryset.exclude(withdrawn_at=None)
            case "corrected":
                return queryset.exclude(corrections={})
            case "derived":
                return queryset.filter(derived=True)
        return queryset


class CorrectionForm(forms.ModelForm):  # type: ignore[type-arg]  # of Record
    """Corrections as one JSON object, checked as the record would be with them."""

    corrections = forms.JSONField(
        label=lazy("Corrections"),
        required=False,
        help_text=lazy(
            "Fields of the interchange format, as a JSON object; they win over what the source"
            " says and survive every import. null leaves a field out. Example:"
            ' {"status": "closed", "acronym": "ClusterFY"}'
        ),
        widget=forms.Textarea(attrs={"rows": 8, "cols": 90, "spellcheck": "false"}),
    )

    class Meta:
        model = Record
        fields = ("corrections",)

    def clean_corrections(self) -> dict[str, object]:
        corrections = self.cleaned_data["corrections"] or {}
        if not isinstance(corrections, dict):
            raise ValidationError(_('Expected a JSON object such as {"status": "closed"}.'))
        if is_taken_down(self.instance):
            raise ValidationError(_("This page is taken down: take that back first."))
        fixed = set(FIXED) & corrections.keys()
        unknown = sorted(corrections.keys() - RecordDraft.model_fields.keys())
        if fixed or unknown:
            names = ", ".join(sorted(fixed | set(unknown)))
            raise ValidationError(
                _("These fields can't be corrected: %(names)s") % {"names": names}
            )
        merged = {**self.instance.data, **corrections}
        try:
            RecordDraft.from_json({k: v for k, v in merged.items() if v is not None})
        except DraftError as error:
            raise ValidationError(
                [f"{field}: {message}" for field, message in error.problems]
            ) from None
        return corrections


@admin.register(Record)
class RecordAdmin(Traced):
    """Corrections are the one thing that editors change."""

    form = CorrectionForm
    list_display = ("title", "kind", "source", "changed_at", "withdrawn_at")
    list_filter = (KindFilter, StateFilter, "source")
    search_fields = ("uid", "title")
    search_help_text = lazy("Id or words of the title")
    list_select_related = ("source",)
    show_full_result_count = False
    date_hierarchy = None
    ordering = ("-changed_at",)
    readonly_fields = (
        "uid", "kind", "title", "locked", "source", "received", "terms", "derived", "first_seen",
        "seen", "changed_at", "withdrawn_at", "stated", "links_out", "history",
    )  # fmt: skip
    fields = ("title", "uid", "kind", "locked", "corrections", *readonly_fields[4:])

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What people publish of themselves, they alone correct."""
        kept = isinstance(obj, Record) and is_members(obj)
        return not kept and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Record]:
        # Lists need no texts; a record's own page loads the rest when it shows it.
        return super().get_queryset(request).defer("data", "face")

    def view_on_site(self, obj: Record) -> str:
        return f"/{obj.kind}/{obj.uid}"

    def save_model(self, request: HttpRequest, obj: Record, form: Any, change: bool) -> None:
        """Through `correct`, so that Changes are written and the index follows."""
        wanted: dict[str, object] = form.cleaned_data["corrections"]
        stored = Record.objects.get(pk=obj.pk)
        dropped = [name for name in stored.corrections if name not in wanted]
        if dropped:
            uncorrect(stored, *dropped, by=signature(request.user))
        if wanted:
            correct(stored, wanted, by=signature(request.user))

    def traced_as(self, obj: Record) -> str:
        return obj.uid

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Correcting itself writes the trail."""

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Taking a correction back is one act: its button sends nothing but the field's name."""
        name = request.POST.get(TAKE_BACK, "")
        record = self.get_object(request, object_id)
        if name and record is not None and self.has_change_permission(request, record):
            if uncorrect(record, name, by=signature(request.user)):
                said = _("%(field)s is as its source has it again.") % {"field": name}
                messages.success(request, said)
            return HttpResponseRedirect(request.path)
        return super().change_view(request, object_id, form_url, extra_context)

    @admin.display(description=lazy("Locked fields"))
    def locked(self, obj: Record) -> SafeString | str:
        """Each corrected field with who locked it, and what the source says now."""
        fields = locked_fields(obj)
        if not fields:
            return _("None: all is as the source has it.")
        rows = format_html_join(
            "",
            "<tr><th scope='row'>{}</th><td>{}</td><td>{}{}</td><td>{}</td><td>"
            "<button type='submit' class='button' name='{}' value='{}' formnovalidate>{}</button>"
            "</td></tr>",
            (
                (
                    field.name, _written(field.value), _written(field.source_value),
                    _note(_noted(field)), _who(field), TAKE_BACK, field.name, _("Take back"),
                )
                for field in fields
            ),
        )  # fmt: skip
        heads = (_("Field"), _("Corrected to"), _("The source says"), _("Locked by"), _("Act"))
        head = format_html_join("", "<th scope='col'>{}</th>", ((each,) for each in heads))
        table = "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>"
        return format_html(table, head, rows)

    @admin.display(description=lazy("Licence"))
    def terms(self, obj: Record) -> str:
        whose = _("its own") if obj.current.get("licence") else _("of its source")
        return f"{obj.terms} ({whose})" if obj.terms else "–"

    @admin.display(description=lazy("Received in"))
    def received(self, obj: Record) -> str:
        return f"{obj.item.place or obj.item.key}" if obj.item else "–"

    @admin.display(description=lazy("Last seen"))
    def seen(self, obj: Record) -> str:
        return f"{obj.last_seen:%Y-%m-%d %H:%M}" if obj.last_seen else "–"

    @admin.display(description=lazy("As the source has it"))
    def stated(self, obj: Record) -> SafeString:
        text = json.dumps(obj.data, indent=1, ensure_ascii=False, sort_keys=True)
        return format_html("<pre class='stated'>{}</pre>", text)

    @admin.display(description=lazy("Links that it states"))
    def links_out(self, obj: Record) -> SafeString:
        rows = obj.links.values_list("rel", "role", "target_uid")[:200]
        return format_html_join("", "{} {} {}<br>", rows) or SafeString("–")

    @admin.display(description=lazy("History"))
    def history(self, obj: Record) -> SafeString:
        rows = obj.changes.order_by("-sequence").values_list("at", "what")[:HISTORY]
        shown = ((f"{at:%Y-%m-%d %H:%M:%S}", what) for at, what in rows)
        return format_html_join("", "{} {}<br>", shown) or SafeString("–")


def _written(value: object) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _noted(field: LockedField) -> str:
    if field.agrees:
        return _("The source says the same by now; the correction can be taken back.")
    if field.source_changed:
        return _("The source has changed since.")
    return ""


def _note(text: str) -> SafeString:
    return format_html("<br><strong>{}</strong>", text) if text else SafeString("")


def _who(field: LockedField) -> str:
    if field.at is None:
        return _("not noted")
    return f"{told(field.by) or _('a program')}, {field.at:%Y-%m-%d %H:%M}"


@admin.register(Source)
class SourceAdmin(Traced):
    """Name, licence and address can be set; what it is can't."""

    list_display = ("name", "slug", "importer", "licence", "there", "invalid")
    search_fields = ("name", "slug")
    fields: ClassVar[tuple[str, ...]] = ("name", "licence", "url", "slug", "importer", "created_at")
    readonly_fields: ClassVar[tuple[str, ...]] = ("slug", "importer", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        there = Count("records", filter=Q(records__withdrawn_at=None))
        sources: QuerySet[Source] = super().get_queryset(request)
        return sources.annotate(there_count=there)

    @admin.display(description=lazy("Records"), ordering="there_count")
    def there(self, obj: Any) -> int:
        return int(obj.there_count)

    @admin.display(description=lazy("Invalid items"))
    def invalid(self, obj: Source) -> int:
        return obj.items.exclude(problem="").count()


@admin.register(SourceRecord)
class SourceRecordAdmin(ReadOnly):
    """Items as received, with what was wrong with them."""

    list_display = ("key", "source", "place", "problem", "last_seen", "gone_at")
    list_filter = ("source", ("problem", admin.EmptyFieldListFilter))
    search_fields = ("key", "place", "problem")
    list_select_related = ("source",)
    show_full_result_count = False
    fields = (
        "source",
        "key",
        "place",
        "problem",
        "first_seen",
        "last_seen",
        "gone_at",
        "verbatim_text",
    )
    readonly_fields = ("verbatim_text",)

    @admin.display(description=lazy("As received"))
    def verbatim_text(self, obj: SourceRecord) -> SafeString:
        text = json.dumps(obj.raw, indent=1, ensure_ascii=False)
        return format_html("<pre class='stated'>{}</pre>", text[:200_000])


@admin.register(Change)
class ChangeAdmin(ReadOnly):
    """The log, newest first."""

    list_display = ("sequence", "at", "what", "record")
    list_filter = ("what",)
    search_fields = ("record__uid", "record__title")
    list_select_related = ("record",)
    ordering = ("-sequence",)
    show_full_result_count = False


@admin.register(Link)
class LinkAdmin(ReadOnly):
    list_display = ("record", "rel", "role", "target_uid")
    list_filter = ("rel", "role")
    search_fields = ("record__uid", "target_uid")
    list_select_related = ("record",)
    show_full_result_count = False
