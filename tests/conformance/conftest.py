"""One suite for all backends: add one to `BACKENDS` and it must pass every test here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import count
from pathlib import Path

import pytest

from tessera.engine.backend import Backend, Index
from tessera.engine.backends.memory import MemoryBackend
from tessera.engine.backends.tantivy import TantivyBackend
from tessera.engine.document import Document
from tessera.engine.fields import IndexSchema
from tests.conformance.catalogue import CATALOGUE, SCHEMA

BACKENDS: dict[str, Callable[[Path], Backend]] = {
    "memory": lambda home: MemoryBackend(),
    "tantivy": lambda home: TantivyBackend(home / "index"),
}

MakeBackend = Callable[[], Backend]


@pytest.fixture(scope="session", params=BACKENDS)
def make_backend(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> MakeBackend:
    """Makes empty backends, each with a home of its own."""
    homes, numbers = tmp_path_factory.mktemp(request.param), count()
    return lambda: BACKENDS[request.param](homes / str(next(numbers)))


@pytest.fixture
def backend(make_backend: MakeBackend) -> Backend:
    return make_backend()


def build(
    backend: Backend,
    batches: Iterable[Sequence[Document]],
    schema: IndexSchema = SCHEMA,
    name: str = "first",
) -> Index:
    """A promoted index with these documents, a commit for each batch; made if it isn't there."""
    if name not in backend.names():
        backend.create(schema, name)
    with backend.writer(schema, name) as writer:
        for batch in batches:
            writer.put(batch)
            writer.commit()
    backend.promote(name)
    return backend.current(schema)


@pytest.fixture(scope="session")
def catalogue(make_backend: MakeBackend) -> Index:
    """The small catalogue, in two commits."""
    return build(make_backend(), [CATALOGUE[:4], CATALOGUE[4:]])
