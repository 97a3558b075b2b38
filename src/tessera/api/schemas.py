"""The shapes of the API's answers, for its OpenAPI document; made in `tessera.search.answer`."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Field, Schema


class Problem(Schema):
    """A parameter that was not used, or not as sent."""

    parameter: str
    message: str


class Error(Schema):
    code: str
    message: str
    problems: list[Problem]


class ErrorAnswer(Schema):
    """Every error of the API."""

    error: Error


class QueryEcho(Schema):
    """The search as it was understood. params: its canonical parameters."""

    q: str
    params: str


class Highlight(Schema):
    """A passage that shows why a record matched.

    html: escaped, with <mark> around what matched. label: where it stands, such as a page.
    """

    field: str
    html: str
    lang: str
    label: str


Way = Literal["words", "linked", "related", "close"]


class Hit(Schema):
    """One result. fields: what a card shows. linked: how many records of each kind belong to it.

    way: the section that it is in.
    """

    id: str
    kind: str
    title: str
    lang: str
    url: str
    score: float
    way: Way
    highlights: list[Highlight]
    fields: dict[str, Any]
    linked: dict[str, int]


class Bucket(Schema):
    """A value of a facet. count: the total that choosing it gives."""

    value: str
    label: str
    count: int
    selected: bool


class Facet(Schema):
    """other: how many further values have matches but aren't listed."""

    label: str
    type: Literal["terms", "tree", "years", "when"]
    buckets: list[Bucket]
    other: int


class PageInfo(Schema):
    """next: address of the next page; null on the last."""

    size: int
    number: int
    last: int
    next: str | None = None


class CorrectedWord(Schema):
    """A word in doubt. offered: several have a slash between them."""

    typed: str
    offered: str


class Correction(Schema):
    """What is offered for words that look mistyped.

    applied: whether the results are those of `corrected`; `spelling=as-typed` asks for those of
    `typed`.
    """

    typed: str
    corrected: str
    words: list[CorrectedWord]
    applied: bool


class Section(Schema):
    """Records found in one way and in none before it, exactly so many.

    words: by all words, as typed. related: by all words, some of them in another form, such as a
    translation. close: by most of the words, or near in meaning or spelling.
    """

    way: Way
    total: int


class Expansion(Schema):
    """What was looked for besides words typed; `without=ALTERNATIVE` removes it.

    words: those for which it stands. alternative: a word or a phrase. weight: above 0, up to 1, how
    surely it says the same. source: a vocabulary, "parallel texts", from which it was learned, or
    "the words of a compound".
    """

    words: list[str]
    alternative: str
    lang: str
    weight: float
    source: str


class SearchAnswer(Schema):
    """A page of results with exact numbers.

    sections: in the order in which their hits come; their totals add up to `total`.
    """

    query: QueryEcho
    correction: Correction | None = None
    expansions: list[Expansion]
    total: int
    sections: list[Section]
    kinds: dict[str, int]
    hits: list[Hit]
    facets: dict[str, Facet]
    problems: list[Problem]
    page: PageInfo
    took_ms: float


class Suggestion(Schema):
    """kind: that of the record, or `theme`. id: of the record; of a theme, its value."""

    kind: str
    kind_label: str
    id: str
    text: str
    lang: str
    url: str


class SuggestAnswer(Schema):
    q: str
    suggestions: list[Suggestion]


class LinkedRecord(Schema):
    """A record at the other end of a link. outgoing: whether this record states the link."""

    rel: str
    id: str
    kind: str
    name: str
    url: str
    outgoing: bool


class SimilarRecord(Schema):
    """A record like this one. reason: why, in the language of the request."""

    id: str
    kind: str
    title: str
    lang: str
    url: str
    reason: str


class Provenance(Schema):
    """licence_of: whether the record itself states the licence, or its source for all of its own.

    key: the source's own id of the item; empty for what is made from other records. url: of the
    item at its source. first_seen, last_seen: when it was received.
    """

    source: str
    source_name: str
    source_url: str
    licence: str
    licence_of: Literal["record", "source"]
    key: str
    url: str
    first_seen: str
    last_seen: str | None = None
    changed: str


class RecordAnswer(Schema):
    """A record. data: in the interchange format, editors' corrections applied.

    aliases: other ids that lead to it, of organisations that are one with it.
    """

    id: str
    kind: str
    title: str
    lang: str
    url: str
    data: dict[str, Any]
    aliases: list[str]
    links: list[LinkedRecord]
    similar: list[SimilarRecord]
    provenance: Provenance = Field(..., description="Where it comes from.")
