"""The system of record.

A record is what its source last said of it (`data`, a canonical draft), under a stable id.
Whatever must follow a change reads `Change` after a cursor; nothing is sent as a signal.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models


class Source(models.Model):
    """Where records come from: one importer over one body of material.

    Two have no importer: `derived` holds what is made from other records,
    `members` what people publish of themselves (see `tessera.records.members`).
    """

    DERIVED = "derived"
    MEMBERS = "members"
    OWN = (DERIVED, MEMBERS)
    """What no import can be called."""

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
    """One item as received: where it stood, whether it is still there, what became of it.

    key: the item's place in its source (an id, a path), the same in every delivery.
    place: for people, such as "projects.jsonl, line 12". checksum: of what was received.
    mapping: the version of the code that mapped it; with the same checksum and the same mapping
    an item is unchanged and isn't mapped again.
    problem: why no record came of it, or not all; such an item is mapped anew every time.
    seen_run: the run that received it last; gone_at: since when its source lacks it.

    The row is narrow on purpose: every run touches it. What was received stands in `Verbatim`.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="items")
    key = models.CharField(max_length=500)
    place = models.TextField(blank=True)
    checksum = models.CharField(max_length=64, blank=True)
    mapping = models.CharField(max_length=16, blank=True)
    problem = models.TextField(blank=True)
    seen_run = models.BigIntegerField(default=0)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("source", "key"), name="source_record_once"),
        )

    def __str__(self) -> str:
        return f"{self.source_id}:{self.key}"

    @property
    def raw(self) -> object:
        """What was received, as JSON values; None where it couldn't be read."""
        found = Verbatim.objects.filter(item=self).first()
        return found.raw if found else None


class Verbatim(models.Model):
    """What was received, word for word, so that mapping can be repeated without fetching."""

    item = models.OneToOneField(
        SourceRecord, models.CASCADE, primary_key=True, related_name="verbatim"
    )
    raw = models.JSONField(null=True)

    def __str__(self) -> str:
        return str(self.item_id)


class Record(models.Model):
    """One thing, under an id that never changes.

    uid: the id of the interchange format. data: the canonical draft as the source has it.
    corrections: fields that an editor has set; they win over `data` and survive re-import.
    face: what other records' documents show of this one (see `tessera.records.links.face`).
    checksum: of `data`, to tell a change from none. item: what it was received in.
    answers_as: the id of the record under which this one is shown, because they are one
    organisation (see `tessera.records.groups`); empty for a record that is shown itself.
    derived: made from what other records say of it (an organisation from the partners of
    projects), not received as an item of its own.
    licence: that the record itself states; empty where its source's holds (see `terms`).
    """

    uid = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, db_index=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="records")
    item = models.ForeignKey(
        SourceRecord, models.SET_NULL, null=True, blank=True, related_name="records"
    )
    title = models.TextField()
    data = models.JSONField()
    corrections = models.JSONField(default=dict, blank=True)
    face = models.JSONField(default=dict)
    checksum = models.CharField(max_length=64)
    answers_as = models.CharField(
        max_length=200, blank=True, default="", db_default="", db_index=True
    )
    derived = models.BooleanField(default=False)
    licence = models.TextField(blank=True)
    first_seen = models.DateTimeField()
    changed_at = models.DateTimeField(db_index=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("uid",)
        # Only of the few that are withdrawn: an index of all leads SQLite to read every record
        # that isn't, in order to find twenty by their ids.
        indexes = (
            models.Index(
                fields=("withdrawn_at",),
                condition=models.Q(withdrawn_at__isnull=False),
                name="records_withdrawn",
            ),
        )

    def __str__(self) -> str:
        return self.title or self.uid

    @property
    def current(self) -> dict[str, object]:
        """The data with editors' corrections applied; a correction of None leaves a field out."""
        return corrected(self.data, self.corrections)

    @property
    def terms(self) -> str:
        """Its licence where it states one, else that of its source."""
        return str(self.current.get("licence") or self.source.licence)

    @property
    def shown(self) -> bool:
        """Whether it has a page and a document of its own."""
        return self.withdrawn_at is None and not self.answers_as

    @property
    def last_seen(self) -> datetime | None:
        """When a source last had it; for a derived one, when a record that names it was seen."""
        if self.item is not None:
            return self.item.last_seen
        naming = SourceRecord.objects.filter(
            records__links__target_uid=self.uid, records__withdrawn_at=None
        )
        latest: datetime | None = naming.aggregate(latest=models.Max("last_seen"))["latest"]
        return latest


class Lock(models.Model):
    """Who locked a field of a record by a correction, and what the source said of it then.

    source_value: None where the source said nothing of it.
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="locks")
    field = models.CharField(max_length=60)
    by = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()
    source_value = models.JSONField(null=True)

    class Meta:
        ordering = ("field",)
        constraints = (
            models.UniqueConstraint(fields=("record", "field"), name="field_locked_once"),
        )

    def __str__(self) -> str:
        return f"{self.record_id} {self.field}"


def corrected(data: dict[str, object], corrections: dict[str, object]) -> dict[str, object]:
    """A canonical draft with corrections applied; a correction of None leaves a field out."""
    if not corrections:
        return data
    return {name: value for name, value in {**data, **corrections}.items() if value is not None}


class Link(models.Model):
    """A typed link from one record to another, stated by the first.

    target_uid may name a record that isn't there yet; the link works as soon as it is.
    rel: `partner` (with a role), `about`, `part_of`, `member_of`, ... position: its place among
    the links that the record states. data: what else was stated of it, such as dates, budget and
    the name as written; `more` holds what further mentions of the same target in the same role
    state.
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="links")
    rel = models.CharField(max_length=40)
    role = models.CharField(max_length=20, blank=True)
    target_uid = models.CharField(max_length=200, db_index=True)
    position = models.PositiveIntegerField(default=0)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("record", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("record", "rel", "role", "target_uid"), name="link_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.record_id} {self.rel} {self.target_uid}"


class Mention(models.Model):
    """How often the records that aren't withdrawn say one thing of an organisation.

    said: as `tessera.records.links.mention` writes it. Kept in step with the links, in the same
    transaction, so that an organisation named in thousands of records is made from few rows.
    """

    target_uid = models.CharField(max_length=200, db_index=True)
    said = models.TextField()
    times = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.target_uid} {self.said} {self.times}"


class Change(models.Model):
    """One line of the append-only log, written in the transaction of the change itself.

    `LINKED`: a record at the other end of a link came, went or is shown otherwise, so that the page
    and the document of this one change.
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
