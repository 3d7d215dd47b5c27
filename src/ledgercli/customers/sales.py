"""What customers bought: invoices less credit notes, in a time up to a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from decimal import Decimal

from ledgercli.model.ledger import Prices
from ledgercli.model.position import Document, Settlement
from ledgercli.model.record import dataclass
from ledgercli.model.values import Duration, Money
from ledgercli.receivables.conversion import convert_sum
from ledgercli.receivables.position import Position


@dataclass(slots=True)
class Sales:
    """What one customer bought: amounts with tax by currency, numbers of invoices, the last day."""

    amounts: dict[str, Decimal] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    last: dt.date | None = None

    @property
    def invoices(self) -> int:
        """Return how many invoices there were; instalments are one."""
        return len(self.numbers)

    def in_currency(self, currency: str, prices: Prices, as_of: dt.date) -> Decimal | None:
        """Return the sum at the last price up to ``as_of``; None where a price is missing."""
        amounts = (Money(amount, unit) for unit, amount in self.amounts.items())
        return convert_sum(amounts, currency, prices, as_of)


def first_day(as_of: dt.date, within: Duration) -> dt.date:
    """Return the first day of the time ``within`` that ends with ``as_of``."""
    return Duration(-within.count, within.unit).after(as_of) + dt.timedelta(days=1)


def sales(position: Position, start: dt.date, end: dt.date) -> dict[str, Sales]:
    """Return what customers bought from ``start`` to ``end``, both included, by id.

    Fees, interest, opening items and refunds are no sales.
    """
    found: dict[str, Sales] = {}
    for document in invoices(position, start, end):
        bought = found.setdefault(document.customer, Sales())
        _add(bought, document.currency, document.amount)
        bought.numbers.add(number_of(document))
        bought.last = max(bought.last or document.date, document.date)
    for note in credit_notes(position, start, end):
        _add(found.setdefault(note.customer, Sales()), note.currency, -note.amount)
    return found


def invoices(position: Position, start: dt.date, end: dt.date) -> Iterator[Document]:
    """Yield the documents that are sales from ``start`` to ``end``; instalments one by one."""
    for item in position.items:
        document = item.document
        if document.kind == "invoice" and start <= document.date <= end:
            yield document


def credit_notes(position: Position, start: dt.date, end: dt.date) -> Iterator[Settlement]:
    """Yield the settlements that take sales back from ``start`` to ``end``."""
    for receipt in position.receipts:
        note = receipt.settlement
        if note.kind == "credit-note" and start <= note.date <= end:
            yield note


def number_of(document: Document) -> str:
    """Return what instalments of one invoice of a customer have in common."""
    return f"{document.currency} {document.base or document.number}"


def _add(bought: Sales, currency: str, amount: Decimal) -> None:
    bought.amounts[currency] = bought.amounts.get(currency, Decimal(0)) + amount


def usual_currency(found: Mapping[str, Sales], others: Iterable[str] = ()) -> str:
    """Return the currency that most customers bought in, the first by name of several."""
    counts: dict[str, int] = {}
    for bought in found.values():
        for currency in bought.amounts:
            counts[currency] = counts.get(currency, 0) + 1
    ordered = sorted(counts, key=lambda currency: (-counts[currency], currency))
    return next(iter(ordered), next(iter(others), ""))
