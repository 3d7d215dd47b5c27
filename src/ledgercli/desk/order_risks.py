"""What stands against an order now: exposure and limit of the customer and of its family."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ledgercli.customers.approval import (
    Reason,
    Risk,
    Standing,
    held_reasons,
    standing,
)
from ledgercli.desk.opening import OpenBooks
from ledgercli.model.customer import Customer
from ledgercli.model.order import Order
from ledgercli.receivables.limits import LimitRow, family_tops, limits
from ledgercli.receivables.orders import is_committed, open_orders, remaining, total


@dataclass(frozen=True, slots=True)
class Judged:
    """An order with what stands against it: ``risks`` of the customer first, then of the family.

    ``missing_price`` names a currency without a price, empty where all is known.
    """

    order: Order
    total: Decimal
    risks: tuple[Risk, ...]
    missing_price: str = ""


def judge(
    books: OpenBooks, order: Order, orders: Sequence[Order], day: dt.date | None = None
) -> Judged:
    """Return what stands against an order, as if it was approved, beside all other ``orders``.

    The ledger counts up to ``day`` (None: today); orders count whether or not the settings let
    them.
    """
    today = day or books.today
    others = [other for other in orders if other.id != order.id]
    sums = open_orders(others, today)
    key = (order.customer, order.currency)
    own = remaining(order, today, committed=True)
    sums[key] = sums.get(key, Decimal(0)) + own
    rows = _rows(_Now(books, today, sums), order)
    automatic = own + sum(
        (
            remaining(other, today, committed=True)
            for other in others
            if (other.customer, other.currency) == key and _is_automatic(other, today)
        ),
        Decimal(0),
    )
    overdue = _days_overdue(books, order.customer, today)
    risks = tuple(Risk(row.currency, row.limit, row.exposure, automatic, overdue) for row in rows)
    missing = next((row.missing_price for row in rows if row.missing_price), "")
    return Judged(order, total(order), risks, missing)


def reasons(judged: Judged, books: OpenBooks) -> tuple[Reason, ...]:
    """Return why the rules do not approve an order; nothing: they do."""
    rules = books.settings.orders
    found = [
        reason
        for risk in judged.risks
        for reason in held_reasons(risk, rules, judged.order.currency)
    ]
    return tuple(dict.fromkeys(found))


def standing_of(
    books: OpenBooks, order: Order, orders: Sequence[Order], day: dt.date | None = None
) -> Standing:
    """Return what the last decision about an order is worth on a day (None: today)."""
    judged = judge(books, order, orders, day)
    rules = books.settings.orders
    found = [
        standing(order, judged.total, risk, rules, day or books.today) for risk in judged.risks
    ]
    return next((one for one in found if one != "approved"), "approved")


def _is_automatic(order: Order, day: dt.date) -> bool:
    decision = order.decided(day)
    return is_committed(order, day) and decision is not None and decision.decision == "automatic"


@dataclass(frozen=True, slots=True)
class _Now:
    """The books, a day, and what is ordered and not invoiced by customer and currency."""

    books: OpenBooks
    day: dt.date
    sums: dict[tuple[str, str], Decimal]


def _rows(now: _Now, order: Order) -> list[LimitRow]:
    """Return the row of the customer's exposure, and that of a family with a limit."""
    customers = now.books.customers
    records = {customer.id: customer for customer in customers}
    own = records.get(order.customer, Customer(order.customer))
    rows = [_row(now, {order.customer: own}, order)]
    tops = family_tops(customers)
    top = tops.get(order.customer, order.customer)
    family = {one: records[one] for one, above in tops.items() if above == top}
    if len(family) > 1 and top in family:
        above = _row(now, family, replace(order, customer=top), families=True)
        if above.limit is not None:
            rows.append(above)
    return rows


def _row(
    now: _Now, members: dict[str, Customer], order: Order, *, families: bool = False
) -> LimitRow:
    books = now.books
    summary = books.summary(now.day).only(frozenset(members), None)
    part = {key: amount for key, amount in now.sums.items() if key[0] in members}
    counting = replace(books.settings.limits, count_orders=True)
    found = limits(
        replace(summary, customers=members), counting, books.facts.prices, part, families=families
    )
    rows = {row.currency: row for row in found}
    if order.currency in rows:
        return rows[order.currency]
    if len(found) == 1 and found[0].limit is not None:
        return found[0]
    zero = Decimal(0)
    return LimitRow(
        order.customer, order.currency, None, zero, zero, zero, zero, None, None, "none"
    )


def _days_overdue(books: OpenBooks, customer: str, today: dt.date) -> int:
    """Return for how many days the oldest open item of a customer is overdue, 0 for none."""
    lines = books.summary(today).open_lines
    dues = [line[0] for (owner, _), rows in lines.items() if owner == customer for line in rows]
    return max((today.toordinal() - due for due in dues), default=0)
