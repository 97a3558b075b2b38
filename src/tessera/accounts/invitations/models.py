"""An invitation. Its link isn't stored: it is signed, and says which invitation it is of."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

GOOD_DAYS = 14
"""Days for which a link is good."""


class Invitation(models.Model):
    """Someone is asked to have an account with a role.

    times: how often it was sent; only the latest link is good.
    """

    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=20)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="invited"
    )
    made_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)
    times = models.PositiveIntegerField(default=1, editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def ends_at(self) -> datetime:
        return self.sent_at + timedelta(days=GOOD_DAYS)

    @property
    def is_open(self) -> bool:
        """Whether it can be accepted by its latest link."""
        decided = self.accepted_at or self.withdrawn_at
        return decided is None and timezone.now() < self.ends_at
