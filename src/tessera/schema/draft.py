"""What an importer maps to: one record before it is stored, validated.

`RecordDraft.from_json` reads one object of the interchange format (docs/reference/interchange).
Values are normalised on the way in (country codes, NUTS codes, periods, objectives), what was
written is kept in `stated` where it differs and matters.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from tessera.schema.kinds import KIND_NAMES
from tessera.schema.parts import (
    ID,
    MAX_ID,
    Amount,
    ConceptRef,
    Countries,
    FileRef,
    FormerName,
    LinkRef,
    Mended,
    Moment,
    Objectives,
    OrganisationRef,
    OrganisationType,
    Page,
    Part,
    Party,
    Period,
    Programme,
    RegionRef,
    Sought,
    Texts,
    WebAddress,
    Words,
    type_stated,
)
from tessera.schema.visibility import ALWAYS, Visibility


class DraftError(ValueError):
    """A draft that can't be a record; `problems` are (field, message) pairs."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(
            "; ".join(f"{field}: {message}" if field else message for field, message in problems)
        )
        self.problems = problems


class RecordDraft(Part):
    """One record in the interchange format. Unknown keys are kept: see `unknown_keys`."""

    id: str = Field(min_length=1, max_length=MAX_ID, pattern=f"^{ID}$")
    kind: str
    title: Texts = Field(min_length=1)
    acronym: str = ""
    summary: Texts = Field(default_factory=dict)
    text: Texts = Field(default_factory=dict)
    programme: Programme | None = None
    period: Period | None = None
    start: date | None = None
    end: date | None = None
    status: Literal["planned", "contracted", "ongoing", "closed", "terminated"] | None = None
    themes: Words = Field(default_factory=list)
    objectives: Objectives = Field(default_factory=list)
    concepts: list[ConceptRef] = Field(default_factory=list)
    countries: Countries = Field(default_factory=list)
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
    looking_for: Sought | None = None
    can_offer: Texts = Field(default_factory=dict)
    speaks: Words = Field(default_factory=list)
    """Languages, by their codes."""
    websites: list[WebAddress] = Field(default_factory=list)
    orcid: str = Field(default="", pattern=r"^([0-9]{4}-){3}[0-9]{3}[0-9X]$|^$")
    visibility: dict[str, Visibility] | None = None
    """Who may see which field; see `tessera.schema.visibility`. None: everyone sees all."""
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
        value = type_stated(value, "type", "source_type")
        return type_stated(value, "representing", "source_representing")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.kind not in KIND_NAMES:
            raise ValueError(f"kind {self.kind!r} is not one of {', '.join(KIND_NAMES)}")
        if self.start and self.end and self.end < self.start:
            raise ValueError(f"end {self.end} lies before start {self.start}")
        return self

    @model_validator(mode="after")
    def _says_who_may_see_it(self) -> Self:
        if self.visibility is None:
            return self
        if self.kind != "person":
            raise ValueError(f"visibility is for records of kind person, not {self.kind}")
        fixed = {*ALWAYS, "visibility"}
        unknown = sorted(set(self.visibility) - (type(self).model_fields.keys() - fixed))
        if unknown:
            raise ValueError(f"visibility of {unknown[0]!r}: that is no field it could be of")
        # What is said of organisations here becomes theirs, for all to see.
        if self.organisations or any(link.rel in ("partner", "member_of") for link in self.links):
            raise ValueError("with visibility, `organisation` alone may name an organisation")
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
        """The draft as JSON values, without what is empty; equal drafts give equal objects.

        But an empty `visibility` stays: it hides everything.
        """
        return {
            key: value
            for key, value in self.model_dump(mode="json", exclude_none=True).items()
            if key == "visibility" or value not in ("", [], {})
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
