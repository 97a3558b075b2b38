"""One target per reader: from bytes to a case, and what must hold of it."""

from tests.fuzz.targets import (
    deliveries,
    documents,
    lost_rows,
    tables,
    values,
    vocabularies,
)
from tests.fuzz.targets.named import TARGETS

__all__ = ["TARGETS", "deliveries", "documents", "lost_rows", "tables", "values", "vocabularies"]
