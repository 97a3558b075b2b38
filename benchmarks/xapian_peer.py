"""Xapian as a peer of Tessera on judged queries; see `benchmarks/peers.py`.

    /usr/bin/python3 benchmarks/xapian_peer.py --docs D --queries Q --out RUN --depth 1000

For Debian's own Python with its package python3-xapian, and nothing else. Stems by Snowball in the
language of each text, BM25 as Xapian has it, any of the words, titles counting twice.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import xapian

LANGUAGES = frozenset(xapian.Stem.get_available_languages().decode().split())
CODES = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "en": "english",
    "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish",
    "hu": "hungarian", "it": "italian", "lt": "lithuanian", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip


def stemmer(lang):
    name = CODES.get(lang, "none")
    return xapian.Stem(name if name in LANGUAGES else "none")


def lines(path):
    with Path(path).open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def main():
    parser = argparse.ArgumentParser()
    for name in ("docs", "queries", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--depth", type=int, default=1000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = xapian.WritableDatabase(folder, xapian.DB_CREATE)
        for line in lines(args.docs):
            document = xapian.Document()
            document.set_data(line["id"])
            generator = xapian.TermGenerator()
            generator.set_stemmer(stemmer(line["lang"]))
            generator.set_document(document)
            generator.index_text(line["title"], 2)
            generator.increase_termpos()
            generator.index_text(line["text"])
            database.add_document(document)
        database.commit()
        with Path(args.out).open("w", encoding="utf-8") as run:
            for line in lines(args.queries):
                for match in search(database, line, args.depth):
                    id_ = match.document.get_data().decode()
                    score = f"{match.weight:.6f}"
                    run.write(f"{line['id']} Q0 {id_} {match.rank + 1} {score} xapian\n")
    return 0


def search(database, line, depth):
    parser = xapian.QueryParser()
    parser.set_database(database)
    parser.set_stemmer(stemmer(line["lang"]))
    parser.set_stemming_strategy(xapian.QueryParser.STEM_SOME)
    parser.set_default_op(xapian.Query.OP_OR)
    enquire = xapian.Enquire(database)
    # No flags: what is typed is words and no grammar.
    enquire.set_query(parser.parse_query(line["text"], 0))
    return enquire.get_mset(0, depth)


if __name__ == "__main__":
    sys.exit(main())
