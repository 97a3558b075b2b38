"""Runs over sources, and what went wrong in them, by stage."""

from __future__ import annotations

from django.db import models

from tessera.records.models import Source


class Run(models.Model):
    """One harvest: what was received and what became of it.

    finished_at stays empty while it runs, or where it was killed; `alive_at` is moved on with
    every batch, so that a killed run is told from a running one.
    """

    class Outcome(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        INTERRUPTED = "interrupted"

    source = models.ForeignKey(Source, models.CASCADE, related_name="runs")
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.RUNNING)
    started_at = models.DateTimeField(auto_now_add=True)
    alive_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    message = models.TextField(blank=True)
    received = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    errors_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-started_at", "-id")

    def __str__(self) -> str:
        return f"{self.source} {self.started_at:%Y-%m-%d %H:%M}"


class RunError(models.Model):
    """One item that came to nothing: at which stage, where in the input, why, how to mend it."""

    class Stage(models.TextChoices):
        GATHER = "gather"
        MAP = "map"
        STORE = "store"

    run = models.ForeignKey(Run, models.CASCADE, related_name="errors")
    stage = models.CharField(max_length=6, choices=Stage)
    where = models.CharField(max_length=500)
    message = models.TextField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.stage} {self.where}: {self.message}"
