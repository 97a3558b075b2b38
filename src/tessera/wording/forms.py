"""The editors' forms: what is said of words, checked by `rules`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from tessera.engine.query import clean_text
from tessera.wording.models import StopTerm, Synonym
from tessera.wording.personal import MAX_TEXT
from tessera.wording.rules import Rules, WordingError


class _WordingForm(forms.ModelForm):  # type: ignore[type-arg]  # of Synonym and of StopTerm
    """trial: a search whose answers are shown besides; it isn't stored."""

    trial = forms.CharField(
        label=lazy("A search to try it with"),
        required=False,
        max_length=MAX_TEXT,
        help_text=lazy("Its answers are shown with the effect; it is not stored."),
    )

    def clean_trial(self) -> str:
        return clean_text(self.cleaned_data["trial"])


class SynonymForm(_WordingForm):
    class Meta:
        model = Synonym
        fields = ("words", "one_way", "lang", "active")
        widgets = {"words": forms.Textarea(attrs={"rows": 3, "cols": 60})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["lang"] = cleaned.get("lang", "").lower()
        if "words" in cleaned:
            try:
                group = Rules.stored(self.instance).synonym(
                    cleaned["words"], cleaned["one_way"], cleaned["lang"]
                )
            except WordingError as error:
                self.add_error("words", str(error))
            else:
                cleaned["words"] = ", ".join(group.words)
        return cleaned


class StopTermForm(_WordingForm):
    class Meta:
        model = StopTerm
        fields = ("word", "active")

    def clean_word(self) -> str:
        try:
            return Rules.stored(self.instance).stop_term(self.cleaned_data["word"])
        except WordingError as error:
            raise forms.ValidationError(str(error)) from error
