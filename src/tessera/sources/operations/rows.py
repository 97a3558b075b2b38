"""The rows of one operation, by what their columns mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tessera.sources.formats.text import clean_line, shortened
from tessera.sources.operations.headers import meaning
from tessera.sources.operations.lists import Filled, filled, first


@dataclass(slots=True)
class Rows:
    """The rows of one operation, and what has been told of them.

    problems: (field, message, value, converter) of what was left out or assumed. stated: what the
    record keeps.
    """

    cells: list[Filled]
    facts: Mapping[str, Any]
    natural_person: bool = False
    problems: list[tuple[str, str, str, str]] = field(default_factory=list)
    stated: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Rows:
        """From an item as gathered."""
        facts = raw["list"]
        hinted = facts.get("columns", {})
        cells = [filled(row, _columns(row, hinted)) for row in raw["rows"]]
        return cls(cells, facts, bool(raw.get("natural_person")))

    def texts(self, name: str) -> list[str]:
        """What the rows hold in a field, each text once."""
        found = (clean_line(text) for cells in self.cells for _, text in cells.get(name, ()))
        return list(dict.fromkeys(text for text in found if text))

    def one(self, name: str) -> str:
        """What the rows hold in a field; of several, the first, and a problem says so."""
        found = list(dict.fromkeys(text for cells in self.cells if (text := first(cells, name))))
        if len(found) > 1:
            taken = shortened(found[0], 60)
            self.tell(name, f"its {len(self.cells)} rows differ; taken: {taken!r}")
        return found[0] if found else ""

    def tell(self, column: str, message: str, value: str = "", how: str = "") -> None:
        """Something was left out or assumed. how: the converter that the value should suit."""
        self.problems.append((column, message, value, how))


def _columns(row: Mapping[str, Any], hinted: Mapping[str, str]) -> dict[str, str]:
    columns = {}
    for name in row:
        if name in hinted:
            meant = hinted[name]
        else:
            found = meaning(name)
            meant = found.field if found else ""
        if meant:
            columns[name] = meant
    return columns
