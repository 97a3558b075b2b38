"""A process that makes one part of a new index; started by `tessera.indexing.filling`.

Its one argument is JSON: the part's name and its share of the records. It prints how many documents
it has put, with every batch, and so ends when nobody reads that any more.
"""

from __future__ import annotations

import json
import sys


def main() -> int:
    """Returns 0 when the part is made; 1, with a sentence on stderr, where it can't be."""
    import django

    django.setup()

    from django.db import DatabaseError

    from tessera.engine.errors import EngineError
    from tessera.indexing.current import backend
    from tessera.indexing.filling import Share, write
    from tessera.records.bulk import collect_seldom
    from tessera.schema.fields import SCHEMA

    collect_seldom()
    part, *share = json.loads(sys.argv[1])
    try:
        with backend().writer(SCHEMA, part) as writer:
            write(writer, Share(*share), lambda count: print(count, flush=True))
    except (EngineError, DatabaseError) as error:
        print(f"{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
