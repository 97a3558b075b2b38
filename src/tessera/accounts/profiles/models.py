"""A profile, and the log of what its owner agreed to."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tessera.accounts.profiles.visibility import FIELDS, Seen, reaches


class Profile(models.Model):
    """What one person says of themselves. Nobody else sees it until they publish it.

    uid: the id of their record in the directory, made at random when they first publish;
    empty before. published: that they want to be in it (see `publication`).
    active_month: the first day of the month in which they were last here; no finer.
    sure_at: when they last said that it is right, by publishing, saving or answering a mail;
    asked_at, reminded_at, hidden_at: what was done since for want of an answer (see `alive`).
    organisation_uid: the id of a record of an organisation; then organisation_name is its title.
    region: a NUTS code. seeks_*: what they look for. texts: by language.
    visibility: by name of a field "members" or "everyone"; nobody sees what isn't in it.
    photo: the name of a file in the home's `photos`, or empty.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="profile"
    )
    name = models.CharField(max_length=200, blank=True)
    organisation_uid = models.CharField(max_length=200, blank=True)
    organisation_name = models.CharField(max_length=300, blank=True)
    representing = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=5, blank=True)
    interested_in = models.JSONField(default=list, blank=True)
    seeks_calls = models.JSONField(default=list, blank=True)
    seeks_themes = models.JSONField(default=list, blank=True)
    seeks_countries = models.JSONField(default=list, blank=True)
    seeks_types = models.JSONField(default=list, blank=True)
    can_offer = models.TextField(blank=True)
    languages = models.JSONField(default=list, blank=True)
    texts = models.JSONField(default=dict, blank=True)
    links = models.JSONField(default=list, blank=True)
    orcid = models.CharField(max_length=19, blank=True)
    photo = models.CharField(max_length=80, blank=True)
    visibility = models.JSONField(default=dict, blank=True)
    uid = models.CharField(max_length=60, blank=True, editable=False)
    published = models.BooleanField(default=False)
    active_month = models.DateField(null=True)
    sure_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    search_engines = models.BooleanField(default=False)
    recommended = models.BooleanField(default=False)
    newsletter = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("uid",), condition=~models.Q(uid=""), name="profile_uid_once"
            ),
        )
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return f"profile {self.pk}"

    def seen(self, field: str) -> Seen:
        """Who may see a field. KeyError for what is none."""
        if field not in FIELDS:
            raise KeyError(field)
        return Seen(self.visibility.get(field, Seen.NOBODY))

    @property
    def listed(self) -> bool:
        """Whether it is in the directory, for members at least: whoever hides the name isn't."""
        shown = bool(self.name) and self.seen("name") is not Seen.NOBODY
        return self.published and self.hidden_at is None and self.user.is_active and shown

    def shows(self, field: str, audience: Seen) -> bool:
        """Whether its owner lets that audience see a field."""
        return reaches(self.seen(field), audience)


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Rows are added and read. They go with their account, and in no other way."""

    def update(self, **values: Any) -> int:
        raise TypeError("A consent is never changed: the next one is added.")

    def bulk_update(self, *arguments: Any, **named: Any) -> int:
        raise TypeError("A consent is never changed: the next one is added.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("A consent goes with its account alone.")


class Consent(models.Model):
    """Something was agreed to, or taken back, under these words.

    what: a purpose, or `field:NAME`. extent: of a field, who may see it from then on.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="consents")
    what = models.CharField(max_length=40)
    extent = models.CharField(max_length=10, blank=True)
    version = models.PositiveIntegerField()
    text = models.TextField()
    given = models.BooleanField()
    at = models.DateTimeField(auto_now_add=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ("at", "pk")
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self) -> str:
        return f"{self.what} {'given' if self.given else 'withdrawn'}"

    def save(self: Self, *arguments: Any, **named: Any) -> None:
        if not self._state.adding:
            raise TypeError("A consent is never changed: the next one is added.")
        super().save(*arguments, **named)

    def delete(self, *arguments: Any, **named: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("A consent goes with its account alone.")
