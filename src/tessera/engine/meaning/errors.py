"""What can go wrong with an encoder and its vectors."""

from __future__ import annotations

from tessera.engine.errors import EngineError


class MeaningError(EngineError):
    """An encoder or its vectors can't be used; the message is a sentence fit for an operator."""


class BuildLocked(MeaningError):
    """Another process is encoding."""
