"""Photos: read within bounds, drawn anew without whatever else a file held, kept in the home.

Nothing of the file that was sent is kept: its pixels are decoded and encoded again, so neither
metadata nor a second format hidden in it comes through.
"""

from __future__ import annotations

import io
import re
import secrets
import struct
import time
import zlib
from pathlib import Path
from typing import IO, Any, Final

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MAX_BYTES: Final = 8_000_000
MAX_PIXELS: Final = 30_000_000
LEAST_SIDE: Final = 120
SIDE: Final = 480
CONTENT_TYPE: Final = "image/webp"

_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_NAME: Final = re.compile(r"[0-9a-f]{32}\.webp")
_ORPHANED: Final = 3600
"""Seconds after which a file that no profile names is deleted."""


class PhotoError(ValueError):
    """A file that is not taken; says why and what would be."""


class BoundedUpload(FileUploadHandler):
    """Stops reading a file that is too big, wherever on the site it is sent.

    `request.META["tessera.too_big"]` says so to the view, as the file isn't there then.
    """

    MOST: Final = 10 * MAX_BYTES

    def new_file(self, *arguments: Any, **named: Any) -> None:
        super().new_file(*arguments, **named)
        self.count = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.count += len(raw_data)
        if self.count > self.most():
            if self.request is not None:
                self.request.META["tessera.too_big"] = True
            raise SkipFile
        return raw_data

    def most(self) -> int:
        """Bytes of a file; photos have the tighter bound."""
        path = self.request.path_info if self.request is not None else ""
        return MAX_BYTES if path.startswith("/account/") else self.MOST

    def file_complete(self, file_size: int) -> None:
        return None


def too_big() -> PhotoError:
    most = MAX_BYTES // 1_000_000
    return PhotoError(
        _("This file is larger than %(most)d MB; send a smaller one.") % {"most": most}
    )


def drawn_anew(file: IO[bytes]) -> bytes:
    """The square picture in a file, as WebP. PhotoError where there is none that is taken."""
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise too_big()
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            _within_bounds(image.size)
            # JPEG decodes at a fraction of its size where that is enough.
            image.draft("RGB", (2 * SIDE, 2 * SIDE))
            image.load()
            return _square(image)
    except PhotoError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except (
        OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, OverflowError,
        struct.error, zlib.error, MemoryError,
    ) as error:  # fmt: skip
        # What Pillow's readers raise over files that are broken or aren't pictures.
        raise PhotoError(
            _("This is no JPEG, PNG or WebP picture that can be read; send one of those.")
        ) from error


def _too_many_pixels() -> PhotoError:
    most = MAX_PIXELS // 1_000_000
    return PhotoError(
        _("This picture has more than %(most)d million pixels; make it smaller.") % {"most": most}
    )


def _within_bounds(size: tuple[int, int]) -> None:
    width, height = size
    if width * height > MAX_PIXELS:
        raise _too_many_pixels()
    if min(width, height) < LEAST_SIDE:
        raise PhotoError(
            _("This picture is %(width)d by %(height)d pixels; each side needs %(least)d.")
            % {"width": width, "height": height, "least": LEAST_SIDE}
        )


def _square(image: Image.Image) -> bytes:
    """The middle of it, upright, on white where it is transparent."""
    image.thumbnail((4 * SIDE, 4 * SIDE))
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    fitted = ImageOps.fit(upright, (SIDE, SIDE))
    clean = Image.new("RGB", fitted.size, "white")
    clean.paste(fitted, mask=fitted.getchannel("A"))
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=85)
    return out.getvalue()


def _folder() -> Path:
    return Path(settings.HOME) / "photos"


def keep(content: bytes) -> str:
    """Write it under a name that nobody can guess; the name."""
    folder = _folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    name = f"{secrets.token_hex(16)}.webp"
    path = folder / name
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(content)
    return name


def stored(name: str) -> Path | None:
    """The file of that name, None where there is none or the name is none of ours."""
    path = _folder() / name
    return path if _NAME.fullmatch(name) and path.is_file() else None


def discard(name: str) -> None:
    """Delete it, if it is there."""
    if _NAME.fullmatch(name):
        (_folder() / name).unlink(missing_ok=True)


def sweep(named: set[str]) -> int:
    """Delete the files that no profile names, but for those just written; how many went."""
    folder, gone = _folder(), 0
    if not folder.is_dir():
        return 0
    for path in folder.iterdir():
        try:
            orphaned = time.time() - path.stat().st_mtime > _ORPHANED
        except FileNotFoundError:  # Its owner was faster.
            continue
        if path.name not in named and orphaned:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
