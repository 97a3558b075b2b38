"""Where the index stands against the log of changes."""

from __future__ import annotations

from django.db import models


class IndexState(models.Model):
    """One index and the last change that it holds.

    The cursor moves after the index has committed, so after a crash some changes may be applied
    again, which does no harm, and none is lost.
    """

    name = models.CharField(max_length=80, unique=True)
    checksum = models.CharField(max_length=12)
    cursor = models.BigIntegerField(default=0)
    built_at = models.DateTimeField(auto_now_add=True)
    synced_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} at {self.cursor}"
