"""What integration tests share. They run on SQLite, and by `test_on_postgresql` on PostgreSQL;
with TESSERA_DATABASE_URL set, they run on that server alone."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tessera.harvest.report import Report
from tests.integration.deliveries import Lines, write

Deliver = Callable[..., Report]

_NUMBERS = itertools.count(1)


@pytest.fixture
def deliver(db: None, tmp_path: Path) -> Deliver:
    """Harvest records as one delivery: `deliver([...], source="a", dry_run=True, ...)`."""

    def harvested(records: list[Any], *, source: str = "lines", **options: Any) -> Report:
        from tessera.harvest.run import harvest

        path = write(tmp_path / f"{source}-{next(_NUMBERS)}.jsonl", records)
        promises = {
            name: options.pop(name) for name in ("minimum", "max_loss", "max_errors")
            if name in options
        }  # fmt: skip
        return harvest(Lines(source, **promises), [path], **options)

    return harvested


@pytest.fixture
def memory_index(settings: Any, tmp_path: Path) -> Iterator[None]:
    """The memory backend, empty, for settings.SEARCH_URL."""
    from tessera.indexing import current

    settings.SEARCH_URL = "memory:"
    settings.HOME = tmp_path
    current._opened.cache_clear()
    yield
    current._opened.cache_clear()


@pytest.fixture
def tantivy_index(settings: Any, tmp_path: Path) -> Iterator[None]:
    """The tantivy backend in an empty home."""
    from tessera.indexing import current

    settings.SEARCH_URL = "tantivy:"
    settings.HOME = tmp_path
    current._opened.cache_clear()
    yield
    current._opened.cache_clear()


@pytest.fixture
def own_database(db: None) -> Iterator[Callable[[], dict[str, str]]]:
    """Each call: environment of child processes with a new database of the kind under test."""
    from django.db import connection

    if connection.vendor == "sqlite":
        yield dict  # In the home of each test.
        return
    import psycopg
    from psycopg import sql

    from tests.servers import database_url

    values = connection.settings_dict
    where = {"host": values["HOST"], "user": values["USER"], "dbname": "postgres"}
    made: list[str] = []
    with psycopg.connect(**where, autocommit=True) as server:

        def new() -> dict[str, str]:
            made.append(f"own_{next(_NUMBERS)}")
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(made[-1])))
            return {"TESSERA_DATABASE_URL": database_url(values["HOST"], made[-1])}

        yield new
        for name in made:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
