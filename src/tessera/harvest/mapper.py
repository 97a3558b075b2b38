"""A process that maps the items of a run ahead; started by `tessera.harvest.ahead`.

On stdin come the importer and then, batch by batch, items; on stdout goes what they are mapped to.
It ends with its stdin, and so with the run, however that ends.
"""

from __future__ import annotations

import pickle
import sys


def main() -> int:
    """Returns 0 at the end of stdin."""
    import django

    django.setup()

    from tessera.harvest.ahead import receive, send
    from tessera.harvest.mapping import mapped
    from tessera.records.bulk import collect_seldom

    answers = sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever an importer prints must not get among the answers
    collect_seldom()
    importer = pickle.loads(receive(sys.stdin.buffer))  # noqa: S301 - of the process that started this  # nosec B301
    while (asked := receive(sys.stdin.buffer)) is not None:
        version, items = asked
        send(answers, {
            position: mapped(importer, item, version, position) for position, item in items
        })  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
