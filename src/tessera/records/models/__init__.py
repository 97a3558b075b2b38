"""The system of record: sources and what came of them, links, changes; merges; vocabularies."""

from tessera.records import among as among  # registers the lookup
from tessera.records.models.concepts import Concept, ConceptLabel, ConceptLink, Vocabulary
from tessera.records.models.merging import Candidate, Compared, MatchKey, MatchState, Merge
from tessera.records.models.store import (
    Change,
    Link,
    Lock,
    Mention,
    Record,
    Source,
    SourceRecord,
    Verbatim,
    corrected,
)

__all__ = [
    "Candidate",
    "Change",
    "Compared",
    "Concept",
    "ConceptLabel",
    "ConceptLink",
    "Link",
    "Lock",
    "MatchKey",
    "MatchState",
    "Mention",
    "Merge",
    "Record",
    "Source",
    "SourceRecord",
    "Verbatim",
    "Vocabulary",
    "corrected",
]
