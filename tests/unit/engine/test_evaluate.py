import json
from pathlib import Path

import pytest

from tessera.engine.aids import Aids
from tessera.engine.backends.open import open_backend
from tessera.engine.errors import EngineError
from tessera.engine.evaluate import evaluate
from tessera.engine.expansion import Dictionary, Expander, Pair, learn

DOCS = [
    {"id": "a", "lang": "en", "title": "Growing clusters", "text": "How firms cluster."},
    {"id": "b", "lang": "en", "title": "", "text": "A firm in a harbour town."},
    {"id": "c", "lang": "de", "title": "Häfen", "text": ""},
]


def write(path: Path, lines: list[dict[str, str]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("url", ["memory:", "tantivy:"])
def test_a_run_ranks_by_any_of_the_words(tmp_path: Path, url: str) -> None:
    queries = [
        {"id": "1", "lang": "en", "text": 'Which firms "do not cluster -at all?'},
        {"id": "2", "lang": "de", "text": "Haefen"},
        {"id": "3", "lang": "en", "text": "zebra"},
    ]
    evaluate(
        write(tmp_path / "docs.jsonl", DOCS),
        write(tmp_path / "queries.jsonl", queries),
        tmp_path / "run.trec",
        depth=10,
        backend=open_backend(url, tmp_path),
    )
    run = [line.split() for line in (tmp_path / "run.trec").read_text().splitlines()]
    assert [(q, q0, d, rank, tag) for q, q0, d, rank, _, tag in run] == [
        ("1", "Q0", "a", "1", "tessera"),
        ("1", "Q0", "b", "2", "tessera"),
        ("2", "Q0", "c", "1", "tessera"),
    ]
    assert float(run[0][4]) > float(run[1][4]) > 0


def test_depth_cuts_each_query(tmp_path: Path) -> None:
    queries = write(tmp_path / "q.jsonl", [{"id": "1", "lang": "en", "text": "firm"}])
    docs = write(tmp_path / "d.jsonl", DOCS)
    evaluate(docs, queries, tmp_path / "run", 1, open_backend("memory:", tmp_path))
    assert len((tmp_path / "run").read_text().splitlines()) == 1


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1, "title": "", "text": ""}', '{"id": "a"}'])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    docs = write(tmp_path / "d.jsonl", DOCS)
    docs.write_text(docs.read_text() + line + "\n")
    queries = write(tmp_path / "q.jsonl", [])
    with pytest.raises(EngineError, match=r"d\.jsonl, line 4"):
        evaluate(docs, queries, tmp_path / "run", 1, open_backend("memory:", tmp_path))


def answered(tmp_path: Path, text: str, aids: Aids) -> list[str]:
    """The documents that are found for an English question."""
    docs = write(tmp_path / "d.jsonl", DOCS)
    queries = write(tmp_path / "q.jsonl", [{"id": "1", "lang": "en", "text": text}])
    backend = open_backend("memory:", tmp_path, lambda: aids)
    evaluate(docs, queries, tmp_path / "run", 10, backend, aids.off)
    return [line.split()[2] for line in (tmp_path / "run").read_text().splitlines()]


def test_spelling_can_be_left_out(tmp_path: Path) -> None:
    assert answered(tmp_path, "harbuor", Aids()) == ["b"]
    assert answered(tmp_path, "harbuor", Aids(off=frozenset({"spelling"}))) == []


def test_a_dictionary_finds_what_is_written_in_another_language(tmp_path: Path) -> None:
    file = tmp_path / "dictionary"
    learn([Pair("ports", "en", "Häfen", "de")] * 3, file)
    assert answered(tmp_path, "ports", Aids()) == []
    assert answered(tmp_path, "ports", Aids(Expander(Dictionary(file)))) == ["c"]
