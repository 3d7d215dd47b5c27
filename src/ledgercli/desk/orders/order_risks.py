"""What stands against an order now: exposure and limit of the customer and of its family."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from ledgercli.customers.approval import Reason, Risk, Standing, held_reasons, standing
from ledgercli.desk.open_books import OpenBooks
from ledgercli.model.customer import UNKNOWN, Customer
from ledgercli.model.order import Order
from ledgercli.model.record import dataclass
from ledgercli.receivables.limits import LimitRow, family_tops, limits
from ledgercli.receivables.orders import is_committed, open_orders, remaining, total
from ledgercli.receivables.summary import Key, records_by_id


@dataclass(frozen=True, slots=True)
class Judged:
    """An order with what stands against it: ``risks`` of the customer first, then of the family.

    ``missing_price`` names a currency without a price, empty where all is known.
    """

    order: Order
    total: Decimal
    risks: tuple[Risk, ...]
    missing_price: str = ""


class Risks:
    """Orders beside the ledger on a day, looked up by customer: for one order, or for thousands.

    The ledger counts up to the day; orders count whether or not the settings let them.
    """

    def __init__(
        self, books: OpenBooks, orders: Iterable[Order], day: dt.date, *, many: bool = False
    ) -> None:
        """Keep what all orders are compared with.

        With ``many`` to be judged all records are opened at once, else those that are asked for.
        """
        self.books = books
        self.day = day
        self.rules = books.settings.orders
        self.summary = books.summary(day)
        self._records = records_by_id(books.customers) if many else books.records
        self.orders: dict[str, list[Order]] = {}
        for order in orders:
            self.orders.setdefault(order.customer, []).append(order)
        self.families: dict[str, list[str]] = {}
        self.tops = family_tops(books.heads())
        for one, top in self.tops.items():
            self.families.setdefault(top, []).append(one)
        self.keys: dict[str, list[Key]] = {}
        held = (self.summary.balances, self.summary.deposits, self.summary.open_lines)
        for key in {key for part in held for key in part}:
            self.keys.setdefault(key[0], []).append(key)

    def record(self, customer: str) -> Customer | None:
        """Return the record of a customer, None where there is none."""
        return None if customer == UNKNOWN else self._records.get(customer)

    def judge(self, order: Order) -> Judged:
        """Return what stands against an order, as if it was approved, beside all others."""
        own = remaining(order, self.day, committed=True)
        automatic = own + sum(
            (
                remaining(other, self.day, committed=True)
                for other in self.orders.get(order.customer, ())
                if other.id != order.id
                and other.currency == order.currency
                and _is_automatic(other, self.day)
            ),
            Decimal(0),
        )
        rows = self._rows(order, own)
        overdue = self._days_overdue(order.customer)
        risks = tuple(
            Risk(row.currency, row.limit, row.exposure, automatic, overdue) for row in rows
        )
        missing = next((row.missing_price for row in rows if row.missing_price), "")
        return Judged(order, total(order), risks, missing)

    def standing(self, order: Order) -> Standing:
        """Return what the last decision about an order is worth on the day."""
        judged = self.judge(order)
        found = [standing(order, judged.total, risk, self.rules, self.day) for risk in judged.risks]
        return next((one for one in found if one != "approved"), "approved")

    def _rows(self, order: Order, own: Decimal) -> list[LimitRow]:
        """Return the row of the customer's exposure, and that of a family with a limit."""
        rows = [self._row([order.customer], order, own)]
        top = self.tops.get(order.customer, order.customer)
        family = self.families.get(top, [])
        if len(family) > 1:
            above = self._row(family, replace(order, customer=top), own, families=True)
            if above.limit is not None:
                rows.append(above)
        return rows

    def _row(
        self, members: Sequence[str], order: Order, own: Decimal, *, families: bool = False
    ) -> LimitRow:
        others = [
            other for one in members for other in self.orders.get(one, ()) if other.id != order.id
        ]
        sums = open_orders(others, self.day)
        key = (order.customer, order.currency)
        sums[key] = sums.get(key, Decimal(0)) + own
        keys = [key for one in members for key in self.keys.get(one, ())]
        whole = self.summary
        part = replace(
            whole,
            open_lines={},
            balances={key: whole.balances[key] for key in keys if key in whole.balances},
            deposits={key: whole.deposits[key] for key in keys if key in whole.deposits},
            customers={one: self.record(one) or Customer(one) for one in members},
        )
        counting = replace(self.books.settings.limits, count_orders=True)
        found = limits(part, counting, self.books.facts.prices, sums, families=families)
        rows = {row.currency: row for row in found}
        if order.currency in rows:
            return rows[order.currency]
        if len(found) == 1 and found[0].limit is not None:
            return found[0]
        zero = Decimal(0)
        return LimitRow(
            order.customer, order.currency, None, zero, zero, zero, zero, None, None, "none"
        )

    def _days_overdue(self, customer: str) -> int:
        """Return for how many days a customer's oldest open item is overdue, 0 for none."""
        lines = self.summary.open_lines
        dues = [line[0] for key in self.keys.get(customer, ()) for line in lines.get(key, ())]
        return max(0, *(self.day.toordinal() - due for due in dues), 0)


def judge(books: OpenBooks, order: Order, orders: Sequence[Order]) -> Judged:
    """Return what stands against an order today, as if it was approved, beside all others."""
    return Risks(books, orders, books.today).judge(order)


def reasons(judged: Judged, books: OpenBooks) -> tuple[Reason, ...]:
    """Return why the rules do not approve an order; nothing: they do."""
    rules = books.settings.orders
    found = [
        reason
        for risk in judged.risks
        for reason in held_reasons(risk, rules, judged.order.currency)
    ]
    return tuple(dict.fromkeys(found))


def standing_of(books: OpenBooks, order: Order, orders: Sequence[Order]) -> Standing:
    """Return what the last decision about an order is worth today."""
    return Risks(books, orders, books.today).standing(order)


def _is_automatic(order: Order, day: dt.date) -> bool:
    decision = order.decided(day)
    return is_committed(order, day) and decision is not None and decision.decision == "automatic"
