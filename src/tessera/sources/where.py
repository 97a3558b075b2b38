"""Where in a delivery something stands: a sentence for people that keeps its parts for programs."""

from __future__ import annotations

from typing import Any


class Where(str):
    """Such as "projects.xlsx, sheet Projects, row 12, Budget".

    A text, so that it is shown, compared and stored like any other. A text alone is the name of
    the file. file: its name, or an address. row: the row, line, entry or record in it, counted
    from 1; 0 where the whole file is meant. column: of the table, or the field of a record.
    """

    __slots__ = ("column", "file", "row", "sheet")

    file: str
    sheet: str
    row: int
    column: str

    def __new__(
        cls, text: str, file: str = "", sheet: str = "", row: int = 0, column: str = ""
    ) -> Where:
        made = super().__new__(cls, text)
        made.file = file or text
        made.sheet, made.row, made.column = sheet, row, column
        return made

    @classmethod
    def of(cls, text: str) -> Where:
        """The same with its parts, where it has any."""
        return text if isinstance(text, Where) else cls(text)

    @classmethod
    def at(cls, file: str, row: int = 0, *, sheet: str = "", unit: str = "row") -> Where:
        """A row of a file. unit: what the file is counted in, such as "line" or "entry"."""
        text = f"{file}, sheet {sheet}" if sheet else file
        return cls(f"{text}, {unit} {row}" if row else text, file, sheet, row)

    def said(self, text: str) -> Where:
        """The same place in other words."""
        return Where(text, self.file, self.sheet, self.row, self.column)

    def within(self, part: str) -> Where:
        """A part of the place that is no column, such as "partner 3"."""
        return self.said(f"{self}, {part}")

    def field(self, column: str) -> Where:
        """A column or field of the place."""
        return Where(f"{self}, {column}", self.file, self.sheet, self.row, column)

    def about(self, column: str) -> Where:
        """The same words, of a column that the message names itself."""
        return Where(str(self), self.file, self.sheet, self.row, column)

    @property
    def packed(self) -> tuple[str, str, str, int, str]:
        """What makes the same place again."""
        return (str(self), self.file, self.sheet, self.row, self.column)

    @property
    def parts(self) -> dict[str, Any]:
        """What is known of file, sheet, row and column."""
        known = {"file": self.file, "sheet": self.sheet, "row": self.row, "column": self.column}
        return {name: value for name, value in known.items() if value}
