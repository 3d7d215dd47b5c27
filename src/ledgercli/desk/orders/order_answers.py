"""What commands about orders answer."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.orders.order_risks import Risks, reasons
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.order import Order
from ledgercli.model.values import Money
from ledgercli.receivables.order_booking import InvoiceDraft
from ledgercli.receivables.orders import delivered, invoiced, ordered
from ledgercli.reports.orders import Shown, order_list, order_page

if TYPE_CHECKING:
    from ledgercli.desk.orders.order_desk import Desk


def order_state(risks: Risks, order: Order) -> str:
    """Return what an order is in a word: over, done, under way, or what its approval is worth."""
    if order.status != "open":
        return order.status
    whole = ordered(order)
    done, billed = delivered(order, risks.day), invoiced(order, risks.day)
    if all(billed.get(line, Decimal(0)) >= amount for line, amount in whole.items()):
        return "invoiced"
    if all(done.get(line, Decimal(0)) >= amount for line, amount in whole.items()):
        return "delivered"
    found = risks.standing(order)
    return "in-delivery" if done and found == "approved" else found


def _shown(risks: Risks, order: Order) -> Shown:
    """Return an order with its state and the name of its customer."""
    record = risks.record(order.customer)
    return Shown(order, order_state(risks, order), record.label if record else "")


def shown(books: OpenBooks, orders: Sequence[Order]) -> list[Shown]:
    """Return a few of the books' orders with their state today and the names of the customers."""
    if not orders:
        return []
    risks = Risks(books, books.orders, books.today)
    return [_shown(risks, order) for order in orders]


def order_answer(
    books: OpenBooks, order: Order, orders: Sequence[Order], *, notes: Sequence[Text | str] = ()
) -> Answer:
    """Return the page of an order, after a change with what was done."""
    risks = Risks(books, orders, books.today)
    row = _shown(risks, order)
    said = list(notes)
    if row.state in {"held", "expired", "raised", "outgrown"}:
        said += _why(risks, order)
    return with_circumstances(books, order_page(row, books.today, "", said), Query())


def _why(risks: Risks, order: Order) -> list[Text | str]:
    """Return what stands against an order now, one sentence a reason."""
    judged, rules = risks.judge(order), risks.rules
    risk = max(judged.risks, key=lambda one: one.over)
    bound = rules.auto_up_to.of(order.currency) if rules.auto_up_to else None
    values = {
        "exposure": risk.exposure_money or "?",
        "limit": risk.limit_money or "?",
        "over": Money(risk.over, risk.currency),
        "days": risk.days_overdue,
        "most": rules.max_days_overdue,
        "automatic": Money(risk.automatic, order.currency),
        "bound": Money(bound, order.currency) if bound is not None else "",
        "currency": judged.missing_price or order.currency,
    }
    return [Text(_REASONS[reason], values) for reason in reasons(judged, risks.books)]


_REASONS = {
    "over-limit": N_("With it the exposure is {exposure}: {over} above the limit of {limit}."),
    "unknown-exposure": N_("The exposure is not known: there is no price of {currency}."),
    "overdue": N_("Something is {days} days overdue; without approval {most} are allowed."),
    "above-automatic": N_(
        "{automatic} would be open without approval; {bound} are allowed in all."
    ),
    "no-automatic-amount": N_("Nothing in {currency} is approved by the rules."),
}


def order_rows(
    books: OpenBooks, query: Query, *, states: Sequence[str], everything: bool
) -> Answer:
    """Return the orders that ``query`` asks for, oldest first, as they are on its day.

    Without ``everything`` and ``states`` those are left out that are over.
    """
    chosen = books.chosen(query)
    risks = Risks(books, books.orders, books.as_of(query), many=True)
    rows = [
        _shown(risks, order)
        for order in sorted(books.orders, key=lambda one: (one.date, one.id))
        if (query.as_of is None or order.date <= query.as_of)
        and (chosen is None or order.customer in chosen)
        and (not query.currencies or order.currency in query.currencies)
    ]
    over = {"invoiced", "closed", "cancelled", "rejected"}
    rows = [
        row
        for row in rows
        if (row.state in states if states else everything or row.state not in over)
    ]
    return with_circumstances(books, order_list(rows, books.as_of(query)), query)


_INVOICE = (
    Column("line", N_("line"), "number"),
    Column("text", N_("text"), flexible=True),
    Column("quantity", N_("quantity"), "text"),
    Column("net", N_("net"), "money"),
    Column("tax", N_("tax"), "money"),
    Column("amount", N_("amount"), "money"),
)


def invoice_answer(
    books: OpenBooks,
    draft: InvoiceDraft,
    file: str,
    diff: str,
    *,
    written: bool,
    warnings: Sequence[Text | str],
    notes: Sequence[Text | str],
) -> Answer:
    """Return the diff of an invoice, and whether it was written."""
    currency = draft.order.currency
    rows = [
        {
            "line": place,
            "text": draft.order.lines[place - 1].text,
            "quantity": f"{draft.quantities[place]:f}",
            "net": Money(part.net, currency),
            "tax": Money(part.tax, currency),
            "amount": Money(part.total, currency),
        }
        for place, part in draft.parts.items()
    ]
    values = {"number": draft.number, "path": file, "amount": Money(draft.total, currency)}
    if written:
        said = Text(N_("Invoice {number} over {amount} written to {path}."), values)
    else:
        said = Text(N_("Invoice {number} over {amount}; `--write` adds it to {path}."), values)
    return with_circumstances(
        books,
        Answer(
            "order-invoice/1",
            facts={
                "order": draft.order.id,
                "number": draft.number,
                "date": draft.date,
                "total": Money(draft.total, currency),
                "file": file,
                "written": written,
                "diff": diff,
            },
            tables=(Table("rows", _INVOICE, rows),),
            verbatim=diff,
            notes=(*notes, said),
            warnings=tuple(warnings),
        ),
        Query(),
    )


def recovered(desk: Desk) -> Answer:
    """Return what was put in order when the books were taken to work on."""
    notes = desk.notes or [N_("Nothing was left unfinished.")]
    return Answer("order-recover/1", facts={"count": len(desk.notes)}, notes=tuple(notes))
