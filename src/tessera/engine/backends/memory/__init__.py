"""The reference backend: plain dictionaries and sets, written to be read and believed.

Every other backend must give the same sets, counts and orders; tests compare them with this one.
It keeps nothing on disk and rebuilds its dictionaries with each commit, so it is for tests and
small demonstrations.
"""

from tessera.engine.backends.memory.backend import MemoryBackend

__all__ = ["MemoryBackend"]
