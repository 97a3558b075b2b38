"""What can go wrong with a dictionary."""

from __future__ import annotations

from tessera.engine.errors import EngineError


class DictionaryError(EngineError):
    """A dictionary or a file of pairs can't be used; the message says which, where and why."""
