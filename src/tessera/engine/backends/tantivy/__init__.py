"""The embedded default: tantivy indexes in a folder of Tessera's home."""

from tessera.engine.backends.tantivy.backend import TantivyBackend

__all__ = ["TantivyBackend"]
