"""Every importer over its own sample, spoilt."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from tessera.sources.fetch.errors import FetchError
from tessera.sources.oai.importer import OaiImporter
from tessera.sources.registry import importer
from tessera.sources.vocabulary import is_vocabulary
from tests.fuzz.choices import Choices
from tests.fuzz.invariants import Told, bounded, imported, took
from tests.fuzz.mutations import spoilt, spoilt_archive, spoilt_json
from tests.fuzz.targets.named import TARGETS, target, workshop
from tests.unit.sources.making import SOURCES
from tests.unit.sources.test_oai import answer, deleted, dublin
from tests.websites import Notes, Website, send, website


@contextmanager
def spoilt_copy(folder: Path, data: bytes) -> Iterator[Path]:
    """A copy of a folder in which one file is spoilt."""
    choices = Choices(data)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    chosen = choices.one(files)
    raw = chosen.read_bytes()
    match chosen.suffix:
        case ".json" | ".jsonld" | ".geojson" if not choices.once_in(4):
            changed = spoilt_json(choices, raw)
        case ".xlsx":
            changed = spoilt_archive(choices, raw)
        case _:
            changed = spoilt(choices, raw)
    work = Path(tempfile.mkdtemp(dir=workshop()))
    try:
        copy = work / "sample"
        shutil.copytree(folder, copy)
        (copy / chosen.relative_to(folder)).write_bytes(changed)
        yield copy
    finally:
        shutil.rmtree(work, ignore_errors=True)


def delivery(slug: str, folder: Path, data: bytes) -> None:
    """An importer over its own sample, of which one file is spoilt."""
    with spoilt_copy(folder, data) as copy:
        imported(importer(slug), [copy])


for _folder in sorted(path.parent for path in SOURCES.glob("*/source.toml")):
    _slug = _folder.name.replace("_", "-")
    if not is_vocabulary(importer(_slug)):
        TARGETS[f"import-{_slug}"] = partial(delivery, _slug, _folder / "sample")


_END = b"</OAI-PMH>"


def _answers(choices: Choices) -> list[bytes]:
    """Answers of a repository, each but the last with a token for the next; some are spoilt."""
    count = 1 + choices.below(3)
    stamp = b"<responseDate>2026-03-01T10:00:00Z</responseDate>"
    made = []
    for at in range(count):
        token = str(at + 1) if at + 1 < count else ""
        page = answer(dublin(at), deleted(9 + at), token=token, size=choices.below(9))
        page = page.replace(b"<ListRecords>", stamp + b"<ListRecords>")
        made.append(spoilt(choices, page) if choices.once_in(3) else page)
    return made


@target("oai-again")
def oai_again(data: bytes) -> None:
    """A repository asked twice, the second time for what changed; whatever it answers."""
    choices = Choices(data)
    policy = choices.one(("persistent", "transient", "no", "?"))
    identify = (
        f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-03-02T10:00:00Z'
        f"</responseDate><Identify><deletedRecord>{policy}</deletedRecord><granularity>"
        f"{choices.one(('YYYY-MM-DDThh:mm:ssZ', 'YYYY-MM-DD', ''))}</granularity></Identify>"
    ).encode() + _END
    if choices.once_in(3):
        identify = spoilt(choices, identify)
    made: object = importer("oai")
    assert isinstance(made, OaiImporter)
    site, notes = _site(), Notes()
    with bounded():
        for _ in range(2):
            site.pages["/oai"] = partial(_repository, _answers(choices), identify)
            site.asked.clear()
            fetcher = site.fetcher(notes, requests=50)
            try:
                took(made.gather_remote([f"{site.url}/oai"], fetcher), Told())
            except FetchError as error:
                assert str(error).strip()
                continue
            assert len(site.asked) < 50, "a list without end"
            for key, what in fetcher.noted.items():
                fetcher.keep(key, what)


def _repository(pages: list[bytes], identify: bytes, handler: BaseHTTPRequestHandler) -> None:
    asked = dict(parse_qsl(urlsplit(handler.path).query))
    token = asked.get("resumptionToken", "0")
    at = int(token) if token.isdecimal() and len(token) < 3 else len(pages)
    if asked["verb"] == "Identify":
        body = identify
    elif at < len(pages):
        body = pages[at]
    else:
        body = answer(more='<error code="badResumptionToken">late</error>')
    send(handler, 200, body, {"Content-Type": "text/xml"})


@cache
def _site() -> Website:
    """A repository that stays for all cases of this process."""
    return _STACK.enter_context(website())


_STACK = ExitStack()
atexit.register(_STACK.close)
