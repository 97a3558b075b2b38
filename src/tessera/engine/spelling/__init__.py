"""Spelling: what is offered for words that look mistyped, from the index's own words alone.

Documented in docs/reference/spelling.
"""

from tessera.engine.spelling.correction import Correction

__all__ = ["Correction"]
