"""Orders as figures: what they come to, and what of them counts towards the exposure.

Amounts are with tax. Net and tax of a line are each rounded half-up for the quantity up to now, so
that the parts of a line that are invoiced one after the other come to the whole of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

from ledgercli.model.currency import round_money
from ledgercli.model.order import Order, OrderInvoice, OrderLine, Quantity
from ledgercli.model.record import dataclass

#: Quantities by the number of the line, from 1.
Quantities = Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class LineAmount:
    """What a quantity of a line comes to."""

    net: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        """Return the amount with tax."""
        return self.net + self.tax


def line_amount(line: OrderLine, quantity: Decimal, currency: str) -> LineAmount:
    """Return what a quantity of a line comes to, rounded half-up."""
    net = round_money(line.price.amount * quantity, currency)
    tax = round_money(line.tax.of(net), currency) if line.tax else Decimal(0)
    return LineAmount(net, tax)


def ordered(order: Order) -> dict[int, Decimal]:
    """Return the quantities that were ordered."""
    return {place: line.quantity.value for place, line in enumerate(order.lines, 1)}


def amount_of(order: Order, quantities: Quantities) -> Decimal:
    """Return what ``quantities`` of the order's lines come to, with tax."""
    return sum(
        (
            line_amount(line, quantities[place], order.currency).total
            for place, line in enumerate(order.lines, 1)
            if quantities.get(place)
        ),
        Decimal(0),
    )


def total(order: Order) -> Decimal:
    """Return what the whole order comes to, with tax."""
    return amount_of(order, ordered(order))


def summed(parts: Iterable[Mapping[str, Quantity]]) -> dict[int, Decimal]:
    """Return the sum of quantities as files have them; what is no line's number is passed over."""
    result: dict[int, Decimal] = {}
    for part in parts:
        for place, quantity in part.items():
            if place.isdecimal():
                result[int(place)] = result.get(int(place), Decimal(0)) + quantity.value
    return result


def invoices_of(order: Order, as_of: dt.date) -> tuple[OrderInvoice, ...]:
    """Return the invoices that are booked, dated up to ``as_of``."""
    return tuple(row for row in order.invoices if row.state == "booked" and row.date <= as_of)


def delivered(order: Order, as_of: dt.date) -> dict[int, Decimal]:
    """Return the quantities that were delivered up to ``as_of``."""
    return summed(row.quantities for row in order.deliveries if row.date <= as_of)


def invoiced(order: Order, as_of: dt.date) -> dict[int, Decimal]:
    """Return the quantities that were invoiced up to ``as_of``."""
    return summed(row.quantities for row in invoices_of(order, as_of))


def invoiced_amount(order: Order, as_of: dt.date) -> Decimal:
    """Return the sum of the invoices up to ``as_of``, with tax."""
    return sum((row.amount.amount for row in invoices_of(order, as_of)), Decimal(0))


def is_committed(order: Order, as_of: dt.date) -> bool:
    """Return whether we are bound to deliver the order: it is open, and was approved last."""
    decision = order.decided(as_of)
    return (
        order.status == "open"
        and decision is not None
        and decision.decision in {"automatic", "approved"}
    )


def remaining(order: Order, as_of: dt.date, *, committed: bool) -> Decimal:
    """Return the part of the order that is not invoiced, at the end of ``as_of``; never negative.

    What is delivered counts whatever became of the order; all of it where we are ``committed``.
    The order's own date does not matter: what is agreed for later is owed to us all the same.
    """
    done = delivered(order, as_of)
    billed = invoiced(order, as_of)
    wanted = ordered(order) if committed else {}
    places = {*done, *wanted}
    reach = {
        place: max(
            done.get(place, Decimal(0)),
            wanted.get(place, Decimal(0)),
            billed.get(place, Decimal(0)),
        )
        for place in places
    }
    left = amount_of(order, reach) - amount_of(
        order, {place: amount for place, amount in billed.items() if place in places}
    )
    return max(left, Decimal(0))


def counted(order: Order, as_of: dt.date) -> Decimal:
    """Return what the order adds to the exposure at the end of ``as_of``."""
    return remaining(order, as_of, committed=is_committed(order, as_of))


def open_orders(orders: Iterable[Order], as_of: dt.date) -> dict[tuple[str, str], Decimal]:
    """Return what is ordered and not invoiced, by customer and currency; nothing is zero there."""
    sums: dict[tuple[str, str], Decimal] = {}
    for order in orders:
        if amount := counted(order, as_of):
            key = (order.customer, order.currency)
            sums[key] = sums.get(key, Decimal(0)) + amount
    return sums
