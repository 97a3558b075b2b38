"""Organisations that are one under many names: what was compared, merged and asked."""

from __future__ import annotations

from django.db import models

from tessera.records.models.store import Record


class Merge(models.Model):
    """A statement that two organisations are one. Nothing of either is changed by it.

    kept, merged: ids of records; `merged` is shown under `kept` while this holds. evidence: the
    parts that add up to the score (see `tessera.schema.identity.pairs`). compared: the two that it
    is about, who may be others of their groups. by: who said so, or `match`. said: what both were
    called then. undone_at: since when it holds no more.
    """

    kept = models.CharField(max_length=200, db_index=True)
    merged = models.CharField(max_length=200, db_index=True)
    score = models.FloatField(null=True)
    evidence = models.JSONField(default=list, blank=True)
    compared = models.JSONField(default=list, blank=True)
    said = models.JSONField(default=dict, blank=True)
    by = models.CharField(max_length=150)
    why = models.TextField(blank=True)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=150, blank=True)
    undone_why = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("merged",), condition=models.Q(undone_at=None), name="merged_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk}: {self.merged} is {self.kept}"


class Candidate(models.Model):
    """Two organisations that may be one, for an editor to decide. one < other, as texts."""

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        REJECTED = "rejected"

    one = models.CharField(max_length=200)
    other = models.CharField(max_length=200, db_index=True)
    score = models.FloatField()
    evidence = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN, db_index=True)
    found_at = models.DateTimeField()
    by = models.CharField(max_length=150, blank=True)
    why = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-score", "pk")
        constraints = (models.UniqueConstraint(fields=("one", "other"), name="candidate_once"),)

    def __str__(self) -> str:
        return f"{self.one} | {self.other}"


class Compared(models.Model):
    """What is known of an organisation to matching. digest: of what is compared of it.

    due: it, or what it is compared with, changed since it was compared last.
    """

    record = models.OneToOneField(Record, models.CASCADE, primary_key=True, related_name="compared")
    digest = models.CharField(max_length=32, blank=True)
    due = models.BooleanField(default=True)

    class Meta:
        indexes = (
            models.Index(fields=("record",), condition=models.Q(due=True), name="compared_due"),
        )

    def __str__(self) -> str:
        return f"{self.record_id}{' due' if self.due else ''}"


class MatchKey(models.Model):
    """A key of an organisation (see `tessera.schema.identity.blocking`), as a number.

    name: 0 for a key under which organisations are compared; else, for what is only counted, the
    name under which it counts.
    """

    key = models.BigIntegerField()
    name = models.BigIntegerField(default=0)
    record = models.ForeignKey(Record, models.CASCADE, related_name="match_keys")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("key", "name", "record"), name="match_key_once"),
        )

    def __str__(self) -> str:
        return f"{self.record_id} {self.key} {self.name}"


class MatchState(models.Model):
    """How far matching has read. There is one row.

    cursor: the last change that was read. scan: the last record of a pass over all of them that is
    under way; None where none is. version: of the rules by which keys were made.
    """

    cursor = models.BigIntegerField(default=0)
    scan = models.BigIntegerField(null=True, default=0)
    version = models.CharField(max_length=32, blank=True)

    def __str__(self) -> str:
        return f"at {self.cursor}"
