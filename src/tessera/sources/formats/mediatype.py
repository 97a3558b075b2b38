"""What type of file a media type, or another word for a format, stands for."""

from __future__ import annotations

import re
from typing import Final

_TYPES: Final = (
    (re.compile(r"application/pdf|\bpdf\b", re.I), "pdf"),
    (re.compile(r"^image/|^stillimage$|^image$|^photo", re.I), "image"),
    (re.compile(r"^audio/|^sound$", re.I), "audio"),
    (re.compile(r"^video/|^movingimage$|^video$", re.I), "video"),
    (re.compile(r"spreadsheet|excel|\bxlsx?\b|text/csv", re.I), "xls"),
    (re.compile(r"presentation|powerpoint|\bpptx?\b", re.I), "ppt"),
    (re.compile(r"msword|wordprocessing|opendocument\.text|\bdocx?\b", re.I), "doc"),
    (re.compile(r"text/html|xhtml", re.I), "web"),
    (re.compile(r"\bzip\b|\btar\b|gzip", re.I), "archive"),
)


def file_type_of(text: str) -> str:
    """The type of the interchange format ("pdf", "xls"); empty where the word tells none."""
    return next((name for pattern, name in _TYPES if pattern.search(text.strip())), "")
