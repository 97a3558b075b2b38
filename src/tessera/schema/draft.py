"""What an importer maps to: one record before it is stored, validated.

`RecordDraft.from_json` reads one object of the interchange format (docs/reference/interchange).
Values are normalised on the way in (country codes, NUTS codes, periods, objectives), what was
written is kept in `stated` where it differs and matters.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from tessera.schema import vocabularies
from tessera.schema.kinds import KIND_NAMES

MAX_ID = 200
_ID = r"[^\s\x00-\x1f?#%\\]+"


def is_record_id(text: str) -> bool:
    """Whether a text is meant as a record's id (`pic:999999999`) rather than as a name."""
    return ":" in text and len(text) <= MAX_ID and re.fullmatch(_ID, text) is not None


class DraftError(ValueError):
    """A draft that can't be a record; `problems` are (field, message) pairs."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(
            "; ".join(f"{field}: {message}" if field else message for field, message in problems)
        )
        self.problems = problems


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
    period = vocabularies.period_of(value)
    if period is None:
        raise ValueError(f"{value!r} is not a period such as 2014-2020")
    return period


def _objective(value: str) -> str:
    found = vocabularies.objective(value)
    return found.code if found else value.strip().upper()


def _moment(value: object) -> object:
    """A day stays a day: it must not become a time at midnight."""
    if isinstance(value, str) and len(value.strip()) == 10:
        return date.fromisoformat(value.strip())
    return value


_NOT_STATED = frozenset({"", "-", "n.a.", "n.a", "n/a", "na", "none", "null"})


def _type_stated(value: object, type_key: str, source_key: str) -> object:
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
Words = Annotated[list[str], BeforeValidator(_listed)]
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


class _Part(BaseModel):
    """A part of a draft: frozen, unknown keys kept."""

    model_config = ConfigDict(frozen=True, extra="allow", str_strip_whitespace=True)


class Programme(_Part):
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


class RegionRef(_Part):
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


class OrganisationRef(_Part):
    """An organisation in its role in a record. source_type: the type as the source words it."""

    id: str = Field(default="", max_length=MAX_ID, pattern=f"^({_ID})?$")
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
        return _type_stated(value, "type", "source_type")


class FormerName(_Part):
    """Another name of an organisation; `until` for one that it no longer has."""

    name: str = Field(min_length=1)
    until: date | None = None
    lang: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: object) -> object:
        return {"name": value} if isinstance(value, str) else value


class Amount(_Part):
    """Money as published; zero is a statement, absence is not."""

    amount: Decimal
    currency: str = Field(default="EUR", pattern=r"^[A-Z]{3}$")


class Page(_Part):
    """A page, slide or sheet. label: "Slide", or a sheet's name; none for a page.

    language: of this page, where it is another than the document's.
    """

    page: int = Field(ge=1)
    text: str = ""
    label: str | None = None
    language: str | None = None


class FileRef(_Part):
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


class LinkRef(_Part):
    """A link to another record by its id, which may not be there yet."""

    rel: str = Field(min_length=1, max_length=40)
    id: str = Field(min_length=1, max_length=MAX_ID)


class ConceptRef(_Part):
    """A concept of a vocabulary that a record is filed under, by its code or URI.

    vocabulary: the name of the importer, such as `euroscivoc`. label: as the source words it;
    where it is also among the themes, the theme is shown in the reader's language. stated: the
    code as written, where it is another one.
    """

    vocabulary: str = Field(min_length=1, max_length=80)
    code: str = Field(min_length=1, max_length=500)
    label: str = ""
    stated: str = ""


class Mended(_Part):
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


class RecordDraft(_Part):
    """One record in the interchange format. Unknown keys are kept: see `unknown_keys`."""

    id: str = Field(min_length=1, max_length=MAX_ID, pattern=f"^{_ID}$")
    kind: str
    title: Texts = Field(min_length=1)
    acronym: str = ""
    summary: Texts = Field(default_factory=dict)
    text: Texts = Field(default_factory=dict)
    programme: Programme | None = None
    period: Annotated[str, AfterValidator(_period)] | None = None
    start: date | None = None
    end: date | None = None
    status: Literal["planned", "contracted", "ongoing", "closed", "terminated"] | None = None
    themes: Words = Field(default_factory=list)
    objectives: Annotated[list[Annotated[str, AfterValidator(_objective)]],
                          BeforeValidator(_listed)] = Field(default_factory=list)  # fmt: skip
    concepts: list[ConceptRef] = Field(default_factory=list)
    countries: Annotated[list[Country], BeforeValidator(_listed)] = Field(default_factory=list)
    regions: list[RegionRef] = Field(default_factory=list)
    organisations: list[OrganisationRef] = Field(default_factory=list)
    budget: dict[str, Amount] = Field(default_factory=dict)
    url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    published: date | None = None
    language: str = ""
    licence: str = ""
    links: list[LinkRef] = Field(default_factory=list)
    # event
    starts: Moment | None = None
    ends: Moment | None = None
    timezone: str = ""
    place: str = ""
    online: bool | None = None
    organiser: Party | None = None
    # call
    opens: Moment | None = None
    deadline: Moment | None = None
    deadlines: list[Moment] = Field(default_factory=list)
    """Every cut-off date of a call that has several, in their order; `deadline` is the last."""
    call_status: Literal["forthcoming", "open", "closed"] | None = None
    # news
    news_source: Party | None = None
    # person
    interested_in: list[Literal["leading", "joining", "idea", "networking"]] = Field(
        default_factory=list
    )
    representing: OrganisationType | None = None
    source_representing: str = ""
    organisation: str = ""
    # organisation
    type: OrganisationType | None = None
    source_type: str = ""
    names: list[FormerName] = Field(default_factory=list)
    # file
    file_type: (
        Literal["pdf", "doc", "xls", "ppt", "image", "audio", "video", "archive", "web", "other"]
        | None
    ) = None
    pages: list[Page] = Field(default_factory=list)
    size: int | None = Field(default=None, ge=0)
    path: str = ""
    files: list[FileRef] = Field(default_factory=list)
    """All files of the document, where it has several; the first is the one that was read."""
    notes: Words = Field(default_factory=list)
    """Remarks for readers about the record itself, such as "no text layer"."""
    mended: list[Mended] = Field(default_factory=list)
    """What was put in order in its texts before they were stored."""

    @model_validator(mode="before")
    @classmethod
    def _codes_of_types(cls, value: object) -> object:
        value = _type_stated(value, "type", "source_type")
        return _type_stated(value, "representing", "source_representing")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.kind not in KIND_NAMES:
            raise ValueError(f"kind {self.kind!r} is not one of {', '.join(KIND_NAMES)}")
        if self.start and self.end and self.end < self.start:
            raise ValueError(f"end {self.end} lies before start {self.start}")
        return self

    @model_validator(mode="before")
    @classmethod
    def _last_deadline(cls, value: object) -> object:
        """A call states one deadline or a list; either way both are there, the list in order."""
        if not isinstance(value, Mapping) or not value.get("deadlines"):
            return value
        stated = value["deadlines"]
        if not isinstance(stated, list) or not all(isinstance(each, str) for each in stated):
            return value
        every = {*stated, value["deadline"]} if value.get("deadline") else set(stated)
        if not all(isinstance(each, str) for each in every):
            return value
        ordered = sorted(every)
        return {**value, "deadline": ordered[-1], "deadlines": ordered if ordered[1:] else []}

    @classmethod
    def from_json(cls, value: object) -> RecordDraft:
        """Validate one decoded object; raises DraftError with every problem found."""
        try:
            return cls.model_validate(value)
        except ValidationError as error:
            raise DraftError([
                (".".join(str(step) for step in each["loc"]), _message(each))
                for each in error.errors(include_url=False)
            ]) from None  # fmt: skip

    def canonical(self) -> dict[str, Any]:
        """The draft as JSON values, without what is empty; equal drafts give equal objects."""
        return {
            key: value
            for key, value in self.model_dump(mode="json", exclude_none=True).items()
            if value not in ("", [], {})
        }

    def checksum(self) -> str:
        """Hex digest of the canonical form."""
        written = json.dumps(self.canonical(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()

    def normalised(self, written: object) -> tuple[tuple[str, str, str], ...]:
        """What is stored otherwise than written: (field, as written, as stored), for the log.

        written: the object that this draft was made of. An empty third part means "not stated".
        """
        if not isinstance(written, Mapping):
            return ()
        return tuple(_differences("", written, self.model_dump(mode="json"), _CODED))

    @property
    def unknown_keys(self) -> tuple[str, ...]:
        """Keys of the top level that the format doesn't know; kept, and reported by the run."""
        return tuple(sorted(self.model_extra or ()))


_CODED = frozenset({"period", "objectives", "countries", "country", "nuts", "type", "representing"})


def _differences(
    field: str, written: Any, stored: Any, coded: frozenset[str]
) -> Iterator[tuple[str, str, str]]:
    """Walk two forms of one value and tell where a coded string differs."""
    name = next((part for part in reversed(field.split(".")) if not part.isdigit()), "")
    if isinstance(written, Mapping) and isinstance(stored, Mapping):
        for key in written.keys() & stored.keys():
            yield from _differences(f"{field}.{key}".lstrip("."), written[key], stored[key], coded)
    elif isinstance(written, list) and isinstance(stored, list):
        for place, (before, after) in enumerate(zip(written, stored, strict=False)):
            yield from _differences(f"{field}.{place}", before, after, coded)
    elif name in coded and isinstance(written, str) and written != stored:
        yield field, written, str(stored or "")


def _message(error: Mapping[str, Any]) -> str:
    """pydantic's finding as a sentence with the value that was found."""
    found = error.get("input")
    message = str(error["msg"]).removeprefix("Value error, ")
    if isinstance(found, str | int | float | bool) and repr(found) not in message:
        shown = repr(found)
        message += f" (found {shown if len(shown) <= 80 else shown[:80] + '…'})"
    return message
