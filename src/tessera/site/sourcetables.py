"""One `[sources.SLUG]` of tessera.toml, checked key by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tessera.sources.configured import LIMITS, UNITS, ConfiguredSource, LinkChecking, Schedule
from tessera.sources.fetch.addresses import Endpoint, parse_endpoint
from tessera.sources.fetch.urls import UrlError, parts_of

SOURCE_KEYS: Final = (
    "importer", "paths", "url", "urls", "name", "licence", "schedule", "minimum", "max_loss",
    "max_errors", *LIMITS, "private_addresses",
)  # fmt: skip

LINK_KEYS: Final = ("schedule", "limit", "max_minutes", "delay", "private_addresses")

_REMOTE_ONLY: Final = (*LIMITS, "private_addresses")


class SourceMistake(ValueError):
    """A wrong value; the message goes on after the name of its key. keys: of it in the table."""

    def __init__(self, message: str, *keys: str) -> None:
        super().__init__(message)
        self.keys = keys


@dataclass(frozen=True, slots=True)
class SourceTable:
    """table: as read. home: what relative paths are relative to."""

    slug: str
    table: Mapping[str, Any]
    home: Path

    def source(self) -> ConfiguredSource:
        """The source; raises SourceMistake."""
        if not self.table.get("importer"):
            raise SourceMistake("says no importer.")
        urls = self._urls()
        if not self.table.get("paths") and not urls:
            raise SourceMistake("says no paths and no url.")
        if self.table.get("paths") and urls:
            raise SourceMistake("says both paths and url; make it two sources.")
        for name in _REMOTE_ONLY:
            if name in self.table and not urls:
                raise SourceMistake("means something for sources with a url only.", name)
        return ConfiguredSource(
            slug=self.slug,
            importer=self._text("importer"),
            paths=tuple(self.home / Path(each).expanduser() for each in self._texts("paths")),
            urls=urls,
            name=self._text("name"),
            licence=self._text("licence"),
            schedule=self._schedule(),
            minimum=self._minimum(),
            max_loss=self._share("max_loss"),
            max_errors=self._share("max_errors"),
            limits=self._limits(),
            private=self._private(),
        )

    def _text(self, key: str) -> str:
        value = self.table.get(key, "")
        if not isinstance(value, str) or (key in self.table and not value.strip()):
            raise SourceMistake(f"is {value!r}; expected a text in quotes.", key)
        return value.strip()

    def _texts(self, key: str) -> tuple[str, ...]:
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise SourceMistake(f'is {value!r}; expected a list such as ["a", "b"].', key)
        return tuple(value)

    def _urls(self) -> tuple[str, ...]:
        if "url" in self.table and "urls" in self.table:
            raise SourceMistake("stands beside urls; keep one of them.", "url")
        key = "url" if "url" in self.table else "urls"
        urls = (self._text("url"),) if key == "url" else self._texts("urls")
        for url in urls:
            try:
                parts_of(f"https:{url[7:]}" if url.startswith("webcal:") else url)
            except UrlError as error:
                raise SourceMistake(f"has {url[:100]!r}, which {error}.", key) from None
        return urls

    def _schedule(self) -> Schedule | None:
        if "schedule" not in self.table:
            return None
        try:
            return Schedule.parse(self._text("schedule"))
        except ValueError as error:
            raise SourceMistake(f"is wrong: {error}.", "schedule") from None

    def _minimum(self) -> int | None:
        value = self.table.get("minimum")
        if value is not None and (type(value) is not int or value < 0):
            raise SourceMistake(f"is {value!r}; expected a whole number from 0.", "minimum")
        return value

    def _share(self, key: str) -> float | None:
        value = self.table.get(key)
        if value is None:
            return None
        if type(value) not in (int, float) or not 0 <= value <= 1:
            raise SourceMistake(f"is {value!r}; expected a share from 0 to 1.", key)
        return float(value)

    def _limits(self) -> dict[str, float]:
        found = {}
        for key, name in LIMITS.items():
            value = self.table.get(key)
            if value is None:
                continue
            if (
                type(value) not in (int, float)
                or not 0 <= value < 1e9
                or (value == 0 and key != "delay")
            ):
                raise SourceMistake(f"is {value!r}; expected a number above 0.", key)
            found[name] = value * UNITS.get(name, 1)
        return found

    def _private(self) -> frozenset[Endpoint]:
        found = set()
        for text in self._texts("private_addresses"):
            try:
                found.add(parse_endpoint(text))
            except ValueError:
                message = f"has {text!r}; expected an address with its port, such as 10.0.0.5:8080."
                raise SourceMistake(message, "private_addresses") from None
        return frozenset(found)


def link_checking(table: Mapping[str, Any]) -> LinkChecking:
    """`[links]` of tessera.toml; raises SourceMistake."""
    read = SourceTable("links", table, Path())
    made = LinkChecking()
    limit, minutes, delay = (
        table.get(key, default)
        for key, default in (
            ("limit", made.links), ("max_minutes", made.minutes), ("delay", made.delay),
        )
    )  # fmt: skip
    if type(limit) is not int or not 0 < limit < 1e9:
        raise SourceMistake(f"is {limit!r}; expected a whole number from 1.", "limit")
    if type(minutes) not in (int, float) or not 0 < minutes < 1e6:
        raise SourceMistake(f"is {minutes!r}; expected a number above 0.", "max_minutes")
    if type(delay) not in (int, float) or not 0 <= delay < 1e6:
        raise SourceMistake(f"is {delay!r}; expected a number of seconds.", "delay")
    return LinkChecking(read._schedule(), limit, float(minutes), float(delay), read._private())
