"""`tessera import skos FILE`: a vocabulary in SKOS becomes concepts.

`eurovoc`, `euroscivoc` and `isced-f` are set up from this one by their `source.toml`. See
docs/reference/sources/skos.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from tessera.schema.concepts import Concept
from tessera.sources.base import Found, Item, ItemError, SourceInfo
from tessera.sources.formats.rdf import FORMATS, RdfError, statements
from tessera.sources.formats.text import storable
from tessera.sources.registry import FOLDER, read_settings
from tessera.sources.skos.mapping import concept
from tessera.sources.skos.statements import Statements
from tessera.sources.skos.yamlform import YAML, yaml_statements
from tessera.sources.where import Where

ENDINGS: Final = frozenset({*FORMATS, *YAML})


class Unreadable(ValueError):
    """A file of the delivery that can't be read: the vocabulary can't be told from it."""


class SkosImporter:
    """A vocabulary in one or several files, which are read together.

    base: what the ids of the YAML form are appended to. scheme: the URI of the vocabulary itself,
    where it consists of several schemes; default the one that most concepts are in.
    """

    def __init__(self, info: SourceInfo, base: str = "", scheme: str = "") -> None:
        self.info = info
        self.base = base
        self.scheme = scheme

    def gather(self, paths: Sequence[Path]) -> Iterator[Found]:
        """An item for each scheme, collection and concept. Raises Unreadable."""
        files, problems = _files(paths)
        yield from problems
        with Statements() as said:
            for number, (path, name) in enumerate(files):
                try:
                    stated = (
                        yaml_statements(path, self.base)
                        if path.suffix.lower() in YAML
                        else statements(path)
                    )
                    said.add(stated, str(number))
                except RdfError as error:
                    raise Unreadable(f"{name} {error}") from None
            where = ", ".join(name for _, name in files[:3])
            if len(files) > 3:
                where += f" and {len(files) - 3} more"
            subjects = 0
            for uri, what in said.subjects():
                subjects += 1
                yield _item(uri, what, Where(f"{where}: {uri}", where))
            if files and not subjects:
                yield ItemError("gather", where, "has no skos:Concept: is it a vocabulary in SKOS?")

    def concepts(self, item: Item) -> Iterator[Concept | ItemError]:
        """See `tessera.sources.skos.mapping.concept`."""
        yield from concept(item)


def _item(uri: str, said: dict[str, Any], where: str) -> Found:
    if uri.startswith("_:"):
        label = next((value for value, _ in said.get("prefLabel", ())), "")
        message = f"the concept {label!r} has no URI, so it can't be known again; give it one"
        return ItemError("gather", where, message)
    return Item(uri, storable({"uri": uri, "said": said}), where)


def _files(paths: Sequence[Path]) -> tuple[list[tuple[Path, str]], list[ItemError]]:
    """The files to read, with their names for people."""
    found: list[tuple[Path, str]] = []
    problems: list[ItemError] = []
    for path in paths:
        if not path.is_dir():
            found.append((path, path.name))
            continue
        inside = [p for p in sorted(path.rglob("*")) if p.suffix.lower() in ENDINGS]
        found += [(each, str(each.relative_to(path))) for each in inside]
        if not inside:
            named = ", ".join(sorted(ENDINGS))
            problems.append(ItemError("gather", path.name, f"has no file that ends in {named}"))
    return found, problems


def importer(info: SourceInfo) -> SkosImporter:
    """The importer as its `source.toml` sets it up."""
    stated = read_settings(FOLDER / info.slug.replace("-", "_") / "source.toml")
    own = stated.get("vocabulary", {})
    return SkosImporter(info, base=own.get("base", ""), scheme=own.get("scheme", ""))
