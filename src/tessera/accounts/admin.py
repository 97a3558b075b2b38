"""Accounts in the admin, for administrators alone: who may do what. No secret is ever shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# Their own pages have to be there before they can be taken away.
import allauth.account.admin
import allauth.mfa.admin
import allauth.socialaccount.admin
import allauth.usersessions.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tessera.accounts.invitations.admin import InvitationAdmin
from tessera.accounts.models import Invitation, TakedownRequest, User
from tessera.accounts.profiles.erasure import erase
from tessera.accounts.roles import LastAdministrator, Role, give, is_last, role_of
from tessera.accounts.takedown import decide
from tessera.indexing.soon import catch_up
from tessera.records.changes import writing
from tessera.trail.admin import ForAdministrators, Traced
from tessera.trail.signing import signature, told

# Institutions stand in tessera.toml alone, and their tokens aren't kept.
for model in (
    SocialApp, SocialToken, SocialAccount, Authenticator, EmailAddress, UserSession, Group,
):  # fmt: skip
    admin.site.unregister(model)

admin.site.register(Invitation, InvitationAdmin)


class _OfAccount(ForAdministrators):
    """Rows that belong to an account: the trail names the account, and nothing else of it."""

    def traced_as(self, obj: Any) -> str:
        return signature(obj if isinstance(obj, User) else obj.user)

    def traced_details(self, obj: Any) -> dict[str, object]:
        return {} if isinstance(obj, User) else {"row": obj._meta.label_lower}


class UserForm(forms.ModelForm):  # type: ignore[type-arg]  # of User
    """An account with its role."""

    role = forms.ChoiceField(label=lazy("Role"), choices=Role.choices, initial=Role.READER)

    class Meta:
        model = User
        fields = ("email", "is_active")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if self.instance.pk:
            self.fields["role"].initial = role_of(self.instance)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        stays = cleaned.get("role") == Role.ADMINISTRATOR and cleaned.get("is_active")
        if not stays and self.instance.pk:
            # The page is one transaction, so that this holds until it is saved.
            with writing():
                if is_last(self.instance):
                    raise ValidationError(str(LastAdministrator()))
        return cleaned


@admin.register(User)
class UserAdmin(_OfAccount):
    """Roles are given here; passwords and second steps are their owner's alone."""

    form = UserForm
    list_display = ("email", "role", "is_active", "date_joined", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active", "groups")
    search_fields = ("email",)
    ordering = ("email",)
    fieldsets = (
        (None, {"fields": ("email", "is_active", "role")}),
        (
            lazy("Rights beyond the role of an editor"),
            {"fields": ("groups", "user_permissions"), "classes": ("collapse",)},
        ),
    )
    filter_horizontal = ("groups", "user_permissions")

    @admin.display(description=lazy("role"))
    def role(self, obj: User) -> str:
        return str(role_of(obj).label)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The role comes last: that of a reader takes further rights away."""
        super().save_related(request, form, formsets, change)
        give(form.instance, Role(form.cleaned_data["role"]), by=signature(request.user))

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        self.delete_queryset(request, User.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """As people erase themselves, with all that belongs to them."""
        for user in queryset:
            erase(user)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self._keeping_one(request, super().delete_view, object_id, extra_context)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self._keeping_one(request, super().changelist_view, extra_context)

    def _keeping_one(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *arguments: Any
    ) -> HttpResponse:
        """The page; where it would delete the last administrator nothing is done, nor noted."""
        if request.method != "POST":
            return view(request, *arguments)
        try:
            with writing():
                return view(request, *arguments)
        except LastAdministrator as error:
            messages.error(request, str(error))
            return redirect("admin:accounts_user_changelist")


@admin.register(Authenticator)
class AuthenticatorAdmin(_OfAccount):
    """To take a lost second step away; its secret (`data`) is shown to nobody."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    fields = ("user", "type", "created_at", "last_used_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(EmailAddress)
class EmailAddressAdmin(_OfAccount):
    """Addresses, and which are confirmed."""

    list_display = ("email", "user", "primary", "verified")
    list_filter = ("primary", "verified")
    search_fields = ("email",)
    raw_id_fields = ("user",)


@admin.register(SocialAccount)
class SocialAccountAdmin(_OfAccount):
    """Institutions that accounts are connected with; to be taken off, no more."""

    list_display = ("user", "uid", "provider")
    list_filter = ("provider",)
    search_fields = ("user__email", "uid")
    fields = ("user", "provider", "uid", "last_login", "date_joined")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(UserSession)
class UserSessionAdmin(_OfAccount):
    """Sessions of others can be ended here, by deleting them; their keys are shown to nobody."""

    list_display = ("user", "created_at", "last_seen_at")
    fields = ("user", "ip", "user_agent", "created_at", "last_seen_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: UserSession) -> None:
        obj.end()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for each in queryset:
            each.end()


@admin.register(Group)
class GroupsAdmin(ForAdministrators, GroupAdmin):
    """Rights beyond a role, for several accounts at once."""


@admin.register(TakedownRequest)
class TakedownAdmin(Traced):
    """The queue of those who ask to have a page taken down; decided by the two actions."""

    list_display = ("uid", "said", "reply_to", "at", "decided", "decided_at", "signed")
    list_filter = ("decided",)
    fields = ("page", "said", "reply_to", "at", "decided", "decided_at", "signed")
    readonly_fields = fields
    actions = ("take_down", "leave")

    def traced_as(self, obj: TakedownRequest) -> str:
        return obj.uid

    def traced_details(self, obj: TakedownRequest) -> dict[str, object]:
        return {}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=lazy("by"), ordering="by")
    def signed(self, asked: TakedownRequest) -> str:
        return told(asked.by) or "–"

    @admin.display(description=lazy("page"))
    def page(self, asked: TakedownRequest) -> SafeString:
        return format_html('<a href="{}">{}</a>', record_address(asked.uid), asked.uid)

    @admin.action(description=lazy("Take the pages down"), permissions=["change"])
    def take_down(self, request: HttpRequest, asked: QuerySet[TakedownRequest]) -> None:
        self._decide(request, asked, taken_down=True)

    @admin.action(description=lazy("Leave the pages as they are"), permissions=["change"])
    def leave(self, request: HttpRequest, asked: QuerySet[TakedownRequest]) -> None:
        self._decide(request, asked, taken_down=False)

    def _decide(
        self, request: HttpRequest, asked: QuerySet[TakedownRequest], *, taken_down: bool
    ) -> None:
        by = signature(request.user)
        decided = sum(decide(each, taken_down=taken_down, by=by) for each in asked)
        self.message_user(request, _("Decided: %(count)d.") % {"count": decided})
        catch_up()


def record_address(uid: str) -> str:
    """The page of a person."""
    return reverse("record", kwargs={"kind": "person", "uid": uid})
