"""What a customer owes, as the customer is told: an amount written off is still owed.

A write-off is a judgement of ours about what we expect, no waiver: the claim stands (账销案存). So
in what customers get, write-offs are left out, and so is the re-opening that takes one back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ledgercli.model.record import dataclass
from ledgercli.receivables.position import Position
from ledgercli.receivables.statement import Statement, StatementRow, statements
from ledgercli.receivables.summary import Key

#: File and line of a transaction.
Origin = tuple[str, int]


@dataclass(frozen=True, slots=True)
class OwedStatement:
    """The account of one customer in one currency from ``start`` on, write-offs left out.

    ``opening`` is the balance before ``start``, ``debits`` and ``credits`` are the sums of
    ``rows``, ``closing`` = opening + debits − credits. ``written_off`` is what ``closing`` is above
    the ledger's balance; ``unallocated`` and ``deposits`` are of the position's day. So are
    ``retention``, what the customer may still keep of it, and ``due_unknown``, what is due from an
    event that has not happened.
    """

    customer: str
    currency: str
    start: date
    opening: Decimal
    rows: tuple[StatementRow, ...]
    debits: Decimal
    credits: Decimal
    closing: Decimal
    written_off: Decimal
    unallocated: Decimal
    deposits: Decimal
    retention: Decimal
    due_unknown: Decimal


def owed_statements(position: Position, start: date | None = None) -> dict[Key, OwedStatement]:
    """Return the statements of the position's customers, by customer and currency.

    Without ``start`` each begins on the first day of the year, or on the day of the oldest document
    with something left to pay, whichever is earlier.
    """
    left_out = _left_out(position)
    oldest: dict[Key, date] = {}
    for item in position.items:
        key = item.document.key
        if item.open and item.document.date < oldest.get(key, date.max):
            oldest[key] = item.document.date
    made = {}
    for whole in statements(position, None):
        key = (whole.customer, whole.currency)
        first = start or min(oldest.get(key, date.max), date(position.as_of.year, 1, 1))
        made[key] = _owed(whole, first, left_out.get(key, {}), position)
    return made


def _owed(
    whole: Statement,
    start: date,
    left_out: Mapping[Origin, tuple[Decimal, Decimal]],
    position: Position,
) -> OwedStatement:
    zero = Decimal(0)
    balance = opening = zero
    rows = []
    for row in whole.rows:
        debit, credit = left_out.get((row.file, row.line), (zero, zero))
        debit, credit = row.debit - debit, row.credit - credit
        if not debit and not credit and (row.debit or row.credit):
            continue
        balance += debit - credit
        if row.date < start:
            opening = balance
            continue
        kind = "payment" if row.kind == "write-off" else row.kind
        rows.append(replace(row, kind=kind, debit=debit, credit=credit, balance=balance))
    key = (whole.customer, whole.currency)
    return OwedStatement(
        customer=whole.customer,
        currency=whole.currency,
        start=start,
        opening=opening,
        rows=tuple(rows),
        debits=sum((row.debit for row in rows), zero),
        credits=sum((row.credit for row in rows), zero),
        closing=balance,
        written_off=balance - whole.closing,
        unallocated=position.unallocated.get(key, zero),
        deposits=max(position.deposits.get(key, zero), zero),
        retention=_open(position, key, retained=True),
        due_unknown=_open(position, key, retained=False),
    )


def _open(position: Position, key: Key, *, retained: bool) -> Decimal:
    """Return what is open of retention money, else of what has no due date yet."""
    return sum(
        (
            item.open
            for item in position.items
            if item.open
            and item.document.key == key
            and item.document.is_retained(position.as_of) is retained
            and (retained or item.document.due is None)
        ),
        Decimal(0),
    )


def _left_out(position: Position) -> dict[Key, dict[Origin, tuple[Decimal, Decimal]]]:
    """Return the debit and credit of each transaction that customers are not told of."""
    zero = Decimal(0)
    found: dict[Key, dict[Origin, tuple[Decimal, Decimal]]] = defaultdict(dict)

    def add(key: Key, origin: Origin, debit: Decimal, credit: Decimal) -> None:
        before = found[key].get(origin, (zero, zero))
        found[key][origin] = (before[0] + debit, before[1] + credit)

    write_offs = set()
    for receipt in position.receipts:
        settlement = receipt.settlement
        if settlement.kind == "write-off":
            write_offs.add(id(settlement.posting))
            transaction = settlement.posting.transaction
            add(settlement.key, (transaction.file, transaction.line), zero, settlement.amount)
    if not write_offs:
        return found
    for item in position.items:
        written_off = zero
        for allocation in item.allocations:
            if id(allocation.posting) in write_offs:
                written_off += allocation.amount
            elif allocation.rule == "reopened" and written_off:
                back = min(-allocation.amount, written_off)
                written_off -= back
                transaction = allocation.posting.transaction
                add(item.document.key, (transaction.file, transaction.line), back, zero)
    return found
