"""Who has an account. The name of an account is its e-mail address, in lower case."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes accounts; without a password they sign in by a code or a passkey."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """One account. What a person says of themselves is not here, but in their profile."""

    id = models.AutoField(primary_key=True)
    email = models.EmailField(_("e-mail address"), unique=True)
    is_staff = models.BooleanField(
        _("editor"), default=False, help_text=_("May sign in to the pages for editors.")
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Without this, the account can't sign in.")
    )
    date_joined = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        # The table that homes had before this model; docs/decisions/accounts.md says more.
        db_table = "auth_user"
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()


class Counted(models.Model):
    """A row of the cache that counts attempts, which all processes share.

    Only Django's database cache reads and writes it; the model makes its table.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_counted"

    def __str__(self) -> str:
        return self.cache_key


class TakedownRequest(models.Model):
    """Somebody asks to have the page of a person taken down whom a source publishes.

    uid: of the record. by: the signature of the editor who decided.
    """

    class Decided(models.TextChoices):
        NOT_YET = "", _("not yet")
        TAKEN_DOWN = "taken down", _("taken down")
        LEFT = "left", _("left as it is")

    uid = models.CharField(_("record"), max_length=200, db_index=True)
    said = models.TextField(_("what is asked"))
    reply_to = models.EmailField(_("answer to"), blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    decided = models.CharField(_("decided"), max_length=12, choices=Decided, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    by = models.CharField(_("by"), max_length=254, blank=True)

    class Meta:
        ordering = ("decided", "at")
        verbose_name = _("request to take a page down")
        verbose_name_plural = _("requests to take pages down")

    def __str__(self) -> str:
        return self.uid


# Django finds the models of this part here.
from tessera.accounts.invitations.models import Invitation  # noqa: E402
from tessera.accounts.profiles.models import Consent, Profile  # noqa: E402

__all__ = [
    "Consent",
    "Counted",
    "Invitation",
    "Profile",
    "TakedownRequest",
    "User",
    "UserManager",
]
