"""Work in processes that are killed: by time from outside, or by themselves at a named point.

    python -m tests.integration.nursery

reads one piece of work a line, as JSON: `[action, point, *paths]`. Each is done in a fork of this
process, which has loaded everything and touched neither database nor index: so a point in time is
one of the work, not of Python's start. The fork's id is written when it begins, its status after.

A point is `[function, event, n]`: the n-th time that a function of that name, with its module, is
called ("call") or left ("return"), the process ends itself with SIGKILL.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any, Final

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after the settings
from django.db.models import Q  # noqa: E402
from django.test import Client  # noqa: E402

from tessera.engine.analysis.terms import tokens  # noqa: E402
from tessera.harvest import gathering  # noqa: E402
from tessera.harvest.mapping import mapping_version  # noqa: E402
from tessera.harvest.models import Run  # noqa: E402
from tessera.harvest.run import harvest  # noqa: E402
from tessera.indexing import filling, rebuild, sync  # noqa: E402
from tessera.indexing.current import current  # noqa: E402
from tessera.indexing.verify import verify  # noqa: E402
from tessera.records.models import Change, Link, Mention, Record, SourceRecord  # noqa: E402
from tessera.schema.fields import SCHEMA  # noqa: E402
from tessera.site.checks import findings  # noqa: E402
from tessera.sources.base import Item  # noqa: E402
from tessera.sources.formats.language import detect_language  # noqa: E402
from tessera.sources.registry import FOLDER, importer  # noqa: E402
from tests.integration.deliveries import Lines  # noqa: E402

TIMES: Final = {"first_seen", "last_seen", "changed", "took_ms"}
"""What an answer says of when and how long: it differs between any two runs."""


WORDS: Final = ("region", "river+-bridge", "%22the+river%22", "munic*", "energy+OR+water")


def small_batches() -> None:
    """So that a small delivery has many points between two of its transactions."""
    gathering.BATCH, sync.BATCH, filling.BATCH, filling.COMMIT = 40, 120, 40, 120


def state() -> dict[str, Any]:
    """What database and index hold, apart from times and numbers of rows."""
    made = {d.id: d.stored for d in sync.documents_of(Record.objects.filter(withdrawn_at=None))}
    here = {row["record__uid"]: row["what"] for row in
            Change.objects.order_by("sequence").values("record__uid", "what")}  # fmt: skip
    return {
        "records": sorted(map(list, Record.objects.annotate(
            gone=Q(withdrawn_at__isnull=False)
        ).values_list("uid", "kind", "checksum", "derived", "title", "licence", "answers_as",
                      "gone"))),
        "items": sorted(map(list, SourceRecord.objects.annotate(
            gone=Q(gone_at__isnull=False)
        ).values_list("source__slug", "key", "place", "checksum", "mapping", "problem", "gone"))),
        "links": sorted(map(list, Link.objects.values_list(
            "record__uid", "rel", "role", "target_uid", "position"))),
        "mentions": sorted(map(list, Mention.objects.values_list("target_uid", "said", "times"))),
        "unlogged": Record.objects.filter(changes=None).count(),
        "withdrawn but logged last as there": sum(
            here.get(uid) not in ("withdrawn", "linked")
            for uid in Record.objects.exclude(withdrawn_at=None).values_list("uid", flat=True)
        ),
        "problem": verify().problem,
        "documents_equal": current().get(list(made)) == json.loads(json.dumps(made)),
        "outcomes": list(Run.objects.order_by("pk").values_list("outcome", flat=True)),
        "findings": [[each.check, each.level] for each in findings() if each.check != "disk"],
    }  # fmt: skip


def answers() -> dict[str, str]:
    """What the API gives, by address; times in it are left blank."""
    client = Client(SERVER_NAME="127.0.0.1")
    facets = "&".join(f"facet={facet.name}" for facet in SCHEMA.facets)
    asked = [f"search?size=100&{facets}"]
    kinds = sorted(set(Record.objects.values_list("kind", flat=True)))
    asked += [f"search?size=50&{facets}&kind={kind}" for kind in kinds]
    asked += [f"search?size=50&sort={order.name}" for order in SCHEMA.sorts]
    asked += [f"search?size=50&q={words}" for words in WORDS]
    asked += [f"suggest?q={start}" for start in ("mu", "clu", "re", "e", "inst")]
    asked += [f"search?size=100&page={page}&q=" for page in range(1, 15)]
    asked += [f"records/{uid}" for uid in sorted(Record.objects.values_list("uid", flat=True))]
    found = {}
    for each in asked:
        answer = client.get(f"/api/v1/{each}")
        found[each] = f"{answer.status_code} {_without_times(answer.content)}"
    return found


def _without_times(body: bytes) -> str:
    values = json.loads(body)
    for part in (values, values.get("provenance", {})):
        for name in TIMES & part.keys():
            part[name] = ""
    return json.dumps(values, ensure_ascii=False)


def work(action: str, paths: Sequence[str]) -> None:
    """One piece of work."""
    small_batches()
    if action == "migrate":
        call_command("migrate", verbosity=0)
    elif action == "import":
        harvest(Lines(), [Path(path) for path in paths])
    elif action == "sync":
        sync.sync()
    elif action == "rebuild":
        rebuild.rebuild()
    elif action == "state":
        Path(paths[0]).write_text(json.dumps(state()))
    elif action == "answers":
        Path(paths[0]).write_text(json.dumps(answers()))
    else:
        harvest(importer(action), [Path(path) for path in paths])


def end_at(function: str, event: str, times: int) -> None:
    """Kill this process the n-th time that it comes to a point."""
    left = times

    def watch(frame: FrameType, happening: str, _argument: object) -> None:
        nonlocal left
        if happening == event and frame.f_code.co_name == function.rpartition(".")[2]:
            module = frame.f_globals.get("__name__", "")
            if f"{module}.{frame.f_code.co_name}" == function:
                left -= 1
                if left <= 0:
                    os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(watch)


def warm_up() -> None:
    """Load what every piece of work would load anew: vocabularies, models, digests of the code."""
    for slug in ("keep", "jsonl", "files"):
        reader = importer(slug)
        mapping_version(reader)
        sample = FOLDER / slug / "sample"
        for item in reader.gather([sample]) if slug != "files" else ():
            if isinstance(item, Item):
                list(reader.map(item))
    detect_language("Two towns open their old ferry road to walkers.")
    for lang in ("en", "de", "fr", "pl", "lt", "und"):
        tokens("Two towns open their old ferry road to walkers.", lang)


def serve() -> None:
    """Do what stands on standard input, line by line."""
    warm_up()
    for line in sys.stdin:
        action, point, *paths = json.loads(line)
        pid = os.fork()
        if pid == 0:
            try:
                if point:
                    end_at(*point)
                work(action, paths)
            except BaseException as error:  # noqa: BLE001 - whatever it is, the test shall see it
                print(repr(error), file=sys.stderr, flush=True)
                os._exit(1)
            os._exit(0)
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


if __name__ == "__main__":
    serve()
