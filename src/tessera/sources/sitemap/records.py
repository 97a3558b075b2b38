"""From a thing of schema.org to a record."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import urljoin

from tessera.schema import vocabularies
from tessera.sources.base import Item, ItemError
from tessera.sources.conversion import MEND
from tessera.sources.drafting import left_out, warning
from tessera.sources.fetch.urls import host_of
from tessera.sources.formats.dates import DateError
from tessera.sources.formats.language import detect_language, language_code
from tessera.sources.formats.mediatype import file_type_of
from tessera.sources.formats.text import shortened, slug
from tessera.sources.formats.webtext import is_web_address, plain_line, plain_text
from tessera.sources.moments import day_of, moments
from tessera.sources.sitemap.jsonld import kind_of, own_address, title_of

Node = Mapping[str, Any]
_ROR: Final = re.compile(r"ror\.org/(0[a-z0-9]{6}\d{2})/?$")
_VAT: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{6,12}")


def records(item: Item) -> Iterator[dict[str, Any] | ItemError]:
    """The records of a page in the shape of the interchange format, and what was left out."""
    for node in item.raw["nodes"]:
        yield from _record(item, node)


def _record(item: Item, node: Node) -> Iterator[dict[str, Any] | ItemError]:
    kind, page = kind_of(node), item.raw["url"]
    lang = language_code(_line(_language(node))) or item.raw["lang"]
    title = _texts(node, ("name", "headline"), lang, plain_line)
    if not title:
        yield warning(item, f"a {kind} has no name; left out")
        return
    if "Cancelled" in str(node.get("eventStatus", "")):
        yield warning(item, f"{shortened(title_of(node))!r} is called off; left out")
        return
    body = _texts(node, ("articleBody", "text"), lang, plain_text)
    described = _texts(node, ("description", "abstract"), lang, plain_text)
    url = own_address(node, page) or page
    values: dict[str, Any] = {
        "id": _id(item, node, kind),
        "kind": kind,
        "title": title,
        "text": body or described,
        "summary": described if body else {},
        "themes": _words(node.get("keywords")),
        "licence": _line(node.get("license")),
        "url": url if is_web_address(url) else "",
    }
    for found in _MAKERS[kind](item, node):
        if isinstance(found, ItemError):
            yield found
        else:
            values |= found
    yield {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _id(item: Item, node: Node, kind: str) -> str:
    """The organisation's identifier, or the address of the page where the thing is at home."""
    if kind == "organisation":
        for text in [*_lines(node.get("sameAs")), *_lines(node.get("identifier")),
                     _line(node.get("@id"))]:  # fmt: skip
            if found := _ROR.search(text):
                return f"ror:{found[1]}"
        vat = re.sub(r"[\s.-]", "", _line(node.get("vatID"))).upper()
        if _VAT.fullmatch(vat):
            return f"vat:{vat}"
    page = item.raw["url"] or item.key
    stated = str(node.get("@id") or "").strip()
    home = stated if stated.startswith(("http://", "https://")) else own_address(node, page)
    # Several things can be at home on one page, and without an @id only their names part them.
    told = home if "#" in home else f"{home or page} {kind} {title_of(node)}"
    site = slug(host_of(home or page), 60) or "file"
    return f"web:{site}:{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _language(node: Node) -> object:
    stated = node.get("inLanguage")
    if isinstance(stated, list):
        stated = stated[0] if len(stated) == 1 else ""
    if isinstance(stated, Mapping):
        return stated.get("alternateName") or stated.get("name")
    return stated


def _texts(
    node: Node, names: tuple[str, ...], lang: str, plain: Callable[[str], str]
) -> dict[str, str]:
    """Texts by language of the first of these properties that has any."""
    for name in names:
        found: dict[str, str] = {}
        value = node.get(name)
        for each in value if isinstance(value, list) else [value]:
            marked = ""
            if isinstance(each, Mapping):
                marked = language_code(str(each.get("@language") or ""))
                each = each.get("@value")
            text = plain(each) if isinstance(each, str) else ""
            if text:
                found.setdefault(marked or lang or detect_language(text, words=4) or "und", text)
        if found:
            return found
    return {}


def _line(value: object) -> str:
    """A property as a line: a text, a thing's name or address, the first of several."""
    if isinstance(value, list):
        return next((text for each in value if (text := _line(each))), "")
    if isinstance(value, Mapping):
        for name in ("name", "@value", "value", "url", "@id"):
            if text := _line(value.get(name)):
                return text
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return plain_line(value) if isinstance(value, str) else ""


def _lines(value: object) -> list[str]:
    each = value if isinstance(value, list) else [value]
    return [text for part in each if (text := _line(part))]


def _words(value: object) -> list[str]:
    if isinstance(value, str):
        value = value.split(",")
    return list(dict.fromkeys(_lines(value)))


def _places(node: Node) -> list[Mapping[str, Any]]:
    value = node.get("location")
    return [each for each in (value if isinstance(value, list) else [value])
            if isinstance(each, Mapping)]  # fmt: skip


def _address(value: object) -> tuple[str, str]:
    """An address as a line, and its country's code."""
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, Mapping):
        return _line(value), ""
    country = _line(value.get("addressCountry"))
    parts = [_line(value.get(name)) for name in ("streetAddress", "postalCode", "addressLocality")]
    line = ", ".join(part for part in [parts[0], " ".join(filter(None, parts[1:]))] if part)
    return line, vocabularies.country_code(country) or "" if country else ""


def _event(item: Item, node: Node) -> Iterator[dict[str, Any] | ItemError]:
    try:
        yield moments(_line(node.get("startDate")), _line(node.get("endDate")))
    except DateError as error:
        message = f"{error}; it is in no calendar"
        value = _line(node.get("startDate"))
        yield warning(item, message, "startDate", value=value, mend=MEND["date"])
    mode = str(node.get("eventAttendanceMode", "")) + str(node.get("eventStatus", ""))
    places, countries = [], []
    online = "Online" in mode or "Mixed" in mode
    for place in _places(node):
        if "VirtualLocation" in str(place.get("@type", "")):
            online = True
            continue
        line, country = _address(place.get("address"))
        name = _line(place.get("name"))
        places.append(", ".join(dict.fromkeys(part for part in (name, line) if part)))
        countries += [country] if country else []
    if isinstance(node.get("location"), str):
        places.append(_line(node["location"]))
    yield {"place": "; ".join(filter(None, places)), "countries": countries}
    if online:
        yield {"online": True}


def _published(item: Item, node: Node) -> Iterator[dict[str, Any] | ItemError]:
    written = _line(node.get("datePublished")) or _line(node.get("dateCreated"))
    if written:
        try:
            yield {"published": day_of(written).isoformat()}
        except DateError as error:
            yield left_out(item, error, "datePublished", written, "date")


def _file(item: Item, node: Node) -> Iterator[dict[str, Any] | ItemError]:
    yield from _published(item, node)
    formats = _lines(node.get("encodingFormat")) + _lines(node.get("fileFormat"))
    held = node.get("distribution") or node.get("encoding") or []
    for each in held if isinstance(held, list) else [held]:
        if isinstance(each, Mapping):
            formats += _lines(each.get("encodingFormat")) + _lines(each.get("fileFormat"))
    kind = next((found for text in formats if (found := file_type_of(text))), "")
    yield {"file_type": kind, "formats": list(dict.fromkeys(formats))}
    link = _line(node.get("contentUrl"))
    if link and is_web_address(urljoin(item.raw["url"], link)):
        yield {"url": urljoin(item.raw["url"], link)}


def _project(item: Item, node: Node) -> Iterator[dict[str, Any] | ItemError]:
    short = _line(node.get("alternateName"))
    yield {"acronym": short if 0 < len(short) <= 40 else ""}
    days: dict[str, str] = {}
    for name, keys in (("start", ("startDate", "foundingDate")),
                       ("end", ("endDate", "dissolutionDate"))):  # fmt: skip
        written = next((text for key in keys if (text := _line(node.get(key)))), "")
        if written:
            try:
                days[name] = day_of(written).isoformat()
            except DateError as error:
                yield left_out(item, error, keys[0], written, "date")
    if days.get("end", "9") < days.get("start", ""):
        message = f"{days['end']} lies before the start"
        yield left_out(item, message, "endDate", days["end"], "order")
        del days["end"]
    yield days
    organisations = []
    for key, role in (("parentOrganization", "lead"), ("member", "partner")):
        value = node.get(key)
        for each in value if isinstance(value, list) else [value]:
            name = _line(each)
            if name and isinstance(each, Mapping):
                country = _address(each.get("address"))[1]
                part = {"name": name, "role": role}
                organisations.append(part | ({"country": country} if country else {}))
    yield {"organisations": organisations, "funders": _lines(node.get("funder"))}


def _organisation(item: Item, node: Node) -> Iterator[dict[str, Any] | ItemError]:
    _, country = _address(node.get("address"))
    others = _lines(node.get("legalName")) + _lines(node.get("alternateName"))
    yield {
        "countries": [country] if country else [],
        "names": [{"name": name} for name in dict.fromkeys(others) if name != title_of(node)],
    }


_Maker = Callable[[Item, Node], Iterator[dict[str, Any] | ItemError]]
_MAKERS: Final[dict[str, _Maker]] = {
    "event": _event, "news": _published, "file": _file, "project": _project,
    "organisation": _organisation,
}  # fmt: skip
