"""What can go wrong in the engine. Text that a user typed is never among it."""


class EngineError(Exception):
    """Base of all engine errors; the message is a sentence fit for an operator."""


class BackendUnavailable(EngineError):
    """The search engine cannot be reached or opened; a later try may work."""


class IndexMissing(EngineError):
    """No index has been built and promoted yet; `tessera index rebuild` makes one."""


class IndexOutdated(EngineError):
    """The promoted index was built for another schema; `tessera index rebuild` mends it."""


class IndexLocked(EngineError):
    """Another process is writing to this index."""
