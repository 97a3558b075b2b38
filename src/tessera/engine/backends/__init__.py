"""Search backends behind the port of `tessera.engine.backend`."""
