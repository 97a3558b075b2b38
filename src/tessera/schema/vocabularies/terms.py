"""Short closed lists: interests, statuses, organisers, news sources, partner roles, file types."""

from functools import cache
from typing import Final

from .folding import fold
from .tables import read_toml

INTERESTS: Final = ("leading", "joining", "idea", "networking")
STATUSES: Final = ("planned", "contracted", "ongoing", "closed", "terminated")
ORGANISERS: Final = ("programme", "project")
NEWS_SOURCES: Final = ("programme", "project")
ROLES: Final = ("lead", "partner", "associated")
FILE_TYPES: Final = (
    "pdf",
    "doc",
    "xls",
    "ppt",
    "image",
    "audio",
    "video",
    "archive",
    "web",
    "other",
)


@cache
def _table() -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]], dict[str, str]]:
    """Labels by list and code; folded spelling -> code by list; extension -> file type."""
    labels: dict[str, dict[str, str]] = {}
    spellings: dict[str, dict[str, str]] = {}
    extensions: dict[str, str] = {}
    for name, entries in read_toml("terms.toml").items():
        labels[name] = {code: entry["label"] for code, entry in entries.items()}
        known = spellings[name] = {}
        for code, entry in entries.items():
            for spelling in (code, entry["label"], *entry.get("spellings", ())):
                if known.setdefault(fold(spelling), code) != code:
                    raise ValueError(f"terms.toml: {spelling!r} is twice in {name}")
            for extension in entry.get("extensions", ()):
                if extensions.setdefault(extension, code) != code:
                    raise ValueError(f"terms.toml: the extension {extension!r} is given twice")
    return labels, spellings, extensions


def term_label(vocabulary: str, code: str) -> str | None:
    """The English label of a term, None for an unknown code. KeyError for an unknown list."""
    return _table()[0][vocabulary].get(code)


def term_code(vocabulary: str, text: str) -> str | None:
    """The code for a term as a source writes it, None if unknown. KeyError for an unknown list."""
    return _table()[1][vocabulary].get(fold(text))


def role(text: str) -> str | None:
    """The role of a partner: `LP`, `LEAD_PARTNER`, `coordinator` -> `lead`; None if unknown."""
    return term_code("role", text)


def status(text: str) -> str | None:
    """The status of a project: `running` -> `ongoing`; None if unknown."""
    return term_code("status", text)


def file_type_of(extension: str) -> str:
    """The file type for an extension or a file name: `.PDF` -> `pdf`, `a/List.xlsx` -> `xls`.

    `other` for everything else.
    """
    ending = extension.strip().lower().split("?")[0].rpartition(".")[2]
    return _table()[2].get(ending, "other")
