"""Photos: what is kept of a file is its pixels, and files that mean harm are refused."""

from __future__ import annotations

import io
import os
import struct
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tessera.accounts.forgetting import forget
from tessera.accounts.models import Profile, User
from tessera.accounts.profiles import photo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.HOME = tmp_path
    yield tmp_path


def picture(format: str = "JPEG", size: tuple[int, int] = (600, 400), **more: Any) -> bytes:
    out = io.BytesIO()
    mode = "RGBA" if format == "PNG" else "RGB"
    Image.new(mode, size, "#0b6070").save(out, format, **more)
    return out.getvalue()


def send(client: Client, content: bytes, name: str = "me.jpg", **more: str) -> Any:
    file = SimpleUploadedFile(name, content, content_type="image/jpeg")
    return client.post("/account/profile/photo/", {"file": file, "see_photo": "nobody"} | more)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_drawn_anew(client: Client, ada: User, home: Path, format: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    content = picture(format, exif=exif)
    assert b"a secret place" in content
    assert send(client, content).status_code == 302
    name = Profile.objects.get().photo
    stored = (home / "photos" / name).read_bytes()
    assert b"secret" not in stored
    with Image.open(io.BytesIO(stored)) as kept:
        assert (kept.format, kept.size) == ("WEBP", (480, 480))
        assert not kept.getexif()
    assert (home / "photos" / name).stat().st_mode & 0o777 == 0o600


def test_it_is_served_to_its_owner_as_a_picture_and_nothing_else(client: Client, ada: User) -> None:
    send(client, picture(), see_photo="everyone")
    path = f"/account/profile/photo/{Profile.objects.get().photo}"
    shown = client.get(path)
    assert shown.status_code == 200
    assert shown["Content-Type"] == "image/webp"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Cache-Control"] == "private, no-store"
    eve = Client()
    eve.force_login(User.objects.create_user("eve@portal.example"))
    assert eve.get(path).status_code == 404, "nothing is published, whatever the switch says"
    assert Client().get(path).status_code == 404
    for other in ("..%2F..%2Fsecret_key", "x.webp", "0" * 32 + ".webp"):
        assert client.get(f"/account/profile/photo/{other}").status_code == 404


def png(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="500"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (SVG, "no JPEG, PNG or WebP"),
        (b"<html><script>alert(1)</script></html>", "no JPEG, PNG or WebP"),
        (b"", "no JPEG, PNG or WebP"),
        (b"GIF89a" + b"\0" * 500, "no JPEG, PNG or WebP"),
        (picture("GIF", (300, 300)), "no JPEG, PNG or WebP"),
        (picture("TIFF", (300, 300)), "no JPEG, PNG or WebP"),
        (picture()[:300], "no JPEG, PNG or WebP"),
        (b"%PDF-1.7\n" + picture(), "no JPEG, PNG or WebP"),
        (png(500, 500), "no JPEG, PNG or WebP"),
        (png(50_000, 50_000), "million pixels"),
        (png(6_000, 6_000), "million pixels"),
        (picture(size=(100, 900)), "each side needs"),
        (b"\xff\xd8\xff" + os.urandom(2_000), "no JPEG, PNG or WebP"),
        (picture() + b"\0" * photo.MAX_BYTES, "larger than 8 MB"),
    ],
    ids=["svg", "html", "empty", "half gif", "gif", "tiff", "cut off", "pdf and jpeg", "short png",
         "bomb", "just too many pixels", "narrow", "noise", "large"],
)  # fmt: skip
def test_other_files_are_refused_with_a_reason(
    client: Client, ada: User, home: Path, content: bytes, why: str
) -> None:
    answer = send(client, content, see_photo="members")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert why in page
    assert 'value="members" ' in page
    assert not Profile.objects.exists()
    assert not (home / "photos").exists()


def test_a_second_format_hidden_in_a_picture_does_not_come_through(
    client: Client, ada: User, home: Path
) -> None:
    for tail in (
        b"<script>alert(1)</script>",
        b"PK\x03\x04 an archive",
        b"<?php system($_GET[0]);",
    ):
        assert send(client, picture() + tail, name="me.php.jpg").status_code == 302
        name = Profile.objects.get().photo
        assert tail not in (home / "photos" / name).read_bytes()
        assert "me" not in name


def test_a_photo_of_before_goes(client: Client, ada: User, home: Path) -> None:
    send(client, picture())
    first = Profile.objects.get().photo
    send(client, picture("PNG"))
    second = Profile.objects.get().photo
    assert [path.name for path in (home / "photos").iterdir()] == [second] != [first]
    client.post("/account/profile/photo/", {"see_photo": "members"})
    assert Profile.objects.get().photo == second
    client.post("/account/profile/photo/", {"see_photo": "nobody", "remove": "on"})
    assert Profile.objects.get().photo == ""
    assert not list((home / "photos").iterdir())


def test_files_of_nobody_are_swept(client: Client, ada: User, home: Path) -> None:
    send(client, picture())
    kept = Profile.objects.get().photo
    for name, age in (("a" * 32 + ".webp", 7200), ("b" * 32 + ".webp", 0)):
        (home / "photos" / name).write_bytes(b"x")
        os.utime(home / "photos" / name, (time.time() - age,) * 2)
    os.utime(home / "photos" / kept, (time.time() - 7200,) * 2)
    forget()
    assert {path.name for path in (home / "photos").iterdir()} == {kept, "b" * 32 + ".webp"}
