"""The desk for orders: the books under the lock, and what every step with orders needs."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from decimal import Decimal
from pathlib import Path

from ledgercli.customers.approval import Risk, last_day
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.orders.order_answers import order_answer
from ledgercli.desk.orders.order_errors import (
    BadQuantityError,
    FutureDayError,
    NotApprovedError,
    NothingLeftError,
    OrderFilesError,
    OrderNotFoundError,
)
from ledgercli.desk.orders.order_risks import Judged, judge, reasons, standing_of
from ledgercli.desk.reminders.reminder_errors import NoBooksError
from ledgercli.model.answer import Answer, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import fold
from ledgercli.model.order import Decision, DecisionKind, Order, Quantity
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import Sentence
from ledgercli.model.values import Money

Reopen = Callable[[], OpenBooks]
#: How long a step waits for another one; each is done in less than a second.
WAIT_SECONDS = 20.0


@dataclass(slots=True)
class Desk:
    """The books under the lock, and the orders as they are changed and not yet written."""

    books: OpenBooks
    environment: Mapping[str, str]
    orders: list[Order]
    notes: list[Text | str] = field(default_factory=list)
    _identity: str | None = None

    @property
    def root(self) -> Path:
        """Return the folder of the books."""
        return self.books.root

    @property
    def today(self) -> dt.date:
        """Return the day on which all of this happens."""
        return self.books.today

    @property
    def identity(self) -> str:
        """Return who works here, as git knows them."""
        if self._identity is None:
            from ledgercli.desk.author import author

            self._identity = author(self.root, self.environment)
        return self._identity

    def order(self, number: str) -> Order:
        """Return the order with a number; raise OrderNotFoundError."""
        return find_order(self.orders, number)

    def judged(self, order: Order) -> Judged:
        """Return what stands against an order."""
        return judge(self.books, order, self.orders)

    def decision(
        self, order: Order, kind: DecisionKind, *, by: str = "", reason: str = ""
    ) -> Decision:
        """Return a decision of now about an order, on the figures of now."""
        judged = self.judged(order)
        tightest: Risk = max(judged.risks, key=lambda risk: risk.over)
        expires = last_day(self.books.settings.orders, self.today)
        return Decision(
            date=self.today,
            decision=kind,
            amount=Money(judged.total, order.currency),
            at=f"{self.books.now:%Y-%m-%dT%H:%M:%SZ}",
            by=by,
            exposure=tightest.exposure_money,
            limit=tightest.limit_money,
            reason=reason,
            expires=expires if kind in {"automatic", "approved"} else None,
        )

    def by_rules(self, order: Order) -> Order:
        """Return the order with the decision of the rules: automatic, or held with the reasons."""
        found: list[str] = list(reasons(self.judged(order), self.books))
        if is_rejected(order):
            found.append("rejected")  # what a person refused, rules do not let through
        kind: DecisionKind = "held" if found else "automatic"
        decision = self.decision(order, kind, reason=", ".join(found))
        return replace(order, decisions=(*order.decisions, decision))

    def write(self, *pairs: tuple[Order | None, Order]) -> None:
        """Write orders, each before (None: a new one) and after; all of them or none."""
        from ledgercli.books.file_changes import write_changes
        from ledgercli.books.orders import changed_order, new_order

        changes = [
            new_order(self.root, after)
            if before is None
            else changed_order(self.root, before, after)
            for before, after in pairs
        ]
        write_changes(self.root, changes)
        if any(before is None for before, _ in pairs):
            from ledgercli.books.schema import write_schemas

            write_schemas(self.root)  # the new order names one in its first line
        for before, after in pairs:
            if before is None:
                self.orders.append(replace(after, file=f"orders/{after.id}.yaml", line=2))
            else:
                place = next(i for i, one in enumerate(self.orders) if one.id == before.id)
                self.orders[place] = after

    def answer(self, number: str, *notes: Text | str) -> Answer:
        """Return the page of an order, with what was done."""
        return order_answer(
            self.books, self.order(number), self.orders, notes=(*self.notes, *notes)
        )


@contextmanager
def at_work(books: OpenBooks, environment: Mapping[str, str], reopen: Reopen) -> Iterator[Desk]:
    """Hold the lock, and give the books as they are then; what was cut off is put in order first.

    Raise NoBooksError, OrderFilesError where an order cannot be read, BooksLockedError.
    """
    from ledgercli.books.files import books_lock
    from ledgercli.desk.orders.invoicing import recover

    if books.location.bare:
        raise NoBooksError
    with books_lock(books.root, WAIT_SECONDS):
        fresh = reopen()
        wrong = next((row for row in fresh.order_findings if row.severity == "error"), None)
        if wrong:
            said = wrong.kind.message.format_map(wrong.values)
            place = wrong.place
            shown = f"{place.file}:{place.line}" if place.line else place.file
            raise OrderFilesError(file=shown, finding=f"{wrong.code}: {said}")
        desk = Desk(fresh, environment, list(fresh.orders))
        recover(desk)
        yield desk


def find_order(orders: Sequence[Order], number: str) -> Order:
    """Return the order with a number, case ignored; raise OrderNotFoundError."""
    known = {fold(order.id): order for order in orders}
    found = known.get(fold(number))
    if found is None:
        near = difflib.get_close_matches(fold(number), known, n=1)
        raise OrderNotFoundError(number, known[near[0]].id if near else "")
    return found


def is_rejected(order: Order) -> bool:
    """Return whether the last person who decided about an order rejected it."""
    people = [row.decision for row in order.decisions if row.decision in {"approved", "rejected"}]
    return people[-1:] == ["rejected"]


def require_approval(desk: Desk, order: Order) -> None:
    """Raise NotApprovedError unless the last decision still lets the order through."""
    found = standing_of(desk.books, order, desk.orders)
    if found != "approved":
        raise NotApprovedError(order=order.id, reason=Sentence(WHY_NOT[found]))


#: Why an order cannot go on, by what its last decision is worth.
WHY_NOT: Mapping[str, str] = {
    "held": N_("it waits for approval"),
    "rejected": N_("it was rejected"),
    "expired": N_("its approval has expired"),
    "raised": N_("it is worth more than was approved"),
    "outgrown": N_("the exposure has grown beyond what was approved"),
}


def past(desk: Desk, day: dt.date | None) -> dt.date:
    """Return ``day``, today without one; raise FutureDayError for a day after it."""
    if day is not None and day > desk.today:
        raise FutureDayError(date=day, today=desk.today)
    return day or desk.today


def chosen_quantities(
    order: Order, wanted: Mapping[int, Decimal], left: Mapping[int, Decimal]
) -> dict[int, Decimal]:
    """Return what is wanted of what is ``left``, all of it where nothing is named.

    Raise BadQuantityError and NothingLeftError.
    """
    if not wanted:
        rest = {line: amount for line, amount in left.items() if amount > 0}
        if not rest:
            raise NothingLeftError(order=order.id)
        return rest
    for line, amount in wanted.items():
        if amount <= 0 or amount > left.get(line, Decimal(0)):
            raise BadQuantityError(
                order=order.id,
                line=line,
                quantity=f"{amount:f}",
                left=f"{max(left.get(line, Decimal(0)), Decimal(0)):f}",
            )
    return dict(wanted)


def as_written(quantities: Mapping[int, Decimal]) -> dict[str, Quantity]:
    """Return quantities as an order's file has them."""
    return {str(line): Quantity(quantities[line]) for line in sorted(quantities)}
