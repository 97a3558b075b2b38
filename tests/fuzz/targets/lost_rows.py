"""No good row is lost."""

from __future__ import annotations

import json
from functools import cache, partial

from tessera.sources.registry import importer
from tests.fuzz.choices import Choices
from tests.fuzz.lists import books, objects, row_samples
from tests.fuzz.rows import nothing_lost, spoilt_lines, spoilt_objects
from tests.fuzz.targets.named import TARGETS, workshop, written
from tests.fuzz.workbooks import Copies, copies_in, no_copy_lost, spoilt_book


def rows_of(slug: str, name: str, data: bytes) -> None:
    of = row_samples()[name]
    clean_file = workshop() / name / of.name
    if not clean_file.exists():
        clean_file.parent.mkdir()
        clean_file.write_text(of.text([of.line(row) for row in of.rows]), encoding="utf-8")
    with written(of.name, b"") as path:
        nothing_lost(importer(slug), clean_file, spoilt_lines(Choices(data), of), path)


for _name, _slug in (("good-practices", "good-practices"), ("kohesio", "kohesio"),
                     ("kohesio-beneficiaries", "kohesio"), ("cordis-erc", "cordis-erc"),
                     ("operations", "operations"), ("cordis", "cordis"), ("calls", "calls"),
                     ("interreg-sweden", "interreg-sweden")):  # fmt: skip
    TARGETS[f"rows-{_name}"] = partial(rows_of, _slug, _name)


def objects_of(slug: str, path: str, key: str, *, lines: bool, data: bytes) -> None:
    given = objects(path, key)
    name = "list.jsonl" if lines else "list.json"
    clean_file = workshop() / f"{slug}-objects" / name
    if not clean_file.exists():
        clean_file.parent.mkdir(exist_ok=True)
        body = [json.dumps(each, ensure_ascii=False) for each in given]
        clean_file.write_text(
            "\n".join(body) + "\n" if lines else f"[{','.join(body)}]", encoding="utf-8"
        )
    with written(name, b"") as into:
        case = spoilt_objects(Choices(data), given, lines=lines)
        nothing_lost(importer(slug), clean_file, case, into)


TARGETS["objects-jsonl"] = lambda data: objects_of(
    "jsonl", "jsonl/sample/records.jsonl", "id", lines=True, data=data
)
TARGETS["objects-calls"] = lambda data: objects_of(
    "calls", "calls/sample/calls.jsonl", "topicId", lines=True, data=data
)
TARGETS["objects-interreg-sweden"] = lambda data: objects_of(
    "interreg-sweden", "interreg_sweden/sample/rawdata.json", "projektnamn", lines=False, data=data
)


def copies_of(name: str, ending: str, data: bytes) -> None:
    slug, of = books()[name]
    made, case = spoilt_book(Choices(data), of, ordered=slug == "jems")
    with written(_book_name(name, ending), b"") as into:
        no_copy_lost(importer(slug), made, case, _clean_copies(name, ending), into)


@cache
def _clean_copies(name: str, ending: str) -> Copies:
    slug, of = books()[name]
    with written(_book_name(name, ending), b"") as into:
        return copies_in(importer(slug), of, into)


def _book_name(name: str, ending: str) -> str:
    # Jems tells its two exports apart by the name of the file.
    return f"Alps of Example_{name.rpartition('-')[2][:-1]}_en_en_20261102_091500{ending}"


for _name in ("keep", "jems-projects", "jems-partners", "operations"):
    TARGETS[f"rows-{_name}-xlsx"] = partial(copies_of, _name, ".xlsx")
TARGETS["rows-operations-ods"] = partial(copies_of, "operations", ".ods")
