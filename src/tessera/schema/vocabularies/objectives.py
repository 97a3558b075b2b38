"""Objectives: thematic (2014-2020), policy and specific (2021-2027).

Codes: `TO1` to `TO11`; `PO1` to `PO5`, `ISO1`, `ISO2` and Jems's `ISO12`, which is both in one;
`RSO1.1` to `RSO5.2`, `ISO6.1` to `ISO7.4`.
"""

import re
from functools import cache
from typing import Final, NamedTuple

from .periods import Period, period
from .tables import read_toml

# Compiled on first use: importing this module stays cheap.
_CODE: Final = (
    r"(?P<kind>R?SO|ISO|PO|TO)\s*[-_]?\s*0?(?P<number>\d{1,2})"
    r"(?:\s*[._]\s*(?P<part>\d{1,2}))?(?!\d)"
)
_WORDS: Final = {"THEMATIC OBJECTIVE": "TO", "POLICY OBJECTIVE": "PO", "SPECIFIC OBJECTIVE": "SO"}
_INTERREG_PARENTS: Final = {"6": "ISO1", "7": "ISO2"}


class Objective(NamedTuple):
    """An objective: its title in the regulation, and a short one for lists."""

    code: str
    short: str
    title: str
    period: Period

    @property
    def parent(self) -> str | None:
        """The code of the objective that this one is part of, None at the top."""
        return objective_parent(self.code)


@cache
def _table() -> dict[str, Objective]:
    periods = {"TO": period("2014-2020"), "": period("2021-2027")}
    return {
        code: Objective(
            code, entry["short"], entry["title"], periods["TO" if code.startswith("TO") else ""]
        )
        for code, entry in read_toml("objectives.toml").items()
    }


def objectives() -> tuple[str, ...]:
    """The codes of all objectives with a title, in order."""
    return tuple(_table())


def objective_code(text: str) -> str | None:
    """`text` in the usual form: `" rso2.8"` -> `RSO2.8`, `Thematic objective 1` -> `TO1`.

    What follows the code is ignored (`RSO2.6: Promoting ...`). `RSO6.1` becomes `ISO6.1` and `PO6`
    `ISO1`, as some lists number on. None if there is no code at the beginning.
    """
    key = text.strip().upper()
    for words, kind in _WORDS.items():
        key = key.replace(words, kind)
    match = re.match(_CODE, key)
    if match is None:
        return None
    kind, number, part = match["kind"], match["number"].lstrip("0"), match["part"]
    if part is None:
        if kind == "PO" and number in _INTERREG_PARENTS:
            return _INTERREG_PARENTS[number]
        return f"{kind}{number}" if kind in ("TO", "PO", "ISO") and number else None
    if kind in ("TO", "PO"):
        return None
    if kind in ("SO", "RSO"):
        kind = "ISO" if number in _INTERREG_PARENTS else "RSO"
    return f"{kind}{number}.{part}"


def objective(code: str) -> Objective | None:
    """The objective with this code in any spelling that `objective_code` reads, else None."""
    key = objective_code(code)
    return _table().get(key) if key else None


def objective_parent(code: str) -> str | None:
    """The code of the policy objective to which a specific objective belongs: `RSO2.8` -> `PO2`.

    None for objectives at the top, and for codes whose parent is not known (`ISO4.1`, PEACE PLUS).
    """
    key = objective_code(code)
    if key is None or "." not in key:
        return None
    number = key.lstrip("RISO").split(".")[0]
    parent = _INTERREG_PARENTS.get(number) if key.startswith("ISO") else f"PO{number}"
    return parent if parent in _table() else None
