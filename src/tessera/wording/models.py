"""Synonyms and stop terms of the editors, and searches that found nothing."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as lazy

from tessera.engine.analysis import prefix_key
from tessera.wording.groups import MAX_TEXT, MAX_WORD, Group, split_words


class _Said(models.Model):
    """What an editor says, whether it is in force, who said it last and when."""

    active = models.BooleanField(
        lazy("in force"), default=True, help_text=lazy("Off: kept, and searches go without it.")
    )
    changed_by = models.CharField(lazy("changed by"), max_length=150, blank=True, editable=False)
    changed_at = models.DateTimeField(lazy("changed at"), auto_now=True, db_index=True)

    class Meta:
        abstract = True


class Synonym(_Said):
    """Words and phrases that mean the same."""

    words = models.CharField(
        lazy("words"),
        max_length=MAX_TEXT,
        help_text=lazy(
            "Words or phrases that mean the same, with commas between them, such as"
            " SME, small and medium-sized enterprise, PMI, KMU. Other endings, capitals and"
            " accents of them are found as well."
        ),
    )
    one_way = models.BooleanField(
        lazy("one way"),
        default=False,
        help_text=lazy(
            "Whoever types the first one finds the others, too, but not the other way round."
        ),
    )
    lang = models.CharField(
        lazy("language"),
        max_length=3,
        blank=True,
        help_text=lazy("The code of their language, such as en; empty for any language."),
    )

    class Meta:
        verbose_name = lazy("synonym")
        verbose_name_plural = lazy("synonyms")

    def __str__(self) -> str:
        return self.words

    @property
    def group(self) -> Group:
        return Group(split_words(self.words), self.one_way, self.lang)


class StopTerm(_Said):
    """A word that tells nothing on this site. key: by which it is known (`prefix_key`)."""

    word = models.CharField(
        lazy("word"),
        max_length=MAX_WORD,
        help_text=lazy(
            "One word that tells nothing here, since nearly everything is about it, such as"
            " interreg. Records need not hold it to be found by a search with other words in it."
        ),
    )
    key = models.CharField(max_length=MAX_WORD, unique=True, editable=False)

    class Meta:
        verbose_name = lazy("stop term")
        verbose_name_plural = lazy("stop terms")

    def __str__(self) -> str:
        return self.word

    def save(self, *args: object, **kwargs: object) -> None:
        self.key = prefix_key(self.word)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came


class Unanswered(models.Model):
    """How often a text was searched for on a day and found nothing; nothing of who did."""

    text = models.CharField(max_length=200)
    day = models.DateField(db_index=True)
    times = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text", "day"], name="unanswered_once_a_day")
        ]
        verbose_name = lazy("search that found nothing")
        verbose_name_plural = lazy("searches that found nothing")

    def __str__(self) -> str:
        return self.text
