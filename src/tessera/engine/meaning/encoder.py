"""Texts as vectors, by an ONNX model on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from tokenizers import Tokenizer

from tessera.engine.meaning.conversion import convert
from tessera.engine.meaning.errors import MeaningError
from tessera.engine.meaning.folder import EncoderFolder

Vectors = npt.NDArray[np.float32]

TOGETHER: Final = 4
"""Passages that one run of the model takes; more of them only crowd the processor's cache."""


class Encoder:
    """A sentence encoder. Its vectors have length 1, so that their product is the cosine.

    Any number of threads may encode at once.
    """

    def __init__(self, folder: EncoderFolder, converted: Path, *, threads: int = 1) -> None:
        """Load what `folder` holds. converted: a folder for the ONNX made of safetensors, once.

        threads: that one call uses; 0 is as many as there are cores. Raises MeaningError.
        """
        self.folder = folder
        model = folder.model
        if model.suffix == ".safetensors":
            model = converted / f"{folder.identity}.onnx"
            if not model.is_file():
                convert(folder.model, folder.path / "config.json", model)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        try:
            self._tokenizer = Tokenizer.from_file(str(folder.tokenizer))
            self._session = ort.InferenceSession(
                str(model), options, providers=["CPUExecutionProvider"]
            )
        # Both raise exceptions of no common class for a file that they can't use.
        except Exception as error:
            raise MeaningError(f"The encoder in {folder.path} can't be loaded: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._inputs = {each.name for each in self._session.get_inputs()}
        self._begin, self._end = self._marks()
        self._query = self.tokens(folder.query)
        self._passage = self.tokens(folder.passage)
        self.dimensions = int(self.encode([self.query_tokens("a")]).shape[1])

    def tokens(self, text: str) -> list[int]:
        """The tokens of a text, without marks of beginning and end."""
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def query_tokens(self, text: str) -> list[int]:
        """All tokens of a question; what is beyond the model's length is left out."""
        return self._whole([*self._query, *self.tokens(text)])

    def passage_tokens(self, head: Sequence[int], tokens: Sequence[int]) -> list[int]:
        """All tokens of a passage, after those of its head."""
        return self._whole([*self._passage, *head, *tokens])

    @property
    def room(self) -> int:
        """The tokens that a passage can have, with its head."""
        marks = len(self._begin) + len(self._end) + len(self._passage)
        return self.folder.max_tokens - marks

    def encode(self, texts: Sequence[Sequence[int]]) -> Vectors:
        """One vector a row for texts given as tokens; those of like length run together."""
        found: Vectors | None = None
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(order), TOGETHER):
            rows = order[start : start + TOGETHER]
            made = self._run([texts[row] for row in rows])
            if found is None:
                found = np.empty((len(texts), made.shape[1]), np.float32)
            found[rows] = made
        return np.empty((0, self.dimensions), np.float32) if found is None else found

    def _run(self, texts: Sequence[Sequence[int]]) -> Vectors:
        length = max(len(text) for text in texts)
        ids = np.zeros((len(texts), length), np.int64)
        mask = np.zeros((len(texts), length), np.int64)
        for row, text in enumerate(texts):
            ids[row, : len(text)] = text
            mask[row, : len(text)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        used = {name: value for name, value in given.items() if name in self._inputs}
        try:
            states: Any = self._session.run(None, used)[0]
        except Exception as error:
            raise MeaningError(
                f"The encoder in {self.folder.path} failed on a text of {length} tokens; perhaps "
                f"it takes fewer than max_tokens says: {error}"
            ) from error
        if states.ndim == 3:
            if self.folder.pooling == "cls":
                states = states[:, 0]
            else:
                weight = mask[:, :, None].astype(np.float32)
                states = (states * weight).sum(axis=1) / weight.sum(axis=1)
        length_of = np.linalg.norm(states, axis=1, keepdims=True)
        return np.asarray(states / np.maximum(length_of, 1e-12), np.float32)

    def _whole(self, tokens: list[int]) -> list[int]:
        most = self.folder.max_tokens - len(self._begin) - len(self._end)
        return [*self._begin, *tokens[:most], *self._end]

    def _marks(self) -> tuple[list[int], list[int]]:
        """What the tokenizer puts before and after a text."""
        bare = self.tokens("a")
        marked: list[int] = self._tokenizer.encode("a", add_special_tokens=True).ids
        for at in range(len(marked) - len(bare) + 1):
            if marked[at : at + len(bare)] == bare:
                return marked[:at], marked[at + len(bare) :]
        raise MeaningError(f"{self.folder.tokenizer} marks texts in a way that isn't known here.")
