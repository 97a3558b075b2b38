from pathlib import Path

import pytest

from tessera.engine.backends.memory import MemoryBackend
from tessera.engine.backends.open import open_backend
from tessera.engine.backends.tantivy import TantivyBackend
from tessera.engine.errors import EngineError
from tessera.engine.fields import IndexSchema


def test_the_known_urls(tmp_path: Path) -> None:
    assert isinstance(open_backend("memory:", tmp_path), MemoryBackend)
    backend = open_backend("tantivy:", tmp_path)
    assert isinstance(backend, TantivyBackend)
    backend.create(IndexSchema("s", 1, (), (), (), ""), "one")
    assert (tmp_path / "index" / "one").is_dir()


@pytest.mark.parametrize(
    "url", ["", "tantivy", "memory", "tantivy:/elsewhere", "Tantivy:", "solr://localhost"]
)
def test_others_are_told_what_is_expected(tmp_path: Path, url: str) -> None:
    with pytest.raises(EngineError, match=r"expected `tantivy:`.*`memory:`"):
        open_backend(url, tmp_path)
