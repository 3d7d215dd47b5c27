"""Invoices of orders: a number without a gap, a transaction in the ledger, an entry in the order.

Two files change, and a run may be cut off between them. So the order says first that the invoice is
being written; then the ledger gets the transaction; then the order says that it is booked. What the
ledger has decides: the next run finishes the entry, or takes it back, and its number is free again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.orders.ledger_appending import LedgerAppend, document_numbers
from ledgercli.desk.orders.order_answers import invoice_answer
from ledgercli.desk.orders.order_errors import InvoiceMissingError, OrderAccountError
from ledgercli.desk.reminders.booking_errors import NotInLedgerError
from ledgercli.model.answer import Answer, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.order import Order, OrderInvoice
from ledgercli.model.values import Money
from ledgercli.receivables.order_booking import InvoiceDraft, invoice_draft, invoice_text
from ledgercli.receivables.orders import delivered, invoiced, ordered

if TYPE_CHECKING:
    from ledgercli.desk.orders.order_desk import Desk


def invoice(
    desk: Desk,
    number: str,
    *,
    quantities: Mapping[int, Decimal],
    day: dt.date | None,
    ahead: bool,
    write: bool,
    reopen: Callable[[], OpenBooks],
) -> Answer:
    """Return the diff that invoices an order; with ``write``, append it to the ledger.

    Without ``quantities`` what was delivered is invoiced, and all of an order of which nothing is
    delivered in parts, or where it is to be invoiced ``ahead``. What is not delivered needs an
    approval that holds. Raise NotApprovedError, BadQuantityError, NothingLeftError,
    FutureDayError, OrderAccountError, InvoiceMissingError, and the errors of ``booking_errors``;
    then nothing has changed.
    """
    from ledgercli.desk.orders.order_desk import chosen_quantities, past, require_approval

    order = desk.order(number)
    date = past(desk, day)
    _require_invoices(desk, order)
    done, billed = delivered(order, dt.date.max), invoiced(order, dt.date.max)
    reach = done if done and not (ahead or quantities) else _reach(order, done)
    left = {line: amount - billed.get(line, Decimal(0)) for line, amount in reach.items()}
    chosen = chosen_quantities(order, quantities, left)
    beyond = any(
        billed.get(line, Decimal(0)) + amount > done.get(line, Decimal(0))
        for line, amount in chosen.items()
    )
    warnings: list[Text | str] = []
    if beyond:
        require_approval(desk, order)
    else:
        warnings += _warnings(desk, order)
    draft = invoice_draft(order, _next_number(desk, date), date, chosen, billed)
    append = LedgerAppend(desk.books, _file(desk.books), _text(desk, draft))
    if write:
        _write(desk, draft, append, reopen)
    return invoice_answer(
        desk.books,
        draft,
        append.shown,
        append.diff,
        written=write,
        warnings=warnings,
        notes=desk.notes,
    )


def _reach(order: Order, done: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Return up to which quantities an order may be invoiced: one that is over, as delivered."""
    return dict(done) if order.status != "open" else ordered(order)


def _warnings(desk: Desk, order: Order) -> list[Text | str]:
    """Return that the limit is exceeded, where what was delivered is invoiced all the same."""
    over = next((risk for risk in desk.judged(order).risks if risk.over > 0), None)
    if over is None:
        return []
    values = {"exposure": over.exposure_money, "limit": over.limit_money}
    return [Text(N_("the exposure is {exposure}, above the limit of {limit}"), values)]


def _require_invoices(desk: Desk, order: Order) -> None:
    """Raise InvoiceMissingError where the order names an invoice that the ledger has not."""
    known = document_numbers(desk.books)
    for row in order.invoices:
        if row.number not in known:
            raise InvoiceMissingError(number=row.number, order=order.id)


def _next_number(desk: Desk, date: dt.date) -> str:
    """Return the number after the highest that a document or an order has in the series."""
    taken = {
        *document_numbers(desk.books),
        *(row.number for order in desk.orders for row in order.invoices),
    }
    return desk.books.settings.orders.series.invoices.next(taken, date.year)


def _file(books: OpenBooks) -> str:
    return books.settings.orders.file or books.settings.ledger


def _text(desk: Desk, draft: InvoiceDraft) -> str:
    books, order = desk.books, draft.order
    accounts = books.settings.orders.accounts
    if not accounts.sales and any(not order.lines[place - 1].account for place in draft.parts):
        raise OrderAccountError(key="sales")
    if draft.tax and not accounts.tax:
        raise OrderAccountError(key="tax")
    record = next((one for one in books.customers if one.id == order.customer), None)
    payee = record.label if record else order.customer
    receivable = _receivable(books, order)
    return invoice_text(draft, payee, receivable, accounts.sales, accounts.tax)


def _receivable(books: OpenBooks, order: Order) -> str:
    """Return the customer's account: where it was posted last, its own, or that of the settings."""
    postings = books.position(dt.date.max).postings.get((order.customer, order.currency), ())
    if postings:
        return postings[-1].account
    record = next((one for one in books.customers if one.id == order.customer), None)
    opens = books.facts.opens
    own = next((name for name in (record.accounts if record else ()) if name in opens), "")
    found = own or books.settings.orders.accounts.receivable
    if not found:
        raise OrderAccountError(key="receivable")
    return found


def _write(
    desk: Desk, draft: InvoiceDraft, append: LedgerAppend, reopen: Callable[[], OpenBooks]
) -> None:
    from ledgercli.desk.orders.order_desk import as_written

    before = draft.order
    entry = OrderInvoice(
        draft.number,
        draft.date,
        Money(draft.total, before.currency),
        as_written(draft.quantities),
        desk.identity,
        "writing",
    )
    begun = replace(before, invoices=(*before.invoices, entry))
    desk.write((before, begun))
    kept = False
    try:
        append.write(reopen, draft.number)
        kept = True
    finally:
        if not kept:
            desk.write((begun, before))
    booked = replace(begun, invoices=(*before.invoices, replace(entry, state="booked")))
    desk.write((begun, booked))


def recover(desk: Desk) -> None:
    """Finish or take back the invoices that a run which was cut off left half-written.

    Nothing is taken back while the ledger has errors: it may only be hidden by them.
    """
    unfinished = [
        order for order in desk.orders if any(row.state == "writing" for row in order.invoices)
    ]
    if not unfinished:
        return
    known = document_numbers(desk.books)
    for order in unfinished:
        lost = [row for row in order.invoices if row.state == "writing" and row.number not in known]
        if lost and desk.books.ledger_errors:
            raise NotInLedgerError(path=_file(desk.books))
        kept = tuple(replace(row, state="booked") for row in order.invoices if row not in lost)
        desk.write((order, replace(order, invoices=kept)))
        for row in lost:
            desk.notes.append(
                Text(
                    N_("Invoice {number} was begun and never booked; it was taken back."),
                    {"number": row.number},
                )
            )
        for row in order.invoices:
            if row.state == "writing" and row not in lost:
                desk.notes.append(
                    Text(
                        N_("Invoice {number} was booked by a run that was cut off."),
                        {"number": row.number},
                    )
                )
