"""From the setting TESSERA_SEARCH_URL to a backend."""

from __future__ import annotations

from pathlib import Path

from tessera.engine.aids import Aids, GetAids
from tessera.engine.backend import Backend
from tessera.engine.backends.memory import MemoryBackend
from tessera.engine.errors import EngineError


def open_backend(url: str, home: Path, aids: GetAids = Aids) -> Backend:
    """The backend of a URL; EngineError where it is none of those known.

    home: Tessera's folder; `tantivy:` keeps its indexes in `index` there. aids: what searches are
        understood with, besides their words.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "memory" and not rest and url.endswith(":"):
        return MemoryBackend(aids)
    if scheme == "tantivy" and not rest and url.endswith(":"):
        # Imported when wanted: other backends need no tantivy.
        from tessera.engine.backends.tantivy import TantivyBackend

        return TantivyBackend(home / "index", aids)
    expected = "expected `tantivy:` (indexes in the home folder) or `memory:` (nothing is kept)"
    raise EngineError(f"TESSERA_SEARCH_URL {url!r} names no search engine: {expected}")
