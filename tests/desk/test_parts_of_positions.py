"""The position of a few customers is made of their own transactions, and is part of the whole."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stories import reopen

from ledgercli.receivables.position import Position

EXAMPLES = Path(__file__).parents[2] / "examples"


def said(position: Position) -> tuple[Any, ...]:
    """Return all that a position says of documents, settlements and sums, without its postings."""
    items = [
        (
            item.document.number,
            item.open,
            [(row.date, row.amount, row.rule) for row in item.allocations],
        )
        for item in position.items
    ]
    receipts = [(one.settlement.number, one.unallocated, one.used) for one in position.receipts]
    sums = (position.balances, position.deposits, position.unallocated, position.rounding)
    return items, receipts, sums, position.tie_out


@pytest.mark.parametrize("name", ["wholesale", "trading-cn"])
def test_every_customer_alone_is_the_customer_within_the_whole(name: str, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / name, tmp_path / "books")
    books = reopen(tmp_path / "books").books
    as_of = dt.date(2026, 11, 21)
    whole = books.position(as_of)
    for customer in (*whole.customers, "?"):
        alone = replace(books, _positions={}, _parts={}).position_of(frozenset({customer}), as_of)
        assert said(alone) == said(whole.only(frozenset({customer}), None)), customer
