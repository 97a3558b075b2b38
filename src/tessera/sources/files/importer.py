"""`tessera import files FOLDER`: every document below it is a record, text by page.

Files that are the same document are one record, see `folding`. What the documents don't state
may stand beside them, see `stated`.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Earlier, Importer, Item, ItemError, SourceInfo
from tessera.sources.drafting import drafted
from tessera.sources.files import keys
from tessera.sources.files.delivery import Delivery, Entry
from tessera.sources.files.folding import Folded, fold, rank
from tessera.sources.files.stated import Index, read_index, read_sidecar
from tessera.sources.files.texts import Known, Texts
from tessera.sources.files.walking import FileAt, State, check_unchanged, checksum, labels, walk
from tessera.sources.formats.documents import (
    DocumentPage,
    DocumentText,
    read_document,
    title_of_name,
    without_text,
)
from tessera.sources.formats.extraction import READERS
from tessera.sources.formats.likeness import fingerprint
from tessera.sources.formats.readers import Readers
from tessera.sources.formats.reading import Limits, Reader, ReadError, check_size
from tessera.sources.formats.signature import format_of
from tessera.sources.formats.text import slug, storable
from tessera.sources.where import Where

ALIVE_EVERY: Final = 5.0
"""Seconds between signs of life while nothing is given yet."""


@dataclass(frozen=True, slots=True)
class _Task:
    """A file that must be read. folder: the number of the folder that it was found in."""

    seq: int
    folder: int
    file: FileAt
    sha256: str
    state: State
    format: str
    index: Index


class FilesImporter:
    """See the module. workspace, earlier, alive: set by the harvest, see `Equipped`."""

    def __init__(self, info: SourceInfo, limits: Limits | None = None) -> None:
        self.info = info
        self.limits = limits or Limits()
        self.workspace: Path | None = None
        self.earlier: Earlier | None = None
        self.alive: Callable[[], None] | None = None

    def gather(self, paths: Sequence[Path]) -> Iterator[Item | ItemError]:
        """Documents in the order of the paths of the files that lead them.

        Nothing but warnings is given before all files are known.
        """
        with (
            Readers(self.limits) as readers,
            Texts(self.workspace, self.limits) as texts,
            Delivery() as delivery,
        ):
            gathering = _Gathering(self, readers, texts, delivery)
            yield from gathering.take_in(paths)
            folded = fold(delivery, gathering.pages)
            yield from _folding_told(folded)
            keys.assign(delivery, self.earlier)
            yield from gathering.items()
            texts.forget_unused()
            yield from _keeping_told(texts)

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """One record of kind "file"."""
        stated = dict(item.raw["stated"])
        language = stated.get("language") or item.raw["language"]
        title = stated.pop("title", "") or item.raw["title"]
        path = item.raw["files"][0]["path"]
        if title == title_of_name(path.rpartition("/")[2]):
            title = {"und": title}
        values: dict[str, Any] = {
            "id": f"file:{_id_of(item.key)}",
            "kind": "file",
            "title": title if isinstance(title, Mapping) else {language or "und": title},
            "language": language,
            "file_type": item.raw["file_type"],
            "size": item.raw["size"],
            "path": path,
            "pages": item.raw["pages"],
        }
        if len(item.raw["files"]) > 1:
            values["files"] = item.raw["files"]
        project = stated.pop("project", "")
        if project:
            values["links"] = [{"rel": "about", "id": project}]
        if isinstance(stated.get("notes"), str):
            stated["notes"] = [stated["notes"]]
        stated["notes"] = [*stated.get("notes", ()), *item.raw["notes"]]
        yield from drafted(values | stated, item)


class _Gathering:
    """The state of one `gather`."""

    def __init__(
        self, importer: FilesImporter, readers: Readers, texts: Texts, delivery: Delivery
    ) -> None:
        self.limits = importer.limits
        self.alive = importer.alive
        self.readers = readers
        self.texts = texts
        self.delivery = delivery
        self._told_at = time.monotonic()
        self._seq = 0
        self._folders: dict[Path, int] = {}
        self._warnings: list[ItemError] = []

    def take_in(self, paths: Sequence[Path]) -> Iterator[ItemError]:
        """Know every file; what is wrong with one file is given with the documents."""
        for task, answer in self.readers.each(self._tasks(paths), _read):
            yield from self._given()
            if isinstance(answer, ReadError) and not answer.lasting:
                self._fail(task.folder, task.seq, task.file.name, str(answer))
                continue
            found = str(answer) if isinstance(answer, ReadError) else answer
            pages = () if isinstance(answer, ReadError) else answer.pages
            known = self.texts.keep(task.sha256, task.format, found, fingerprint(pages))
            self._add(task, known)
        if len(self._folders) > 1:
            self.delivery.tell_apart(labels(list(self._folders)))
        yield from self._given()

    def items(self) -> Iterator[Item | ItemError]:
        """The documents, and the files that can't be read, in the order of their paths."""
        rows = self.delivery.rows(
            "SELECT seq, '', '', '' FROM file WHERE lead = seq "
            "UNION ALL SELECT seq, name, place, message FROM failed ORDER BY seq"
        )
        for seq, name, where, message in rows:
            if not name:
                yield self._item(seq)
                continue
            yield ItemError("gather", where, message, keys.key_of_failed(self.delivery, name))

    def pages(self, entry: Entry) -> Sequence[DocumentPage]:
        """The text of a file."""
        self._live()
        try:
            return self._document(entry).pages
        except ReadError:
            return ()  # it went away meanwhile: its own item is the error

    def _tasks(self, paths: Sequence[Path]) -> Iterator[_Task | None]:
        for at, path in {Path(os.path.normpath(each.absolute())): each for each in paths}.items():
            if path.is_dir():
                folder = self._folders.setdefault(at, len(self._folders))
                index, errors = read_index(path)
                self._warnings += errors
                for found in walk(path):
                    if isinstance(found, ItemError):
                        self._note(folder, found)
                        yield None
                    else:
                        yield self._task(folder, found, index)
            elif path.is_file():
                folder = self._folders.setdefault(at.parent, len(self._folders))
                yield self._task(folder, FileAt(path, path.name), Index())
            else:
                message = f"{path} is no file or folder"
                self._warnings.append(ItemError("gather", path.name, message))

    def _task(self, folder: int, file: FileAt, index: Index) -> _Task | None:
        """A file that must be read; one whose text is kept is taken in at once."""
        self._live()
        self._seq += 1
        try:
            format = format_of(file.path)
            if format in READERS:
                check_size(file.path.lstat().st_size, self.limits)
            sha256, state = checksum(file.path)
        except ReadError as error:
            self._fail(folder, self._seq, file.name, str(error))
            return None
        except OSError as error:
            self._fail(folder, self._seq, file.name, f"can't be opened ({error.strerror or error})")
            return None
        task = _Task(self._seq, folder, file, sha256, state, format, index)
        if format not in READERS and format != "encrypted" and state.size:
            self._add(task, Known("", "", True, fingerprint(())))
            return None
        known = self.texts.known(sha256, format)
        if known is None:
            return task
        self._add(task, known)
        return None

    def _add(self, task: _Task, known: Known) -> None:
        name = task.file.name
        if known.error:
            self._fail(task.folder, task.seq, name, known.error)
            return
        beside, problem = read_sidecar(task.file.path, name)
        if problem is not None and not problem.warning:
            self._fail(task.folder, task.seq, name, problem.message, problem.where)
            return
        self._warnings += [problem] if problem else []
        defaults, listed = task.index.of(name)
        own = listed | beside
        entry = Entry(
            task.seq, name, task.file.path, task.sha256, task.format, task.state.size,
            str(own.get("language") or defaults.get("language") or known.language),
            defaults | own, bool(own), task.index.folds(name), known.partial, known.print,
        )  # fmt: skip
        place = rank(name, task.format, known.print.words, own=bool(own))
        if not self.delivery.add(entry, place, task.folder):
            self._twice(name)

    def _twice(self, name: str) -> None:
        message = (
            "the same path is there twice: another one has its letters composed in another way, "
            "or the file is given beside its folder; rename one of them, or give the folder alone"
        )
        self._warnings.append(ItemError("gather", name, message))

    def _fail(self, folder: int, seq: int, name: str, message: str, where: str = "") -> None:
        if not self.delivery.fail(seq, name, where or name, message, folder):
            self._twice(name)

    def _note(self, folder: int, error: ItemError) -> None:
        if error.key and not error.warning:
            self._seq += 1
            self._fail(folder, self._seq, error.key, error.message, error.where)
        else:
            self._warnings.append(error)

    def _given(self) -> Iterator[ItemError]:
        warnings, self._warnings = self._warnings, []
        yield from warnings

    def _live(self) -> None:
        if self.alive is not None and time.monotonic() - self._told_at > ALIVE_EVERY:
            self._told_at = time.monotonic()
            self.alive()

    def _item(self, lead: int) -> Item | ItemError:
        members = list(self.delivery.entries("WHERE lead = ? ORDER BY place", (lead,)))
        first, key = members[0], keys.key_of(self.delivery, lead)
        try:
            document = self._document(first)
        except ReadError as error:
            return ItemError("gather", first.name, str(error), key)
        stated: dict[str, Any] = {}
        for member in reversed(members):
            stated |= member.stated
        return Item(
            key,
            storable(
                {
                    "size": first.size,
                    "file_type": document.file_type,
                    "title": document.title,
                    "language": document.language,
                    "pages": [page.as_json() for page in document.pages],
                    "notes": list(document.notes),
                    "stated": stated,
                    "files": [keys.files_of(member) for member in members],
                }
            ),
            Where.at(first.name),
        )

    def _document(self, entry: Entry) -> DocumentText:
        name = entry.name.rpartition("/")[2]
        if entry.format not in READERS:
            return without_text(entry.format, name, entry.size)
        found = self.texts.document(entry.sha256, entry.format, name, entry.size)
        if found is not None:
            return found
        sha256, state = checksum(entry.path)
        if sha256 != entry.sha256:
            raise ReadError("changed while it was read; import it again when it is whole")
        file = FileAt(entry.path, entry.name)
        task = _Task(entry.seq, 0, file, sha256, state, entry.format, Index())
        answer = self.readers.one(task, _read)
        if isinstance(answer, ReadError):
            raise answer
        self.texts.keep(sha256, entry.format, answer, fingerprint(answer.pages))
        return answer


def importer(info: SourceInfo) -> Importer:
    """Called by the registry."""
    return FilesImporter(info)


def _read(task: _Task, reader: Reader) -> DocumentText | ReadError:
    """A document, or why there is none; in a thread of its own."""
    try:
        document = read_document(
            task.file.path,
            using=reader,
            kind=task.format,
            name=task.file.name.rpartition("/")[2],
        )
    except ReadError as error:
        answer: DocumentText | ReadError = error
    except OSError as error:
        answer = ReadError(f"can't be read ({error.strerror or error})", lasting=False)
    else:
        answer = document
    try:
        check_unchanged(task.file.path, task.state)
    except ReadError as error:
        return error
    return answer


def _told(where: str, message: str) -> ItemError:
    return ItemError("gather", where, message, warning=True)


def _folding_told(folded: Folded) -> Iterator[ItemError]:
    """What the operator should know of how files were folded."""
    if folded.files:
        yield _told(
            "the whole delivery",
            f"{folded.files:,} files are listed with another one of the same document: "
            f"{folded.copies:,} with the same bytes, {folded.text:,} with the same text, "
            f"{folded.nearly:,} with nearly the same text; each record tells which and why",
        )
    if folded.nearly:
        yield _told(
            folded.first_nearly,
            "is nearly the same as another file and listed with it; if they are two documents, "
            "name one under `apart` in index.yaml",
        )
    if folded.crowded:
        yield _told(
            folded.first_crowded,
            f"is like very many others ({folded.crowded:,} files are); it was compared with the "
            "first of them only",
        )
    for name in folded.contradicting:
        yield _told(
            name,
            "is the same document as another file, but what is stated of them differs: they "
            "stay two records",
        )


def _keeping_told(texts: Texts) -> Iterator[ItemError]:
    """What the operator should know of the texts that are kept."""
    if texts.mended:
        yield _told(
            "texts kept of earlier runs", f"{texts.mended:,} were spoilt and have been read anew"
        )
    if texts.beyond:
        yield _told(
            "texts kept for later runs",
            f"there is no room for {texts.beyond:,} of them: these files are read in every run",
        )


def _id_of(key: str) -> str:
    """A readable part and a digest of the path: equal names in two folders stay apart."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:8]
    return f"{slug(key.rpartition('/')[2].rpartition('.')[0] or key, 60) or 'file'}-{digest}"
