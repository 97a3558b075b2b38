"""Set up by `source.toml` over the reading of SKOS: see `tessera.sources.skos`."""

from tessera.sources.skos.importer import importer

__all__ = ["importer"]
