"""Who asks. What a document may be shown to is part of the index, not a filter of a search.

See docs/decisions/visibility.md.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Audience(StrEnum):
    """Those of one audience see the same documents. Whose request it is, the server alone says."""

    EVERYONE = "everyone"
    """Visitors, search engines, feeds, whoever has not signed in."""
    MEMBERS = "members"
    """Who has signed in."""


BOTH: Final = frozenset(Audience)
