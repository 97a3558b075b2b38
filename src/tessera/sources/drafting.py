"""From values in the shape of the interchange format to a draft, or to an error that helps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any, Final

from tessera.schema.draft import DraftError, RecordDraft
from tessera.sources.base import Item, ItemError
from tessera.sources.conversion import MEND
from tessera.sources.formats.markup import without_markup
from tessera.sources.formats.text import clean, clean_line, is_clean, shortened
from tessera.sources.languages import with_languages
from tessera.sources.where import Where

_SEVERAL_LINES: Final = frozenset({"summary", "text", "pages"})

_AS_WRITTEN: Final = frozenset({"id", "kind", "path", "pages", "stated", "mended", "links"})
"""Fields that are no texts for readers, or were read from a document, which may be about HTML."""

_MENDED: Final = {
    "encoding": "encoding", "controls": "control characters", "markup": "HTML",
    "entities": "HTML entities",
}  # fmt: skip

LONGEST: Final = 200
"""Characters of a text before and after it was mended that are told."""

_EXPECTED: Final = {
    "id": "a text of 1 to 200 characters without blanks, ?, #, % or \\",
    "title": 'a text by language, such as {"en": "..."}',
    "summary": 'a text by language, such as {"en": "..."}',
    "text": 'a text by language, such as {"en": "..."}',
    "start": "a date such as 2017-01-31",
    "end": "a date such as 2017-01-31",
    "published": "a date such as 2017-01-31",
    "starts": "a date such as 2017-01-31, or a time such as 2017-01-31T09:00:00+01:00",
    "ends": "a date such as 2017-01-31, or a time such as 2017-01-31T09:00:00+01:00",
    "budget": 'amounts by name, such as {"total": {"amount": "1000.00", "currency": "EUR"}}',
    "url": "an address that begins with http:// or https://",
    "links": 'a list such as [{"rel": "about", "id": "keep:678"}]',
    "organisations": 'a list such as [{"name": "...", "role": "lead", "country": "LT"}]',
    "regions": 'a list such as [{"nuts": "LT011", "role": "lead"}]',
    "programme": '{"id": "2014TC16RFIR001", "name": "Interreg Europe"}, or either',
    "pages": 'a list such as [{"page": 1, "text": "..."}]',
    "size": "a number of bytes, 0 or more",
    "online": "true or false",
}


def drafted(values: Mapping[str, Any], item: Item) -> Iterator[RecordDraft | ItemError]:
    """The draft of cleaned values, or one error that names each wrong field and what it expects."""
    mends: list[_Mend] = []
    try:
        value = _cleaned(values, mends, lines=False)
        if mends:
            value["mended"] = [*value.get("mended", ()), *(each.as_json() for each in mends)]
        draft = RecordDraft.from_json(with_languages(value))
    except DraftError as error:
        fields = {field for field, _ in error.problems}
        column = fields.pop() if len(fields) == 1 else ""
        value = shortened(str(_at(values, column)), 200) if column else ""
        yield ItemError("map", item.at().about(column), _explained(error), item.key, value=value)
    except (RecursionError, OverflowError, ValueError) as error:
        yield ItemError("map", item.at(), f"can't be read: {shortened(str(error))}", item.key)
    else:
        for mend in mends:
            before, after = shortened(mend.before), shortened(mend.after)
            yield mending(item, mend.what, mend.field, before, after)
        yield draft


def all_drafted(
    found: Iterable[Mapping[str, Any] | ItemError], item: Item
) -> Iterator[RecordDraft | ItemError]:
    """The draft of each of several values; errors and warnings among them pass through."""
    for each in found:
        if isinstance(each, ItemError):
            yield each
        else:
            yield from drafted(each, item)


def cleaned(value: Any, *, lines: bool = False) -> Any:
    """Values with hygienic texts: in one line, but for summaries, texts and pages."""
    return _cleaned(value, [], lines=lines)


@dataclass(slots=True)
class _Mend:
    """Markup that was taken out of a text. path: to it, from its own key up."""

    what: str
    before: str
    after: str
    path: list[str] = default(default_factory=list)

    @property
    def field(self) -> str:
        return ".".join(reversed(self.path))

    def as_json(self) -> dict[str, Any]:
        return {
            "field": self.field, "what": self.what,
            "before": shortened(self.before, LONGEST), "after": shortened(self.after, LONGEST),
        }  # fmt: skip


def _cleaned(value: Any, mends: list[_Mend], *, lines: bool, plain: bool = True) -> Any:
    """lines: a text has several. plain: it should have no HTML in it; `mends`, where it had."""
    if isinstance(value, str):
        if not plain:
            return clean(value) if lines else clean_line(value)
        text, what = without_markup(value)
        text = clean(text) if lines else clean_line(text)
        if what:
            mends.append(_Mend(what, value, text))
        return text
    if isinstance(value, Mapping):
        return {
            key: _below(
                key, each, mends,
                lines=lines or key in _SEVERAL_LINES, plain=plain and key not in _AS_WRITTEN,
            )
            for key, each in value.items()
        }  # fmt: skip
    if isinstance(value, list | tuple):
        return [
            _below(place, each, mends, lines=lines, plain=plain) for place, each in enumerate(value)
        ]
    return value


def _at(values: Any, path: str) -> Any:
    """What stands at a path such as "organisations.0.name"; "" where nothing does."""
    for step in path.split("."):
        if isinstance(values, Mapping):
            values = values.get(step, "")
        elif isinstance(values, list | tuple) and step.isdecimal() and int(step) < len(values):
            values = values[int(step)]
        else:
            return ""
    return values


def _below(step: object, value: Any, mends: list[_Mend], *, lines: bool, plain: bool) -> Any:
    if isinstance(value, str) and is_clean(value) and "<" not in value and "&" not in value:
        return value.strip()  # as most texts are
    known = len(mends)
    found = _cleaned(value, mends, lines=lines, plain=plain)
    for each in mends[known:] if len(mends) > known else ():
        each.path.append(str(step))
    return found


def _explained(error: DraftError) -> str:
    sentences = []
    for field, message in dict.fromkeys(error.problems):
        expected = _EXPECTED.get(field.partition(".")[0], "")
        expected = f"; expected {expected}" if expected and "; expected " not in message else ""
        sentences.append(f"{field}: {shortened(message, 300)}{expected}" if field else message)
    return ". ".join(sentences)


def warning(
    item: Item, message: str, field: str = "", *, value: object = "", mend: str = ""
) -> ItemError:
    """Something that was left out or assumed in an item that was taken all the same.

    field, value: what stands where, if it is a single value. mend: as in `ItemError`.
    """
    said = message if len(message) <= 1000 else shortened(message, 1000)
    return ItemError("map", item.at(field), said, item.key, True, str(value), mend)


def left_out(item: Item, error: object, field: str, value: object, how: str = "") -> ItemError:
    """A value that can't be read and was left out. how: the converter that it should suit.

    The value stands beside the message, so that quoting the beginning of a long one is enough.
    """
    message = f"{shortened(str(error), 400)}; left out"
    return warning(item, message, field, value=value, mend=MEND.get(how, ""))


def nameless(where: str, field: str, message: str) -> ItemError:
    """A row or object without what tells it from others."""
    return ItemError("gather", Where.of(where).field(field), message, mend=MEND["needed"])


def needed(item: Item, field: str, message: str = "is empty, but needed") -> ItemError:
    """A field without which there is no record."""
    return ItemError("map", item.at(field), message, item.key, mend=MEND["needed"])


def mending(item: Item, what: str, field: str, before: str, after: str) -> ItemError:
    """A field that was mended; a run counts the same field of all items, and of all of a list."""
    name = ".".join(step for step in field.split(".") if not step.isdigit())
    place = item.at().about(field)
    where = place.said(f"{place}, {before} became {after}")
    return ItemError("map", where, f"mended the {_MENDED[what]} in {name}", item.key, True, before)


def dates_in_order(record: dict[str, Any], item: Item, field: str) -> Iterator[ItemError]:
    """Leave an end that lies before the start out of a record, keep it as stated, and tell.

    field: where the end stands.
    """
    start, end = record.get("start", ""), record.get("end", "")
    if start and end and end < start:
        record.setdefault("stated", {})["end"] = record.pop("end")
        yield left_out(item, f"{end} lies before the start, {start}", field, end, "order")


def filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """What is stated of a record: without empty texts, lists and objects. Zero is a statement."""
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}
