"""From Dublin Core to a record.

The kind is decided by `dc:type` (see `KINDS`): what is none of news, event and project is a file.
Creators and contributors aren't taken: most are persons.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any, Final

from tessera.schema import vocabularies
from tessera.sources.base import Item, ItemError
from tessera.sources.drafting import left_out, needed
from tessera.sources.formats.dates import DateError, parse_date_range
from tessera.sources.formats.language import detect_language
from tessera.sources.formats.mediatype import file_type_of
from tessera.sources.formats.text import shortened
from tessera.sources.formats.webtext import is_web_address, plain_line, plain_text

KINDS: Final = {
    "news": "news", "newsitem": "news", "newsarticle": "news", "pressrelease": "news",
    "blogpost": "news", "announcement": "news", "event": "event", "project": "project",
    "researchproject": "project",
}  # fmt: skip
"""The last part of a `dc:type`, in small letters without blanks -> kind."""

_DOI: Final = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.I)
_ID: Final = re.compile(r"[^\s\x00-\x1f?#%\\]{1,190}")
_PURL: Final = ("info:eu-repo/", "http://purl.org/", "https://purl.org/")


def record(item: Item) -> Iterator[dict[str, Any] | ItemError]:
    """A record in the shape of the interchange format, and what was left out of it."""
    dc: dict[str, list[dict[str, str]]] = item.raw["dc"]
    languages = [
        code for text in _texts(dc, "language") if (code := vocabularies.language_code(text))
    ]
    titles = _by_language(dc, "title", languages, item)
    if not titles:
        yield needed(item, "dc:title", "is empty; it names the record")
        return
    kind = _kind(dc)
    types = [shortened(text, 200) for text in _texts(dc, "type")]
    values: dict[str, Any] = {
        "id": _id(item.key),
        "kind": kind,
        "title": titles,
        "text": _by_language(dc, "description", languages, item, several=True),
        "themes": list(dict.fromkeys(w for t in _texts(dc, "subject") if (w := _theme(t)))),
        "language": languages[0] if len(set(languages)) == 1 else "",
        "countries": list(dict.fromkeys(c for t in _texts(dc, "coverage")
                                        if (c := vocabularies.country_code(plain_line(t))))),
        "licence": _licence(_texts(dc, "rights")),
        "url": _url(_texts(dc, "identifier")),
        "publisher": [plain_line(text) for text in _texts(dc, "publisher")],
        "stated": {"type": types} if types else {},
        "sets": item.raw["sets"],
    }  # fmt: skip
    if kind == "file":
        values["file_type"] = _file_type(dc)
    for found in _dated(item, kind, dc):
        if isinstance(found, ItemError):
            yield found
        else:
            values |= found
    yield {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _texts(dc: dict[str, list[dict[str, str]]], name: str) -> list[str]:
    return [each["text"] for each in dc.get(name, [])]


def _by_language(
    dc: dict[str, list[dict[str, str]]],
    name: str,
    languages: list[str],
    item: Item,
    *,
    several: bool = False,
) -> dict[str, str]:
    """Texts by language: as marked, else the record's one language, else as detected.

    several: of one language are put together; else the first is taken.
    """
    found: dict[str, str] = {}
    for each in dc.get(name, []):
        text = plain_text(each["text"]) if several else plain_line(each["text"])
        marked = vocabularies.language_code(each.get("lang", "")) if each.get("lang") else None
        lang = marked or (languages[0] if len(set(languages)) == 1 else "")
        lang = lang or detect_language(text, words=4) or "und"
        if text and lang not in found:
            found[lang] = text
        elif text and several and text not in found[lang]:
            found[lang] += f"\n\n{text}"
    return found


def _kind(dc: dict[str, list[dict[str, str]]]) -> str:
    for text in _texts(dc, "type"):
        last = re.sub(r"[\W_]+", "", re.split(r"[/#]", text.strip().rstrip("/"))[-1]).lower()
        if last in KINDS:
            return KINDS[last]
    return "file"


def _id(identifier: str) -> str:
    own = identifier if identifier.lower().startswith("oai:") else f"oai:{identifier}"
    if _ID.fullmatch(own):
        return own
    return f"oai:{hashlib.sha256(identifier.encode('utf-8', 'replace')).hexdigest()[:24]}"


def _theme(text: str) -> str:
    theme = plain_line(text)
    return "" if theme.startswith(("info:", "http://", "https://")) else theme


def _licence(texts: list[str]) -> str:
    stated = [plain_line(text) for text in texts]
    named = [text for text in stated if not text.startswith(_PURL)]
    chosen = [text for text in named if "creativecommons.org" in text or text.startswith("CC")]
    return (chosen or named or [""])[0]


def _url(texts: list[str]) -> str:
    addresses = [text.strip() for text in texts if is_web_address(text.strip())]
    dois = [found[1] for text in texts if (found := _DOI.fullmatch(text.strip()))]
    plain = [address for address in addresses if not _DOI.fullmatch(address)]
    return (plain or [f"https://doi.org/{doi}" for doi in dois] or addresses or [""])[0]


def _file_type(dc: dict[str, list[dict[str, str]]]) -> str:
    stated = _texts(dc, "format") + [re.split(r"[/#]", text)[-1] for text in _texts(dc, "type")]
    return next((found for text in stated if (found := file_type_of(text))), "")


def _dated(
    item: Item, kind: str, dc: dict[str, list[dict[str, str]]]
) -> Iterator[dict[str, Any] | ItemError]:
    """The first date that can be read; of an event and a project it is when that takes place."""
    for text in _texts(dc, "date"):
        written = re.sub(r"^info:eu-repo/date/\w+/", "", text.strip())
        if text.strip().startswith("info:eu-repo/date/embargoEnd"):
            continue
        try:
            found = parse_date_range(re.sub(r"T00:00:00(?:\.0+)?(?:Z|\+00:?00)?$", "", written))
        except DateError as error:
            yield left_out(item, error, "dc:date", text, "date")
            continue
        first, last = found.start.isoformat(), found.end.isoformat()
        if kind == "event":
            yield {"starts": first, "ends": last, "timezone": found.timezone}
        elif kind == "project":
            yield {"start": first[:10]} | ({"end": last[:10]} if last[:10] > first[:10] else {})
        else:
            yield {"published": first[:10]}
        if found.note:
            yield {"notes": [f"Date: {found.note}"]}
        return
