"""The editors' queue: organisations that may be one, side by side; and the merges that hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tessera.records.groups import ids_of
from tessera.records.merges import MergeError, accept, reject, undo
from tessera.records.models import Candidate, Link, Merge, Record
from tessera.schema.identity.identifiers import identifiers
from tessera.trail.admin import SignedBy, Traced
from tessera.trail.models import What, note
from tessera.trail.signing import signature, told

NAMED_IN = 5
"""Records that name an organisation which are shown beside it."""

ROWS = ("title", "names", "acronym", "countries", "regions", "place", "town", "address", "type",
        "url")  # fmt: skip
"""Fields that are shown side by side."""


class _Guarded(Traced):
    """What matching and editors state is neither added nor deleted by hand."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Deciding itself writes the trail."""

    @admin.display(description=lazy("by"), ordering="by")
    def signed(self, obj: Any) -> str:
        return told(obj.by) or "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _evidence(parts: list[Mapping[str, Any]], score: float | None) -> SafeString:
    """The parts of a score as a table that adds up."""
    rows = format_html_join(
        "",
        "<tr><th scope='row'>{}</th><td>{}</td><td>{}</td></tr>",
        ((part["reason"], f"{part['weight']:+.2f}", part["said"]) for part in parts),
    )
    total = "–" if score is None else f"{score:.2f}"
    return format_html(
        "<table><thead><tr><th>{}</th><th>{}</th><th>{}</th></tr></thead><tbody>{}"
        "<tr><th scope='row'>{}</th><td>{}</td><td></td></tr></tbody></table>",
        _("Evidence"), _("Weight"), _("Found"), rows, _("Score"), total,
    )  # fmt: skip


def _side_by_side(*uids: str) -> SafeString:
    """What each of several organisations states, in columns."""
    found = {each.uid: each for each in Record.objects.filter(uid__in=uids)}
    heads = format_html_join(
        "",
        "<th><a href='/organisation/{}'>{}</a></th>",
        ((uid, uid) for uid in uids),
    )
    rows = [
        (name, [_said(found[uid].current.get(name)) if uid in found else "–" for uid in uids])
        for name in ROWS
    ]
    rows.append((_("Source"), [found[u].source.name if u in found else "–" for u in uids]))
    numbers = [identifiers(u, found[u].current) if u in found else {} for u in uids]
    rows.append((_("Numbers"), [", ".join(f"{k} {v}" for k, v in each.items()) or "–"
                                for each in numbers]))  # fmt: skip
    rows.append((_("Named in"), [_named_in(u) for u in uids]))
    body = format_html_join(
        "",
        "<tr><th scope='row'>{}</th>{}</tr>",
        (
            (name, format_html_join("", "<td>{}</td>", ((value,) for value in values)))
            for name, values in rows
            if any(value != "–" for value in values)
        ),
    )
    return format_html(
        "<table><thead><tr><th></th>{}</tr></thead><tbody>{}</tbody></table>", heads, body
    )


def _named_in(uid: str) -> SafeString:
    """The records that name an organisation: the first ones by name, and how many there are."""
    links = Link.objects.filter(target_uid__in=ids_of(uid), record__withdrawn_at=None)
    records = Record.objects.filter(pk__in=links.values("record"))
    many = records.count()
    if not many:
        return SafeString("–")
    shown = format_html_join(
        SafeString("<br>"),
        "<a href='/{}/{}'>{}</a>",
        ((each.kind, each.uid, each.title) for each in records.order_by("uid")[:NAMED_IN]),
    )
    more = _("and %(more)s more") % {"more": many - NAMED_IN} if many > NAMED_IN else ""
    return format_html("{}<br>{}", shown, more) if more else shown


def _said(value: object) -> str:
    """A value of the interchange format in a few words."""
    match value:
        case None | "" | []:
            return "–"
        case dict():
            return (
                "; ".join(
                    str(inner) if key == "und" else f"{inner} ({key})"
                    for key, inner in value.items()
                )
                or "–"
            )
        case list():
            return "; ".join(
                str(each.get("name") or each.get("nuts") or each) if isinstance(each, dict)
                else str(each) for each in value
            )  # fmt: skip
    return str(value)


class DecisionForm(forms.ModelForm):  # type: ignore[type-arg]  # of Candidate
    """Accept or reject, with the reason."""

    decision = forms.ChoiceField(
        label=lazy("Decision"),
        choices=(("accept", lazy("They are one: merge")), ("reject", lazy("Keep them apart"))),
        widget=forms.RadioSelect(attrs={"autofocus": True}),
    )
    why = forms.CharField(label=lazy("Why"), widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Candidate
        fields = ("why",)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.state != Candidate.State.OPEN:
            raise ValidationError(_("This was decided already; undo the merge to change it."))
        return cleaned


class ReasonForm(ActionForm):
    """What is to be done with those that are ticked, and why."""

    why = forms.CharField(label=lazy("Why"), required=False, max_length=500)


@admin.register(Candidate)
class CandidateAdmin(_Guarded):
    """Pairs below the sure threshold, the likeliest first."""

    form = DecisionForm
    action_form = ReasonForm
    actions = ("accept_ticked", "reject_ticked", "ask_again")
    list_display = ("names", "score", "state", "found_at", "signed")
    list_filter = ("state",)
    search_fields = ("one", "other")
    ordering = ("state", "-score", "pk")
    show_full_result_count = False
    readonly_fields = ("both", "parts", "state", "found_at", "signed", "decided_at")
    fields = ("both", "parts", "decision", "why", "state", "found_at", "signed", "decided_at")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changes = super().get_changelist_instance(request)
        uids = {uid for each in changes.result_list for uid in (each.one, each.other)}
        self._titles = dict(Record.objects.filter(uid__in=uids).values_list("uid", "title"))
        return changes

    @admin.display(description=lazy("Organisations"))
    def names(self, obj: Candidate) -> str:
        titles = getattr(self, "_titles", {})
        return f"{titles.get(obj.one, obj.one)} | {titles.get(obj.other, obj.other)}"

    @admin.display(description=lazy("Side by side"))
    def both(self, obj: Candidate) -> SafeString:
        return _side_by_side(obj.one, obj.other)

    @admin.display(description=lazy("Evidence"))
    def parts(self, obj: Candidate) -> SafeString:
        return _evidence(obj.evidence, obj.score)

    def save_model(self, request: HttpRequest, obj: Candidate, form: Any, change: bool) -> None:
        """Through `accept` and `reject`, so that the index follows."""
        self._decide(request, [obj.pk], form.cleaned_data["decision"], form.cleaned_data["why"])

    def response_change(self, request: HttpRequest, obj: Candidate) -> HttpResponse:
        """On to the next pair that waits, the likeliest first."""
        waiting = Candidate.objects.filter(state=Candidate.State.OPEN).order_by("-score", "pk")
        following = waiting.first()
        if following is None:
            return HttpResponseRedirect(reverse("admin:records_candidate_changelist"))
        return HttpResponseRedirect(reverse("admin:records_candidate_change", args=(following.pk,)))

    @admin.action(description=lazy("They are one: merge"), permissions=("change",))
    def accept_ticked(self, request: HttpRequest, queryset: QuerySet[Candidate]) -> None:
        self._decide_ticked(request, queryset, "accept")

    @admin.action(description=lazy("Keep them apart"), permissions=("change",))
    def reject_ticked(self, request: HttpRequest, queryset: QuerySet[Candidate]) -> None:
        self._decide_ticked(request, queryset, "reject")

    @admin.action(description=lazy("Ask again about those kept apart"), permissions=("change",))
    def ask_again(self, request: HttpRequest, queryset: QuerySet[Candidate]) -> None:
        apart = queryset.filter(state=Candidate.State.REJECTED)
        by = signature(request.user)
        with transaction.atomic():
            for each in apart:
                note(by, What.ASKED_AGAIN, each.one, other=each.other)
            many = apart.update(state=Candidate.State.OPEN, by="", why="", decided_at=None)
        messages.success(request, _("%(many)s wait again.") % {"many": many})

    def _decide_ticked(
        self, request: HttpRequest, queryset: QuerySet[Candidate], decision: str
    ) -> None:
        why = request.POST.get("why", "").strip()
        if not why:
            messages.error(request, _("Say why, for those who come after you; nothing was done."))
            return
        pks = queryset.filter(state=Candidate.State.OPEN).values_list("pk", flat=True)
        self._decide(request, list(pks), decision, why)

    def _decide(self, request: HttpRequest, pks: list[int], decision: str, why: str) -> None:
        """Accept or reject, each by itself; what was done is said with the way to undo it."""
        by = signature(request.user)
        for pk in pks:
            stored = Candidate.objects.get(pk=pk)
            if decision == "reject":
                reject(stored, by=by, why=why)
                messages.success(request, format_html(
                    "{} <a href='{}?state__exact=rejected&q={}'>{}</a>",
                    _("%(one)s and %(other)s stay apart.")
                    % {"one": stored.one, "other": stored.other},
                    reverse("admin:records_candidate_changelist"), stored.one, _("Undo"),
                ))  # fmt: skip
                continue
            try:
                made = accept(stored, by=by, why=why)
            except MergeError as error:
                # Of several pairs that are ticked, earlier ones may have made these one.
                messages.warning(request, str(error))
                continue
            messages.success(request, format_html(
                "{} <a href='{}'>{}</a>",
                _("%(merged)s is shown as %(kept)s now.")
                % {"merged": made.merged, "kept": made.kept},
                reverse("admin:records_merge_change", args=(made.pk,)), _("Undo"),
            ))  # fmt: skip


class UndoForm(forms.ModelForm):  # type: ignore[type-arg]  # of Merge
    """Undoing, with the reason."""

    undo = forms.BooleanField(label=lazy("Undo this merge"), required=False)
    undone_why = forms.CharField(
        label=lazy("Why it is undone"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    class Meta:
        model = Merge
        fields = ("undone_why",)


@admin.register(Merge)
class MergeAdmin(_Guarded):
    """Every merge with its evidence, those undone too."""

    form = UndoForm
    list_display = ("kept", "merged", "score", "signed", "at", "undone_at")
    list_filter = (("undone_at", admin.EmptyFieldListFilter), ("by", SignedBy))
    search_fields = ("kept", "merged")
    ordering = ("-pk",)
    show_full_result_count = False
    readonly_fields = ("both", "parts", "signed", "why", "at", "undone_at", "undone_signed")
    fields = (
        "both", "parts", "signed", "why", "at", "undo", "undone_why", "undone_at", "undone_signed",
    )  # fmt: skip

    @admin.display(description=lazy("undone by"))
    def undone_signed(self, obj: Merge) -> str:
        return told(obj.undone_by) or "–"

    @admin.display(description=lazy("Side by side"))
    def both(self, obj: Merge) -> SafeString:
        return _side_by_side(obj.kept, obj.merged)

    @admin.display(description=lazy("Evidence"))
    def parts(self, obj: Merge) -> SafeString:
        return _evidence(obj.evidence, obj.score)

    def save_model(self, request: HttpRequest, obj: Merge, form: Any, change: bool) -> None:
        """Through `undo`, so that the index follows; nothing else of a merge can be changed."""
        if form.cleaned_data["undo"]:
            by, why = signature(request.user), form.cleaned_data["undone_why"]
            try:
                undo(obj.pk, by=by, why=why)
            except MergeError as error:
                messages.error(request, str(error))

    def response_change(self, request: HttpRequest, obj: Merge) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:records_merge_changelist"))
