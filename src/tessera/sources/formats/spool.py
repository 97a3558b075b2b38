"""Rows set aside on disk until those that belong to them have come."""

from __future__ import annotations

import json
import tempfile
from typing import Any, Final, Self

_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Spool:
    """JSON values in a temporary file; only their places need memory.

    The file has no name in the file system, so a killed run leaves nothing behind.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="tessera-spool-")  # noqa: SIM115 - closed by close()
        self._end = 0
        self._adding = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the disk back."""
        self._file.close()

    def add(self, value: Any) -> int:
        """Set a value aside; its place, for `read`."""
        data = _JSON.encode(value).encode("utf-8", "surrogatepass") + b"\n"
        place = self._end
        if not self._adding:
            self._file.seek(place)
            self._adding = True
        self._file.write(data)
        self._end += len(data)
        return place

    def read(self, place: int) -> Any:
        """The value that was set aside at this place."""
        self._adding = False
        self._file.seek(place)
        return json.loads(self._file.readline().decode("utf-8", "surrogatepass"))
