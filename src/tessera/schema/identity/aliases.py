"""All names of one organisation in one place, with the days on which they ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from tessera.schema.identity.names import parsed

_FILLED: Final = ("countries", "regions", "place", "type", "source_type", "url",
                  "summary", "text")  # fmt: skip
"""What one that is merged adds where the one that is kept states nothing."""


def united(data: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The canonical draft of an organisation with the names of all that are one with it.

    Every name stays as it was written. A name such as "X (until 12/11/2018, Y)" also gives Y,
    until that day. What `others` state else fills what `data` lacks, in their order.
    """
    made = dict(data)
    for other in others:
        for field in _FILLED:
            if not made.get(field) and other.get(field):
                made[field] = other[field]
    own = set(data.get("title", {}).values())
    names: dict[str, dict[str, Any]] = {}
    for each in (data, *others):
        for name in _names(each, titles=each is not data):
            known = names.get(name["name"])
            if name["name"] not in own and (known is None or "until" not in known):
                names[name["name"]] = {**(known or {}), **name}
    if names:
        made["names"] = list(names.values())
    return made


def _names(data: Mapping[str, Any], *, titles: bool) -> Iterable[dict[str, Any]]:
    """All names of one draft but its titles, or these too; then those that stand in notes."""
    written = []
    for lang, title in data.get("title", {}).items():
        written.append(title)
        if titles:
            yield {"name": title} if lang == "und" else {"name": title, "lang": lang}
    if titles and data.get("acronym"):
        yield {"name": data["acronym"]}
    for name in data.get("names", ()):
        written.append(name["name"])
        yield dict(name)
    for text in written:
        for alias in parsed(text).aliases:
            yield {"name": alias.name} | ({"until": alias.until.isoformat()} if alias.until else {})
