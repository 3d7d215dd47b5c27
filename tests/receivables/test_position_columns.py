"""A position made of its columns is the position, to the last field."""

from __future__ import annotations

import dataclasses
import datetime as dt
import marshal
from decimal import Decimal

import pytest
from hypothesis import given, settings
from stories import told
from test_properties import CUSTOMERS, Entry, at, days, ledgers, modes, view_of

from ledgercli.books.store.records import dump, load
from ledgercli.model.ledger import LedgerPosting, Transaction
from ledgercli.model.position import Allocation, CreditUse, Document, Settlement
from ledgercli.model.receivables_settings import AllocationMode, ReceivablesSettings
from ledgercli.receivables.position import Position, position
from ledgercli.receivables.position_columns import (
    ALLOCATION,
    DOCUMENT,
    POSTING,
    SETTLEMENT,
    TRANSACTION,
    USE,
    PositionColumns,
    columns_of,
    position_of,
)
from ledgercli.receivables.record_columns import Fields
from ledgercli.receivables.summary import records_by_id


def again(found: Position, as_of: dt.date) -> Position:
    """Return a position from bytes, as it is kept."""
    columns = columns_of(found)
    plain = marshal.loads(marshal.dumps(columns.plain))  # noqa: S302 - made here
    kept = PositionColumns(plain, load(dump(columns.records)))
    facts = dataclasses.replace(found.view, receivables=(), deposits=())
    customers = records_by_id(CUSTOMERS)
    return position_of(kept, facts, customers, found.settings, as_of, found.recorded)


@settings(max_examples=60, deadline=None)
@given(ledgers, modes, days)
def test_what_is_made_of_columns_is_the_same(
    ledger: list[Entry], mode: AllocationMode, as_of: dt.date
) -> None:
    made = at(view_of(ledger), mode, as_of)
    kept = again(made, as_of)
    assert told(kept) == told(made)
    # Records that were the same one are so again: rules ask which posting did what.
    postings = {id(row) for row in (*kept.view.receivables, *kept.view.deposits)}
    documents = {id(item.document) for item in kept.items}
    applied = {id(row): row for item in kept.items for row in item.allocations}
    assert postings.issuperset(id(item.document.posting) for item in kept.items)
    assert postings.issuperset(id(row.settlement.posting) for row in kept.receipts)
    assert postings.issuperset(id(row) for rows in kept.postings.values() for row in rows)
    assert documents.issuperset(id(row.document) for row in applied.values())
    assert applied.keys() >= {id(row) for one in kept.receipts for row in one.allocations}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Transaction, TRANSACTION),
        (LedgerPosting, POSTING),
        (Document, DOCUMENT),
        (Allocation, ALLOCATION),
        (Settlement, SETTLEMENT),
        (CreditUse, USE),
    ],
)
def test_no_field_is_left_out(kind: type, fields: Fields) -> None:
    assert [name for name, _ in fields] == [field.name for field in dataclasses.fields(kind)]


def test_one_of_other_postings_is_not_kept() -> None:
    made = position(view_of([]), CUSTOMERS, ReceivablesSettings(), dt.date(2026, 1, 1))
    stranger = LedgerPosting(
        Transaction(
            dt.date(2026, 1, 1), "*", "", "", frozenset(), frozenset(), {}, (), True, "a", 1
        ),
        "Assets:Receivable:C1",
        Decimal(1),
        "EUR",
        {},
        2,
    )
    with pytest.raises(KeyError):
        columns_of(dataclasses.replace(made, postings={("C1", "EUR"): (stranger,)}))
