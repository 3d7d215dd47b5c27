"""How long customers take to pay, and how late they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from ledgercli.model.position import Document
from ledgercli.model.record import dataclass
from ledgercli.receivables.limitation import settlement_kinds
from ledgercli.receivables.metrics.rounding import divide
from ledgercli.receivables.position import Position

Label = TypeVar("Label")


@dataclass(frozen=True, slots=True)
class Paid:
    """An invoice with its due date and the day of the payment that settled it."""

    document: Document
    due: date
    paid_on: date

    @property
    def days_to_pay(self) -> int:
        """Return the calendar days from the document's date to its payment."""
        return (self.paid_on - self.document.date).days

    @property
    def days_late(self) -> int:
        """Return the calendar days from the due date to the payment, negative where early."""
        return (self.paid_on - self.due).days


@dataclass(frozen=True, slots=True)
class Times:
    """Averages over paid invoices of one currency, in days, unrounded.

    ``days_to_pay`` and ``days_late`` count every invoice once, the weighted ones by its amount.
    ``late`` is how many were paid after their due date.
    """

    count: int
    late: int
    amount: Decimal
    days_to_pay: Decimal
    weighted_days_to_pay: Decimal
    days_late: Decimal
    weighted_days_late: Decimal


def paid_invoices(position: Position) -> Iterator[Paid]:
    """Yield the invoices that are settled, with the day of the last payment on them.

    Those that no payment touched, or of which a part was written off, tell nothing about how the
    customer pays and are left out. So are those whose due date is not known: they count from an
    event that has not happened.
    """
    kinds = settlement_kinds(position)
    for item in position.items:
        due = item.document.due
        if item.open or item.document.kind != "invoice" or due is None:
            continue
        happened = [(kinds.get(id(row.posting)), row) for row in item.allocations if row.amount > 0]
        paid = [row.date for kind, row in happened if kind == "payment"]
        if paid and not any(kind == "write-off" for kind, _ in happened):
            yield Paid(item.document, due, max(paid))


def paid_without_due(position: Position) -> int:
    """Return how many invoices are settled that are not known to be due."""
    return sum(
        1
        for item in position.items
        if not item.open and item.document.kind == "invoice" and item.document.due is None
    )


def payment_times(
    paid: Iterable[Paid], group: Callable[[Paid], Label]
) -> Mapping[tuple[Label, str], Times]:
    """Return the averages by group and currency.

    Average days to pay = Σ days ÷ number of invoices; weighted = Σ (amount × days) ÷ Σ amount.
    Early payments lower the average of days late: it is the average of payment − due.
    """
    groups: dict[tuple[Label, str], list[Paid]] = {}
    for one in paid:
        groups.setdefault((group(one), one.document.currency), []).append(one)
    return {key: _times(rows) for key, rows in groups.items()}


def _times(rows: list[Paid]) -> Times:
    amount = sum((row.document.amount for row in rows), Decimal(0))
    count = Decimal(len(rows))
    weights = [(row.document.amount, row) for row in rows]
    return Times(
        count=len(rows),
        late=sum(row.days_late > 0 for row in rows),
        amount=amount,
        days_to_pay=divide(Decimal(sum(row.days_to_pay for row in rows)), count),
        weighted_days_to_pay=divide(
            sum((weight * row.days_to_pay for weight, row in weights), Decimal(0)), amount
        ),
        days_late=divide(Decimal(sum(row.days_late for row in rows)), count),
        weighted_days_late=divide(
            sum((weight * row.days_late for weight, row in weights), Decimal(0)), amount
        ),
    )
