"""Imported vocabularies: their concepts, with labels and links."""

from __future__ import annotations

from django.db import models

from tessera.records.models.store import Source


class Vocabulary(models.Model):
    """An imported vocabulary as a whole; its source is the same as of any other delivery.

    uri: of its main scheme. title: by language. languages: those of its labels.
    """

    source = models.OneToOneField(Source, models.CASCADE, related_name="vocabulary")
    uri = models.CharField(max_length=500, blank=True)
    title = models.JSONField(default=dict, blank=True)
    version = models.TextField(blank=True)
    issued = models.CharField(max_length=40, blank=True)
    licence = models.TextField(blank=True)
    languages = models.JSONField(default=list, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("source__slug",)
        verbose_name_plural = "vocabularies"

    def __str__(self) -> str:
        return str(self.source)


class Concept(models.Model):
    """One entry of a vocabulary, known by its URI.

    data: the canonical form of `tessera.schema.concepts.Concept`, without its geometry. title: the
    label for lists. withdrawn_at: since when a delivery lacks it; it is kept, since records go on
    naming it and are to be understood.
    """

    vocabulary = models.ForeignKey(Vocabulary, models.CASCADE, related_name="concepts")
    uri = models.CharField(max_length=500, db_index=True)
    kind = models.CharField(max_length=10)
    notation = models.CharField(max_length=200, blank=True, db_index=True)
    title = models.TextField()
    data = models.JSONField()
    geometry = models.JSONField(null=True)
    checksum = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("vocabulary", "notation", "uri")
        constraints = (models.UniqueConstraint(fields=("vocabulary", "uri"), name="concept_once"),)

    def __str__(self) -> str:
        return self.title


class ConceptLabel(models.Model):
    """A label, to find its concept by. key: see `tessera.schema.concepts.label_key`."""

    concept = models.ForeignKey(Concept, models.CASCADE, related_name="labels")
    lang = models.CharField(max_length=35)
    role = models.CharField(max_length=6)
    text = models.TextField()
    key = models.CharField(max_length=200, db_index=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.text} ({self.lang})"


class ConceptLink(models.Model):
    """From one concept to another, which may not be there. rel: `broader`, `related`,
    `replaced_by`, or one of the matches (`exact`, `close`, ...)."""

    concept = models.ForeignKey(Concept, models.CASCADE, related_name="links")
    rel = models.CharField(max_length=12)
    target_uri = models.CharField(max_length=500, db_index=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.concept_id} {self.rel} {self.target_uri}"
