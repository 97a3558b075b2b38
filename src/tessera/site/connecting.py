"""Connections to the site's database, or one like it, beside the one in use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend


def another_connection(alias: str, **different: object) -> BaseDatabaseWrapper:
    """A second connection to the database of the site, or to one that differs from it."""
    values = deepcopy(connection.settings_dict)
    values.update(different)
    if connection.vendor == "sqlite":
        values["OPTIONS"] = {**values["OPTIONS"], "transaction_mode": "DEFERRED"}
    made: BaseDatabaseWrapper = load_backend(values["ENGINE"]).DatabaseWrapper(values, alias)
    return made


@contextmanager
def connected(alias: str, **different: object) -> Iterator[BaseDatabaseWrapper]:
    """That connection under a name of its own, for a while."""
    connections[alias] = made = another_connection(alias, **different)
    try:
        yield made
    finally:
        made.close()
        del connections[alias]
