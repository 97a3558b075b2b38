"""One row for each act. Rows are added and read; age alone takes them away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT_DAYS = 730
"""Days for which an act is kept."""


class What(models.TextChoices):
    """What can be done. Whoever adds an act that isn't here adds it here."""

    ADDED = "added", _("Added")
    CHANGED = "changed", _("Changed")
    DELETED = "deleted", _("Deleted")
    CORRECTED = "corrected", _("Corrected a record")
    UNCORRECTED = "uncorrected", _("Took a correction back")
    MERGED = "merged", _("Merged two organisations")
    UNDONE = "undone", _("Undid a merge")
    KEPT_APART = "kept_apart", _("Kept two organisations apart")
    ASKED_AGAIN = "asked_again", _("Had a pair asked about again")
    TAKEN_DOWN = "taken_down", _("Took the page of a person down")
    DECIDED = "decided", _("Decided on a reported message")
    LEFT = "left", _("Left the page of a person as it is")
    IN_FORCE = "in_force", _("Put wording in force")
    OUT_OF_FORCE = "out_of_force", _("Put wording out of force")
    TAKEN_IN = "taken_in", _("Took in a file of wording")
    FORGOT_SEARCH = "forgot_search", _("Deleted a search that found nothing")
    ROLE = "role", _("Gave or took a role")
    INVITED = "invited", _("Invited someone")
    INVITED_AGAIN = "invited_again", _("Sent an invitation again")
    UNINVITED = "uninvited", _("Withdrew an invitation")
    JOINED = "joined", _("Accepted an invitation")
    SIGNED_IN = "signed_in", _("Signed in")
    NOT_SIGNED_IN = "not_signed_in", _("Failed to sign in")
    LISTED = "listed", _("Took the trail along")


class ActQuerySet(models.QuerySet["Act"]):
    """Of what there is, nothing changes."""

    def update(self, **values: Any) -> int:
        raise TypeError("An act is never changed.")

    def bulk_update(self, *arguments: Any, **named: Any) -> int:
        raise TypeError("An act is never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("An act is never deleted; `forget` deletes those that are too old.")


class Act(models.Model):
    """Somebody did something.

    by: a signature (see `signing`); empty where nobody is known. on: what it was done to: the id
    of a record, the signature of an account, or a model and the key of a row. details: no e-mail
    address and nothing else of a person stands in them.
    """

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    by = models.CharField(_("who"), max_length=150, blank=True, db_index=True)
    what = models.CharField(_("what"), max_length=20)
    on = models.CharField(_("on what"), max_length=300, blank=True, db_index=True)
    details = models.JSONField(_("details"), default=dict, blank=True)

    objects = ActQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("act")
        verbose_name_plural = _("audit trail")

    def __str__(self) -> str:
        return f"{self.by} {self.what} {self.on}"

    def save(self: Self, *arguments: Any, **named: Any) -> None:
        if not self._state.adding:
            raise TypeError("An act is never changed.")
        super().save(*arguments, **named)

    def delete(self, *arguments: Any, **named: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("An act is never deleted; `forget` deletes those that are too old.")


def note(by: str, what: What, on: str = "", **details: object) -> Act:
    """Write an act down, in the transaction of the act itself."""
    return Act.objects.create(by=by, what=what, on=on[:300], details=details)


def forget() -> int:
    """Delete acts older than KEPT_DAYS; how many."""
    old = Act._base_manager.filter(at__lt=timezone.now() - timedelta(days=KEPT_DAYS))
    return old.delete()[0]
