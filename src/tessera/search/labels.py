"""What people read for facets and their values, in the language of the interface.

A new facet needs its heading in `FACET_LABELS`; values come from the vocabularies, or from the
data (programmes, organisations), for which `Labels` asks a look-up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tessera.engine.fields import MISSING
from tessera.engine.query import YearRange
from tessera.schema import vocabularies

FACET_LABELS: Mapping[str, Promise] = {
    "kind": lazy("Search for"),
    "organiser": lazy("Organised by"),
    "news_source": lazy("News source"),
    "interested_in": lazy("Looking for people interested in"),
    "representing": lazy("Looking for people representing"),
    "file_type": lazy("File type"),
    "country": lazy("Country"),
    "region": lazy("Region"),
    "programme": lazy("Programme"),
    "period": lazy("Programme period"),
    "theme": lazy("Theme"),
    "objective": lazy("Objective"),
    "status": lazy("Status"),
    "organisation": lazy("Organisation"),
    "organisation_type": lazy("Type of organisation"),
    "language": lazy("Language"),
    "year": lazy("Year"),
    "when": lazy("Events and deadlines"),
}
"""Headings of the filters."""

_SHORT: Mapping[str, Promise] = {
    "kind": lazy("Kind"),
    "interested_in": lazy("Interested in"),
    "representing": lazy("Representing"),
    "period": lazy("Period"),
    "organisation_type": lazy("Type"),
}

_KINDS_IN_SENTENCE: Mapping[str, Promise] = {
    "project": pgettext_lazy("in a sentence", "projects"),
    "person": pgettext_lazy("in a sentence", "people"),
    "event": pgettext_lazy("in a sentence", "events"),
    "news": pgettext_lazy("in a sentence", "news"),
    "file": pgettext_lazy("in a sentence", "files"),
    "good_practice": pgettext_lazy("in a sentence", "good practices"),
    "organisation": pgettext_lazy("in a sentence", "organisations"),
    "call": pgettext_lazy("in a sentence", "calls"),
}
_FILTERS_IN_SENTENCE: Mapping[str, Promise] = {
    "kind": pgettext_lazy("in a sentence", "kind"),
    "organiser": pgettext_lazy("in a sentence", "organiser"),
    "news_source": pgettext_lazy("in a sentence", "news source"),
    "interested_in": pgettext_lazy("in a sentence", "interest"),
    "representing": pgettext_lazy("in a sentence", "type of organisation represented"),
    "file_type": pgettext_lazy("in a sentence", "file type"),
    "country": pgettext_lazy("in a sentence", "country"),
    "region": pgettext_lazy("in a sentence", "region"),
    "programme": pgettext_lazy("in a sentence", "programme"),
    "period": pgettext_lazy("in a sentence", "period"),
    "theme": pgettext_lazy("in a sentence", "theme"),
    "objective": pgettext_lazy("in a sentence", "objective"),
    "status": pgettext_lazy("in a sentence", "status"),
    "organisation": pgettext_lazy("in a sentence", "organisation"),
    "organisation_type": pgettext_lazy("in a sentence", "type of organisation"),
    "language": pgettext_lazy("in a sentence", "language"),
    "year": pgettext_lazy("in a sentence", "year"),
}

_VALUES: Mapping[str, Mapping[str, Promise]] = {
    "organiser": {
        "programme": pgettext_lazy("organised by", "Programme"),
        "project": pgettext_lazy("organised by", "Project"),
    },
    "news_source": {
        "programme": pgettext_lazy("source of news", "Programme"),
        "project": pgettext_lazy("source of news", "Project"),
    },
    "interested_in": {
        "leading": lazy("Leading a project"),
        "joining": lazy("Joining a project"),
        "idea": lazy("Sharing a project idea"),
        "networking": lazy("Networking with peers"),
    },
    "status": {
        "planned": lazy("Planned"),
        "contracted": lazy("Contracted"),
        "ongoing": lazy("Ongoing"),
        "closed": lazy("Closed"),
        "terminated": lazy("Terminated"),
    },
    "call_status": {
        "forthcoming": lazy("Not open yet"),
        "open": lazy("Open"),
        "closed": lazy("Closed"),
    },
    "file_type": {
        "pdf": lazy("PDF document"),
        "doc": lazy("Text document"),
        "xls": lazy("Spreadsheet"),
        "ppt": lazy("Presentation"),
        "image": lazy("Image"),
        "audio": lazy("Audio"),
        "video": lazy("Video"),
        "archive": lazy("Archive"),
        "web": lazy("Web page"),
        "other": lazy("Other file"),
    },
    "when": {"upcoming": lazy("Upcoming"), "past": lazy("Past")},
    "role": {
        "lead": lazy("Lead partner"),
        "partner": lazy("Project partner"),
        "associated": lazy("Associated partner"),
    },
    "organisation_type": {
        "LocalPublicAuthority": lazy("Local public authority"),
        "RegionalPublicAuthority": lazy("Regional public authority"),
        "NationalPublicAuthority": lazy("National public authority"),
        "SectoralAgency": lazy("Sectoral agency"),
        "InfrastructureAndServiceProvider": lazy("Infrastructure and service provider"),
        "InterestGroups": lazy("Interest groups including NGOs"),
        "HigherEducationOrganisations": lazy("Higher education and research organisation"),
        "EducationTrainingCentreAndSchool": lazy("Education or training centre, school"),
        "EnterpriseExceptSme": lazy("Enterprise, except SME"),
        "Sme": lazy("SME"),
        "BusinessSupportOrganisation": lazy("Business support organisation"),
        "Egtc": lazy("EGTC"),
        "InternationalOrganisationEeig": lazy("International organisation, EEIG"),
        "GeneralPublic": lazy("General public"),
        "Hospitals": lazy("Hospital or medical centre"),
        "CrossBorderLegalBody": lazy("Cross-border legal body"),
        "Other": lazy("Other"),
    },
    "kind": {
        "project": lazy("Projects"),
        "person": lazy("People"),
        "event": lazy("Events"),
        "news": lazy("News"),
        "file": lazy("Files"),
        "organisation": lazy("Organisations"),
        "good_practice": lazy("Good practices"),
        "call": lazy("Calls"),
    },
    "one": {
        "project": lazy("Project"),
        "person": lazy("Person"),
        "event": lazy("Event"),
        "news": pgettext_lazy("one item", "News"),
        "file": lazy("File"),
        "organisation": lazy("Organisation"),
        "good_practice": lazy("Good practice"),
        "call": lazy("Call"),
    },
}
_VOCABULARY = {"representing": "organisation_type"}


def facet_label(name: str) -> str:
    """The heading of a filter."""
    return str(FACET_LABELS.get(name) or name)


def short_label(name: str) -> str:
    """The heading as it stands before a value: "Period: 2014-2020"."""
    return str(_SHORT.get(name) or FACET_LABELS.get(name) or name)


def kind_word(kind: str) -> str:
    """One record of a kind: "Project"."""
    return str(_VALUES["one"].get(kind) or kind)


def kind_words(kind: str) -> str:
    """The records of a kind: "Projects"."""
    return str(_VALUES["kind"].get(kind) or kind)


def kinds_in_sentence(kind: str) -> str:
    """The records of a kind, as it stands within a sentence: "good practices"."""
    return str(_KINDS_IN_SENTENCE.get(kind) or kind)


def filter_in_sentence(name: str) -> str:
    """The name of a filter, as it stands within a sentence: "file type"."""
    return str(_FILTERS_IN_SENTENCE.get(name) or name)


def counted(kind: str, count: int, number: str) -> str:
    """So many of a kind: "3 events". number: the count as it is to be read; kind "" is any."""
    match kind:
        case "project":
            text = ngettext("%(number)s project", "%(number)s projects", count)
        case "person":
            text = ngettext("%(number)s person", "%(number)s people", count)
        case "event":
            text = ngettext("%(number)s event", "%(number)s events", count)
        case "news":
            text = ngettext("%(number)s news item", "%(number)s news items", count)
        case "file":
            text = ngettext("%(number)s file", "%(number)s files", count)
        case "organisation":
            text = ngettext("%(number)s organisation", "%(number)s organisations", count)
        case "good_practice":
            text = ngettext("%(number)s good practice", "%(number)s good practices", count)
        case "call":
            text = ngettext("%(number)s call", "%(number)s calls", count)
        case _:
            text = ngettext("%(number)s result", "%(number)s results", count)
    return text % {"number": number}


def none_of(kind: str) -> str:
    """The words for none of a kind: "No events"."""
    match kind:
        case "project":
            return _("No projects")
        case "person":
            return _("No people")
        case "event":
            return _("No events")
        case "news":
            return _("No news")
        case "file":
            return _("No files")
        case "organisation":
            return _("No organisations")
        case "good_practice":
            return _("No good practices")
        case "call":
            return _("No calls")
    return _("No results")


LookUp = Callable[[str, Iterable[str]], Mapping[str, str]]
"""From a facet's name and values to the labels that the data has for them."""


def _no_labels(name: str, values: Iterable[str]) -> Mapping[str, str]:
    return {}


FROM_DATA = frozenset({"programme", "organisation"})
"""Facets whose labels may have to come from the data."""


@dataclass(slots=True)
class Labels:
    """Labels of facet values for one page. lang: of the interface."""

    lang: str = field(default_factory=lambda: get_language() or "en")
    look_up: LookUp = _no_labels
    _known: dict[tuple[str, str], str] = field(default_factory=dict)

    def prepare(self, name: str, values: Iterable[str]) -> None:
        """Fetch labels of many values in one look-up."""
        if name not in FROM_DATA:
            return
        wanted = []
        for value in values:
            if value == MISSING or (name, value) in self._known:
                continue
            label = vocabularies.label(name, value, self.lang) if name == "programme" else None
            if label:
                self._known[name, value] = label
            else:
                wanted.append(value)
        if wanted:
            found = self.look_up(name, wanted)
            for value in wanted:
                label = found.get(value)
                self._known[name, value] = label or programme_label(value, self.lang)

    def of(self, name: str, value: str) -> str:
        """The label of a value; the value itself where there is none."""
        known = self._known.get((name, value))
        if known is None:
            if name in FROM_DATA and value != MISSING:
                self.prepare(name, (value,))
                return self._known[name, value]
            known = self._known[name, value] = self._make(name, value)
        return known

    def _make(self, name: str, value: str) -> str:
        if value == MISSING:
            return _("Not stated")
        if name == "year":
            years = YearRange.parse(value)
            return years_label(years) if years else value
        vocabulary = _VOCABULARY.get(name, name)
        if vocabulary in _VALUES:
            return str(_VALUES[vocabulary].get(value) or value)
        if vocabulary not in vocabularies.VOCABULARIES:
            return value
        return vocabularies.label(vocabulary, value, self.lang) or value


def programme_label(name: str, lang: str) -> str:
    """A programme for people: the name itself; of a CCI code its name, or what the code says."""
    if not vocabularies.looks_like_cci(name):
        return name
    known = vocabularies.label("programme", name, lang)
    return known or vocabularies.described_cci(name, lang) or name


def period_label(period: str, programme: str) -> str:
    """The years of a programme's period, with the generation of Interreg where it is of it."""
    label = vocabularies.label("period", period)
    if label and vocabularies.of_interreg(programme, period):
        return label
    return period.replace("-", "–")


def years_label(years: YearRange) -> str:
    """Years as people say them: "2014 to 2020", "until 2020", "from 2014", "2014"."""
    if years.first is None:
        return _("until %(year)s") % {"year": years.last}
    if years.last is None:
        return _("from %(year)s") % {"year": years.first}
    if years.first == years.last:
        return str(years.first)
    return _("%(first)s to %(last)s") % {"first": years.first, "last": years.last}


def listed(words: Iterable[str], *, either: bool = False) -> str:
    """A list as people say it: "Lithuania, Latvia and Slovenia" (with `either`: "or")."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    head = items[0]
    for item in items[1:-1]:
        head = _("%(head)s, %(next)s") % {"head": head, "next": item}
    pattern = _("%(head)s or %(last)s") if either else _("%(head)s and %(last)s")
    return pattern % {"head": head, "last": items[-1]}
