"""The parts of a draft: values that are normalised on their way in, and what holds several."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from tessera.schema import vocabularies

MAX_ID = 200
ID = r"[^\s\x00-\x1f?#%\\]+"


def is_record_id(text: str) -> bool:
    """Whether a text is meant as a record's id (`pic:999999999`) rather than as a name."""
    return ":" in text and len(text) <= MAX_ID and re.fullmatch(ID, text) is not None


def _texts(value: object) -> object:
    """A bare string is a text in an unknown language; blank texts are dropped.

    In the order in which PostgreSQL keeps the keys of an object, so that a record that has no
    English title is called the same on every database.
    """
    if isinstance(value, str):
        value = {"und": value}
    if isinstance(value, Mapping):
        return {
            str(lang).strip().lower().partition("-")[0] or "und": text.strip()
            if isinstance(text, str)
            else text
            for lang, text in sorted(value.items(), key=lambda pair: _key_order(pair[0]))
            if not isinstance(text, str) or text.strip()
        }
    return value


def _key_order(key: object) -> tuple[int, str]:
    return len(str(key)), str(key)


def _country(value: str) -> str:
    code = vocabularies.country_code(value)
    if code is None:
        raise ValueError(f"{value!r} is not a country; expected an ISO 3166-1 code such as LT")
    return code


def _nuts(value: str) -> str:
    found = vocabularies.region(value)
    if found is None:
        raise ValueError(f"{value!r} is not a NUTS code such as LT011")
    return found.code


def _period(value: str) -> str:
    found = vocabularies.period_of(value)
    if found is None:
        raise ValueError(f"{value!r} is not a period such as 2014-2020")
    return found


def _objective(value: str) -> str:
    found = vocabularies.objective(value)
    return found.code if found else value.strip().upper()


def _moment(value: object) -> object:
    """A day stays a day: it must not become a time at midnight."""
    if isinstance(value, str) and len(value.strip()) == 10:
        return date.fromisoformat(value.strip())
    return value


_NOT_STATED = frozenset({"", "-", "n.a.", "n.a", "n/a", "na", "none", "null"})


def type_stated(value: object, type_key: str, source_key: str) -> object:
    """A type as the source words it becomes its code; the wording is kept under `source_key`."""
    if not isinstance(value, Mapping) or not isinstance(value.get(type_key), str):
        return value
    stated = value[type_key]
    if stated in _ORGANISATION_TYPES:
        return value
    known = vocabularies.organisation_type(stated)
    if known is None and stated.strip().lower() not in _NOT_STATED:
        return value
    code = known[0] if known else None
    return {**value, type_key: code, source_key: value.get(source_key) or stated}


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Texts = Annotated[dict[str, str], BeforeValidator(_texts)]
Country = Annotated[str, AfterValidator(_country)]
Moment = Annotated[datetime | date, BeforeValidator(_moment)]
Period = Annotated[str, AfterValidator(_period)]
Objectives = Annotated[list[Annotated[str, AfterValidator(_objective)]], BeforeValidator(_listed)]
Countries = Annotated[list[Country], BeforeValidator(_listed)]
Words = Annotated[list[str], BeforeValidator(_listed)]
WebAddress = Annotated[str, Field(pattern=r"^https?://\S+$")]
Party = Literal["programme", "project"]
Role = Literal["lead", "partner", "associated"]
OrganisationType = Literal[
    "LocalPublicAuthority", "RegionalPublicAuthority", "NationalPublicAuthority",
    "SectoralAgency", "InfrastructureAndServiceProvider", "InterestGroups",
    "HigherEducationOrganisations", "EducationTrainingCentreAndSchool",
    "EnterpriseExceptSme", "Sme", "BusinessSupportOrganisation", "Egtc",
    "InternationalOrganisationEeig", "GeneralPublic", "Hospitals", "CrossBorderLegalBody",
    "Other",
]  # fmt: skip


_ORGANISATION_TYPES = frozenset(get_args(OrganisationType))


class Part(BaseModel):
    """A part of a draft: frozen, unknown keys kept."""

    model_config = ConfigDict(frozen=True, extra="allow", str_strip_whitespace=True)


class Sought(Part):
    """What a person looks for: calls in words, themes, partners from countries and of types."""

    calls: Words = Field(default_factory=list)
    themes: Words = Field(default_factory=list)
    countries: Countries = Field(default_factory=list)
    types: list[OrganisationType] = Field(default_factory=list)


class Programme(Part):
    id: str = ""
    name: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return {"id": value} if vocabularies.looks_like_cci(value) else {"name": value}

    @model_validator(mode="after")
    def _has_either(self) -> Self:
        if not (self.id or self.name):
            raise ValueError("needs an id (CCI code) or a name")
        return self


class RegionRef(Part):
    """A NUTS region. version: the NUTS year in which the source wrote the code.

    nuts: the code as it stands today. stated: the code as written, where that is another one (of
    an older version, say, whose nearest region of today `nuts` is).
    """

    nuts: Annotated[str, AfterValidator(_nuts)]
    version: int | None = None
    role: Role | None = None
    stated: str = ""

    @model_validator(mode="before")
    @classmethod
    def _keep_as_stated(cls, value: object) -> object:
        if isinstance(value, str):
            value = {"nuts": value}
        if not isinstance(value, Mapping) or not isinstance(value.get("nuts"), str):
            return value
        found = vocabularies.region(value["nuts"])
        if found is None or found.code == value["nuts"] or value.get("stated"):
            return value
        return {**value, "stated": value["nuts"]}


class OrganisationRef(Part):
    """An organisation in its role in a record. source_type: the type as the source words it."""

    id: str = Field(default="", max_length=MAX_ID, pattern=f"^({ID})?$")
    name: str = Field(min_length=1)
    role: Role = "partner"
    type: OrganisationType | None = None
    source_type: str = ""
    country: Country | None = None
    nuts: str = ""
    town: str = ""
    start: date | None = None
    end: date | None = None
    budget: Decimal | None = None

    @model_validator(mode="before")
    @classmethod
    def _code_of_type(cls, value: object) -> object:
        return type_stated(value, "type", "source_type")


class FormerName(Part):
    """Another name of an organisation; `until` for one that it no longer has."""

    name: str = Field(min_length=1)
    until: date | None = None
    lang: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: object) -> object:
        return {"name": value} if isinstance(value, str) else value


class Amount(Part):
    """Money as published; zero is a statement, absence is not."""

    amount: Decimal
    currency: str = Field(default="EUR", pattern=r"^[A-Z]{3}$")


class Page(Part):
    """A page, slide or sheet. label: "Slide", or a sheet's name; none for a page.

    language: of this page, where it is another than the document's.
    """

    page: int = Field(ge=1)
    text: str = ""
    label: str | None = None
    language: str | None = None


class FileRef(Part):
    """One of the files of a document. path: in its source.

    same: why it is taken for the same document as the first: `bytes`, `text` or `nearly`. For the
    last, likeness (0 to 1), and some words that it lacks, or adds.
    """

    path: str = Field(min_length=1)
    format: str = ""
    size: int | None = Field(default=None, ge=0)
    language: str = ""
    sha256: str = ""
    url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    same: Literal["", "bytes", "text", "nearly"] = ""
    likeness: float | None = Field(default=None, ge=0, le=1)
    lacks: list[str] = Field(default_factory=list)
    adds: list[str] = Field(default_factory=list)


class LinkRef(Part):
    """A link to another record by its id, which may not be there yet."""

    rel: str = Field(min_length=1, max_length=40)
    id: str = Field(min_length=1, max_length=MAX_ID)


class ConceptRef(Part):
    """A concept of a vocabulary that a record is filed under, by its code or URI.

    vocabulary: the name of the importer, such as `euroscivoc`. label: as the source words it;
    where it is also among the themes, the theme is shown in the reader's language. stated: the
    code as written, where it is another one.
    """

    vocabulary: str = Field(min_length=1, max_length=80)
    code: str = Field(min_length=1, max_length=500)
    label: str = ""
    stated: str = ""


class Mended(Part):
    """A field that was put in order. The item as received holds what it was, whole.

    field: such as "title.en" or "organisations.0.name". what: what was wrong: the encoding, control
    characters, HTML or its entities. before, after: the first changed word, or the text shortened.
    times: how many words were changed so.
    """

    field: str
    what: Literal["encoding", "controls", "markup", "entities"]
    before: str = ""
    after: str = ""
    times: int = 1
