"""`tessera import site FOLDER...`: what a project publishes on its web site.

Pages in several languages are one record. Of people only what `records.PERSON` lists is taken,
and e-mail addresses never: not even into the stored item.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Importer, Item, ItemError, SourceInfo
from tessera.sources.drafting import drafted
from tessera.sources.formats.encoding import read_text
from tessera.sources.formats.language import language_code
from tessera.sources.formats.markdown import FrontMatterError, load_yaml, split_front_matter
from tessera.sources.formats.text import clean_line, shortened, slug, storable
from tessera.sources.site.layout import Site, files, is_data, opened, page_key
from tessera.sources.site.records import person_only, records
from tessera.sources.where import Where

_TITLES: Final = ("name", "title", "id")
_KIND_NAMES: Final = {
    "news": "news", "post": "news", "article": "news", "event": "event", "person": "person",
    "profile": "person", "author": "person", "partner": "organisation",
    "organisation": "organisation", "organization": "organisation",
}  # fmt: skip


class SiteImporter:
    """See the module."""

    def __init__(self, info: SourceInfo) -> None:
        self.info = info

    def gather(self, paths: Sequence[Path]) -> Iterator[Item | ItemError]:
        """Pages and entries of data files, site by site, in the order of their paths."""
        for path in paths:
            if not path.is_dir():
                yield ItemError(
                    "gather", path.name, f"{path} is no folder; expected that of a site"
                )
                continue
            site, problems = opened(path)
            for problem in problems:
                yield ItemError("gather", site.name, problem, warning=True)
            yield from _site(site)

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """The record of a page, or the records of its entries."""
        for found in records(item):
            if isinstance(found, ItemError):
                yield found
            else:
                yield from drafted(found, item)


def importer(info: SourceInfo) -> Importer:
    """Called by the registry."""
    return SiteImporter(info)


def _site(site: Site) -> Iterator[Item | ItemError]:
    pages: dict[str, list[tuple[PurePosixPath, str, Path]]] = {}
    left_out: dict[str, list[str]] = {}
    for path, relative, reason in files(site.folder):
        if reason:
            left_out.setdefault(reason, []).append(str(relative))
        elif is_data(relative):
            kind = site.kind_of(relative)
            if kind:
                yield from _entries(site, path, relative, kind)
            else:
                left_out.setdefault("data that is not news, events, people or partners",
                                    []).append(str(relative))  # fmt: skip
        else:
            key, lang = page_key(relative)
            pages.setdefault(key, []).append((relative, lang, path))
    for key, variants in pages.items():
        yield from _page(site, key, variants, left_out)
    for reason, names in left_out.items():
        listed = f"{', '.join(names[:12])}{' and others' if len(names) > 12 else ''}"
        message = f"left out, {reason}: {len(names)} files ({listed})"
        yield ItemError("gather", site.name, message, warning=True)


def _page(
    site: Site,
    key: str,
    variants: list[tuple[PurePosixPath, str, Path]],
    left_out: dict[str, list[str]],
) -> Iterator[Item | ItemError]:
    """A page with its languages as one item. Where one of them is broken, the others are taken."""
    read: list[dict[str, Any]] = []
    kind = ""
    for relative, lang, path in variants:
        where = f"{site.name}/{relative}"
        try:
            text, encoding = read_text(path)
            front, body = split_front_matter(text)
            if front is None:
                left_out.setdefault("without front matter", []).append(str(relative))
                continue
            meta = load_yaml(front) or {}
        except (FrontMatterError, OSError) as error:
            yield ItemError("gather", where, f"its front matter {error}", f"{site.name}/{key}")
            continue
        if not isinstance(meta, dict):
            message = "its front matter holds no keys with values, such as title: Kick-off"
            yield ItemError("gather", where, message, f"{site.name}/{key}")
            continue
        if encoding.note:
            yield ItemError("gather", where, encoding.note, warning=True)
        if str(meta.get("draft", "")).lower() == "true" or meta.get("published") is False:
            left_out.setdefault("not published yet", []).append(str(relative))
            continue
        kind = kind or _kind(site, relative, meta)
        declared = language_code(str(meta.get("language") or meta.get("lang") or ""))
        lang = declared or lang or (site.language if len(variants) == 1 else "")
        meta, body = person_only(meta, body) if kind == "person" else (meta, body)
        read.append({"path": str(relative), "lang": lang, "meta": meta, "body": body})
    if read:
        raw = {"site": site.common(), "kind": kind, "pages": read}
        where = f"{site.name}/{read[0]['path']}"
        if len(read) > 1:
            where += f" and {len(read) - 1} more languages"
        yield Item(f"{site.name}/{key}", storable(raw), where)


def _kind(site: Site, relative: PurePosixPath, meta: dict[str, Any]) -> str:
    for name in ("kind", "type", "layout"):
        stated = _KIND_NAMES.get(str(meta.get(name, "")).lower())
        if stated and name == "kind":
            return stated
    return site.kind_of(relative) or next(
        (found for name in ("type", "layout")
         if (found := _KIND_NAMES.get(str(meta.get(name, "")).lower()))),
        "page",
    )  # fmt: skip


def _entries(
    site: Site, path: Path, relative: PurePosixPath, kind: str
) -> Iterator[Item | ItemError]:
    """Each entry of a data file: a list of mappings, or a mapping by name."""
    where = f"{site.name}/{relative}"
    try:
        found = load_yaml(read_text(path)[0])  # JSON is YAML
    except (FrontMatterError, OSError) as error:
        yield ItemError("gather", where, str(error))
        return
    if isinstance(found, dict):
        found = [{"name": name, **(each if isinstance(each, dict) else {})}
                 for name, each in found.items()]  # fmt: skip
    if not isinstance(found, list):
        yield ItemError("gather", where, "holds no list of entries")
        return
    seen: dict[str, int] = {}
    for number, entry in enumerate(found, start=1):
        place = Where.at(where, number, unit="entry")
        if not isinstance(entry, dict):
            message = f"is {shortened(str(entry), 40)!r}, expected keys with values"
            yield ItemError("gather", place, message)
            continue
        title = next((clean_line(str(entry[name])) for name in _TITLES if entry.get(name)), "")
        if not title:
            yield ItemError("gather", place, "has no name and no title")
            continue
        meta = person_only(entry, "")[0] if kind == "person" else entry
        day = str(entry.get("date") or entry.get("startDate") or entry.get("start_date") or "")[:10]
        own = "-".join(part for part in (slug(title, 90), slug(day, 10)) if part)
        if own and own in seen:
            message = f"{title!r} is entry {seen[own]} already; the first is taken"
            yield ItemError("gather", place, message, warning=True)
            continue
        seen[own] = number
        raw = {
            "site": site.common(),
            "kind": kind,
            "pages": [{"path": str(relative), "lang": site.language, "meta": meta, "body": ""}],
        }
        yield Item(f"{site.name}/{relative}#{own or number}", storable(raw), place)
