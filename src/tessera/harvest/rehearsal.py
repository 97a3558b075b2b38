"""What a dry run remembers, because it writes nothing that would tell it later."""

from __future__ import annotations

from dataclasses import dataclass, field

from tessera.records.store import Claim


@dataclass(slots=True)
class Memory:
    """items: checksum and place by key; claims: by record id; lapsed: primary keys of records.
    contradicted: how many locked fields the delivery contradicts, by record id.

    Grows with the delivery, by some 300 bytes an item.
    """

    items: dict[str, tuple[str, str]] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    lapsed: set[int] = field(default_factory=set)
    contradicted: dict[str, int] = field(default_factory=dict)
