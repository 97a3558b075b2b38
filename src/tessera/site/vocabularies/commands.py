"""`tessera vocabularies`: what is in the home of imported vocabularies."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tessera.records.models import Vocabulary
    from tessera.schema.concepts import Concept


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this part's commands; see `tessera.cli`."""
    vocabularies = subparsers.add_parser(
        "vocabularies", help="the vocabularies that were imported, and their concepts"
    )
    vocabularies.set_defaults(run=run_list, json=False)
    vocabularies.add_argument("--json", action="store_true", help="the answer as JSON on stdout")
    acts = vocabularies.add_subparsers(dest="act", metavar="ACT")

    show = acts.add_parser("show", help="the concepts of a code or label")
    show.add_argument(
        "name", metavar="NAME", help="the vocabulary, as `tessera vocabularies` has it"
    )
    show.add_argument("what", metavar="CODE", help="a code, a URI, or a label in any language")
    show.set_defaults(run=run_show)

    remove = acts.add_parser("remove", help="take a vocabulary out of the home, runs and all")
    remove.add_argument("name", metavar="NAME", help="the vocabulary")
    remove.set_defaults(run=run_remove)
    for act in (show, remove):
        act.add_argument("--json", action="store_true", default=argparse.SUPPRESS,
                         help="the answer as JSON on stdout")  # fmt: skip


def run_list(args: argparse.Namespace) -> int:
    from tessera.records.models import Vocabulary

    listed = [_described(each) for each in Vocabulary.objects.select_related("source")]
    if args.json:
        print(json.dumps(listed, ensure_ascii=False, indent=1))
        return 0
    if not listed:
        print(
            "No vocabulary was imported. `tessera import eurovoc FILE` takes one in; "
            "`tessera sources` lists what can be.",
            file=sys.stderr,
        )
    for each in listed:
        edition = f", version {each['version']}" if each["version"] else ""
        gone = f" ({each['withdrawn']:,} withdrawn)" if each["withdrawn"] else ""
        print(f"{each['name']}: {each['title']}{edition}. {each['concepts']:,} concepts{gone}, "
              f"{len(each['languages'])} languages ({', '.join(each['languages'])}). "
              f"Licence: {each['licence'] or 'not stated'}.")  # fmt: skip
    return 0


def _described(vocabulary: Vocabulary) -> dict[str, Any]:
    rows = vocabulary.concepts.filter(kind="concept")
    gone = rows.exclude(withdrawn_at=None).count()
    source = vocabulary.source
    return {
        "name": source.slug,
        "title": vocabulary.title.get("en") or source.name,
        "uri": vocabulary.uri,
        "version": vocabulary.version or vocabulary.issued,
        "licence": vocabulary.licence or source.licence,
        "concepts": rows.count() - gone,
        "withdrawn": gone,
        "languages": vocabulary.languages,
        "imported": vocabulary.changed_at.isoformat(),
    }


def run_show(args: argparse.Namespace) -> int:
    from tessera.records import concepts
    from tessera.schema.vocabularies.regions import normal_code

    if not _there(args.name):
        return _unknown(args.name)
    named = concepts.concept(args.name, args.what) or concepts.concept(
        args.name, normal_code(args.what)
    )
    found = [named] if named else concepts.find(args.what, args.name)
    if args.json:
        print(json.dumps([each.canonical() for each in found], ensure_ascii=False, indent=1))
    elif found:
        print("\n\n".join(_told(each) for each in found))
    if not found:
        return _said(f"{args.name} has no concept with the code or label {args.what!r}.", 1)
    return 0


def _told(each: Concept) -> str:
    lines = [f"{each.notation} {each.label()}".strip(), f"  {each.uri}"]
    lines += [f"  {lang}: {text}{'' if role == 'pref' else f' ({role})'}"
              for lang, role, text in each.all_labels()]  # fmt: skip
    beside = {
        "broader": each.broader, "in": each.schemes, "replaced by": each.replaced_by,
        "versions": each.versions,
        **{f"{rel} match": uris for rel, uris in each.matches.items()},
    }  # fmt: skip
    lines += [f"  {name}: {', '.join(values)}" for name, values in beside.items() if values]
    if each.point:
        lines.append(f"  point: {each.point[0]} {each.point[1]}")
    if each.deprecated:
        lines.append("  no longer in use")
    return "\n".join(lines)


def run_remove(args: argparse.Namespace) -> int:
    from tessera.records.changes import writing
    from tessera.records.models import Concept, Source

    if not _there(args.name):
        return _unknown(args.name)
    with writing():
        source = Source.objects.get(slug=args.name)
        count = Concept.objects.filter(vocabulary__source=source).count()
        source.delete()
    if args.json:
        print(json.dumps({"removed": args.name, "concepts": count}))
    return _said(f"{args.name} is removed, with {count:,} concepts and the story of its runs.", 0)


def _there(name: str) -> bool:
    from tessera.records.models import Vocabulary

    return Vocabulary.objects.filter(source__slug=name).exists()


def _unknown(name: str) -> int:
    from tessera.records.models import Vocabulary

    slugs = Vocabulary.objects.values_list("source__slug", flat=True)
    known = f"there are: {', '.join(slugs)}" if slugs else "none was imported"
    return _said(f"There is no vocabulary {name!r}; {known}.", 2)


def _said(sentence: str, status: int) -> int:
    print(f"tessera: {sentence}" if status else sentence, file=sys.stderr)
    return status
