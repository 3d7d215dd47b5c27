"""Orders: entered, approved, delivered, closed; each step is checked, recorded, written as one.

Everything is decided under the lock of the books on what the files hold then, so that two people
cannot each use up the same limit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from ledgercli.customers.approval import approver_of, may_approve
from ledgercli.desk.orders.order_desk import (
    Desk,
    as_written,
    chosen_quantities,
    is_rejected,
    past,
    require_approval,
)
from ledgercli.desk.orders.order_errors import (
    BadOrderError,
    CapExceededError,
    ExposureUnknownError,
    NotApproverError,
    OrderBegunError,
    OrderClosedError,
    OrderOpenError,
)
from ledgercli.desk.orders.order_risks import reasons
from ledgercli.model.answer import Answer, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import fold
from ledgercli.model.order import Delivery, Order, OrderLine
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import Sentence
from ledgercli.model.terms import Terms
from ledgercli.model.values import Money
from ledgercli.receivables.orders import delivered, invoiced, ordered, total


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
    if any(risk.limit is not None and risk.exposure is None for risk in judged.risks):
        raise ExposureUnknownError(customer=order.customer, currency=judged.missing_price)
    beyond = [risk for risk in judged.risks if not may_approve(approver, risk)]
    if beyond:
        risk = max(beyond, key=lambda one: one.over)
        raise CapExceededError(
            order=order.id,
            exposure=risk.exposure_money,
            over=Money(risk.over, risk.currency),
            limit=risk.limit_money,
            who=approver.who,
            cap=approver.above_limit.percent or approver.above_limit.amounts.amounts or "0",
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


# --- helpers -----------------------------------------------------------------------------------


def _open(order: Order) -> Order:
    if order.status != "open":
        raise OrderClosedError(order=order.id)
    return order
