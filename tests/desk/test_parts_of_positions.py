"""The position of a few customers is made of their own transactions, and is part of the whole."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stories import reopen

from ledgercli.desk import buckets
from ledgercli.desk.agenda import agenda
from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Query, Request
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
def test_every_customer_alone_is_the_customer_within_the_whole(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As many parts as large books have, of which one is read.
    monkeypatch.setattr(buckets, "_ROWS_PER_BUCKET", 5)
    shutil.copytree(EXAMPLES / name, tmp_path / "books")
    books = reopen(tmp_path / "books").books
    as_of = dt.date(2026, 11, 21)
    whole = books.position(as_of)
    assert books.ledger.buckets > 10
    for customer in (*whole.customers, "?"):
        alone = replace(books, _positions={}, _parts={}).position_of(frozenset({customer}), as_of)
        assert said(alone) == said(whole.only(frozenset({customer}), None)), customer


SHARED = """
2026-11-02 * "Two bills in one"
  Assets:Receivable:Albufera      10.00 EUR
  Assets:Receivable:Alsterblick   20.00 EUR
  Equity:Opening-Balances        -30.00 EUR
"""


def test_a_transaction_with_two_customers_is_of_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buckets, "_ROWS_PER_BUCKET", 5)
    shutil.copytree(EXAMPLES / "wholesale", tmp_path / "books")
    ledger = tmp_path / "books" / "main.beancount"
    ledger.write_text(ledger.read_text() + SHARED)
    books = reopen(tmp_path / "books").books
    as_of = dt.date(2026, 11, 21)
    for account, amount in (("Albufera", "10.00"), ("Alsterblick", "20.00")):
        name = f"Assets:Receivable:{account}"
        customer = books.directory.identify(None, None, name, "").customer
        part = replace(books, _positions={}, _parts={}).position_of(frozenset({customer}), as_of)
        assert [str(item.open) for item in part.items if item.document.date.month == 11].count(
            amount
        ) == 1


#: Retention money, and what is due from an event, of customers who owe other things, too.
WAITING = """
2026-03-02 * "Machine" ^INV-M1
  terms: "net 10 from acceptance"
  Assets:Receivable:Albufera      60.00 EUR
  Assets:Receivable:Alsterblick   40.00 EUR
    retention: 2026-10-01
  Equity:Opening-Balances       -100.00 EUR
"""


@pytest.mark.parametrize("name", ["wholesale", "trading-cn"])
def test_the_agenda_of_a_few_is_that_of_the_whole(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "books"
    shutil.copytree(EXAMPLES / name, root)
    if name == "wholesale":
        ledger = root / "main.beancount"
        ledger.write_text(ledger.read_text() + WAITING)
    request = Request(start=root, now=dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC), books=root)
    kinds = set()
    for month in (3, 5, 8, 9, 10, 11):
        query = Query(as_of=dt.date(2026, month, 21))
        answers = []
        for few in (agenda._FEW, -1):  # noqa: SLF001 - of how many it is made of their own
            monkeypatch.setattr(agenda, "_FEW", few)
            books = open_books(request, with_events=True, with_orders=True)
            answers.append(agenda.agenda(books, query, until=None))
            assert bool(books._positions) == (few < 0)  # noqa: SLF001 - the whole was not made
        assert answers[0] == answers[1]
        kinds |= {row["kind"] for row in answers[0].table("rows").rows}
        monkeypatch.undo()
    assert "promise" in kinds
    assert kinds >= {"retention", "occurrence"} or name != "wholesale"
