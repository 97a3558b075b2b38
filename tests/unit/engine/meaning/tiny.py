"""A tiny encoder made for tests: the files that a real one has, with weights of chance."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from tessera.engine.meaning.onnxfile import Array

WORDS = """
water river energy wind hydrogen valley bridge border school youth museum health care
the of in and for to a clean cross project people work together region farm fish
""".split()
DECLARATION = 'languages = ["en"]\nmax_tokens = 64\n'
HIDDEN, HEADS, LAYERS, WIDE, LENGTH = 16, 4, 2, 32, 64


def make(folder: Path, kind: str = "bert", declaration: str = DECLARATION) -> Path:
    """Write config.json, tokenizer.json, model.safetensors and meaning.toml into a new folder."""
    folder.mkdir(parents=True)
    config = {
        "model_type": kind, "hidden_act": "gelu", "hidden_size": HIDDEN, "layer_norm_eps": 1e-12,
        "num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "pad_token_id": 1,
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "meaning.toml").write_text(declaration)
    vocabulary = {word: at for at, word in enumerate(["[CLS]", "[PAD]", "[SEP]", "[UNK]", *WORDS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 0), ("[SEP]", 2)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    save(folder / "model.safetensors", weights(len(vocabulary)))
    return folder


def weights(words: int) -> dict[str, Array]:
    rng = np.random.default_rng(4)

    def some(*shape: int) -> Array:
        return rng.standard_normal(shape).astype(np.float32) * 0.3

    made = {
        "embeddings.word_embeddings.weight": some(words, HIDDEN),
        "embeddings.position_embeddings.weight": some(LENGTH + 2, HIDDEN),
        "embeddings.token_type_embeddings.weight": some(1, HIDDEN),
        "embeddings.LayerNorm.weight": 1 + some(HIDDEN),
        "embeddings.LayerNorm.bias": some(HIDDEN),
    }
    shapes = {
        "attention.self.query": (HIDDEN, HIDDEN), "attention.self.key": (HIDDEN, HIDDEN),
        "attention.self.value": (HIDDEN, HIDDEN), "attention.output.dense": (HIDDEN, HIDDEN),
        "attention.output.LayerNorm": (HIDDEN,), "intermediate.dense": (WIDE, HIDDEN),
        "output.dense": (HIDDEN, WIDE), "output.LayerNorm": (HIDDEN,),
    }  # fmt: skip
    for layer in range(LAYERS):
        for name, shape in shapes.items():
            made[f"encoder.layer.{layer}.{name}.weight"] = some(*shape)
            made[f"encoder.layer.{layer}.{name}.bias"] = some(shape[0])
    return made


def save(path: Path, tensors: dict[str, Array]) -> None:
    """Write safetensors, under names with a beginning of the model's own."""
    header, at = {}, 0
    for name, value in tensors.items():
        header[f"model.{name}"] = {
            "dtype": "F32", "shape": list(value.shape), "data_offsets": [at, at + value.nbytes]
        }  # fmt: skip
        at += value.nbytes
    stated = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    with path.open("wb") as file:
        file.write(len(stated).to_bytes(8, "little") + stated)
        for value in tensors.values():
            file.write(value.tobytes())
