"""Synonyms and stop terms, with their effect before they are saved."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminErrorList, AdminForm
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tessera.engine.analysis import prefix_key
from tessera.engine.errors import EngineError
from tessera.indexing.current import current
from tessera.schema.vocabularies import EU_LANGUAGES
from tessera.trail.admin import Traced
from tessera.trail.models import What, note
from tessera.trail.signing import signature, told
from tessera.wording.current import Wording, look_again, stored
from tessera.wording.effect import Effects, effects
from tessera.wording.exchange import ExchangeError, as_csv, take
from tessera.wording.forms import StopTermForm, SynonymForm
from tessera.wording.groups import Group, Synonyms
from tessera.wording.models import StopTerm, Synonym, Unanswered
from tessera.wording.unanswered import missed
from tessera.wording.unanswered_admin import UnansweredAdmin

SHOW = "_effect"
"""The name of the button that shows the effect and saves nothing."""

LATELY = 500
"""Recent searches that are looked through for the words concerned."""


class _WordingAdmin(Traced):
    change_form_template = "admin/wording/change_form.html"
    change_list_template = "admin/wording/change_list.html"
    actions = ("put_in_force", "put_out_of_force")
    readonly_fields: ClassVar[tuple[str, ...]] = ("signed", "changed_at")
    show_full_result_count = False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST" and SHOW in request.POST:
            shown = self._shown(request, object_id, form_url)
            if shown is not None:
                return shown
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _shown(
        self, request: HttpRequest, object_id: str | None, form_url: str
    ) -> HttpResponse | None:
        """The same form with its effect; None where there is nothing to change by that id."""
        obj = None if object_id is None else self.get_object(request, object_id)
        if object_id is not None and obj is None:
            return None
        may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if not may:
            raise PermissionDenied
        changing = obj is not None
        was = None if obj is None else self.model.objects.get(pk=obj.pk)
        form = self.get_form(request, obj, change=changing)(request.POST, instance=obj)
        context: dict[str, Any] = {}
        if form.is_valid() and not settings.SITE.synonyms:
            context["effects_problem"] = _("Without effect: search.synonyms is off.")
        elif form.is_valid():
            try:
                context["effects"] = self._effects(form, was)
                context["alone"] = self.left_alone(form.instance)
            except EngineError as error:
                context["effects_problem"] = str(error)
        fieldsets: list[Any] = list(self.get_fieldsets(request, obj))
        readonly = self.get_readonly_fields(request, obj)
        context |= {
            **self.admin_site.each_context(request),
            "title": _("The effect, before it is saved"),
            "adminform": AdminForm(form, fieldsets, {}, readonly, self),
            "object_id": object_id,
            "original": was,
            "is_popup": False,
            "to_field": None,
            "media": self.media + form.media,
            "inline_admin_formsets": [],
            "errors": AdminErrorList(form, []),
            "preserved_filters": self.get_preserved_filters(request),
        }
        return self.render_change_form(
            request, context, add=not changing, change=changing, obj=was, form_url=form_url
        )

    def _effects(self, form: Any, was: Any) -> Effects:
        after = self.wording(form.instance, stored(besides=was))
        words = [form.cleaned_data["trial"]] if form.cleaned_data["trial"] else []
        for each in (was, form.instance):
            words += self.searches(each) if each is not None else []
        return effects(current(), stored(), after, words, self.concerned(form.instance, _recent()))

    def wording(self, made: Any, others: Wording) -> Wording:
        """What is in force once that is saved. others: all else that is."""
        raise NotImplementedError

    def searches(self, made: Any) -> list[str]:
        """The words concerned."""
        raise NotImplementedError

    def concerned(self, made: Any, texts: list[str]) -> list[str]:
        """Those of the searches that hold one of them."""
        raise NotImplementedError

    def left_alone(self, made: Any) -> list[str]:
        """Recent searches of which it leaves nothing."""
        return []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.changed_by = signature(request.user)
        super().save_model(request, obj, form, change)
        look_again()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        look_again()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().delete_queryset(request, queryset)
        look_again()

    @admin.display(description=lazy("changed by"), ordering="changed_by")
    def signed(self, obj: Any) -> str:
        return told(obj.changed_by) or "–"

    @admin.action(description=lazy("Put in force"), permissions=("change",))
    def put_in_force(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._put(request, queryset, active=True)

    @admin.action(description=lazy("Put out of force"), permissions=("change",))
    def put_out_of_force(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._put(request, queryset, active=False)

    def _put(self, request: HttpRequest, queryset: QuerySet[Any], *, active: bool) -> None:
        by, now = signature(request.user), timezone.now()
        changed = queryset.exclude(active=active)
        what = What.IN_FORCE if active else What.OUT_OF_FORCE
        with transaction.atomic():
            for each in changed:
                note(by, what, self.traced_as(each), **self.traced_details(each))
            many = changed.update(active=active, changed_by=by, changed_at=now)
        look_again()
        said = _("%(many)s are in force now.") if active else _("%(many)s are out of force now.")
        messages.success(request, said % {"many": many})


@admin.register(Synonym)
class SynonymAdmin(_WordingAdmin):
    form = SynonymForm
    list_display = ("words", "one_way", "lang", "active", "signed", "changed_at")
    list_filter = ("active", "one_way")
    search_fields = ("words", "lang")
    fields = ("words", "one_way", "lang", "active", "trial", "signed", "changed_at")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        more = [
            path("export.csv", view(self.export), name="wording_export"),
            path("import/", view(self.take_in), name="wording_import"),
        ]
        urls: list[URLPattern] = super().get_urls()
        return more + urls

    def export(self, request: HttpRequest) -> StreamingHttpResponse:
        """All synonyms and stop terms as one CSV file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        response = StreamingHttpResponse(as_csv(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="wording.csv"'
        return response

    def take_in(self, request: HttpRequest) -> HttpResponse:
        """Such a file, taken in; with mistakes in it, it is refused as a whole."""
        needed = ("wording.add_synonym", "wording.change_synonym",
                  "wording.add_stopterm", "wording.change_stopterm")  # fmt: skip
        if not request.user.has_perms(needed):
            raise PermissionDenied
        problems: list[str] = []
        if request.method == "POST":
            file = request.FILES.get("file")
            if file is None:
                problems = [_("Choose a file.")]
            else:
                try:
                    taken = take(file.read(), by=signature(request.user))
                except ExchangeError as error:
                    problems = error.problems
                else:
                    said = _("%(added)s added, %(changed)s changed, %(same)s as they were.")
                    counts = {"added": taken.added, "changed": taken.changed, "same": taken.same}
                    messages.success(request, said % counts)
                    return HttpResponseRedirect(reverse("admin:wording_synonym_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Take in synonyms and stop terms"),
            "problems": problems,
        }
        return render(request, "admin/wording/import.html", context)

    def wording(self, made: Synonym, others: Wording) -> Wording:
        own = (made.group,) if made.active else ()
        return Wording((*others.groups, *own), others.stops)

    def searches(self, made: Synonym) -> list[str]:
        return list(made.group.words)

    def concerned(self, made: Synonym, texts: list[str]) -> list[str]:
        both_ways = Synonyms([Group(made.group.words, lang=made.lang)])
        return [text for text in texts if both_ways.expand(text.split(), "", EU_LANGUAGES)]


@admin.register(StopTerm)
class StopTermAdmin(_WordingAdmin):
    form = StopTermForm
    list_display = ("word", "active", "signed", "changed_at")
    list_filter = ("active",)
    search_fields = ("word", "key")
    fields = ("word", "active", "trial", "signed", "changed_at")

    def wording(self, made: StopTerm, others: Wording) -> Wording:
        own = {prefix_key(made.word)} if made.active else set()
        return Wording(others.groups, others.stops | own)

    def searches(self, made: StopTerm) -> list[str]:
        return [made.word]

    def concerned(self, made: StopTerm, texts: list[str]) -> list[str]:
        key = prefix_key(made.word)
        return [text for text in texts if key in map(prefix_key, text.split())]

    def left_alone(self, made: StopTerm) -> list[str]:
        stops = self.wording(made, stored()).stops
        return [
            text
            for text in self.concerned(made, _recent())
            if all(prefix_key(each) in stops for each in text.split())
        ]

    def save_model(self, request: HttpRequest, obj: StopTerm, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for text in self.left_alone(obj):
            messages.warning(request, _left_alone_said(text))


def _recent() -> list[str]:
    return [str(row["text"]) for row in missed()[:LATELY]]


def _left_alone_said(text: str) -> str:
    said = _("Of the recent search “%(text)s” nothing is left, so it is made with all its words.")
    return said % {"text": text}


admin.site.register(Unanswered, UnansweredAdmin)
