"""Orders: entered, approved, delivered, closed; each step is checked, recorded, written as one.

Everything is decided under the lock of the books on what the files hold then, so that two people
cannot each use up the same limit.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from ledgercli.customers.approval import (
    Risk,
    approver_of,
    last_day,
    may_approve,
)
from ledgercli.desk.opening import OpenBooks
from ledgercli.desk.order_answers import order_answer
from ledgercli.desk.order_errors import (
    BadOrderError,
    BadQuantityError,
    CapExceededError,
    ExposureUnknownError,
    FutureDayError,
    NotApprovedError,
    NotApproverError,
    NothingLeftError,
    OrderBegunError,
    OrderClosedError,
    OrderFilesError,
    OrderNotFoundError,
    OrderOpenError,
)
from ledgercli.desk.order_risks import Judged, judge, reasons, standing_of
from ledgercli.desk.reminder_errors import NoBooksError
from ledgercli.model.answer import Answer, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import fold
from ledgercli.model.order import Decision, DecisionKind, Delivery, Order, OrderLine, Quantity
from ledgercli.model.sentence import Sentence
from ledgercli.model.terms import Terms
from ledgercli.model.values import Money
from ledgercli.receivables.orders import delivered, invoiced, ordered, total

Reopen = Callable[[], OpenBooks]
#: How long a step waits for another one; each is done in less than a second.
WAIT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What is to be ordered. ``number`` empty: the next of the series. ``day`` None: today."""

    customer: str
    lines: tuple[OrderLine, ...]
    number: str = ""
    day: dt.date | None = None
    deliver_by: dt.date | None = None
    terms: Terms | None = None
    contract: str = ""
    notes: str = ""
    currency: str = ""


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
    from ledgercli.desk.invoicing import recover

    if books.location.bare:
        raise NoBooksError
    with books_lock(books.root, WAIT_SECONDS):
        fresh = reopen()
        wrong = next((row for row in fresh.order_findings if row.severity == "error"), None)
        if wrong:
            said = wrong.kind.message.format_map(wrong.values)
            shown = f"{wrong.place.file}:{wrong.place.line}"
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


# --- entering ----------------------------------------------------------------------------------


def add(desk: Desk, wanted: NewOrder) -> Answer:
    """Enter an order and decide about it by the rules; return its page.

    Raise CustomerNotFoundError, BadOrderError, OrderExistsError, and those of writing.
    """
    order = desk.by_rules(drafted(desk, wanted))
    desk.write((None, order))
    return desk.answer(order.id, entered(order))


def entered(order: Order) -> Text:
    """Return what is said about an order that was entered."""
    path = f"orders/{order.id}.yaml"
    if order.decisions[-1].decision == "automatic":
        return Text(N_("Entered and approved by the rules: {path}."), {"path": path})
    return Text(N_("Entered; it waits for approval: {path}."), {"path": path})


def drafted(desk: Desk, wanted: NewOrder) -> Order:
    """Return a new order with its number, not decided about; raise as :func:`add`."""
    from ledgercli.books.customer_checks import PLAIN_ID
    from ledgercli.books.orders import OrderExistsError

    customer = desk.books.customer_id(wanted.customer)
    record = next((one for one in desk.books.customers if one.id == customer), None)
    day = wanted.day or desk.today
    named = {wanted.currency, *(line.price.currency for line in wanted.lines)} - {""}
    currency = named.pop() if named else (record.currency if record else "")
    if named or not currency:
        raise BadOrderError(reason=Sentence(N_("it needs one currency")))
    lines = tuple(replace(line, price=Money(line.price.amount, currency)) for line in wanted.lines)
    taken = [order.id for order in desk.orders]
    number = wanted.number or desk.books.settings.orders.series.orders.next(taken, day.year)
    if not PLAIN_ID.fullmatch(number) or ".." in number:
        raise BadOrderError(reason=Sentence(N_("its number has characters that no file name has")))
    if fold(number) in map(fold, taken):
        raise OrderExistsError(order=number)
    order = Order(
        number,
        customer,
        day,
        currency,
        lines,
        deliver_by=wanted.deliver_by,
        terms=wanted.terms,
        contract=wanted.contract,
        notes=wanted.notes,
    )
    if total(order) <= 0:
        raise BadOrderError(reason=Sentence(N_("it comes to nothing")))
    return order


# --- deciding ----------------------------------------------------------------------------------


def approve(desk: Desk, number: str, *, reason: str = "") -> Answer:
    """Approve an order as whoever works here, or by the rules where they let it through.

    Raise OrderClosedError, NotApproverError, CapExceededError, ExposureUnknownError.
    """
    order = _open(desk.order(number))
    judged = desk.judged(order)
    if not reasons(judged, desk.books) and not reason and not is_rejected(order):
        after = desk.by_rules(order)
        desk.write((order, after))
        return desk.answer(number, N_("Approved by the rules."))
    approver = approver_of(desk.books.settings.orders, desk.identity)
    if approver is None:
        raise NotApproverError(identity=desk.identity or "?")
    for risk in judged.risks:
        if risk.limit is not None and risk.exposure is None:
            raise ExposureUnknownError(customer=order.customer, currency=judged.missing_price)
        if not may_approve(approver, risk):
            raise CapExceededError(
                order=order.id,
                exposure=risk.exposure_money,
                over=Money(risk.over, risk.currency),
                limit=risk.limit_money,
                who=approver.who,
                cap=approver.above_limit,
            )
    decision = desk.decision(order, "approved", by=desk.identity, reason=reason)
    desk.write((order, replace(order, decisions=(*order.decisions, decision))))
    return desk.answer(number, Text(N_("Approved by {who}."), {"who": desk.identity}))


def reject(desk: Desk, number: str, *, reason: str) -> Answer:
    """Reject an order as whoever works here; raise OrderClosedError and NotApproverError."""
    order = _open(desk.order(number))
    if approver_of(desk.books.settings.orders, desk.identity) is None:
        raise NotApproverError(identity=desk.identity or "?")
    decision = desk.decision(order, "rejected", by=desk.identity, reason=reason)
    desk.write((order, replace(order, decisions=(*order.decisions, decision))))
    return desk.answer(number, Text(N_("Rejected by {who}."), {"who": desk.identity}))


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


# --- what becomes of it ------------------------------------------------------------------------


def deliver(
    desk: Desk,
    number: str,
    *,
    quantities: Mapping[int, Decimal],
    day: dt.date | None,
    text: str = "",
) -> Answer:
    """Record a delivery, without ``quantities`` of all that is left.

    Raise NotApprovedError, BadQuantityError, NothingLeftError, FutureDayError.
    """
    order = _open(desk.order(number))
    date = past(desk, day)
    done, whole = delivered(order, dt.date.max), ordered(order)
    billed = invoiced(order, dt.date.max)
    left = {line: amount - done.get(line, Decimal(0)) for line, amount in whole.items()}
    chosen = chosen_quantities(order, quantities, left)
    # What was invoiced before has been checked then.
    if any(
        done.get(line, Decimal(0)) + amount > billed.get(line, Decimal(0))
        for line, amount in chosen.items()
    ):
        require_approval(desk, order)
    delivery = Delivery(date, as_written(chosen), desk.identity, text)
    after = replace(order, deliveries=(*order.deliveries, delivery))
    desk.write((order, after))
    return desk.answer(number, Text(N_("Delivered on {date}."), {"date": date}))


def accept(desk: Desk, number: str, *, day: dt.date | None) -> Answer:
    """Record that the customer accepted the delivery; raise FutureDayError."""
    order = desk.order(number)
    date = past(desk, day)
    desk.write((order, replace(order, accepted=date)))
    return desk.answer(number, Text(N_("Accepted on {date}."), {"date": date}))


def cancel(desk: Desk, number: str) -> Answer:
    """Cancel an order of which nothing was delivered or invoiced; raise OrderBegunError."""
    order = _open(desk.order(number))
    if order.deliveries or order.invoices:
        raise OrderBegunError(order=order.id)
    desk.write((order, replace(order, status="cancelled")))
    return desk.answer(number, N_("Cancelled."))


def close(desk: Desk, number: str) -> Answer:
    """Give up what is left of an order; what was delivered stays to be invoiced."""
    order = _open(desk.order(number))
    desk.write((order, replace(order, status="closed")))
    return desk.answer(number, N_("Closed; what was delivered counts until it is invoiced."))


def reopen_order(desk: Desk, number: str) -> Answer:
    """Open an order again, and decide about it anew; raise OrderOpenError."""
    order = desk.order(number)
    if order.status == "open":
        raise OrderOpenError(order=order.id)
    after = desk.by_rules(replace(order, status="open"))
    desk.write((order, after))
    if after.decisions[-1].decision == "automatic":
        return desk.answer(number, N_("Open again, and approved by the rules."))
    return desk.answer(number, N_("Open again; it waits for approval."))


def is_rejected(order: Order) -> bool:
    """Return whether the last person who decided about an order rejected it."""
    people = [row.decision for row in order.decisions if row.decision in {"approved", "rejected"}]
    return people[-1:] == ["rejected"]


# --- helpers -----------------------------------------------------------------------------------


def _open(order: Order) -> Order:
    if order.status != "open":
        raise OrderClosedError(order=order.id)
    return order


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
