"""Where the index stands, for editors to read."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as lazy

from tessera.indexing.models import IndexState
from tessera.records.models import Change
from tessera.trail.admin import ReadOnly


@admin.register(IndexState)
class IndexStateAdmin(ReadOnly):
    list_display = ("name", "built_at", "synced_at", "cursor", "waiting")

    @admin.display(description=lazy("Changes waiting"))
    def waiting(self, obj: IndexState) -> int:
        return Change.objects.filter(sequence__gt=obj.cursor).count()
