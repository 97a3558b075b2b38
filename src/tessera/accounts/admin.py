"""Accounts in the admin: who may do what. Secrets of a second step are never shown."""

from __future__ import annotations

# Their own pages have to be there before they can be taken away.
import allauth.mfa.admin
import allauth.socialaccount.admin  # noqa: F401
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialApp, SocialToken
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tessera.accounts.models import TakedownRequest, User
from tessera.accounts.takedown import decide
from tessera.indexing.soon import catch_up

# Institutions stand in tessera.toml alone, and their tokens aren't kept.
for model in (SocialApp, SocialToken, Authenticator):
    admin.site.unregister(model)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # of User
    """Rights are given here; passwords and second steps are their owner's alone."""

    list_display = ("email", "is_active", "is_staff", "is_superuser", "date_joined", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active", "groups")
    search_fields = ("email",)
    ordering = ("email",)
    fields = ("email", "is_active", "is_staff", "is_superuser", "groups", "user_permissions")
    filter_horizontal = ("groups", "user_permissions")

    def save_model(self, request: HttpRequest, obj: User, form: object, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(TakedownRequest)
class TakedownAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # of TakedownRequest
    """The queue of those who ask to have a page taken down; decided by the two actions."""

    list_display = ("uid", "said", "reply_to", "at", "decided", "decided_at", "by")
    list_filter = ("decided",)
    fields = ("page", "said", "reply_to", "at", "decided", "decided_at", "by")
    readonly_fields = fields
    actions = ("take_down", "leave")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("page"))
    def page(self, asked: TakedownRequest) -> SafeString:
        return format_html('<a href="{}">{}</a>', record_address(asked.uid), asked.uid)

    @admin.action(description=_("Take the pages down"), permissions=["change"])
    def take_down(self, request: HttpRequest, asked: QuerySet[TakedownRequest]) -> None:
        self._decide(request, asked, taken_down=True)

    @admin.action(description=_("Leave the pages as they are"), permissions=["change"])
    def leave(self, request: HttpRequest, asked: QuerySet[TakedownRequest]) -> None:
        self._decide(request, asked, taken_down=False)

    def _decide(
        self, request: HttpRequest, asked: QuerySet[TakedownRequest], *, taken_down: bool
    ) -> None:
        by = request.user.get_username()
        decided = sum(decide(each, taken_down=taken_down, by=by) for each in asked)
        self.message_user(request, _("Decided: %(count)d.") % {"count": decided})
        catch_up()


def record_address(uid: str) -> str:
    """The page of a person."""
    return reverse("record", kwargs={"kind": "person", "uid": uid})


@admin.register(Authenticator)
class AuthenticatorAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # of Authenticator
    """To take a lost second step away; its secret (`data`) is shown to nobody."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    fields = ("user", "type", "created_at", "last_used_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
