"""The amounts of one operation, over all its rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tessera.schema.vocabularies.folding import fold
from tessera.sources.operations.lists import MONEY, Filled, first, reading
from tessera.sources.operations.rows import Rows
from tessera.sources.operations.values import currency_of, money, scale_of


def budget_of(rows: Rows, organisations: list[dict[str, Any]]) -> dict[str, Any]:
    budget: dict[str, Any] = {}
    for name in MONEY:
        amounts = [_amount(rows, cells, name) for cells in rows.cells]
        stated = [each for each in amounts if each is not None]
        if not stated:
            continue
        if len({each[0] for each in stated}) == 1:
            amount, currency = stated[0]
        elif _parts(rows):
            amount, currency = sum((each[0] for each in stated), Decimal(0)), stated[0][1]
            rows.tell(name, f"the sum of {len(stated)} rows, one for each fund or place, is taken")
        else:
            rows.stated[name] = [format(each[0], "f") for each in stated]
            if len(organisations) == len(rows.cells) == len(amounts):
                _shares(name, amounts, organisations)
            count = len(rows.cells)
            rows.tell(name, f"its {count} rows have amounts of their own; they aren't added up")
            continue
        budget[name] = {"amount": format(amount, "f"), "currency": currency}
    return budget


def _parts(rows: Rows) -> bool:
    """Whether the rows are shares of one beneficiary's operation, by fund, place or category."""
    parties = {fold(first(cells, "beneficiary")) for cells in rows.cells}
    shares = [tuple(first(cells, name) for name in ("fund", "region", "nuts", "place", "postcode",
                                                    "category", "priority"))
              for cells in rows.cells]  # fmt: skip
    return len(parties) == 1 and len(set(shares)) == len(shares)


def _shares(
    name: str,
    amounts: Sequence[tuple[Decimal, str] | None],
    organisations: list[dict[str, Any]],
) -> None:
    """A row's amount is its partner's; the eligible or total one is the partner's budget."""
    for amount, organisation in zip(amounts, organisations, strict=True):
        if amount is not None and (name in ("total", "eligible") or "budget" not in organisation):
            organisation["budget"] = format(amount[0], "f")


def _amount(rows: Rows, cells: Filled, name: str) -> tuple[Decimal, str] | None:
    problem = ("", "", "", "")
    for column, text in cells.get(name, ()):
        if text.rstrip(" *").endswith("%"):
            problem = (column, "is a share in percent, no amount; kept under `stated`", text, "")
            continue
        try:
            found = money(text, reading(rows.facts, "decimal", column))
        except ValueError as error:
            problem = (column, f"{error}; left out", text, "amount")
            continue
        if found.note:
            rows.tell(column, found.note, text)
        stated = first(cells, "currency").upper()
        currency = (
            found.currency or (stated if re.fullmatch("[A-Z]{3}", stated) else "")
            or currency_of(column) or rows.facts.get("currency", "")
        )  # fmt: skip
        if not currency:
            rows.tell("currency", "the list names none; amounts are taken for euro")
        scale = scale_of(column)
        if scale > 1:
            rows.tell(column, f"amounts are counted in {scale:,}")
        return Decimal(found.amount) * scale, currency or "EUR"
    if problem[0]:
        rows.tell(*problem)
        rows.stated[name] = cells[name][0][1]
    return None
