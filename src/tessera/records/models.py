"""The system of record.

A record is what its source last said of it (`data`, a canonical draft), under a stable id.
Whatever must follow a change reads `Change` after a cursor; nothing is sent as a signal.
"""

from __future__ import annotations

from django.db import models


class Source(models.Model):
    """Where records come from: one importer over one body of material."""

    slug = models.SlugField(max_length=80, unique=True)
    importer = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    licence = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.name


class SourceRecord(models.Model):
    """One item as received, verbatim, so that mapping can be repeated without fetching.

    key: the item's place in its source (an id, a line, a path). raw: as received, JSON values.
    problem: why no record came of it; empty where one did.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="items")
    key = models.CharField(max_length=500)
    raw = models.JSONField(null=True)
    checksum = models.CharField(max_length=64)
    problem = models.TextField(blank=True)
    record = models.ForeignKey("Record", models.SET_NULL, null=True, related_name="items")
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("source", "key"), name="source_record_once"),
        )

    def __str__(self) -> str:
        return f"{self.source_id}:{self.key}"


class Record(models.Model):
    """One thing, under an id that never changes.

    uid: the id of the interchange format. data: the canonical draft as the source has it.
    corrections: fields that an editor has set; they win over `data` and survive re-import.
    checksum: of `data`, to tell a change from none. derived: made from what other records say
    of it (an organisation from the partners of projects), not received as an item of its own.
    """

    uid = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, db_index=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="records")
    title = models.CharField(max_length=500)
    data = models.JSONField()
    corrections = models.JSONField(default=dict, blank=True)
    checksum = models.CharField(max_length=64)
    derived = models.BooleanField(default=False)
    licence = models.CharField(max_length=200, blank=True)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    changed_at = models.DateTimeField(db_index=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        ordering = ("uid",)

    def __str__(self) -> str:
        return self.title or self.uid

    @property
    def current(self) -> dict[str, object]:
        """The data with editors' corrections applied."""
        return {**self.data, **self.corrections}


class Link(models.Model):
    """A typed link from one record to another, stated by the first.

    target_uid may name a record that isn't there yet; the link works as soon as it is.
    rel: `partner` (with a role), `about`, `part_of`, `member_of`, ... data: what else was stated
    of it, such as dates, budget and the name as written.
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="links")
    rel = models.CharField(max_length=40)
    role = models.CharField(max_length=20, blank=True)
    target_uid = models.CharField(max_length=200, db_index=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("record", "rel", "role", "target_uid"), name="link_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.record_id} {self.rel} {self.target_uid}"


class Change(models.Model):
    """One line of the append-only log, written in the transaction of the change itself.

    `LINKED`: another record began or ceased to link here, so that its page and its document change.
    """

    class What(models.TextChoices):
        ADDED = "added"
        CHANGED = "changed"
        WITHDRAWN = "withdrawn"
        RESTORED = "restored"
        LINKED = "linked"

    sequence = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(Record, models.CASCADE, related_name="changes")
    what = models.CharField(max_length=10, choices=What)
    at = models.DateTimeField()

    class Meta:
        ordering = ("sequence",)

    def __str__(self) -> str:
        return f"{self.sequence} {self.what} {self.record_id}"
