"""Invoices that orders name, and the ledger has not or may have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledgercli.model.catalogue import orders as codes
from ledgercli.model.finding import Finding, Place
from ledgercli.model.order import Order
from ledgercli.receivables.position import Position


def order_invoices(orders: Iterable[Order], position: Position) -> Iterator[Finding]:
    """Yield the invoices of orders that are no document, and those that were begun only."""
    known = {item.document.base for item in position.items}
    for order in orders:
        place = Place(order.file, order.line, 1)
        for invoice in order.invoices:
            if invoice.date > position.as_of:
                continue
            values = {"number": invoice.number, "order": order.id}
            if invoice.state == "writing":
                yield Finding(codes.ORDER_UNFINISHED, values, place, order.customer)
            elif invoice.number not in known:
                yield Finding(codes.ORDER_INVOICE_MISSING, values, place, order.customer)
