"""`tessera import skos FILE`: a vocabulary in SKOS becomes concepts.

`eurovoc`, `euroscivoc` and `isced-f` are set up from this one by their `source.toml`. See
docs/reference/sources/skos.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from tessera.schema.concepts import Concept
from tessera.sources.base import Found, Item, ItemError, SourceInfo
from tessera.sources.formats import packed
from tessera.sources.formats.archives import ArchiveError
from tessera.sources.formats.packed import Readable
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
        with Statements() as said, ExitStack() as archives:
            files, problems = _files(paths, archives)
            yield from problems
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
                except packed.BROKEN as error:
                    raise Unreadable(f"{name} {packed.said(error)}") from None
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


def _files(
    paths: Sequence[Path], archives: ExitStack
) -> tuple[list[tuple[Readable, str]], list[ItemError]]:
    """The files to read, with their names for people; archives stay open. Raises Unreadable."""
    found: list[tuple[Readable, str]] = []
    problems: list[ItemError] = []
    for path in paths:
        folder = path if path.is_dir() else path.parent
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        before = len(found)
        for each in inside:
            if path.is_dir() and not _is_read(each):
                continue
            above = each.relative_to(folder).parent.as_posix()
            try:
                files = archives.enter_context(packed.unpacked(each, ENDINGS))
            except ArchiveError as error:
                raise Unreadable(f"{each.name} {error}") from None
            found += [(file, name if above == "." else f"{above}/{name}") for file, name in files]
        if len(found) == before:
            named = ", ".join(sorted(ENDINGS))
            problems.append(ItemError("gather", path.name, f"has no file that ends in {named}"))
    return found, problems


def _is_read(path: Path) -> bool:
    """Whether a file of a folder belongs to a vocabulary, by its name."""
    ending = path.suffix.lower()
    if ending == ".gz":
        ending = Path(path.stem).suffix.lower()
    return ending in ENDINGS or ending == ".zip"


def importer(info: SourceInfo) -> SkosImporter:
    """The importer as its `source.toml` sets it up."""
    stated = read_settings(FOLDER / info.slug.replace("-", "_") / "source.toml")
    own = stated.get("vocabulary", {})
    return SkosImporter(info, base=own.get("base", ""), scheme=own.get("scheme", ""))
