"""Values of decoded JSON objects, whatever their types, as texts and as converters read them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any, Final

from tessera.sources.base import Item, ItemError
from tessera.sources.conversion import CONVERTERS
from tessera.sources.drafting import left_out
from tessera.sources.formats.text import clean_line

Values = dict[str, Any]

_EMPTY: Final = frozenset({"", "n.a.", "n/a", "-", "null", "none"})


def convert(
    into: Values, name: str, how: str, value: object, item: Item, key: str,
    problems: list[ItemError],
) -> None:  # fmt: skip
    """Set `name` to a value as a converter reads it; what it can't read is told and stated."""
    text = word(value)
    if not text:
        return
    try:
        into[name] = CONVERTERS[how](text, {"decimal": ".", "bare": True})
    except ValueError as error:
        problems.append(left_out(item, error, key, text, how))
        into.setdefault("stated", {})[name] = text


def word(value: object) -> str:
    """A value as text: itself, or the name of an object; "" for nothing and for "N.a."."""
    if isinstance(value, Mapping):
        named = ("title", "name", "label", "code", "iso_code", "value")
        value = next((value[name] for name in named if value.get(name)), "")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value).strip()
    return "" if clean_line(text).casefold() in _EMPTY else text


def listed(value: object) -> list[Any]:
    """A list as it is; nothing for anything else."""
    return value if isinstance(value, list) else []


def without(value: Any, words: Sequence[str]) -> Any:
    """Decoded JSON without the keys, at any depth, that contain one of these words."""
    if isinstance(value, Mapping):
        return {
            key: without(each, words)
            for key, each in value.items()
            if not any(part in str(key).lower() for part in words)
        }
    if isinstance(value, list):
        return [without(each, words) for each in value]
    return value


def texts_in(value: object, left_out: Container[str], path: str = "") -> Iterator[tuple[str, str]]:
    """Each text in JSON values with its path, such as "organisations.0.name".

    left_out: keys below which nothing is looked at, wherever they stand.
    """
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            if key not in left_out:
                yield from texts_in(each, left_out, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from texts_in(each, left_out, f"{path}.{place}")
