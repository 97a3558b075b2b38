"""Invitations in the admin: list, send again, withdraw. Editors see their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tessera.accounts.invitations.inviting import (
    A_DAY,
    InvitationError,
    invite,
    may_give,
    send_again,
    sent_today,
    withdraw,
)
from tessera.accounts.invitations.models import Invitation
from tessera.accounts.models import User
from tessera.accounts.roles import Role, role_of
from tessera.trail.admin import Traced
from tessera.trail.signing import signature


class InvitationForm(ModelForm):  # type: ignore[type-arg]  # of Invitation
    """Whom, and with which role. by: who invites, set by the admin."""

    by: User
    role = forms.ChoiceField(label=lazy("Role"))

    class Meta:
        model = Invitation
        fields = ("email", "role")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        roles = may_give(self.by)
        self.fields["role"].choices = [(each.value, each.label) for each in roles]  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        address = str(self.cleaned_data["email"]).strip().lower()
        mine = Invitation.objects.filter(invited_by=self.by, email=address)
        if any(each.is_open for each in mine):
            raise ValidationError(_("You have invited this address already: send it again."))
        return address

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if sent_today(self.by) >= A_DAY:
            said = _("You had %(many)d invitations sent within a day; go on tomorrow.")
            raise ValidationError(said % {"many": A_DAY})
        return cleaned


class InvitationAdmin(Traced):
    """An invitation is made and then only decided upon."""

    form = InvitationForm
    list_display = ("email", "invited_role", "state", "invited_by", "made_at", "until")
    search_fields = ("email",)
    actions = ("send_ticked_again", "withdraw_ticked")
    show_full_result_count = False
    list_select_related = ("invited_by",)

    def traced_details(self, obj: Any) -> dict[str, object]:
        return {}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        rows: QuerySet[Invitation] = super().get_queryset(request)
        user = request.user
        assert isinstance(user, User)
        return rows if role_of(user) is Role.ADMINISTRATOR else rows.filter(invited_by=user)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **named: Any
    ) -> Any:
        made = super().get_form(request, obj, change, **named)
        return type(made.__name__, (made,), {"by": request.user})

    def has_add_permission(self, request: HttpRequest) -> bool:
        user = request.user
        if not isinstance(user, User) or not super().has_add_permission(request):
            return False
        return bool(may_give(user))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The actions below; a single one is only read."""
        return obj is None and super().has_change_permission(request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        more = ("invited_role", "state", "invited_by", "made_at", "sent_at", "until")
        return ("email", "role") if obj is None else ("email", *more)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else self.get_fields(request, obj)

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        invite(request, obj)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Inviting itself writes the trail."""

    @admin.display(description=lazy("role"), ordering="role")
    def invited_role(self, obj: Invitation) -> str:
        return str(Role(obj.role).label)

    @admin.display(description=lazy("state"))
    def state(self, obj: Invitation) -> str:
        if obj.accepted_at:
            return _("accepted")
        if obj.withdrawn_at:
            return _("withdrawn")
        return _("open") if obj.is_open else _("too old")

    @admin.display(description=lazy("good until"))
    def until(self, obj: Invitation) -> str:
        return f"{obj.ends_at:%Y-%m-%d %H:%M}"

    @admin.action(description=lazy("Send again"), permissions=("change",))
    def send_ticked_again(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        for each in queryset:
            try:
                send_again(request, each)
            except InvitationError as error:
                messages.error(request, str(error))
                return
        messages.success(request, _("Sent again. Links sent before are good no more."))

    @admin.action(description=lazy("Withdraw"), permissions=("change",))
    def withdraw_ticked(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        many = sum(withdraw(each, by=signature(request.user)) for each in queryset)
        messages.success(request, _("%(many)d withdrawn.") % {"many": many})
