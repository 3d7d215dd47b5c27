"""How far contracts and orders have come: ordered, delivered, invoiced, received.

Amounts are with tax, in one currency a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from ledgercli.model.order import Order
from ledgercli.model.record import dataclass
from ledgercli.receivables.limitation import settlement_kinds
from ledgercli.receivables.orders import (
    amount_of,
    delivered,
    invoiced,
    invoices_of,
    total,
)
from ledgercli.receivables.position import Item, Position

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """A contract or an order. ``received`` are payments alone, on its invoices and in advance.

    ``unpaid`` is what is open on its invoices: credit notes, discounts and write-offs have left
    it. ``advance`` is what was received and stands on no invoice, ``unbilled`` what was delivered
    and is on no invoice, ``ahead`` what was invoiced before it was delivered.
    """

    name: str
    customer: str
    currency: str
    orders: tuple[str, ...]
    amount: Decimal
    delivered: Decimal
    invoiced: Decimal
    received: Decimal
    unpaid: Decimal
    advance: Decimal
    unbilled: Decimal
    ahead: Decimal


def progress(
    orders: Iterable[Order],
    position: Position,
    *,
    by_order: bool,
    amounts: Mapping[tuple[str, str, str], Decimal],
) -> tuple[ProgressRow, ...]:
    """Return a row for each contract, and for each order without one; all orders ``by_order``.

    ``amounts`` are what contracts come to by customer, contract and currency, where they say it;
    otherwise it is the sum of the orders. Of an order that is over counts what became of it.
    """
    groups: dict[tuple[str, str, str], list[Order]] = {}
    for order in orders:
        name = order.id if by_order or not order.contract else order.contract
        groups.setdefault((order.customer, name, order.currency), []).append(order)
    for key in amounts:
        if not by_order:
            groups.setdefault(key, [])
    ledger = _Ledger(position)
    return tuple(
        _row(key, group, ledger, None if by_order else amounts.get(key))
        for key, group in sorted(groups.items())
    )


class _Ledger:
    """What the ledger knows by the numbers and names that orders use."""

    def __init__(self, position: Position) -> None:
        self.position = position
        self.as_of = position.as_of
        self.items: dict[str, list[Item]] = {}
        for item in position.items:
            self.items.setdefault(item.document.base, []).append(item)
        self.kinds = settlement_kinds(position)

    def paid(self, item: Item) -> Decimal:
        """Return what payments have brought of a document."""
        return sum(
            (
                row.amount
                for row in item.allocations
                if self.kinds.get(id(row.posting), "payment") == "payment"
            ),
            _ZERO,
        )

    def advance(self, customer: str, currency: str, names: frozenset[str]) -> Decimal:
        """Return what was received under one of ``names`` and stands on no document."""
        key = (customer, currency)
        free = sum(
            (
                row.unallocated
                for row in self.position.receipts
                if row.settlement.key == key
                and row.settlement.kind == "payment"
                and names.intersection(row.settlement.names)
            ),
            _ZERO,
        )
        kept = sum(
            (
                -posting.amount
                for posting in self.position.view.deposits
                if posting.currency == currency
                and posting.transaction.date <= self.as_of
                and names.intersection({*posting.transaction.links, posting.says("invoice") or ""})
            ),
            _ZERO,
        )
        return free + max(kept, _ZERO)


def _row(
    key: tuple[str, str, str], orders: Sequence[Order], ledger: _Ledger, stated: Decimal | None
) -> ProgressRow:
    customer, name, currency = key
    as_of = ledger.as_of
    amount = done = billed = unbilled = ahead = received = unpaid = _ZERO
    for order in orders:
        there, written = delivered(order, as_of), invoiced(order, as_of)
        shipped, on_paper = amount_of(order, there), amount_of(order, written)
        reach = {
            line: max(there.get(line, _ZERO), written.get(line, _ZERO))
            for line in {*there, *written}
        }
        reached = amount_of(order, reach)
        amount += total(order) if order.status == "open" else reached
        done += shipped
        unbilled += reached - on_paper
        ahead += reached - shipped
        for invoice in invoices_of(order, as_of):
            billed += invoice.amount.amount
            for item in ledger.items.get(invoice.number, ()):
                if item.document.key == (customer, currency):
                    received += ledger.paid(item)
                    unpaid += item.open
    names = frozenset({name, *(order.id for order in orders)})
    advance = ledger.advance(customer, currency, names)
    return ProgressRow(
        name,
        customer,
        currency,
        tuple(order.id for order in orders),
        amount if stated is None else stated,
        done,
        billed,
        received + advance,
        unpaid,
        advance,
        unbilled,
        ahead,
    )
