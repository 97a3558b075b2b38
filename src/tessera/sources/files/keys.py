"""Under which key each document goes, so that its record survives.

A document of one file goes under that file's path. Where files come, go, are renamed or change
places as the leading one, the document keeps the key that it had: what the source held last time
is told by `Earlier`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tessera.sources.base import Earlier
from tessera.sources.files.delivery import Delivery, Entry

_LEADS: Final = 3
_BY_NAME: Final = 2
_BY_BYTES: Final = 1
UNREADABLE: Final = " (unreadable)"


def assign(delivery: Delivery, earlier: Earlier | None) -> None:
    """Give each document of a delivery its key, and each file that can't be read one, too."""
    if earlier is not None:
        for key, place in earlier.places():
            delivery.put("INSERT OR IGNORE INTO earlier VALUES (?, ?)", (key, place))
        _claim(delivery, earlier)
    _settle(delivery)
    for (lead,) in list(delivery.rows(
        "SELECT seq FROM file WHERE lead = seq AND seq NOT IN (SELECT lead FROM named) ORDER BY seq"
    )):  # fmt: skip
        entry = delivery.entry(lead)
        for key in (
            entry.name,
            f"{entry.name}~{entry.sha256[:12]}",
            f"{entry.name}~{entry.sha256}",
        ):
            if not _taken(delivery, key):
                delivery.put("INSERT INTO named VALUES (?, ?)", (lead, key))
                break


def key_of(delivery: Delivery, lead: int) -> str:
    """The key of a document."""
    ((key,),) = delivery.rows("SELECT key FROM named WHERE lead = ?", (lead,))
    return str(key)


def key_of_failed(delivery: Delivery, name: str) -> str:
    """The key of a file that can't be read: that of its record of last time, which then stays.

    Where other files of that document can be read, its record has their text.
    """
    owned = [str(key) for (key,) in delivery.rows("SELECT key FROM owner WHERE name = ?", (name,))]
    for key in (*owned, name):
        if not _taken(delivery, key):
            return key
    return name + UNREADABLE


def _claim(delivery: Delivery, earlier: Earlier) -> None:
    """Which keys of last time could go to which document, and how strongly."""
    for key, place, name, lead in delivery.rows(
        "SELECT key, earlier.place, name, lead FROM earlier LEFT JOIN file ON name = key"
    ):
        if name is not None and key == place:
            _note(delivery, key, lead, _LEADS if _is_lead(delivery, name, lead) else _BY_NAME)
            continue
        raw = earlier.raw(key)
        files = raw.get("files") if isinstance(raw, Mapping) else None
        for each in files if isinstance(files, list) else [{"path": key}]:
            _claim_by_file(delivery, key, place, each)


def _claim_by_file(delivery: Delivery, key: str, place: str, file: Any) -> None:
    if not isinstance(file, Mapping):
        return
    name = str(file.get("path") or "")
    found = next(delivery.rows("SELECT lead FROM file WHERE name = ?", (name,)), None)
    if found is not None:
        _note(delivery, key, found[0], _LEADS if name == place else _BY_NAME)
        return
    if next(delivery.rows("SELECT 1 FROM failed WHERE name = ?", (name,)), None):
        delivery.put("INSERT OR IGNORE INTO owner VALUES (?, ?)", (name, key))
        return
    for (lead,) in list(delivery.rows(
        "SELECT DISTINCT lead FROM file WHERE sha256 = ?", (str(file.get("sha256") or ""),)
    )):  # fmt: skip
        _note(delivery, key, lead, _BY_BYTES)


def _is_lead(delivery: Delivery, name: str, lead: int) -> bool:
    return delivery.entry(lead).name == name


def _note(delivery: Delivery, key: str, lead: int, strength: int) -> None:
    delivery.put(
        "INSERT INTO claim VALUES (?, ?, ?, 1) ON CONFLICT (key, lead) DO UPDATE SET "
        "strength = max(strength, excluded.strength), members = members + 1",
        (key, lead, strength),
    )


def _settle(delivery: Delivery) -> None:
    """The strongest claims first; a key goes to one document, and a document has one key."""
    for key, lead in delivery.rows(
        "SELECT key, claim.lead FROM claim JOIN file ON seq = claim.lead "
        "ORDER BY strength DESC, members DESC, key, name"
    ):
        delivery.put("INSERT OR IGNORE INTO named VALUES (?, ?)", (lead, key))


def _taken(delivery: Delivery, key: str) -> bool:
    return next(delivery.rows("SELECT 1 FROM named WHERE key = ?", (key,)), None) is not None


def files_of(entry: Entry) -> dict[str, Any]:
    """What a record says of one of its files."""
    found: dict[str, Any] = {
        "path": entry.name,
        "format": entry.format,
        "size": entry.size,
        "sha256": entry.sha256,
    }
    if entry.language:
        found["language"] = entry.language
    if entry.stated.get("url"):
        found["url"] = entry.stated["url"]
    if entry.same:
        found["same"] = entry.same
    if entry.same == "nearly":
        only_lead, only_this = (*entry.differs, [], [])[:2]
        found |= {"likeness": entry.likeness, "lacks": list(only_lead), "adds": list(only_this)}
    return found
