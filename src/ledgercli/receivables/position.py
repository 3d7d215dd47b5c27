"""The position: who owes what since when, as of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledgercli.model.customer import Customer
from ledgercli.model.finding import Finding
from ledgercli.model.position import Allocation, Document, Settlement


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A document with what has been allocated to it.

    ``allocated`` is the sum of ``allocations``. ``open`` is what is left to pay, zero where the
    rest is below half the currency's smallest unit; that rest is ``rounding``.
    """

    document: Document
    allocations: tuple[Allocation, ...]
    allocated: Decimal
    open: Decimal
    rounding: Decimal

    def days_overdue(self, as_of: date) -> int:
        """Return ``as_of`` − due in calendar days, negative before the due date."""
        return (as_of - self.document.due).days


@dataclass(frozen=True, slots=True, eq=False)
class Receipt:
    """A settlement with where it went: ``amount = allocated + unallocated + rounding``.

    ``allocated`` counts what documents took and what re-allocations, refunds and re-openings used.
    ``unallocated`` is never negative.
    """

    settlement: Settlement
    allocations: tuple[Allocation, ...]
    allocated: Decimal
    unallocated: Decimal


Key = tuple[str, str]
"""A customer's id and a currency."""


@dataclass(frozen=True, slots=True, eq=False)
class Position:
    """Everything about receivables at the end of ``as_of``.

    ``items`` are all documents booked by then, settled ones too, in the order everywhere (customer,
    currency, then due, date, number); ``receipts`` all settlements. ``balances`` are the ledger's
    sums on receivable accounts, ``deposits`` what customers have paid in advance (positive),
    ``rounding`` the rests that count as settled, each by customer and currency.
    ``customers`` are the records by id, ``?`` for the unknown one included.
    ``tie_out`` says that open less unallocated plus rounding is the balance, for every key.
    """

    as_of: date
    items: tuple[Item, ...]
    receipts: tuple[Receipt, ...]
    balances: Mapping[Key, Decimal]
    deposits: Mapping[Key, Decimal]
    unallocated: Mapping[Key, Decimal]
    rounding: Mapping[Key, Decimal]
    customers: Mapping[str, Customer]
    findings: tuple[Finding, ...]
    tie_out: bool

    @property
    def open_items(self) -> tuple[Item, ...]:
        """Return the items with something left to pay."""
        return tuple(item for item in self.items if item.open)
