"""`tessera search` and `tessera why`: one search, and why an item isn't found by any."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import unescape
from typing import Any

from tessera.engine.query import AS_TYPED, MAX_SIZE, WORDS, Query
from tessera.engine.result import Hit, Result
from tessera.schema.kinds import KIND_NAMES

MOST = 10_000
"""The largest --limit; for all of a result there are exports."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this part's commands; see `tessera.cli`."""
    search = subparsers.add_parser(
        "search",
        help="one search",
        description="One search, with the numbers of the page."
        " Begin words with - after `--`: tessera search -- cluster -rail",
    )
    search.add_argument("text", nargs="*", metavar="TEXT", help="what to search for")
    search.add_argument("--kind", action="append", default=[], choices=KIND_NAMES)
    search.add_argument(
        "--filter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        type=_filter,
        help="such as country=LT; --filter=-country=LT excludes; of several, either will do",
    )
    search.add_argument(
        "--facet", action="append", default=[], metavar="NAME", help="show a facet's counts"
    )
    search.add_argument("--sort", default="", metavar="S", help="relevance, newest, oldest, ...")
    search.add_argument("--limit", type=_from_to(0, MOST), default=10, metavar="N")
    search.add_argument("--offset", type=_from_to(0, 10**9), default=0, metavar="N")
    search.add_argument("--lang", default="", metavar="L", help="language of titles and labels")
    search.add_argument("--as-typed", action="store_true", help="nothing is corrected in the words")
    search.add_argument("--match", choices=(WORDS,), default="", help="only all words, as typed")
    search.add_argument(
        "--without", action="append", default=[], metavar="WORD", help="no such related word"
    )
    search.add_argument("--json", action="store_true", help="the API's shape on stdout")
    search.set_defaults(run=run_search)

    why = subparsers.add_parser("why", help="why an item is not shown")
    why.add_argument("text", metavar="TEXT", help="its id, its key, its address or its title")
    why.add_argument("--json", action="store_true", help="the answers as a JSON list on stdout")
    why.set_defaults(run=run_why)


def _filter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip("-") or not value.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE, such as country=LT")
    return name, value


def _from_to(low: int, high: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            message = f"{text!r} is not a whole number from {low} to {high}"
            raise argparse.ArgumentTypeError(message)
        return int(text)

    return number


def run_why(args: argparse.Namespace) -> int:
    from dataclasses import asdict

    from tessera.search.whereabouts import whereabouts

    found = whereabouts(args.text)
    if args.json:
        answers = [
            {**asdict(each), "since": each.since.isoformat() if each.since else None}
            for each in found.findings
        ]
        print(json.dumps(answers, ensure_ascii=False))
        return 0 if answers else 1
    for each in found.findings:
        name = f"{each.uid} ({each.title})" if each.uid else each.key
        of_run = f", run {each.run}" if each.run else ""
        since = f" since {each.since:%Y-%m-%d %H:%M}" if each.since else ""
        print(f"{name}: {each.label}{since} [{each.source}{of_run}]")
        for line in filter(None, (each.place, *each.why.splitlines())):
            print(f"  {line}")
        if each.locked:
            print(f"  locked by an editor: {', '.join(each.locked)}")
    if found.cut:
        print("There are more; type more of it.", file=sys.stderr)
    if found.findings:
        return 0
    print(f"tessera: Nothing that goes by {args.text!r} was received.", file=sys.stderr)
    for error in found.errors:
        print(f"run {error.run_id}: {error.where}: {error.message}", file=sys.stderr)
    if found.nearest:
        print(f"Received, and most like it: {', '.join(found.nearest)}", file=sys.stderr)
    return 1


def run_search(args: argparse.Namespace) -> int:
    """0 done (also where nothing was found), 1 where the index can't be asked, 2 wrong usage."""
    import django

    django.setup()
    from django.utils import translation

    from tessera.engine.errors import EngineError
    from tessera.schema.fields import SCHEMA
    from tessera.search.merged import resolved

    for name in [*(name.lstrip("-") for name, _ in args.filter), *args.facet]:
        if SCHEMA.facet(name) is None:
            known = ", ".join(facet.name for facet in SCHEMA.facets)
            return _wrong(f"{name!r} is not a filter; there are: {known}")
    if args.sort and args.sort != "relevance" and SCHEMA.sort(args.sort) is None:
        known = ", ".join(order.name for order in SCHEMA.sorts)
        return _wrong(f"{args.sort!r} is not an order; there are: relevance, {known}")
    params = [("q", " ".join(args.text)), *(("kind", kind) for kind in args.kind), *args.filter]
    params += [("sort", args.sort), ("lang", args.lang)]
    params += [("spelling", AS_TYPED)] if args.as_typed else []
    params += [("match", args.match), *(("without", word) for word in args.without)]
    query, problems = Query.from_params(params, SCHEMA)
    query, moved = resolved(query)
    problems += moved
    for problem in problems:
        print(f"tessera search: {problem.parameter}: {problem.message}", file=sys.stderr)
    from tessera.search.languages import interface_language

    try:
        with translation.override(interface_language(args.lang)):
            return _search(args, query, problems)
    except EngineError as error:
        print(f"tessera search: {error}", file=sys.stderr)
        return 1


def _wrong(message: str) -> int:
    print(f"tessera search: {message}", file=sys.stderr)
    return 2


def _search(args: argparse.Namespace, query: Query, problems: Sequence[Any]) -> int:
    from tessera.indexing.current import current
    from tessera.search.answer import answer
    from tessera.search.labels import Labels
    from tessera.search.names import Names
    from tessera.search.spelled import asked as answered
    from tessera.search.spelled import spelled_search

    index = current()
    asked = tuple(dict.fromkeys(args.facet))
    facets = tuple(dict.fromkeys(("kind", *asked)))
    size = min(max(args.limit, 1), MAX_SIZE)
    first = args.offset // size + 1
    result = spelled_search(index, replace(query, page=first, size=size), facets=facets, wait=True)
    asked_for = answered(query, result)
    hits: list[Hit] = list(result.hits[args.offset % size :])
    page = first
    while len(hits) < args.limit and page * size < result.total:
        page += 1
        hits += index.search(replace(asked_for, page=page, size=size)).hits
    shown = replace(result, hits=tuple(hits[: args.limit]))
    labels = Labels(look_up=Names(index, query.lang or "en"))
    whole = replace(query, page=first, size=size)
    values = answer(whole, shown, labels, problems, facets=asked, asked=asked)
    if args.json:
        values["query"]["params"] = query.to_params()
        values["page"] = {"size": args.limit, "offset": args.offset, "next": _next(args, result)}
        print(json.dumps(values, ensure_ascii=False))
    else:
        _print(values, asked_for, result, args.offset)
    return 0


def _next(args: argparse.Namespace, result: Result) -> int | None:
    """The offset of what follows; None where nothing does."""
    after: int = args.offset + args.limit
    return after if args.limit and after < result.total else None


def _print(values: dict[str, Any], query: Query, result: Result, offset: int) -> None:
    """query: that which the result answers."""
    from tessera.search.labels import counted, kind_word
    from tessera.search.parts import passage_part
    from tessera.search.ways import account, headings

    kinds = [counted(kind, count, f"{count:,}") for kind, count in values["kinds"].items() if count]
    found = counted("", result.total, f"{result.total:,}")
    _print_correction(values["correction"])
    print(found)
    if told := account(query, result.sections):
        print(told)
    if kinds:
        print(f"By kind: {', '.join(kinds)}")
    _print_expansions(result)
    ways, before = headings(query, result.sections), ""
    for number, hit in enumerate(values["hits"], offset + 1):
        if ways and hit["way"] != before:
            before = hit["way"]
            print(f"\n{ways[before]}")
        fields = hit["fields"]
        name = f"{fields['acronym']}: {hit['title']}" if fields.get("acronym") else hit["title"]
        print(f"\n{number:>4}. {kind_word(hit['kind'])}: {name}")
        if fields.get("lead_partner"):
            print(f"      {fields['lead_partner']}")
        passage = next(
            (h for h in hit["highlights"] if h["field"] not in ("title", "acronym")), None
        )
        if passage:
            where = f"{passage_part(passage['label'])[0]}: " if passage["label"] else ""
            print(f"      {where}{_plain(passage['html'])}")
        print(f"      {hit['id']}")
    for facet in values["facets"].values():
        print(f"\n{facet['label']}")
        for bucket in facet["buckets"]:
            print(f"{bucket['count']:>8,}  {bucket['label']}  [{bucket['value']}]")
        if facet["other"]:
            print(f"          and {facet['other']:,} further values")


def _print_expansions(result: Result) -> None:
    """Each typed word, or run of them, with what was looked for besides."""
    besides: dict[str, list[str]] = {}
    for each in result.expansions:
        besides.setdefault(" ".join(each.words), []).append(f"{each.alternative} ({each.lang})")
    for typed, others in besides.items():
        print(f"Besides {typed}, also: {', '.join(others)}")


def _print_correction(correction: dict[str, Any] | None) -> None:
    if correction is None:
        return
    if correction["applied"]:
        typed = correction["typed"]
        print(f"Results for {correction['corrected']}; --as-typed searches for {typed}.")
    else:
        print(f"Did you mean {correction['corrected']}?")


def _plain(html: str) -> str:
    """A passage without markup; what matched in stars."""
    return unescape(re.sub(r"</?mark>", "*", html))
