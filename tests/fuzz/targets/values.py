"""Single values, texts, queries and drafts."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from io import BytesIO

from tessera.engine.query import Query
from tessera.engine.syntax import parse
from tessera.schema.draft import DraftError, RecordDraft
from tessera.schema.fields import SCHEMA
from tessera.sources.base import Item, ItemError
from tessera.sources.conversion import CONVERTERS
from tessera.sources.formats.dates import DateError, parse_date, parse_date_range, parse_time
from tessera.sources.formats.documents import DocumentPage
from tessera.sources.formats.encoding import encoding_of, encoding_of_file
from tessera.sources.formats.likeness import compare, fingerprint, likeness
from tessera.sources.formats.mojibake import mended
from tessera.sources.formats.text import clean, clean_line, storable
from tessera.sources.formats.webtext import plain_text
from tessera.sources.hygiene import drafts_of
from tessera.sources.operations.values import money
from tessera.sources.registry import importer
from tests.fuzz.choices import Choices
from tests.fuzz.invariants import bounded
from tests.fuzz.mutations import reencoded, spoilt_json
from tests.fuzz.targets.named import odd_text, target
from tests.unit.sources.making import SOURCES


@target("dates")
def dates(data: bytes) -> None:
    choices = Choices(data)
    lang, order = choices.one(("", "hr", "pl", "de", "xx")), choices.one(("", "dmy", "mdy"))
    text = odd_text(choices)
    with bounded():
        for read in (partial(parse_date, order=order, lang=lang),
                     partial(parse_date_range, order=order, lang=lang), parse_time):  # fmt: skip
            try:
                read(text)  # type: ignore[operator]  # each takes a text
            except DateError as error:
                assert str(error).strip()


@target("amounts")
def amounts(data: bytes) -> None:
    choices = Choices(data)
    text, decimal = odd_text(choices), choices.one(("", ",", "."))
    name = choices.one(sorted(CONVERTERS))
    with bounded():
        for convert in (
            lambda: money(text, decimal),
            lambda: CONVERTERS[name](text, {"decimal": decimal}),
        ):
            try:
                json.dumps(getattr(convert(), "amount", None))
            except ValueError as error:
                assert str(error).strip()


@target("texts")
def texts(data: bytes) -> None:
    """Mojibake, HTML within texts, hygiene."""
    choices = Choices(data)
    text = odd_text(choices)
    if choices.once_in(3):
        text = text.encode("utf-8", "replace").decode(
            choices.one(("cp1252", "mac_roman", "cp1250")), "replace"
        )
    with bounded():
        for each in (clean(mended(text)), clean_line(text), plain_text(text)):
            assert "\x00" not in each
            each.encode("utf-8")
        assert clean(clean(text)) == clean(text)


@target("encodings")
def encodings(data: bytes) -> None:
    choices = Choices(data)
    raw = (
        choices.rest()
        if choices.once_in(3)
        else reencoded(choices, odd_text(choices).encode("utf-8", "replace"))
    )
    with bounded():
        found = encoding_of(raw)
        raw.decode(found.name, "replace")
        raw.decode(encoding_of_file(BytesIO(raw)).name, "replace")


@target("queries")
def queries(data: bytes) -> None:
    """The query syntax, and searches out of parameters."""
    choices = Choices(data)
    facets = [facet.name for facet in SCHEMA.facets]
    names = ["q", "page", "size", "sort", "lang", "from", "to", "x", "", "-kind", *facets]
    pairs = [(choices.one(names), odd_text(choices)) for _ in range(choices.below(6))]
    text = odd_text(choices)
    with bounded():
        parse(text)
        query, problems = Query.from_params([*pairs, ("q", text)], SCHEMA)
        assert all(str(problem) for problem in problems)
        query.to_params().encode("ascii")
        again, _ = Query.from_params(query.pairs(), SCHEMA)
        assert again == query, (query, again)


@target("drafts")
def drafts(data: bytes) -> None:
    choices = Choices(data)
    lines = (SOURCES / "jsonl" / "sample" / "records.jsonl").read_bytes().splitlines()
    raw = spoilt_json(choices, choices.one(lines))
    with bounded():
        try:
            json.dumps(RecordDraft.from_json(json.loads(raw)).canonical())
        except DraftError as error:
            assert error.problems
        except (ValueError, RecursionError) as error:  # As `drafted` and `mapped` take them.
            assert str(error)


@target("hygiene")
def hygiene(data: bytes) -> None:
    """Spoilt texts of a record are mended, or left; none costs the record."""
    choices = Choices(data)
    title, text = (odd_text(choices) for _ in range(2))
    if choices.once_in(2):
        text = f"Přílohy – Košice {text}".encode("utf-8", "replace").decode("cp1252", "replace")
    raw = {"id": "x:1", "kind": "news", "title": {"en": f"News {title}"}, "text": {"en": text}}
    made = importer("jsonl")
    with bounded():
        for each in drafts_of(made, Item("x:1", storable(raw), "list, line 1")):
            if isinstance(each, ItemError):
                assert each.message.strip()
                continue
            canonical = each.canonical()
            shown = json.dumps(canonical, ensure_ascii=False)
            shown.encode("utf-8")
            assert "\\u0000" not in shown and "\x00" not in shown


@target("likeness")
def likenesses(data: bytes) -> None:
    """Fingerprints of texts, and the comparison of two."""
    choices = Choices(data)
    words = ("ferry", "Kaunas", "2019", "12", "III", "March", "river-", "bank\n", "and", "İ", "ß")
    one = [
        DocumentPage(number + 1, " ".join(choices.one(words) for _ in range(choices.below(200))))
        for number in range(choices.below(5))
    ] + [DocumentPage(9, odd_text(choices))]
    other = [replace(page, text=page.text + choices.one(("", " x", " 2020"))) for page in one]
    with bounded():
        first, second = fingerprint(one), fingerprint(other)
        assert list(first.sketch) == sorted(set(first.sketch))
        assert likeness(first.sketch, first.sketch) in (0.0, 1.0)
        assert likeness(first.sketch, second.sketch) == likeness(second.sketch, first.sketch)
        assert compare(one, one).same
        assert compare(one, other).same == compare(other, one).same
        if first.digest == second.digest:
            assert compare(one, other).same
