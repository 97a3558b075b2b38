"""One form for each group of fields. A form takes its own fields alone, whatever else is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tessera.accounts.models import User
from tessera.accounts.profiles import photo, saving
from tessera.accounts.profiles.choices import countries, interests, languages, themes, types
from tessera.accounts.profiles.consents import PURPOSES
from tessera.accounts.profiles.inputs import Lines, Text, clean_link
from tessera.accounts.profiles.models import Profile
from tessera.accounts.profiles.orcid import normal_orcid
from tessera.accounts.profiles.organisations import AS_WRITTEN, matches
from tessera.accounts.profiles.visibility import FIELDS, SEEN_LABELS
from tessera.schema import vocabularies

MAX_LINES = 20
MAX_TEXT = 3_000


class Portion(NamedTuple):
    """One field of a profile on a page: what is typed, and the switch beside it."""

    label: Promise
    inputs: list[BoundField]
    switch: BoundField


class GroupForm(forms.Form):
    """A group. `holds`: by field of the profile, the names of its inputs here."""

    slug: ClassVar[str]
    title: ClassVar[Promise]
    lead: ClassVar[Promise | str] = ""
    holds: Mapping[str, tuple[str, ...]] = {}

    def __init__(self, profile: Profile, *arguments: Any, **named: Any) -> None:
        self.profile = profile
        named.setdefault("label_suffix", "")
        named["initial"] = self.stored() | named.get("initial", {})
        super().__init__(*arguments, **named)
        for field in self.holds:
            self.fields[f"see_{field}"] = forms.ChoiceField(
                label=_("Who may see this"),
                choices=list(SEEN_LABELS.items()),
                widget=forms.RadioSelect,
                initial=profile.seen(field).value,
            )

    def stored(self) -> dict[str, Any]:
        """What the inputs show at first."""
        return {
            each: getattr(self.profile, each)
            for inputs in self.holds.values()
            for each in inputs
            if hasattr(self.profile, each)
        }

    def portions(self) -> Iterator[Portion]:
        for field, inputs in self.holds.items():
            yield Portion(FIELDS[field], [self[each] for each in inputs], self[f"see_{field}"])

    def values(self) -> dict[str, Any]:
        """By field of the model what is to be stored."""
        return {each: self.cleaned_data[each] for inputs in self.holds.values() for each in inputs}

    def save(self, user: User) -> None:
        seen = {field: self.cleaned_data[f"see_{field}"] for field in self.holds}
        saving.save_fields(user, self.values(), seen)


class AboutForm(GroupForm):
    """Who one is."""

    slug, title = "about", _("Name and languages")
    holds = {"name": ("name",), "orcid": ("orcid",), "languages": ("languages",)}

    name = Text(
        label=_("Name"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    orcid = forms.CharField(
        label=_("ORCID iD"), max_length=60, required=False,
        help_text=_("16 digits, such as 0000-0002-1825-0097, or its address."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Languages that you speak"),
        choices=languages,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_orcid(self) -> str:
        written = self.cleaned_data["orcid"].strip()
        if not written:
            return ""
        found = normal_orcid(written)
        if found is None:
            raise forms.ValidationError(
                _("This is no ORCID iD: compare its 16 digits with those at orcid.org.")
            )
        return found


class OrganisationForm(GroupForm):
    """Whom one works for."""

    slug, title = "organisation", _("Organisation")
    holds = {"organisation": ("organisation_name", "record"), "representing": ("representing",)}

    organisation_name = Text(
        label=_("Name of the organisation"), max_length=300, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )  # fmt: skip
    record = forms.ChoiceField(
        label=_("Is it one of these, which this site knows?"), required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    representing = forms.ChoiceField(
        label=_("What kind of organisation you represent"), choices=types, required=False
    )

    def __init__(self, profile: Profile, *arguments: Any, **named: Any) -> None:
        super().__init__(profile, *arguments, **named)
        written = self.data.get("organisation_name") if self.is_bound else None
        found = matches(profile.organisation_name if written is None else written)
        chosen = self.fields["record"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [*found.items(), (AS_WRITTEN, _("None of them: keep it as I wrote it"))]
        self.found = found
        if not found:
            chosen.widget = forms.HiddenInput()
        if self.is_bound and self.data.get("record") not in (*found, AS_WRITTEN, None, ""):
            # Another name was typed since; what was chosen for the one before no longer counts.
            self.data = dict(self.data.items()) | {"record": ""}

    def stored(self) -> dict[str, Any]:
        return super().stored() | {"record": self.profile.organisation_uid or AS_WRITTEN}

    def portions(self) -> Iterator[Portion]:
        for each in super().portions():
            yield each._replace(inputs=[one for one in each.inputs if not one.is_hidden])

    def values(self) -> dict[str, Any]:
        chosen = self.cleaned_data["record"]
        uid = chosen if chosen in self.found else ""
        name = self.found.get(uid) or self.cleaned_data["organisation_name"]
        representing = self.cleaned_data["representing"]
        return {
            "organisation_uid": uid, "organisation_name": name[:300], "representing": representing
        }  # fmt: skip


class PlaceForm(GroupForm):
    """Where one works."""

    slug, title = "place", _("Country and region")
    holds = {"country": ("country",), "region": ("region",)}

    country = forms.ChoiceField(
        label=_("Country"), choices=lambda: [("", _("Not stated")), *countries()], required=False,
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )  # fmt: skip
    region = forms.CharField(
        label=_("Region"), max_length=200, required=False,
        help_text=_("Its name, or its NUTS code such as ITH4."),
    )  # fmt: skip

    def stored(self) -> dict[str, Any]:
        shown = vocabularies.region_label(self.profile.region) if self.profile.region else ""
        return {"country": self.profile.country, "region": shown}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        written = (cleaned.get("region") or "").strip()
        cleaned["region"] = ""
        if not written:
            return cleaned
        country = cleaned.get("country") or None
        code = written.rpartition("(")[2].rstrip(")") if written.endswith(")") else written
        found = vocabularies.region(code)
        if found is None or found.resolved_from or found.level == 0:
            found = vocabularies.find_region(written, country)
        if found is None:
            self.add_error(
                "region",
                _(
                    "This region is not known, or several have this name. Choose the country "
                    "too, or write the NUTS code."
                ),
            )
        elif country and found.country != country:
            self.add_error("region", _("This region lies in another country than the one chosen."))
        else:
            cleaned["region"] = found.code
        return cleaned


class InterestForm(GroupForm):
    """What one wants, and looks for."""

    slug, title = "interests", _("Interested in, and looking for")
    holds = {
        "interested_in": ("interested_in",),
        "looking_for": ("seeks_calls", "seeks_themes", "seeks_countries", "seeks_types"),
    }

    interested_in = forms.MultipleChoiceField(
        label=_("You are interested in"),
        choices=interests,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    seeks_calls = Lines(
        label=_("Calls or programmes that you want to apply to"), most=MAX_LINES,
        help_text=_("One on each line."),
    )  # fmt: skip
    seeks_themes = forms.MultipleChoiceField(
        label=_("Themes"), choices=themes, required=False, widget=forms.CheckboxSelectMultiple
    )
    seeks_countries = forms.MultipleChoiceField(
        label=_("Partners from these countries"), choices=countries, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    seeks_types = forms.MultipleChoiceField(
        label=_("Partners of these kinds"), choices=lambda: types()[1:], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class OfferForm(GroupForm):
    """What one brings, and where more is."""

    slug, title = "offer", _("What you offer, and links")
    holds = {"can_offer": ("can_offer",), "links": ("links",)}

    can_offer = Text(
        label=_("What you can offer to a project"), lines=True, max_length=MAX_TEXT, required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    links = Lines(
        label=_("Links"), most=MAX_LINES, each=clean_link,
        help_text=_("One on each line, each beginning with https://."),
    )  # fmt: skip


class TextForm(GroupForm):
    """A short text, in each language that one likes to write."""

    slug, title = "text", _("About yourself")
    lead = _("Write it in one language or in several. Saving gives room for one more.")

    def __init__(self, profile: Profile, data: Any = None, **named: Any) -> None:
        self.rows = min(len(profile.texts) + 1, len(vocabularies.LANGUAGES))
        inputs = [(f"lang_{n}", f"text_{n}") for n in range(self.rows)]
        self.holds = {"texts": tuple(each for pair in inputs for each in pair)}
        super().__init__(profile, data, **named)
        for n, (lang, text) in enumerate(inputs, 1):
            self.fields[lang] = forms.ChoiceField(
                label=_("Language of text %(n)d") % {"n": n} if self.rows > 1 else _("Language"),
                choices=lambda: [("", _("Choose one")), *languages()], required=False,
            )  # fmt: skip
            self.fields[text] = Text(
                label=_("Text %(n)d") % {"n": n} if self.rows > 1 else _("Text"),
                lines=True, max_length=MAX_TEXT, required=False,
                widget=forms.Textarea(attrs={"rows": 5}),
            )  # fmt: skip

    def stored(self) -> dict[str, Any]:
        shown: dict[str, str] = {}
        for n, (lang, text) in enumerate(self.profile.texts.items()):
            shown |= {f"lang_{n}": lang, f"text_{n}": text}
        return shown

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        texts: dict[str, str] = {}
        for n in range(self.rows):
            lang, text = cleaned.get(f"lang_{n}"), cleaned.get(f"text_{n}")
            if not text:
                continue
            if not lang:
                self.add_error(f"lang_{n}", _("Say which language this text is in."))
            elif lang in texts:
                self.add_error(f"lang_{n}", _("There is a text in this language already."))
            else:
                texts[lang] = text
        cleaned["texts"] = texts
        return cleaned

    def values(self) -> dict[str, Any]:
        return {"texts": self.cleaned_data["texts"]}


class PhotoForm(GroupForm):
    """A picture of oneself."""

    slug, title = "photo", _("Photo")
    lead = _(
        "JPEG, PNG or WebP. The square in its middle is kept, without what cameras write into "
        "files, such as place and time."
    )
    holds = {"photo": ("file", "remove")}

    file = forms.FileField(
        label=_("File"), required=False, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )  # fmt: skip
    remove = forms.BooleanField(label=_("Delete the photo"), required=False)

    def __init__(self, profile: Profile, *arguments: Any, **named: Any) -> None:
        self.too_big = named.pop("too_big", False)
        super().__init__(profile, *arguments, **named)
        if not profile.photo:
            del self.fields["remove"]

    def portions(self) -> Iterator[Portion]:
        inputs = [self[each] for each in ("file", "remove") if each in self.fields]
        yield Portion(FIELDS["photo"], inputs, self["see_photo"])

    def clean_file(self) -> bytes:
        sent = self.cleaned_data["file"]
        try:
            if self.too_big:
                raise photo.too_big()
            return photo.drawn_anew(sent) if sent else b""
        except photo.PhotoError as error:
            raise forms.ValidationError(str(error)) from error

    def values(self) -> dict[str, Any]:
        if content := self.cleaned_data["file"]:
            return {"photo": photo.keep(content)}
        return {"photo": ""} if self.cleaned_data.get("remove") else {}


class PurposeForm(GroupForm):
    """What the profile may be used for."""

    slug, title = "purposes", _("What your profile may be used for")
    lead = _(
        "Each is off until you switch it on, and you can take it back here at any time. They hold "
        "for a profile that you have published; the newsletter for your address in any case."
    )

    def __init__(self, profile: Profile, *arguments: Any, **named: Any) -> None:
        super().__init__(profile, *arguments, **named)
        for name, wording in PURPOSES.items():
            self.fields[name] = forms.BooleanField(
                label=str(wording.text), required=False, initial=getattr(profile, name)
            )

    def save(self, user: User) -> None:
        saving.save_fields(user, {}, {}, {name: self.cleaned_data[name] for name in PURPOSES})


GROUPS: dict[str, type[GroupForm]] = {
    form.slug: form
    for form in (AboutForm, OrganisationForm, PlaceForm, InterestForm, OfferForm, TextForm,
                 PhotoForm, PurposeForm)
}  # fmt: skip
"""The pages under /account/profile/, in their order."""
