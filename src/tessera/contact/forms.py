"""What is asked for where people write to each other, and where editors decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tessera.accounts.models import User
from tessera.accounts.profiles import saving
from tessera.accounts.profiles.inputs import Text
from tessera.contact.models import MOST_CHARACTERS, Reason, What
from tessera.contact.notices import one_line
from tessera.contact.people import shown

MOST_WORDS = 1_000
"""Characters of what is said beside a report or a decision."""


class _Form(forms.Form):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        named.setdefault("label_suffix", "")
        super().__init__(*arguments, **named)


class MessageForm(_Form):
    """A message; and a name where the author's profile has none."""

    name = Text(
        label=_("Your name"), max_length=200,
        help_text=_("It goes with your messages, and is kept in your profile."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    text = Text(
        label=_("Message"), lines=True, widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("Plain text, %(most)s characters at most.") % {"most": f"{MOST_CHARACTERS:,}"},
    )  # fmt: skip

    def __init__(self, author: User, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.author, self.shown = author, shown(author)
        if one_line(self.shown.name):
            del self.fields["name"]

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("This is no name."))
        return name

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if len(text) > MOST_CHARACTERS:
            raise ValidationError(
                _("These are %(found)d characters; %(most)d are the most.")
                % {"found": len(text), "most": MOST_CHARACTERS}
            )
        return text

    def save_name(self) -> None:
        """Keep the name in the profile, where one was asked for."""
        if name := self.cleaned_data.get("name"):
            saving.save_fields(self.author, {"name": name}, {})


class ReportForm(_Form):
    """Why editors should look at a message."""

    reason = forms.ChoiceField(label=_("Reason"), choices=Reason.choices, widget=forms.RadioSelect)
    words = Text(
        label=_("In your words"), lines=True, required=False, max_length=MOST_WORDS,
        help_text=_("You can leave this empty."), widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class DecisionForm(_Form):
    """What editors decide; what is done to somebody is explained to them."""

    what = forms.ChoiceField(label=_("Decision"), choices=What.choices, widget=forms.RadioSelect)
    words = Text(
        label=_("Reasons"), lines=True, required=False, max_length=MOST_WORDS,
        help_text=_("They are sent to the author of the message with the decision."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def __init__(self, open_to: list[What], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)
        what.choices = [(each.value, each.label) for each in open_to]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("what") in (What.WARN, What.STOP) and not cleaned.get("words"):
            self.add_error("words", _("Say why: it is sent to the person."))
        return cleaned
