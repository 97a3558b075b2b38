"""Themes: an open list. Tessera's own are the default; a theme that is not on it is kept."""

from functools import cache

from .folding import fold
from .tables import read_toml


@cache
def themes() -> tuple[str, ...]:
    """The default themes, in order."""
    return tuple(read_toml("themes.toml")["themes"])


@cache
def _by_key() -> dict[str, str]:
    return {fold(name): name for name in themes()}


def theme(text: str) -> str:
    """The default theme of this name in its usual spelling; any other text, blanks trimmed."""
    kept = " ".join(text.split())
    return _by_key().get(fold(kept), kept)
