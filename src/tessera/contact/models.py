"""Conversations of two people, who takes part in them and how, blocks, reports and decisions."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_CHARACTERS = 4_000
"""Of one message."""


class Standing(models.Model):
    """How one account takes part. stopped_at: since when editors let it write no more."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="contact"
    )
    reachable = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"standing {self.pk}"


class Thread(models.Model):
    """All messages between two accounts; there is one for each two."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    started_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"conversation {self.pk}"


class Party(models.Model):
    """One of the two of a conversation. user: none once the account is erased.

    began: whether it wrote first. address: what it gave to the other, by its own act, then.
    deleted_to: the number of the last message that it deleted for itself, with all before it.
    """

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="parties")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="conversations"
    )
    began = models.BooleanField()
    read_at = models.DateTimeField(null=True)
    address = models.EmailField(blank=True)
    address_given_at = models.DateTimeField(null=True)
    deleted_to = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["thread", "user"], name="contact_once_in_a_thread")
        ]

    def __str__(self) -> str:
        return f"party {self.pk}"


class Message(models.Model):
    """One message, with what its author showed of themselves then.

    organisation: empty unless the author's profile was published and showed it to members.
    noticed_at: when the other was told of it by mail.
    """

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="messages")
    author = models.ForeignKey(Party, models.CASCADE, related_name="messages")
    name = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)
    noticed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"message {self.pk}"


class Block(models.Model):
    """One person takes no more messages from another. name: of the other, as the first knew it."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="blocks")
    whom = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="blocked_by")
    name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["by", "whom"], name="contact_blocked_once")
        ]

    def __str__(self) -> str:
        return f"block {self.pk}"


class Reason(models.TextChoices):
    """Why a message is reported."""

    UNWANTED = "unwanted", _("Advertising, or sent to many")
    INSULT = "insult", _("Insults, threats or harassment")
    FRAUD = "fraud", _("Fraud, or somebody who is not who they say")
    ILLEGAL = "illegal", _("Something else that is against the law")
    OTHER = "other", _("Something else")


class Report(models.Model):
    """A message that its reader asks editors to look at."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="reports")
    by = models.ForeignKey(Party, models.CASCADE, related_name="reports")
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    words = models.TextField(_("words"), blank=True)
    at = models.DateTimeField(_("reported"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided"), null=True, db_index=True)

    class Meta:
        verbose_name = _("reported message")
        verbose_name_plural = _("reported messages")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "by"], name="contact_reported_once")
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"


class What(models.TextChoices):
    """What editors decide on a report."""

    NOTHING = "nothing", _("No action")
    WARN = "warn", _("Warn the sender, by mail")
    STOP = "stop", _("Stop the sender from writing to anybody, and say so by mail")
    ALLOW = "allow", _("Let the sender write again, and say so by mail")


class Decision(models.Model):
    """One decision on a report: rows are only added. editor: none once that account is erased."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="decisions")
    what = models.CharField(max_length=10, choices=What.choices)
    words = models.TextField(blank=True)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="contact_decisions"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"decision {self.pk}"
