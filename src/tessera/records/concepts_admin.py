"""Imported vocabularies, for editors to browse: every label in every language finds its concept."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as lazy

from tessera.records.models import Concept, ConceptLabel, Vocabulary
from tessera.schema.concepts import label_key
from tessera.trail.admin import ReadOnly

SHOWN = 200
"""Concepts listed around one; of more, their number is told."""


@admin.register(Vocabulary)
class VocabularyAdmin(ReadOnly):
    list_display = ("source", "there", "spoken", "version", "issued", "changed_at")
    fields = ("source", "uri", "title", "there", "spoken", "version", "issued", "licence",
              "changed_at", "browse")  # fmt: skip
    readonly_fields = ("there", "spoken", "browse")
    list_select_related = ("source",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Vocabulary]:
        live = Q(concepts__withdrawn_at=None, concepts__kind="concept")
        rows: QuerySet[Vocabulary] = super().get_queryset(request)
        return rows.annotate(live=Count("concepts", filter=live))

    @admin.display(description=lazy("concepts"))
    def there(self, vocabulary: Any) -> int:
        return int(vocabulary.live)

    @admin.display(description=lazy("languages"))
    def spoken(self, vocabulary: Vocabulary) -> str:
        return ", ".join(vocabulary.languages)

    @admin.display(description="")
    def browse(self, vocabulary: Vocabulary) -> SafeString:
        address = reverse("admin:records_concept_changelist")
        return format_html(
            '<a href="{}?vocabulary__id__exact={}">{}</a>',
            address, vocabulary.pk, lazy("Its concepts"),
        )  # fmt: skip


class ThereFilter(admin.SimpleListFilter):
    title = lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("there", lazy("There")), ("withdrawn", lazy("Withdrawn"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Concept]) -> QuerySet[Concept]:
        if self.value() is None:
            return queryset
        return queryset.filter(withdrawn_at__isnull=self.value() == "there")


@admin.register(Concept)
class ConceptAdmin(ReadOnly):
    list_display = ("title", "notation", "kind", "vocabulary", "withdrawn_at")
    list_filter = ("vocabulary", "kind", ThereFilter)
    list_select_related = ("vocabulary__source",)
    search_fields = ("notation", "uri")
    search_help_text = lazy("A label in any language, whole or from its beginning; or a code")
    fields = ("title", "vocabulary", "kind", "notation", "uri", "withdrawn_at", "every_label",
              "above", "under", "said", "has_borders")  # fmt: skip
    readonly_fields = ("every_label", "above", "under", "said", "has_borders")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Concept]:
        rows: QuerySet[Concept] = super().get_queryset(request)
        return rows.defer("geometry")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Concept], search_term: str
    ) -> tuple[QuerySet[Concept], bool]:
        text = search_term.strip()
        if not text:
            return queryset, False
        begun = ConceptLabel.objects.filter(key__startswith=label_key(text))
        labelled = begun.values("concept_id")
        return queryset.filter(Q(notation__iexact=text) | Q(uri=text) | Q(pk__in=labelled)), False

    @admin.display(description=lazy("labels"))
    def every_label(self, concept: Concept) -> SafeString:
        rows = concept.labels.order_by("lang", "pk")
        return format_html_join("", '<div lang="{}">{}: {}{}</div>', (
            (row.lang, row.lang, row.text, "" if row.role == "pref" else f" ({row.role})")
            for row in rows
        ))  # fmt: skip

    @admin.display(description=lazy("broader"))
    def above(self, concept: Concept) -> SafeString:
        uris = concept.links.filter(rel="broader").values("target_uri")
        return _listed(Concept.objects.filter(vocabulary=concept.vocabulary, uri__in=uris))

    @admin.display(description=lazy("narrower"))
    def under(self, concept: Concept) -> SafeString:
        rows = Concept.objects.filter(vocabulary=concept.vocabulary)
        return _listed(rows.filter(links__rel="broader", links__target_uri=concept.uri))

    @admin.display(description=lazy("stated"))
    def said(self, concept: Concept) -> SafeString:
        above = {"labels", "alternatives", "hidden", "uri", "notation"}
        shown = ((name, each) for name, each in concept.data.items() if name not in above)
        return format_html_join("", "<div>{}: {}</div>", shown)

    @admin.display(description=lazy("borders"), boolean=True)
    def has_borders(self, concept: Concept) -> bool:
        return concept.geometry is not None


def _listed(rows: QuerySet[Concept]) -> SafeString:
    found = list(rows.defer("geometry").order_by("notation", "title")[:SHOWN])
    links = format_html_join("", '<div><a href="{}">{} {}</a></div>', (
        (reverse("admin:records_concept_change", args=(each.pk,)), each.notation, each.title)
        for each in found
    ))  # fmt: skip
    more = rows.count() - len(found)
    return links + format_html("<div>{} {}</div>", more, lazy("more")) if more else links
