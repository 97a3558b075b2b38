"""Commands of the site as a whole: demo, init, serve, worker, check, eval."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tessera.engine.aids import PARTS, Aids

EXAMPLE = "http://{host}:{port}"


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this part's commands; see `tessera.cli`."""
    demo = subparsers.add_parser("demo", help="serve a site with the demonstration catalogue")
    demo.add_argument("--port", type=_port, default=8000, help="on 127.0.0.1 (8000)")
    demo.add_argument("--no-serve", action="store_true", help="make and fill the home, no more")
    demo.set_defaults(run=run_demo)

    init = subparsers.add_parser("init", help="make home and database, and an administrator")
    init.add_argument("--admin", metavar="ADDRESS", help="also make, or let in again, this one")
    init.set_defaults(run=run_init)

    serve = subparsers.add_parser("serve", help="serve the site")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    serve.add_argument("--port", type=_port, default=8000, help="port to listen on (8000)")
    serve.add_argument("--workers", type=_positive, help="processes (one per core, at most 4)")
    serve.set_defaults(run=run_serve)

    worker = subparsers.add_parser("worker", help="harvest what is due; keep the index in step")
    worker.add_argument(
        "--every",
        type=_positive,
        default=60,
        metavar="SECONDS",
        help="seconds between two looks (60)",
    )
    worker.add_argument("--once", action="store_true", help="one look, then stop")
    worker.set_defaults(run=run_worker)

    check = subparsers.add_parser("check", help="is all as it should be, and what to do if not")
    check.add_argument("--json", action="store_true", help="the findings as JSON")
    check.set_defaults(run=run_check)

    evaluate = subparsers.add_parser("eval", help="answer judged queries and write a TREC run")
    evaluate.add_argument("--docs", type=Path, required=True, metavar="D.jsonl")
    evaluate.add_argument("--queries", type=Path, required=True, metavar="Q.jsonl")
    evaluate.add_argument("--out", type=Path, required=True, metavar="RUN.trec")
    evaluate.add_argument("--depth", type=_positive, default=100, help="answers a query (100)")
    evaluate.add_argument(
        "--backend", default="tantivy:", metavar="URL", help="as TESSERA_SEARCH_URL (tantivy:)"
    )
    evaluate.add_argument(
        "--dictionary", type=Path, metavar="FILE", help="as `tessera dictionary learn` makes one"
    )
    evaluate.add_argument("--encoder", metavar="NAME", help="as search.meaning: minilm or a folder")
    evaluate.add_argument(
        "--vectors", type=Path, metavar="FOLDER", help="keep the encoder's vectors for next time"
    )
    evaluate.add_argument(
        "--without", nargs="+", choices=PARTS, default=[], metavar="PART", help="leave out parts"
    )
    evaluate.set_defaults(run=run_eval)


def run_demo(args: argparse.Namespace) -> int:
    from tessera.site.demo import load
    from tessera.site.home import prepare
    from tessera.site.serving import port_taken, serve

    if not args.no_serve and port_taken("127.0.0.1", args.port):
        return _port_is_taken(args.port, "demo")
    prepare()
    if not load(_say):
        return 1
    if args.no_serve:
        return 0
    _say_where_mail_goes()
    _say(
        f"The demonstration is at {EXAMPLE.format(host='127.0.0.1', port=args.port)}"
        " (stop it with Ctrl-C)."
    )
    return serve("127.0.0.1", args.port)


def run_init(args: argparse.Namespace) -> int:
    from django.conf import settings

    from tessera.site.administrator import AdministratorError, make_administrator
    from tessera.site.home import prepare

    prepare()
    _say(f"The home is {settings.HOME}.")
    if args.admin:
        try:
            password = make_administrator(args.admin)
        except AdministratorError as error:
            print(f"tessera init: {error}", file=sys.stderr)
            return 1
        _say(f"{args.admin} can sign in at /admin/.")
        if password:
            _say("The password stands on the next line, this once:")
            print(password)
    return 0


def run_serve(args: argparse.Namespace) -> int:
    from tessera.site.home import prepare
    from tessera.site.serving import port_taken, serve

    if port_taken(args.host, args.port):
        return _port_is_taken(args.port, "serve")
    prepare()
    _say_where_mail_goes()
    host = f"[{args.host}]" if ":" in args.host else args.host
    _say(f"The site is at {EXAMPLE.format(host=host, port=args.port)} (stop it with Ctrl-C).")
    return serve(args.host, args.port, args.workers)


def run_worker(args: argparse.Namespace) -> int:
    from tessera.site.worker import work

    return work(args.every, once=args.once)


def run_check(args: argparse.Namespace) -> int:
    from tessera.site.checks import findings

    found = findings()
    if args.json:
        rows = [
            {"check": f.check, "level": f.level, "message": f.message, "do": f.do} for f in found
        ]
        print(json.dumps({"ok": all(f.level != "error" for f in found), "findings": rows}))
    else:
        for f in found:
            print(f"{f.level:8}{f.check:10}{f.message}")
            if f.do:
                print(f"{'':18}{f.do}")
    return 1 if any(f.level == "error" for f in found) else 0


def run_eval(args: argparse.Namespace) -> int:
    from tessera.engine.backends.open import open_backend
    from tessera.engine.evaluate import evaluate

    if args.vectors and not args.encoder:
        _say("tessera eval: --vectors needs --encoder.")
        return 2
    for path in (args.docs, args.queries):
        if not path.is_file():
            _say(f"tessera eval: there is no file {path}.")
            return 1
    with tempfile.TemporaryDirectory(prefix="tessera-eval-") as folder:
        aids = _evaluation_aids(args, args.vectors or Path(folder) / "vectors")
        backend = open_backend(args.backend, Path(folder), lambda: aids)
        evaluate(args.docs, args.queries, args.out, args.depth, backend, aids.off)
    return 0


def _evaluation_aids(args: argparse.Namespace, vectors: Path) -> Aids:
    """Raises EngineError where the dictionary or the encoder can't be used."""
    from tessera.engine.evaluate import meaning_of
    from tessera.engine.expansion import Dictionary, Expander
    from tessera.schema.identity.asking import line

    expander = Expander(Dictionary(args.dictionary)) if args.dictionary else None
    meaning = None
    if args.encoder:
        from tessera.engine.meaning.errors import MeaningError
        from tessera.engine.meaning.folder import find_encoder
        from tessera.sources.formats.language import detect_language

        try:
            encoder = find_encoder(args.encoder, Path.cwd())
        except MeaningError as error:
            raise MeaningError(f"--encoder {args.encoder} {error}") from error
        meaning = meaning_of(args.docs, encoder, vectors, detect_language)
    return Aids(expander, meaning, frozenset(args.without), line=line)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _say_where_mail_goes() -> None:
    from django.conf import settings

    if not settings.CONFIG.email.host:
        _say(
            "Mail, such as codes to sign in with, is written to files in"
            f" {settings.EMAIL_FILE_PATH}; TESSERA_EMAIL_URL names a server that sends it."
        )


def _port_is_taken(port: int, command: str) -> int:
    _say(
        f"tessera {command}: port {port} is taken by another program;"
        f" choose another one, such as --port {port + 1}."
    )
    return 1


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; expected 1 to 65535")
    return int(text)


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not used; expected a whole number from 1")
    return int(text)
