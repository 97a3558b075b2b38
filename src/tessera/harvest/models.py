"""Runs over sources, and what went wrong in them, by stage."""

from __future__ import annotations

from django.db import models

from tessera.records.models import Record, Source


class Run(models.Model):
    """One harvest: what was received and what became of it.

    A source has at most one running run. finished_at stays empty while it runs; `alive_at` is
    moved on with every batch. host, pid, process_start: the process that runs it, so that the
    next run can tell a killed one from a running one (see `tessera.harvest.turn`).
    stages: counts and seconds of each (see `tessera.harvest.report.STAGES`). promises: what the
    source promised and what came (see `tessera.harvest.departures.promises`).
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
    host = models.CharField(max_length=255, blank=True)
    pid = models.BigIntegerField(default=0)
    process_start = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)
    received = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    errors_count = models.PositiveIntegerField(default=0)
    stages = models.JSONField(default=dict)
    promises = models.JSONField(default=dict)

    class Meta:
        ordering = ("-started_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("source",),
                condition=models.Q(outcome="running"),
                name="one_run_of_a_source_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.started_at:%Y-%m-%d %H:%M}"


class RunError(models.Model):
    """One item that came to nothing: at which stage, where in the input, why, how to mend it.

    where: for people; file, sheet, row (line, entry) and column are its parts, as far as there are
    such. value: what stands there, shortened. mend: how to mend it, where the message doesn't say
    that itself. key: of the item.
    warning: the item was taken all the same; times: how often the same was found in the run, of
    which `where` is the first place.
    """

    class Stage(models.TextChoices):
        GATHER = "gather"
        MAP = "map"
        STORE = "store"

    run = models.ForeignKey(Run, models.CASCADE, related_name="errors")
    stage = models.CharField(max_length=6, choices=Stage)
    where = models.TextField()
    message = models.TextField()
    file = models.TextField(blank=True, default="")
    sheet = models.TextField(blank=True, default="")
    row = models.BigIntegerField(default=0)
    column = models.TextField(blank=True, default="")
    value = models.TextField(blank=True, default="")
    mend = models.TextField(blank=True, default="")
    key = models.CharField(max_length=500, blank=True, default="", db_index=True)
    warning = models.BooleanField(default=False)
    times = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.stage} {self.where}: {self.message}"


class Fetched(models.Model):
    """What was fetched for a source from an address, so that it need not be sent again.

    address: digest of `url`, which may be longer than an index takes. version: of the code that
    read it; another version doesn't know what this one kept. body: packed with zlib.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="fetched")
    address = models.CharField(max_length=64)
    url = models.TextField()
    etag = models.TextField(blank=True)
    last_modified = models.TextField(blank=True)
    version = models.CharField(max_length=16)
    body = models.BinaryField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("source", "address"), name="one_body_of_an_address"),
        )

    def __str__(self) -> str:
        return self.url


class WebLink(models.Model):
    """An address that records lead to, and what became of asking for it.

    address: digest of `url`, which may be longer than an index takes. detail: what was said, for
    people. moved_to: where it stands now for good. due_at: when it is asked for next. good_at: when
    it last answered. failing_since, failed_at, failed_days: the first and the last of the present
    row of failures, and on how many days (UTC) there was one; a good answer
    ends it. broken: see `checking.BROKEN_AFTER`.
    """

    class Outcome(models.TextChoices):
        UNCHECKED = "unchecked"
        OK = "ok"
        MOVED = "moved"
        GONE = "gone"
        REFUSED = "refused"
        SERVER_ERROR = "server-error"
        NO_NAME = "no-name"
        NO_CONNECTION = "no-connection"
        TLS = "tls"
        TIMEOUT = "timeout"
        REDIRECTS = "redirects"

    address = models.CharField(max_length=64, unique=True)
    url = models.TextField()
    host = models.CharField(max_length=255, db_index=True)
    outcome = models.CharField(
        max_length=13, choices=Outcome, default=Outcome.UNCHECKED, db_index=True
    )
    status = models.PositiveSmallIntegerField(null=True)
    detail = models.TextField(blank=True)
    moved_to = models.TextField(blank=True)
    due_at = models.DateTimeField(db_index=True)
    checked_at = models.DateTimeField(null=True)
    good_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failed_days = models.PositiveIntegerField(default=0)
    broken = models.BooleanField(default=False, db_index=True)

    class Meta:
        ordering = ("host", "url")
        verbose_name = "web link"

    def __str__(self) -> str:
        return self.url


class WebLinkUse(models.Model):
    """A record that carries a link. field: where, such as "url" or "text.en"."""

    link = models.ForeignKey(WebLink, models.CASCADE, related_name="uses")
    record = models.ForeignKey(Record, models.CASCADE, related_name="web_links")
    field = models.CharField(max_length=200)

    class Meta:
        ordering = ("record_id", "field")

    def __str__(self) -> str:
        return f"{self.record_id} {self.field}"


class LinkProgress(models.Model):
    """How far the checker of links is; one row.

    cursor: the last `records.Change` whose record's links are known. begun_at: of the last run.
    """

    cursor = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.cursor)
