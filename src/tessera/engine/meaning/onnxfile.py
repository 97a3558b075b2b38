"""Writing an ONNX file: just as much of the format as the graph of an encoder needs.

The format is Protocol Buffers; the numbers of the fields are those of `onnx.proto`. The package
`onnx` would do the same with 20 MB more to install.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tessera.engine.meaning.errors import MeaningError

Array = npt.NDArray[Any]

_TYPES: Final = {"float32": 1, "int8": 3, "int32": 6, "int64": 7}
_IR_VERSION: Final = 9
_OPSET: Final = 20
_CONTRIB: Final = "com.microsoft"
_MOST_BYTES: Final = (1 << 31) - (1 << 20)
"""No message of Protocol Buffers can be longer."""


def _varint(number: int) -> bytes:
    out = bytearray()
    number &= (1 << 64) - 1
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _int(field: int, number: int) -> bytes:
    return _varint(field << 3) + _varint(number)


def _bytes(field: int, value: bytes | str) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(raw)) + raw


def _attribute(name: str, value: int | float) -> bytes:
    if isinstance(value, float):
        held = _varint(2 << 3 | 5) + np.float32(value).tobytes() + _int(20, 1)
    else:
        held = _int(3, value) + _int(20, 2)
    return _bytes(1, name) + held


def _value(name: str, kind: str, dims: Sequence[str | int]) -> bytes:
    shape = b"".join(
        _bytes(1, _bytes(2, dim) if isinstance(dim, str) else _int(1, dim)) for dim in dims
    )
    tensor = _int(1, _TYPES[kind]) + _bytes(2, shape)
    return _bytes(1, name) + _bytes(2, _bytes(1, tensor))


class Graph:
    """A graph in the making; `write` makes a file of it."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._tensors: list[tuple[bytes, Array]] = []
        self._ends: list[bytes] = []
        self._names: set[str] = set()

    def input(self, name: str, kind: str, dims: Sequence[str | int]) -> str:
        self._ends.append(_bytes(11, _value(name, kind, dims)))
        return name

    def output(self, name: str, kind: str, dims: Sequence[str | int]) -> None:
        self._ends.append(_bytes(12, _value(name, kind, dims)))

    def tensor(self, name: str, value: Array) -> str:
        """A constant; one of the same name is there once."""
        if name not in self._names:
            self._names.add(name)
            value = np.ascontiguousarray(value)
            head = b"".join(_int(1, dim) for dim in value.shape)
            head += _int(2, _TYPES[value.dtype.name]) + _bytes(8, name)
            head += _varint(9 << 3 | 2) + _varint(value.nbytes)
            self._tensors.append((head, value))
        return name

    def node(
        self,
        op: str,
        inputs: Sequence[str],
        output: str,
        *,
        contrib: bool = False,
        **attributes: Any,
    ) -> str:
        """An operation; returns the name of its output."""
        made = b"".join(_bytes(1, name) for name in inputs) + _bytes(2, output) + _bytes(4, op)
        made += b"".join(_bytes(5, _attribute(name, value)) for name, value in attributes.items())
        self._nodes.append(_bytes(1, made + (_bytes(7, _CONTRIB) if contrib else b"")))
        return output

    def write(self, path: Path) -> None:
        """Write the model in one step: a file of that name is whole, or isn't there."""
        heads = [
            _varint(5 << 3 | 2) + _varint(len(head) + value.nbytes) + head
            for head, value in self._tensors
        ]
        rest = b"".join(self._nodes) + _bytes(2, "encoder") + b"".join(self._ends)
        size = len(rest) + sum(map(len, heads)) + sum(value.nbytes for _, value in self._tensors)
        if size > _MOST_BYTES:
            raise MeaningError(
                "The model is too large to be converted (2 GB); give its ONNX file instead."
            )
        opsets = _bytes(8, _bytes(1, "") + _int(2, _OPSET)) + _bytes(
            8, _bytes(1, _CONTRIB) + _int(2, 1)
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f"{path.name}.{os.getpid()}")
        with made.open("wb") as file:
            file.write(_int(1, _IR_VERSION) + _bytes(2, "tessera") + opsets)
            file.write(_varint(7 << 3 | 2) + _varint(size) + rest)
            for head, (_, value) in zip(heads, self._tensors, strict=True):
                file.write(head)
                file.write(value.tobytes())
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
