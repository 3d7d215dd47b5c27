"""When what terms count from has happened: delivery, acceptance, tax invoice.

The ledger tells it by metadata; where it does not, an entry of the activity log about the document,
or the order that it is the invoice of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ledgercli.model.event import Event
from ledgercli.model.ledger import LedgerPosting
from ledgercli.model.order import Order, OrderInvoice
from ledgercli.model.position import OccurredBy
from ledgercli.model.terms import EVENT_KEYS, EventName
from ledgercli.model.values import parse_date
from ledgercli.receivables.orders import delivered, summed
from ledgercli.receivables.summary import Key


class Occurrence(NamedTuple):
    """The day of an event, what told it, and where that stands (``FILE:LINE``)."""

    date: dt.date
    by: OccurredBy
    place: str


Recorded = Callable[[Key, str, EventName, dt.date], Occurrence | None]
"""Tells when an event happened to the document of a customer and currency with a number, as far as
that is known at the end of a day."""


def told_in_ledger(postings: Sequence[LedgerPosting], event: EventName) -> Occurrence | None:
    """Return what the first posting that tells the day of ``event`` says, else the transaction."""
    key = EVENT_KEYS[event]
    for line in postings:
        if told := line.metadata.get(key):
            return Occurrence(parse_date(told), "posting", f"{line.file}:{line.line}")
    transaction = postings[0].transaction
    if told := transaction.metadata.get(key):
        place = f"{transaction.file}:{transaction.line}"
        return Occurrence(parse_date(told), "transaction", place)
    return None


def recorded(events: Iterable[Event], orders: Iterable[Order]) -> Recorded:
    """Return what activity log and orders tell of the documents they name.

    Of several entries about a document the one that was written last counts.
    """
    noted: dict[tuple[Key, str], list[Event]] = {}
    for event in sorted(events, key=lambda each: each.order):
        if event.kind == "occurrence":
            key = (event.customer, event.currency)
            noted.setdefault((key, event.number), []).append(event)
    invoices: dict[tuple[Key, str], tuple[Order, OrderInvoice]] = {}
    for order in orders:
        for invoice in order.invoices:
            if invoice.state == "booked":
                key = (order.customer, order.currency)
                invoices.setdefault((key, invoice.number), (order, invoice))

    def find(key: Key, number: str, event: EventName, as_of: dt.date) -> Occurrence | None:
        for entry in reversed(noted.get((key, number), [])):
            if entry.details.get("event") == event and entry.in_force(as_of):
                return Occurrence(entry.date, "activity", f"{entry.file}:{entry.line}")
        if (key, number) not in invoices:
            return None
        order, invoice = invoices[key, number]
        day = _of_order(order, invoice, event)
        return Occurrence(day, "order", f"{order.file}:{order.line}") if day else None

    return find


def _of_order(order: Order, invoice: OrderInvoice, event: EventName) -> dt.date | None:
    """Return when an order says that ``event`` happened to one of its invoices.

    That is delivered on the day on which all is that was on the order's invoices up to it.
    """
    if event == "acceptance":
        return order.accepted
    if event == "tax-invoice":
        return None
    before = order.invoices[: order.invoices.index(invoice) + 1]
    wanted = summed(row.quantities for row in before if row.state == "booked")
    for day in sorted({row.date for row in order.deliveries}):
        done = delivered(order, day)
        if all(done.get(place, 0) >= quantity for place, quantity in wanted.items()):
            return day
    return None
