"""How often a search with one typing error still leads to the record that was meant.

    python -m benchmarks.typos --out docs/reference/spelling.md
    python -m benchmarks.typos --home DIR

Seeded. Names and topics are taken from the records of an index; each gets one error of each sort
at a place drawn by lot. Only those count that lead to their record when they are typed right: so
what is measured is what the error costs. Without `--home` the demo catalogue is brought in.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase

from benchmarks.report import say, section, table, write
from tessera.engine.analysis import folded
from tessera.engine.backend import Index
from tessera.engine.backends.open import open_backend
from tessera.engine.query import AS_TYPED, WORDS, Query
from tessera.engine.spelling.deciding import correction
from tessera.engine.spelling.doubts import FEW
from tessera.engine.spelling.spellers import spellers
from tessera.schema.fields import SCHEMA
from tests.livesite import tessera

SEED = 4
TOP = 5
"""Among so many first results the record must stand."""
NAMES, TOPICS = 400, 400
"""At most so many of each are drawn."""
SHORTEST = 4
"""Letters of a name, and of the word of a topic that gets the error."""
LONGER = 6
TOPIC_WORDS = 3

Sort = Callable[[random.Random, str], str]


def _insert(chance: random.Random, word: str) -> str:
    at = chance.randrange(len(word) + 1)
    return word[:at] + chance.choice(ascii_lowercase) + word[at:]


def _delete(chance: random.Random, word: str) -> str:
    at = chance.randrange(len(word))
    return word[:at] + word[at + 1 :]


def _replace(chance: random.Random, word: str) -> str:
    at = chance.randrange(len(word))
    others = [letter for letter in ascii_lowercase if letter != word[at].lower()]
    return word[:at] + chance.choice(others) + word[at + 1 :]


def _transpose(chance: random.Random, word: str) -> str:
    places = [at for at in range(len(word) - 1) if word[at] != word[at + 1]]
    if not places:
        return word
    at = chance.choice(places)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


ERRORS: dict[str, Sort] = {
    "a letter too many": _insert,
    "a letter missing": _delete,
    "a wrong letter": _replace,
    "two letters swapped": _transpose,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record, and what was typed to find it. at: the word that gets the error."""

    id: str
    words: tuple[str, ...]
    at: int

    def text(self, word: str = "") -> str:
        words = [*self.words]
        if word:
            words[self.at] = word
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class Found:
    """tried: searches by sort of error. found: of these, with the record among the first.

    offered: of the others, with a correction offered that leads to it. elsewhere: of those neither
    found nor offered, typed as what more than FEW records hold, so that nothing is wrong with it.
    plain: found where nothing is corrected. times: milliseconds of each decision.
    """

    what: str
    tried: dict[str, int]
    found: dict[str, int]
    offered: dict[str, int]
    elsewhere: int
    plain: dict[str, int]
    times: tuple[float, ...]
    missed: tuple[str, ...]


def first(index: Index, text: str) -> list[str]:
    """The ids of the first results, where nothing is corrected."""
    query = Query(text, size=TOP, spelling=AS_TYPED)
    return [hit.id for hit in index.search(query, highlight=False).hits]


def wanted_names(index: Index, chance: random.Random) -> Iterator[Wanted]:
    """Acronyms of one word of letters, in capitals as they are and in small letters by turns."""
    ids = sorted(index.ids())
    chance.shuffle(ids)
    made = 0
    for id_ in ids:
        name = str(index.get([id_]).get(id_, {}).get("acronym") or "")
        if len(name) < SHORTEST or not (name.isalpha() and name.isascii()):
            continue
        typed = name if made % 2 else name.lower()
        if id_ in first(index, typed):
            made += 1
            yield Wanted(id_, (typed,), 0)
        if made >= NAMES:
            return


def wanted_topics(index: Index, chance: random.Random) -> Iterator[Wanted]:
    """The rarest words of a title, one of which gets the error."""
    ids = sorted(index.ids())
    chance.shuffle(ids)
    made = 0
    for id_ in ids:
        titles = index.get([id_]).get(id_, {}).get("title")
        if not isinstance(titles, dict) or not titles:
            continue
        title = str(titles.get("en") or next(iter(titles.values())))
        words = [w for w in dict.fromkeys(folded(title).split()) if len(w) >= SHORTEST]
        words = [word for word in words if word.isalpha() and word.isascii()]
        if len(words) < 2:
            continue
        rare = sorted(words, key=index.frequency)[:TOPIC_WORDS]
        kept = tuple(word for word in words if word in rare)
        each = Wanted(id_, kept, chance.randrange(len(kept)))
        if id_ in first(index, each.text()):
            made += 1
            yield each
        if made >= TOPICS:
            return


def _by_length(what: str, drawn: Sequence[Wanted]) -> Iterator[tuple[str, list[Wanted]]]:
    """Short words have many neighbours: they are told apart."""
    short = [each for each in drawn if len(each.words[each.at]) < LONGER]
    yield f"{what}, {SHORTEST} to {LONGER - 1} letters", short
    yield f"{what}, {LONGER} and more", [each for each in drawn if each not in short]


def measure(index: Index, what: str, wanted: Sequence[Wanted], chance: random.Random) -> Found:
    counts: list[dict[str, int]] = [dict.fromkeys(ERRORS, 0) for _ in range(4)]
    tried, found, offered, plain = counts
    times, missed, elsewhere = [], [], 0
    for each in wanted:
        for sort, err in ERRORS.items():
            word = err(chance, each.words[each.at])
            text = each.text(word)
            tried[sort] += 1
            as_typed = first(index, text)
            plain[sort] += each.id in as_typed
            begun = time.thread_time()
            fix = correction(index, Query(text))
            times.append((time.thread_time() - begun) * 1000)
            shown = first(index, fix.corrected) if fix and fix.applied else as_typed
            if each.id in shown:
                found[sort] += 1
            elif fix and each.id in first(index, fix.corrected):
                offered[sort] += 1
            else:
                elsewhere += index.count(Query(text, match=WORDS)) > FEW
                missed.append(f"{each.text()!r} as {text!r}: {fix.corrected if fix else None!r}")
    return Found(what, tried, found, offered, elsewhere, plain, tuple(sorted(times)), tuple(missed))


def lines(name: str, index: Index, results: Sequence[Found]) -> list[str]:
    rows = []
    for result in results:
        for sort in (*ERRORS, ""):
            sorts = [sort] if sort else [*ERRORS]
            tried, found, offered, plain = (
                sum(counts[each] for each in sorts)
                for counts in (result.tried, result.found, result.offered, result.plain)
            )
            if not tried:
                continue
            shares = (f"{100 * each / tried:.1f} %" for each in (found, offered, plain))
            rows.append([result.what, sort or "all", f"{tried:,}", *shares])
    head = ["typed", "error", "searches", "found", "behind the offer", "without correction"]
    times = sorted(t for result in results for t in result.times)
    timed = (
        f"Processor time of a decision: {statistics.median(times):.1f} ms in the middle,"
        f" {times[int(len(times) * 0.95)]:.1f} ms at the 95th percentile."
    )
    said = [f"{name}: {len(index):,} records.", "", *table(head, rows), ""]
    return [*said, in_all(results), "", timed]


def in_all(results: Sequence[Found]) -> str:
    tried, found, missed = (
        sum(len(each) if isinstance(each, tuple) else sum(each.values()) for each in several)
        for several in zip(*((r.tried, r.found, r.missed) for r in results), strict=True)
    )
    elsewhere = sum(result.elsewhere for result in results)
    return (
        f"In all {100 * found / tried:.1f} % of {tried:,} searches found their record. Of the"
        f" {missed} that led nowhere near it, {elsewhere} were typed as what more than {FEW} other"
        f" records hold (EST for NEST), and so are answered as they stand; without these"
        f" {100 * found / (tried - elsewhere):.1f} % found theirs."
    )


def demo(folder: Path) -> Index:
    done = tessera(folder, "demo", "--no-serve", timeout=600)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return open_backend("tantivy:", folder).current(SCHEMA)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.typos")
    parser.add_argument("--home", type=Path, help="a site that is there (the demo catalogue)")
    parser.add_argument("--name", default="demo catalogue", help="what it is called on the page")
    parser.add_argument("--out", type=Path, help="the page to renew (stdout)")
    parser.add_argument("--missed", action="store_true", help="say which searches failed")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tessera-typos-") as folder:
        index = (
            open_backend("tantivy:", args.home).current(SCHEMA) if args.home else demo(Path(folder))
        )
        chance = random.Random(SEED)
        spellers.of(index, wait=True)
        results = []
        for what, draw in (("names", wanted_names), ("topics", wanted_topics)):
            drawn = list(draw(index, chance))
            say(f"{len(drawn)} {what}")
            for said, some in _by_length(what, drawn):
                results.append(measure(index, said, some, chance))
        if args.missed:
            for result in results:
                say("\n".join(result.missed))
        made = lines(args.name, index, results)
    command = "python -m benchmarks.typos" + (" --home DIR" if args.home else "")
    write(args.out, {f"Typing errors: {args.name}": section(command, made)})
    return 0


if __name__ == "__main__":
    sys.exit(main())
