"""Reading of the data files that lie beside these modules.

A `.tsv` file is UTF-8: comment lines that begin with `#` (provenance), one header line, rows.
A `.toml` file is TOML. Both are read on first use, not on import.
"""

from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def read_tsv(name: str) -> tuple[list[str], list[list[str]]]:
    """Return the column names and the rows of the table `name`, without its comment lines."""
    text = (_FOLDER / name).read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if line and not line.startswith("#")]
    header = lines[0].split("\t")
    rows = [line.split("\t") for line in lines[1:]]
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            raise ValueError(
                f"{name}, row {number}: {len(row)} columns where the header has {len(header)}; "
                "build the table again with tools/vocabularies/build.py"
            )
    return header, rows


def read_toml(name: str) -> dict[str, Any]:
    """Return the content of the TOML file `name`."""
    import tomllib  # here, because it would be a third of the time that the import takes

    with (_FOLDER / name).open("rb") as file:
        return tomllib.load(file)
