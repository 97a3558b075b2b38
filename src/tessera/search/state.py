"""What is unfolded or typed on the page itself, beside the search: parameters of the page only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from tessera.engine.fields import MISSING
from tessera.engine.query import clean_text

FIND = "find."
OPEN = "open"
YEAR_FROM, YEAR_TO = "year.from", "year.to"
TYPED = "typed"
"""Field of the form: the stamp of the words that its `spelling` and `without` are about."""
MAX_OPEN = 200

_ABOUT_WORDS = ("spelling", "without")


@dataclass(frozen=True, slots=True)
class State:
    """find: what was typed to search within a filter, by its name. open: unfolded branches."""

    find: Mapping[str, str] = field(default_factory=dict)
    open: tuple[str, ...] = ()

    def toggled(self, branch: str) -> State:
        """With a branch folded that was open, or unfolded that was not."""
        if branch in self.open:
            return replace(self, open=tuple(each for each in self.open if each != branch))
        return replace(self, open=(*self.open, branch))

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """As (name, value) pairs of an address."""
        found = [(f"{FIND}{name}", text) for name, text in sorted(self.find.items())]
        return (*found, *((OPEN, branch) for branch in self.open))


def stamp(text: str) -> str:
    """What tells typed words from others, however long they are."""
    return hashlib.blake2b(clean_text(text).encode(), digest_size=6).hexdigest()


def split(
    params: Iterable[tuple[str, str]],
) -> tuple[list[tuple[str, str]], State, bool]:
    """The parameters of the search, the state of the page, and whether a form was sent.

    A form sends years in two fields, which become one range here, and blank fields, which are
    left out: its answer is a redirect to the tidy address. What it carries along about the words
    that were typed before is left out, too, where others were typed since.
    """
    rest: list[tuple[str, str]] = []
    find: dict[str, str] = {}
    unfolded: dict[str, None] = {}
    years: dict[str, str] = {}
    about = ""
    sent = False
    for name, value in params:
        if name.startswith(FIND):
            typed = clean_text(value)[:80]
            sent = sent or not typed
            if typed:
                find[name.removeprefix(FIND)] = typed
        elif name == OPEN:
            if len(unfolded) < MAX_OPEN:
                unfolded[value[:80]] = None
        elif name in (YEAR_FROM, YEAR_TO):
            years[name] = value.strip()
            sent = True
        elif name == TYPED:
            about = value
            sent = True
        elif not value.strip():
            sent = True
        else:
            rest.append((name, value))
    first, last = years.get(YEAR_FROM, ""), years.get(YEAR_TO, "")
    if first or last:
        rest = [(name, value) for name, value in rest if name != "year" or value == MISSING]
        rest.append(("year", first if first == last else f"{first}..{last}"))
    if about and about != stamp(" ".join(value for name, value in rest if name == "q")):
        rest = [(name, value) for name, value in rest if name not in _ABOUT_WORDS]
    return rest, State(find, tuple(unfolded)), sent
