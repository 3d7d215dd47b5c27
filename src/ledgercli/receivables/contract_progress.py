"""How far contracts and orders have come: ordered, delivered, invoiced, received.

Amounts are with tax, in one currency a row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from ledgercli.model.customer import Contract, Customer
from ledgercli.model.ledger import LedgerPosting
from ledgercli.model.order import Order
from ledgercli.model.record import dataclass
from ledgercli.receivables.contracts import ContractPart
from ledgercli.receivables.limitation import settlement_kinds
from ledgercli.receivables.orders import (
    amount_of,
    delivered,
    invoiced,
    invoices_of,
    summed,
    total,
)
from ledgercli.receivables.position import Item, Position

_ZERO = Decimal(0)
FigureName = Literal[
    "amount", "delivered", "invoiced", "received", "unpaid", "advance", "unbilled", "ahead"
]


@dataclass(frozen=True, slots=True)
class Part:
    """What ``amount`` adds to a figure of a row, and the file and line that say so.

    ``kind`` is a code: ``contract``, ``period``, ``tax``, ``order``, ``delivery``, ``invoice``,
    ``payment``, ``open``, ``unallocated``, ``deposit``, ``none``. ``until`` is the last day of a
    period, ``number`` that of a document or order.
    """

    figure: FigureName
    kind: str
    amount: Decimal
    date: dt.date | None
    number: str
    text: str
    file: str
    line: int | None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """A contract or an order; each figure is the sum of its ``parts``.

    ``received`` are payments alone, on its invoices and in advance. ``unpaid`` is what is open on
    its invoices: credit notes, discounts and write-offs have left it. ``advance`` is what was
    received and stands on no invoice, ``unbilled`` what was delivered and is on no invoice,
    ``ahead`` what was invoiced before it was delivered.
    """

    name: str
    customer: str
    currency: str
    orders: tuple[str, ...]
    parts: tuple[Part, ...]

    def figure(self, name: FigureName) -> Decimal:
        """Return a figure, the sum of its parts."""
        return sum((part.amount for part in self.parts if part.figure == name), _ZERO)


def progress(
    orders: Iterable[Order],
    position: Position,
    *,
    by_order: bool,
    stated: Mapping[tuple[str, str, str], Sequence[Part]],
) -> tuple[ProgressRow, ...]:
    """Return a row for each contract, and for each order without one; all orders ``by_order``.

    ``stated`` is what contracts come to by customer, contract and currency, where they say it;
    otherwise it is the sum of the orders. Of an order that is over counts what became of it.
    """
    groups: dict[tuple[str, str, str], list[Order]] = {}
    for order in orders:
        name = order.id if by_order or not order.contract else order.contract
        groups.setdefault((order.customer, name, order.currency), []).append(order)
    for key in stated:
        if not by_order:
            groups.setdefault(key, [])
    ledger = _Ledger(position)
    return tuple(
        ProgressRow(
            key[1],
            key[0],
            key[2],
            tuple(order.id for order in group),
            tuple(_parts(key, group, ledger, None if by_order else stated.get(key))),
        )
        for key, group in sorted(groups.items())
    )


def stated_parts(
    record: Customer, contract: Contract, parts: Iterable[ContractPart]
) -> tuple[Part, ...]:
    """Return the parts of what a contract of a record comes to, with the place of the record."""
    return tuple(
        Part(
            "amount",
            "contract" if part.kind == "price" else part.kind,
            part.price.amount,
            part.first,
            contract.id,
            contract.title,
            record.file,
            record.line,
            part.last,
        )
        for part in parts
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

    def paid(self, item: Item) -> Iterator[Part]:
        """Yield what payments have brought of a document."""
        for row in item.allocations:
            if self.kinds.get(id(row.posting), "payment") == "payment":
                yield _posted(
                    "received", "payment", row.amount, row.posting, item.document.number, row.date
                )

    def advance(self, customer: str, currency: str, names: frozenset[str]) -> Iterator[Part]:
        """Yield what was received under one of ``names`` and stands on no document."""
        key = (customer, currency)
        for row in self.position.receipts:
            settlement = row.settlement
            if (
                row.unallocated
                and settlement.key == key
                and settlement.kind == "payment"
                and names.intersection(settlement.names)
            ):
                number = ", ".join(settlement.names)
                yield _posted("advance", "unallocated", row.unallocated, settlement.posting, number)
        kept = _ZERO
        for posting in self.position.view.deposits:
            if (
                posting.currency == currency
                and posting.transaction.date <= self.as_of
                and names.intersection({*posting.transaction.links, posting.says("invoice") or ""})
            ):
                kept -= posting.amount
                number = posting.says("invoice") or ""
                yield _posted("advance", "deposit", -posting.amount, posting, number)
        if kept < 0:
            yield Part("advance", "none", -kept, None, "", "", "", None)


def _posted(
    figure: FigureName,
    kind: str,
    amount: Decimal,
    posting: LedgerPosting,
    number: str,
    date: dt.date | None = None,
) -> Part:
    transaction = posting.transaction
    text = " | ".join(part for part in (transaction.payee, transaction.narration) if part)
    day = date or transaction.date
    return Part(figure, kind, amount, day, number, text, posting.file, posting.line)


def _parts(
    key: tuple[str, str, str],
    orders: Sequence[Order],
    ledger: _Ledger,
    stated: Sequence[Part] | None,
) -> Iterator[Part]:
    customer, name, currency = key
    if stated is not None:
        yield from stated
    for order in orders:
        yield from _order_parts(order, ledger.as_of, alone=stated is None)
        for invoice in invoices_of(order, ledger.as_of):
            documents = [
                item
                for item in ledger.items.get(invoice.number, ())
                if item.document.key == (customer, currency)
            ]
            if documents:
                place = documents[0].document
                file, line = place.file, place.line
            else:
                file, line = order.file, order.line
            yield Part(
                "invoiced",
                "invoice",
                invoice.amount.amount,
                invoice.date,
                invoice.number,
                order.id,
                file,
                line,
            )
            for item in documents:
                yield from ledger.paid(item)
                if item.open:
                    document = item.document
                    yield _posted("unpaid", "open", item.open, document.posting, document.number)
    names = frozenset({name, *(order.id for order in orders)})
    for part in ledger.advance(customer, currency, names):
        yield part
        yield replace(part, figure="received")


def _order_parts(order: Order, as_of: dt.date, *, alone: bool) -> Iterator[Part]:
    """Yield what an order adds; to the amount only where it stands ``alone``, without a contract.

    Amounts are rounded for the quantity up to then, so what a delivery adds is the difference.
    """

    def part(figure: FigureName, kind: str, amount: Decimal, date: dt.date, text: str = "") -> Part:
        words = text or ", ".join(line.text for line in order.lines if line.text)
        return Part(figure, kind, amount, date, order.id, words, order.file, order.line)

    there, written = delivered(order, as_of), invoiced(order, as_of)
    shipped, on_paper = amount_of(order, there), amount_of(order, written)
    reach = {
        line: max(there.get(line, _ZERO), written.get(line, _ZERO)) for line in {*there, *written}
    }
    reached = amount_of(order, reach)
    if alone:
        amount = total(order) if order.status == "open" else reached
        yield part("amount", "order", amount, order.date)
    rows = sorted((row for row in order.deliveries if row.date <= as_of), key=lambda row: row.date)
    before = _ZERO
    for count, row in enumerate(rows, start=1):
        after = amount_of(order, summed(one.quantities for one in rows[:count]))
        yield part("delivered", "delivery", after - before, row.date, row.text)
        before = after
    if reached != on_paper:
        yield part("unbilled", "order", reached - on_paper, order.date)
    if reached != shipped:
        yield part("ahead", "order", reached - shipped, order.date)
