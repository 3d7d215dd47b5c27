"""Balances, open items, settlements and statements."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledgercli.model.answer import Answer, Column, Table
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.position import Allocation
from ledgercli.model.values import Money
from ledgercli.receivables.entries import settlement_kind
from ledgercli.receivables.position import Item, Receipt
from ledgercli.reports.common import (
    CURRENCY,
    CUSTOMER,
    NAME,
    PLACE,
    Basis,
    PositionBasis,
    totals_table,
)

_ALLOCATION = (
    Column("date", N_("date"), "date"),
    Column("amount", N_("amount"), "money"),
    Column("rule", N_("rule"), "code", words="rule"),
    Column("assumed", N_("assumed"), "flag"),
    *PLACE,
)
_ITEM_COLUMNS = (
    Column("number", N_("number"), "code"),
    CUSTOMER,
    Column("name", N_("name"), flexible=True, optional=3),
    Column("date", N_("date"), "date", optional=2),
    Column("due", N_("due"), "date"),
    Column("event", N_("counts from"), "code", words="terms-event", sparse=True, optional=4),
    Column("retention", N_("retained"), "code", sparse=True, optional=5),
    CURRENCY,
    Column("amount", N_("amount"), "money", optional=1),
    Column("allocated", N_("allocated"), "money", shown=False),
    Column("open", N_("open"), "money"),
    Column("days_overdue", N_("days"), "number"),
    Column("status", N_("status"), "code", words="status"),
    Column("allocations", N_("allocations"), "table", columns=_ALLOCATION),
    *PLACE,
)
_PAYMENT_COLUMNS = (
    Column("date", N_("date"), "date"),
    Column("kind", N_("kind"), "code", words="settlement"),
    CUSTOMER,
    Column("name", N_("name"), flexible=True, optional=2),
    CURRENCY,
    Column("amount", N_("amount"), "money"),
    Column("allocated", N_("allocated"), "money", optional=1),
    Column("used", N_("used"), "money", sparse=True),
    Column("unallocated", N_("unallocated"), "money"),
    Column(
        "allocations",
        N_("allocations"),
        "table",
        columns=(
            Column("number", N_("number"), "code"),
            Column("amount", N_("amount"), "money"),
            Column("rule", N_("rule"), "code", words="rule"),
            Column("assumed", N_("assumed"), "flag"),
        ),
    ),
    Column(
        "uses",
        N_("uses"),
        "table",
        columns=(
            Column("date", N_("date"), "date"),
            Column("number", N_("number"), "code"),
            Column("amount", N_("amount"), "money"),
        ),
    ),
    *PLACE,
)


def balances(basis: Basis) -> Answer:
    """Return the ledger's balance of each customer and currency that is not zero."""
    balance = Column("balance", N_("balance"), "money")
    columns = (CUSTOMER, NAME, CURRENCY, balance, *basis.converted_columns())
    rows = [
        {
            **basis.head(customer, currency),
            "balance": Money(amount, currency),
            **basis.converted(amount, currency),
        }
        for (customer, currency), amount in sorted(basis.position.balances.items())
        if amount
    ]
    return Answer(
        "balances/1",
        facts=basis.facts(),
        tables=(
            Table("rows", columns, rows, empty=N_("No balances.")),
            totals_table(rows, ("balance",), columns),
        ),
        closing_facts=basis.closing_facts(rows),
        notes=basis.notes(
            N_("Balances are the ledger's sums on the receivable accounts."), rows=rows
        ),
    )


def items(basis: PositionBasis, *, settled: bool) -> Answer:
    """Return the documents by customer, currency and due date; settled ones only if asked for."""
    shown = basis.position.items if settled else basis.position.open_items
    rows = [_item_row(basis, item) for item in shown]
    columns = (*_ITEM_COLUMNS, *basis.converted_columns())
    return Answer(
        "items/1",
        facts=basis.facts(),
        tables=(
            Table("rows", columns, rows, empty=N_("No open items.")),
            totals_table(rows, ("amount", "allocated", "open"), columns),
        ),
        closing_facts=basis.closing_facts(rows),
        notes=basis.notes(N_("Days overdue are calendar days since the due date."), rows=rows),
    )


def _item_row(basis: PositionBasis, item: Item) -> dict[str, Any]:
    document = item.document
    currency = document.currency
    return {
        "number": document.number,
        **basis.head(document.customer, currency),
        "date": document.date,
        "due": document.due,
        "event": document.event,
        "retention": document.retention or None,
        "amount": Money(document.amount, currency),
        "allocated": Money(item.allocated, currency),
        "open": Money(item.open, currency),
        "days_overdue": item.days_overdue(basis.position.as_of) if item.open else None,
        "status": item_status(item, basis.position.as_of),
        "allocations": [_allocation_row(row) for row in item.allocations],
        "file": document.file,
        "line": document.line,
        **basis.converted(item.open, currency),
    }


def item_status(item: Item, as_of: date) -> str:
    """Return the first that fits: written-off, paid, overdue, partial, open."""
    if not item.open:
        written_off = any(
            row.amount > 0 and settlement_kind(row.posting) == "write-off"
            for row in item.allocations
        )
        return "written-off" if written_off else "paid"
    if item.is_overdue(as_of):
        return "overdue"
    return "partial" if item.allocated else "open"


def _allocation_row(row: Allocation) -> dict[str, Any]:
    return {
        "date": row.date,
        "amount": Money(row.amount, row.document.currency),
        "rule": row.rule,
        "assumed": row.assumed,
        "file": row.posting.file,
        "line": row.posting.line,
    }


def payments(basis: PositionBasis, *, unallocated_only: bool) -> Answer:
    """Return the settlements by date, or those with something unallocated only."""
    shown = [
        receipt
        for receipt in basis.position.receipts
        if receipt.unallocated or not unallocated_only
    ]
    shown.sort(key=lambda receipt: (receipt.settlement.order, receipt.settlement.key))
    rows = [_payment_row(basis, receipt) for receipt in shown]
    columns = (*_PAYMENT_COLUMNS, *basis.converted_columns())
    return Answer(
        "payments/1",
        facts=basis.facts(),
        tables=(
            Table("rows", columns, rows, empty=N_("No settlements.")),
            totals_table(rows, ("amount", "allocated", "used", "unallocated"), columns),
        ),
        closing_facts=basis.closing_facts(rows),
        notes=basis.notes(
            N_("Settlements are payments, credit notes, discounts and write-offs."), rows=rows
        ),
    )


def _payment_row(basis: Basis, receipt: Receipt) -> dict[str, Any]:
    settlement = receipt.settlement
    currency = settlement.currency
    allocations = [
        {
            "number": row.document.number,
            "amount": Money(row.amount, currency),
            "rule": row.rule,
            "assumed": row.assumed,
        }
        for row in receipt.allocations
    ]
    return {
        "date": settlement.date,
        "kind": settlement.kind,
        **basis.head(settlement.customer, currency),
        "amount": Money(settlement.amount, currency),
        "allocated": Money(receipt.allocated, currency),
        "used": Money(receipt.used, currency),
        "unallocated": Money(receipt.unallocated, currency),
        "allocations": allocations,
        "uses": [
            {"date": row.date, "number": row.number, "amount": Money(row.amount, currency)}
            for row in receipt.uses
        ],
        "file": settlement.file,
        "line": settlement.line,
        **basis.converted(receipt.unallocated, currency),
    }
