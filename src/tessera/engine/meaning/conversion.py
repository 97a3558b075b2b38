"""From the safetensors of a BERT-like encoder to ONNX, once, without torch.

Known are `bert`, `roberta` and `xlm-roberta`, which most sentence encoders are. The layers use
onnxruntime's own fused operations, which its optimiser would make of the plain ones.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from tessera.engine.meaning.errors import MeaningError
from tessera.engine.meaning.onnxfile import Array, Graph

_TYPES: Final = {"F32": np.float32, "F16": np.float16, "BF16": np.uint16, "I64": np.int64}
_KNOWN: Final = ("bert", "roberta", "xlm-roberta")
_TAIL: Final = "embeddings.word_embeddings.weight"


def convert(safetensors: Path, config: Path, onnx: Path) -> None:
    """Write `onnx` with the encoder's last hidden states. Raises MeaningError for other models."""
    settings = _settings(config)
    weights = _Weights(safetensors)
    graph = Graph()
    for name in ("input_ids", "attention_mask"):
        graph.input(name, "int64", ("batch", "length"))
    hidden = _embeddings(graph, weights, settings)
    mask = graph.node("Cast", ["attention_mask"], "mask", to=6)
    for number in range(int(settings["num_hidden_layers"])):
        hidden = _layer(graph, weights, settings, number, hidden, mask)
    graph.node("Identity", [hidden], "last_hidden_state")
    graph.output("last_hidden_state", "float32", ("batch", "length", int(settings["hidden_size"])))
    graph.write(onnx)


def _settings(config: Path) -> dict[str, Any]:
    try:
        settings: dict[str, Any] = json.loads(config.read_text(encoding="utf-8"))
        kind = settings["model_type"]
        if kind not in _KNOWN:
            raise MeaningError(
                f"{config} says that the model is of the type {kind!r}; only {', '.join(_KNOWN)} "
                "can be converted: give its ONNX file instead."
            )
        if (
            settings.get("hidden_act") != "gelu"
            or settings.get("position_embedding_type", "absolute") != "absolute"
        ):
            raise MeaningError(
                f"{config} says another activation than gelu or other than absolute positions, "
                "which can't be converted: give the model's ONNX file instead."
            )
        for name in ("hidden_size", "num_hidden_layers", "num_attention_heads"):
            int(settings[name])
    except (ValueError, KeyError, TypeError) as error:
        raise MeaningError(f"{config} is not the configuration of an encoder: {error!r}") from error
    return settings


class _Weights:
    """The tensors of a file by their names without the model's own beginning (`bert.`)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with path.open("rb") as file:
                size = int.from_bytes(file.read(8), "little")
                if size > path.stat().st_size:
                    raise ValueError("its beginning is of something else")
                header = json.loads(file.read(size))
            header.pop("__metadata__", None)
        except (OSError, ValueError) as error:
            raise MeaningError(f"{path} is no safetensors file: {error}") from error
        self._data = np.memmap(path, np.uint8, "r", offset=8 + size)
        start = next((name.removesuffix(_TAIL) for name in header if name.endswith(_TAIL)), "")
        self._header = {name.removeprefix(start): value for name, value in header.items()}

    def __call__(self, name: str) -> Array:
        try:
            stated = self._header[name]
            begin, end = stated["data_offsets"]
            raw = self._data[begin:end].view(_TYPES[stated["dtype"]]).reshape(stated["shape"])
        except (KeyError, ValueError) as error:
            raise MeaningError(f"{self._path} has no usable tensor {name!r}.") from error
        if stated["dtype"] == "BF16":
            return (raw.astype(np.uint32) << 16).view(np.float32)
        return raw.astype(np.float32)


def _embeddings(graph: Graph, weights: _Weights, settings: dict[str, Any]) -> str:
    words = graph.tensor("words", weights(_TAIL))
    positions = weights("embeddings.position_embeddings.weight")
    if settings["model_type"] != "bert":
        # Their positions begin after the number of the padding token.
        positions = positions[int(settings.get("pad_token_id", 1)) + 1 :]
    # A sentence is of one part, so the vector of its part is added to each position's.
    positions = positions + weights("embeddings.token_type_embeddings.weight")[0]
    graph.tensor("positions", positions)
    graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    here = graph.node(
        "Slice", ["positions", graph.tensor("zero", np.zeros(1, np.int64)), "length"], "here"
    )
    embedded = graph.node("Gather", [words, "input_ids"], "embedded")
    summed = graph.node("Add", [embedded, here], "summed")
    return _normed(graph, weights, settings, "embeddings.LayerNorm", [summed])


def _normed(
    graph: Graph, weights: _Weights, settings: dict[str, Any], name: str, inputs: list[str]
) -> str:
    """Layer normalisation of one input, or of the sum of two."""
    scale = graph.tensor(f"{name}.weight", weights(f"{name}.weight"))
    bias = graph.tensor(f"{name}.bias", weights(f"{name}.bias"))
    epsilon = float(settings.get("layer_norm_eps", 1e-12))
    if len(inputs) == 1:
        return graph.node("LayerNormalization", [*inputs, scale, bias], name, epsilon=epsilon)
    return graph.node(
        "SkipLayerNormalization", [*inputs, scale, bias], name, contrib=True, epsilon=epsilon
    )


def _linear(graph: Graph, weights: _Weights, name: str, given: str) -> str:
    weight = graph.tensor(f"{name}.weight", weights(f"{name}.weight").T)
    made = graph.node("MatMul", [given, weight], f"{name}.product")
    bias = graph.tensor(f"{name}.bias", weights(f"{name}.bias"))
    return graph.node("Add", [made, bias], name)


def _layer(
    graph: Graph, weights: _Weights, settings: dict[str, Any], number: int, given: str, mask: str
) -> str:
    at = f"encoder.layer.{number}"
    parts = [f"{at}.attention.self.{name}" for name in ("query", "key", "value")]
    weight = np.concatenate([weights(f"{part}.weight").T for part in parts], axis=1)
    bias = np.concatenate([weights(f"{part}.bias") for part in parts])
    attended = graph.node(
        "Attention",
        [
            given,
            graph.tensor(f"{at}.attention.weight", weight),
            graph.tensor(f"{at}.attention.bias", bias),
            mask,
        ],
        f"{at}.attended",
        contrib=True,
        num_heads=int(settings["num_attention_heads"]),
    )
    out = _linear(graph, weights, f"{at}.attention.output.dense", attended)
    hidden = _normed(graph, weights, settings, f"{at}.attention.output.LayerNorm", [out, given])
    wide = _linear(graph, weights, f"{at}.intermediate.dense", hidden)
    active = graph.node("Gelu", [wide], f"{at}.active")
    narrow = _linear(graph, weights, f"{at}.output.dense", active)
    return _normed(graph, weights, settings, f"{at}.output.LayerNorm", [narrow, hidden])
