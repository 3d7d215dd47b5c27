"""An order in two: a part of it gets a number of its own, and the approval covers both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from ledgercli.desk.orders.order_desk import Desk, chosen_quantities
from ledgercli.desk.orders.order_errors import BadOrderError, OrderClosedError
from ledgercli.model.answer import Answer, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.order import Order, Quantity
from ledgercli.model.sentence import Sentence
from ledgercli.model.values import Money
from ledgercli.receivables.orders import delivered, invoiced, ordered, total


def split(
    desk: Desk, number: str, *, quantities: Mapping[int, Decimal], new_number: str = ""
) -> Answer:
    """Move quantities of an order, not delivered and not invoiced, into a new one.

    A decision goes on for both, each with the amount that is left to it: together they are worth
    what was decided about. Raise OrderClosedError, BadQuantityError, BadOrderError where nothing
    would be left.
    """
    from ledgercli.books.orders import OrderExistsError
    from ledgercli.model.customer import fold

    order = desk.order(number)
    if order.status != "open":
        raise OrderClosedError(order=order.id)
    if not quantities:
        raise BadOrderError(reason=Sentence(N_("nothing was said to split off")))
    done, billed = delivered(order, dt.date.max), invoiced(order, dt.date.max)
    left = {
        line: amount - max(done.get(line, Decimal(0)), billed.get(line, Decimal(0)))
        for line, amount in ordered(order).items()
    }
    moved = chosen_quantities(order, quantities, left)
    kept = {line: amount - moved.get(line, Decimal(0)) for line, amount in ordered(order).items()}
    if not any(kept.values()):
        raise BadOrderError(reason=Sentence(N_("nothing would be left of the order")))
    gone = [line for line, amount in kept.items() if not amount and line != max(kept)]
    if gone and (done or billed):
        # Deliveries and invoices name lines by their number, so that only the last may go.
        raise BadOrderError(reason=Sentence(N_("lines before one that was delivered have to stay")))
    series = desk.books.settings.orders.series.orders
    taken = [one.id for one in desk.orders]
    identifier = new_number or series.next(taken, desk.today.year)
    if fold(identifier) in map(fold, taken):
        raise OrderExistsError(order=identifier)
    first = _part(order, kept)
    second = replace(
        _part(order, moved), id=identifier, split_from=order.id, deliveries=(), invoices=(), file=""
    )
    first, second = _decided(desk, first, second, order)
    desk.write((order, first), (None, second))
    return desk.answer(identifier, Text(N_("Split off from {order}."), {"order": order.id}))


def _part(order: Order, quantities: Mapping[int, Decimal]) -> Order:
    """Return the order with these quantities; lines of which nothing is left go."""
    lines = tuple(
        replace(line, quantity=Quantity(quantities[place]))
        for place, line in enumerate(order.lines, 1)
        if quantities.get(place)
    )
    return replace(order, lines=lines)


def _decided(desk: Desk, first: Order, second: Order, whole: Order) -> tuple[Order, Order]:
    """Return both parts with the last decision, each for its own amount.

    Where they come to more than it was made for, by rounding or because the order was raised, the
    first keeps it as it is and the second is decided about by the rules.
    """
    last = whole.decided(desk.today)
    if last is None or total(first) + total(second) > min(total(whole), last.amount.amount):
        return first, desk.by_rules(second)
    at = f"{desk.books.now:%Y-%m-%dT%H:%M:%SZ}"
    parts = []
    for part in (first, second):
        decision = replace(last, date=desk.today, at=at, amount=Money(total(part), part.currency))
        parts.append(replace(part, decisions=(*part.decisions, decision)))
    return parts[0], parts[1]
