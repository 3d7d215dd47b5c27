"""The invoice of an order as Beancount reads it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal

from ledgercli.model.currency import plain
from ledgercli.model.order import Order
from ledgercli.model.record import dataclass
from ledgercli.receivables.orders import LineAmount, line_amount

#: What Beancount takes as a link.
_LINK = re.compile(r"[A-Za-z0-9\-_/.]+")
_NARRATION_MAX = 100


@dataclass(frozen=True, slots=True)
class InvoiceDraft:
    """An invoice that is to be booked: ``parts`` by the number of the line of the order."""

    order: Order
    number: str
    date: dt.date
    quantities: Mapping[int, Decimal]
    parts: Mapping[int, LineAmount]

    @property
    def total(self) -> Decimal:
        """Return the amount with tax."""
        return sum((part.total for part in self.parts.values()), Decimal(0))

    @property
    def tax(self) -> Decimal:
        """Return the tax in it."""
        return sum((part.tax for part in self.parts.values()), Decimal(0))


def invoice_draft(
    order: Order,
    number: str,
    date: dt.date,
    quantities: Mapping[int, Decimal],
    before: Mapping[int, Decimal],
) -> InvoiceDraft:
    """Return the invoice of ``quantities``, after those ``before`` were invoiced.

    Each line comes to what it is worth up to now less what it was worth before, so that the
    invoices of a line sum up to it without a rounding difference.
    """
    parts = {}
    for place, line in enumerate(order.lines, 1):
        if quantity := quantities.get(place):
            earlier = before.get(place, Decimal(0))
            then = line_amount(line, earlier, order.currency)
            now = line_amount(line, earlier + quantity, order.currency)
            parts[place] = LineAmount(now.net - then.net, now.tax - then.tax)
    return InvoiceDraft(order, number, date, quantities, parts)


def invoice_text(draft: InvoiceDraft, payee: str, receivable: str, sales: str, tax: str) -> str:
    """Return the transaction: one posting for the customer, one for each account of the lines.

    ``sales`` is the account of lines without one, ``tax`` that of all taxes.
    """
    order = draft.order
    names = [name for name in (draft.number, order.id) if _LINK.fullmatch(name)]
    links = "".join(f" ^{name}" for name in names)
    sums: dict[str, Decimal] = {}
    for place, part in draft.parts.items():
        account = order.lines[place - 1].account or sales
        sums[account] = sums.get(account, Decimal(0)) + part.net
    lines = [
        f"{draft.date} * {_quoted(payee)} {_quoted(_narration(draft))}{links}",
        f"  customer: {_quoted(order.customer)}",
        f"  invoice: {_quoted(draft.number)}",
        f"  order: {_quoted(order.id)}",
    ]
    if order.terms:
        lines.append(f"  terms: {_quoted(order.terms.words)}")
    lines.append(_posting(receivable, draft.total, order.currency))
    lines += [_posting(account, -amount, order.currency) for account, amount in sums.items()]
    if draft.tax:
        lines.append(_posting(tax, -draft.tax, order.currency))
    return "\n".join(lines) + "\n"


def _narration(draft: InvoiceDraft) -> str:
    """Return what was ordered, the order's number where the lines say nothing."""
    words = []
    for place, quantity in draft.quantities.items():
        line = draft.order.lines[place - 1]
        if text := line.text or line.product:
            words.append(text if quantity == 1 else f"{quantity:f} × {text}")
    text = ", ".join(words) or draft.order.id
    return text if len(text) <= _NARRATION_MAX else f"{text[: _NARRATION_MAX - 1]}…"


def _posting(account: str, amount: Decimal, currency: str) -> str:
    return f"  {account}  {plain(amount, currency)} {currency}"


def _quoted(text: str) -> str:
    words = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{words}"'
