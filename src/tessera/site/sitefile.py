"""`tessera.toml` in home: the site's name, languages, facets, sources and colours.

Everything in it can be left out, and so can the file. What stands in it is checked at start;
an error names the line. Documented in docs/reference/settings, with `SECTIONS` as its list.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tessera.engine.aids import PARTS
from tessera.engine.meaning.errors import MeaningError
from tessera.engine.meaning.folder import EncoderFolder, find_encoder
from tessera.schema.fields import FACETS
from tessera.schema.vocabularies import EU_LANGUAGES
from tessera.site.accounttables import (
    INSTITUTION_KEYS,
    PEOPLE_KEYS,
    SIGN_UP,
    AccountMistake,
    Institution,
    PeopleDays,
    institution,
    mail_from,
    people_days,
)
from tessera.site.contacttable import (
    CONTACT_KEYS,
    ContactMistake,
    ContactRules,
    contact_rules,
)
from tessera.site.sourcetables import (
    LINK_KEYS,
    SOURCE_KEYS,
    SourceMistake,
    SourceTable,
    link_checking,
)
from tessera.sources.configured import ConfiguredSource, LinkChecking

GROUNDS: Mapping[str, tuple[str, ...]] = {
    "accent": ("#fbf9f5", "#ffffff", "#f2eee5"),
    "accent_dark": ("#10191d", "#18242a", "#1f2d34"),
}
"""What each colour is read on: paper, surface and sunken of `static/tessera/tokens.css`."""

CONTRAST = 4.5
"""The least contrast of a colour with any of its grounds (WCAG 2.2, 1.4.3)."""

MATCH = ("always", "command")
"""When organisations are compared: after everything that changes them, or on command alone."""

MOST_DAYS = 90
"""For so long searches that found nothing can be kept, at most."""

OFF = "off"
"""What a part of the search is set to that isn't wanted."""

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class ConfigError(Exception):
    """A wrong setting; the message is a sentence that says which, where, and what is expected."""


@dataclass(frozen=True, slots=True)
class SiteFile:
    """The choices of one site. facets: order of those named; the others follow in theirs.

    match: one of MATCH. spelling: whether searches are corrected. expansion: whether they are
    expanded into other languages. meaning: the encoder that searches by meaning; None where that
    is off. leave_out: parts of the ranking that are off. synonyms: whether those of the editors
    are used, and their stop terms. unanswered_days: for how long searches that found nothing are
    kept; 0 for not at all. sign_up: one of SIGN_UP. institutions: whose sign-in is offered.
    mail_from: whom mail comes from; empty for noreply at the site's host. people: when those who
    published their profiles are asked about them.
    contact: how much people may write to each other.
    """

    name: str = "Tessera"
    languages: tuple[str, ...] = ("en",)
    facets: tuple[str, ...] = ()
    match: str = MATCH[0]
    meaning: EncoderFolder | None = None
    spelling: bool = True
    sources: tuple[ConfiguredSource, ...] = ()
    links: LinkChecking = field(default_factory=LinkChecking)
    expansion: bool = True
    leave_out: tuple[str, ...] = ()
    synonyms: bool = True
    unanswered_days: int = 30
    sign_up: str = SIGN_UP[0]
    institutions: tuple[Institution, ...] = ()
    mail_from: str = ""
    people: PeopleDays = field(default_factory=PeopleDays)
    contact: ContactRules = field(default_factory=ContactRules)
    colours: Mapping[str, str] = field(default_factory=dict)


LEFT_OUT = tuple(part for part in PARTS if part != "spelling")
"""What `search.leave_out` may name; the spelling has a switch of its own."""

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "site": ("name", "languages"),
    "facets": ("order",),
    "organisations": ("match",),
    "sources": SOURCE_KEYS,
    "links": LINK_KEYS,
    "search": ("spelling", "expansion", "synonyms", "unanswered_days", "meaning", "leave_out"),
    "accounts": ("sign_up",),
    "institutions": INSTITUTION_KEYS,
    "mail": ("from",),
    "people": PEOPLE_KEYS,
    "contact": CONTACT_KEYS,
    "colours": tuple(GROUNDS),
}
"""The tables of the file and the keys of each (`sources`, `institutions`: of each one in it)."""

NAMED = ("sources", "institutions")
"""Tables whose keys are names, each with a table of its own."""


def read_site_file(path: Path) -> SiteFile:
    """The choices in a file; the defaults where there is none. Raises ConfigError."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return SiteFile()
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{path}: is not UTF-8 at byte {error.start}; save it as UTF-8."
        ) from error
    except OSError as error:
        raise ConfigError(f"{path}: can't be read: {error.strerror}.") from error
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+)", str(error))
        line = place[1] if place else len(text.splitlines())
        raise ConfigError(f"{path}, line {line}: is not TOML: {error}.") from error
    return _Reading(path, text, tables).site_file()


def contrast(first: str, second: str) -> float:
    """The contrast of two colours such as #0b6070, from 1 to 21, as WCAG defines it."""
    bright, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def line_of(text: str, keys: Iterable[str]) -> int:
    """The line, from 1, that sets `keys` (table, ..., key); its table's where none does."""
    wanted = list(keys)
    found = 1
    table: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]", line)
        key = re.match(r"\s*([\w.\"'-]+)\s*=", line)
        if header:
            table = _parts(header[1])
            here = table
        elif key:
            here = table + _parts(key[1])
        else:
            continue
        if here == wanted:
            return number
        if here and wanted[: len(here)] == here:
            found = number
    return found


def _parts(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]


@dataclass(slots=True)
class _Reading:
    """One pass over a file's tables."""

    path: Path
    text: str
    tables: Mapping[str, Any]

    def site_file(self) -> SiteFile:
        self._known(self.tables, SECTIONS, ())
        for name in self.tables:
            self._table(self.tables[name], (name,))
        plain = {name: self.tables.get(name, {}) for name in SECTIONS if name not in NAMED}
        for name, table in plain.items():
            self._known(table, SECTIONS[name], (name,))
        site, facets, colours = plain["site"], plain["facets"], plain["colours"]
        organisations, links, search = plain["organisations"], plain["links"], plain["search"]
        defaults = SiteFile()
        return SiteFile(
            name=self._string(site, ("site", "name")) or defaults.name,
            languages=self._chosen(site, ("site", "languages"), EU_LANGUAGES) or defaults.languages,
            facets=self._chosen(facets, ("facets", "order"), [each.name for each in FACETS]),
            match=self._one_of(organisations, ("organisations", "match"), MATCH),
            meaning=self._encoder(search, ("search", "meaning")),
            spelling=self._switch(search, ("search", "spelling"), defaults.spelling),
            sources=tuple(self._sources(self.tables.get("sources", {}))),
            links=self._links(links),
            expansion=self._switch(search, ("search", "expansion"), defaults.expansion),
            leave_out=self._chosen(search, ("search", "leave_out"), LEFT_OUT),
            synonyms=self._switch(search, ("search", "synonyms"), defaults.synonyms),
            unanswered_days=self._number(
                search, ("search", "unanswered_days"), defaults.unanswered_days, MOST_DAYS
            ),
            sign_up=self._one_of(plain["accounts"], ("accounts", "sign_up"), SIGN_UP),
            institutions=tuple(self._institutions(self.tables.get("institutions", {}))),
            mail_from=self._mail_from(plain["mail"]),
            people=self._people(plain["people"]),
            contact=self._contact(plain["contact"]),
            colours={name: self._colour(name, value) for name, value in colours.items()},
        )

    def _wrong(self, keys: tuple[str, ...], message: str) -> ConfigError:
        where = f"{self.path}, line {line_of(self.text, keys)}: "
        return ConfigError(f"{where}{'.'.join(keys)} {message}")

    def _known(self, table: Mapping[str, Any], names: Iterable[str], keys: tuple[str, ...]) -> None:
        names = list(names)
        for name in table:
            if name not in names:
                near = difflib.get_close_matches(name, names, 1)
                hint = f"did you mean {near[0]}?" if near else f"expected {_or(names)}."
                raise self._wrong((*keys, name), f"is not a setting: {hint}")

    def _table(self, value: object, keys: tuple[str, ...]) -> None:
        if not isinstance(value, dict):
            raise self._wrong(keys, f"is {value!r}; expected a table, [{'.'.join(keys)}].")

    def _string(self, table: Mapping[str, Any], keys: tuple[str, ...]) -> str:
        value = table.get(keys[-1], "")
        if not isinstance(value, str) or (keys[-1] in table and not value.strip()):
            raise self._wrong(keys, f"is {value!r}; expected a text in quotes.")
        return value.strip()

    def _strings(self, table: Mapping[str, Any], keys: tuple[str, ...]) -> tuple[str, ...]:
        value = table.get(keys[-1], [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self._wrong(keys, f'is {value!r}; expected a list such as ["a", "b"].')
        return tuple(value)

    def _chosen(
        self, table: Mapping[str, Any], keys: tuple[str, ...], known: Iterable[str]
    ) -> tuple[str, ...]:
        values, known = self._strings(table, keys), list(known)
        for value in values:
            if value not in known:
                near = difflib.get_close_matches(value, known, 1)
                hint = f"did you mean {near[0]}?" if near else f"expected {_or(known)}."
                raise self._wrong(keys, f"has {value!r}, which is not one of them: {hint}")
        if len(set(values)) < len(values):
            raise self._wrong(keys, "names one twice; keep each once.")
        return values

    def _one_of(
        self, table: Mapping[str, Any], keys: tuple[str, ...], known: tuple[str, ...]
    ) -> str:
        """One of the texts known; the first where none is given."""
        value = table.get(keys[-1], known[0])
        if value not in known:
            raise self._wrong(keys, f"is {value!r}; expected {_or([repr(k) for k in known])}.")
        return str(value)

    def _switch(self, table: Mapping[str, Any], keys: tuple[str, ...], default: bool) -> bool:
        value = table.get(keys[-1], default)
        if not isinstance(value, bool):
            raise self._wrong(keys, f"is {value!r}; expected true or false.")
        return value

    def _number(
        self, table: Mapping[str, Any], keys: tuple[str, ...], default: int, most: int
    ) -> int:
        value = table.get(keys[-1], default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            raise self._wrong(keys, f"is {value!r}; expected a whole number from 0 to {most}.")
        return value

    def _encoder(self, table: Mapping[str, Any], keys: tuple[str, ...]) -> EncoderFolder | None:
        named = self._string(table, keys)
        if named in ("", OFF):
            return None
        try:
            return find_encoder(named, self.path.parent)
        except MeaningError as error:
            raise self._wrong(keys, f"{error}.") from error

    def _sources(self, sources: Mapping[str, Any]) -> Iterable[ConfiguredSource]:
        for slug, table in sources.items():
            keys = ("sources", slug)
            if not _SLUG.fullmatch(slug):
                raise self._wrong(keys, "is no name for a source; expected a-z, 0-9 and hyphens.")
            self._table(table, keys)
            self._known(table, SECTIONS["sources"], keys)
            try:
                yield SourceTable(slug, table, self.path.parent).source()
            except SourceMistake as mistake:
                raise self._wrong((*keys, *mistake.keys), str(mistake)) from None

    def _institutions(self, institutions: Mapping[str, Any]) -> Iterable[Institution]:
        for slug, table in institutions.items():
            keys = ("institutions", slug)
            if not _SLUG.fullmatch(slug):
                raise self._wrong(keys, "is no name for one; expected a-z, 0-9 and hyphens.")
            self._table(table, keys)
            self._known(table, INSTITUTION_KEYS, keys)
            try:
                yield institution(slug, table, self.path.parent)
            except AccountMistake as mistake:
                raise self._wrong((*keys, *mistake.keys), str(mistake)) from None

    def _mail_from(self, table: Mapping[str, Any]) -> str:
        try:
            return mail_from(self._string(table, ("mail", "from")))
        except AccountMistake as mistake:
            raise self._wrong(("mail", *mistake.keys), str(mistake)) from None

    def _people(self, table: Mapping[str, Any]) -> PeopleDays:
        try:
            return people_days(table)
        except AccountMistake as mistake:
            raise self._wrong(("people", *mistake.keys), str(mistake)) from None

    def _contact(self, table: Mapping[str, Any]) -> ContactRules:
        try:
            return contact_rules(table)
        except ContactMistake as mistake:
            raise self._wrong(("contact", *mistake.keys), str(mistake)) from None

    def _links(self, table: Mapping[str, Any]) -> LinkChecking:
        try:
            return link_checking(table)
        except SourceMistake as mistake:
            raise self._wrong(("links", *mistake.keys), str(mistake)) from None

    def _colour(self, name: str, value: object) -> str:
        keys = ("colours", name)
        if not isinstance(value, str) or not _COLOUR.fullmatch(value):
            raise self._wrong(keys, f'is {value!r}; expected six hex digits, such as "#0b6070".')
        ground = min(GROUNDS[name], key=lambda each: contrast(value, each))
        reached = contrast(value, ground)
        if reached < CONTRAST:
            raise self._wrong(
                keys,
                f"is {value}, whose contrast with the ground {ground} is {reached:.1f};"
                f" expected at least {CONTRAST}.",
            )
        return value.lower()


def _or(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
