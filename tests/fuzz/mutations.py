"""What happens to files on their way: cut off, in the wrong encoding, edited by hand, hostile."""

from __future__ import annotations

import codecs
import json
import zipfile
from io import BytesIO
from typing import Any, Final

from tests.fuzz.choices import Choices

ENCODINGS: Final = ("cp1250", "cp1252", "iso8859-7", "utf-16", "utf-16-le", "utf-16-be",
                    "utf-8-sig", "utf-32", "cp1251", "iso8859-2")  # fmt: skip

WORDS: Final = (
    "", " ", "0", "-1", "1e999999999", "9" * 5000, "NaN", "Infinity", "1,5", "1.234", "0000-00-00",
    "2024-02-30", "9999-12-31", "99999-01-01", "31.12.0000", "32/13/2020", "1/2/3", "a" * 60_000,
    "\x00", "\ufffe", "\u202e", "É" * 3, "N/A", "null", "None", "'; DROP TABLE x; --", "=1+1",
    "../../etc/passwd", "http://", "https://[::1", "https://a\u0000b/", "<b>x", "&amp;&lt;&#0;",
    "{{7*7}}", "%00%zz", "(" * 500, '"' * 3, "|" * 300, ";" * 40, "\t" * 40, ",", "\u2028", "ﬁ",
    "<script>", "🏴" * 50, "\u0301" * 300, "listopad 2020", "12–14", "20200101T000000Z",
    "P99999999Y", "FREQ=SECONDLY", "QS" * 10, "DE", "XX", "EUR", "true",
)  # fmt: skip
"""What stands where something else is expected."""

BYTES: Final = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xc3", b"\xc3\xa9", b"\x80", b"\xef\xbb\xbf", b'"', b"'", b",",
    b";", b"\t", b"\n", b"\r", b"\r\n", b"{", b"}", b"[", b"]", b"<", b">", b"&", b"\\", b"\\u0000",
    b"\\ud800", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"]]>", b"<![CDATA[", b"-->", b"<!--", b"---\n",
    b"\x1f\x8b", b"PK\x03\x04", b"%PDF-", b"1e400", b"\x1a", b"\xe2\x80\xa8", b"\xed\xa0\x80",
)  # fmt: skip


LARGE: Final = 2_000_000
"""Characters of JSON that is not spoilt any further."""


def spoilt(choices: Choices, data: bytes) -> bytes:
    """A file with one to four things done to its bytes."""
    for _ in range(1 + choices.below(4)):
        at = choices.below(len(data) + 1)
        to = min(len(data), at + 1 + choices.below(1 + choices.below(400)))
        match choices.below(8):
            case 0:
                data = data[:at]
            case 1:
                data = data[:at] + choices.one(BYTES) + data[at:]
            case 2:
                data = data[:at] + data[to:]
            case 3:
                data = data[:at] + bytes(choices.below(256) for _ in range(to - at)) + data[to:]
            case 4:
                data = data[:at] + data[at:to] * (2 + choices.below(40)) + data[to:]
            case 5:
                other = choices.below(len(data) + 1)
                data = data[:at] + data[other : other + to - at] + data[at:]
            case 6:
                data = data[:at] + choices.one(WORDS).encode("utf-8", "replace") + data[to:]
            case _:
                data = reencoded(choices, data)
    return data


def reencoded(choices: Choices, data: bytes) -> bytes:
    """A text in another encoding, whole or from some place on."""
    text = data.decode("utf-8", "replace")
    encoding = choices.one(ENCODINGS)
    at = 0 if choices.once_in(2) else choices.below(len(text) + 1)
    return text[:at].encode("utf-8", "replace") + text[at:].encode(encoding, "replace")


def spoilt_value(choices: Choices, value: Any) -> Any:
    """JSON values of which some are others, elsewhere, missing or nested without end."""
    if isinstance(value, dict) and value and not choices.once_in(4):
        name = choices.one(list(value))
        match choices.below(6):
            case 0:
                return {key: each for key, each in value.items() if key != name}
            case 1:
                return {**value, choices.one(WORDS): value[name]}
            case _:
                return {**value, name: spoilt_value(choices, value[name])}
    if isinstance(value, list) and value and not choices.once_in(4):
        at = choices.below(len(value))
        match choices.below(5):
            case 0:
                return value[:at] + value[at + 1 :]
            case 1:
                return value + [value[at]] * choices.below(300)
            case _:
                return [*value[:at], spoilt_value(choices, value[at]), *value[at + 1 :]]
    return choices.one((
        None, True, False, 0, -1, 10**400, 1.5e308, 0.1, [], {}, [None], {"": None},
        [[]], [{}], {"a": 1},
        choices.one(WORDS), choices.one(WORDS), [choices.one(WORDS)], {"en": choices.one(WORDS)},
        {"en": 5}, nested(choices.one((5, 50, 150, 300))), [choices.one(WORDS), 1, None, {}],
    ))  # fmt: skip


def nested(depth: int) -> Any:
    value: Any = "x"
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


def spoilt_json(choices: Choices, data: bytes) -> bytes:
    """JSON with other values in it, or with spoilt bytes."""
    if choices.once_in(4):
        return spoilt(choices, data)
    value = json.loads(data)
    written = ""
    for _ in range(1 + choices.below(4)):
        value = spoilt_value(choices, value)
        written = json.dumps(value, ensure_ascii=choices.once_in(2))
        if len(written) > LARGE:
            break  # Lists of lists of copies have no end; the reader is tried here, not the writer.
    return written.encode("utf-8", "surrogatepass")


def spoilt_archive(choices: Choices, data: bytes) -> bytes:
    """A ZIP archive with spoilt members, without some, or with its own bytes spoilt."""
    if choices.once_in(3):
        return spoilt(choices, data)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(1 + choices.below(3)):
        name = choices.one(list(members)) if members else "x"
        match choices.below(6):
            case 0:
                members.pop(name, None)
            case 1:
                members[f"../{name}" if choices.once_in(4) else f"x/{name}"] = b""
            case 2:
                members[name] = bomb(choices)
            case _:
                members[name] = spoilt(choices, members.get(name, b""))
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def bomb(choices: Choices) -> bytes:
    """A part that stands for far more than it is."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    depth = choices.one((100, 1000, 30_000))
    return choices.one((
        f"<?xml version='1.0'?><!DOCTYPE r [{entities}]><r>&e9;</r>".encode(),
        b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r>&x;</r>",
        b"<r>" * depth + b"</r>" * depth,
        b"0" * choices.one((1000, 3_000_000, 30_000_000)),
        b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
        b"<dimension ref='A1:XFD1048576'/><sheetData><row r='1048576'>"
        b"<c r='XFD1048576'><v>1</v></c></row></sheetData></worksheet>",
    ))  # fmt: skip


def bom(encoding: str) -> bytes:
    """The mark that a file in an encoding begins with; Python writes that of UTF-16 itself."""
    return {"utf-8": codecs.BOM_UTF8}.get(encoding, b"")
