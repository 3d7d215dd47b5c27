"""An order, as it stands in ``orders/*.yaml``: what was ordered, decided, delivered, invoiced."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Any, Literal, Self

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import FILLED, dataclass
from ledgercli.model.sentence import WrongValueError
from ledgercli.model.terms import Terms
from ledgercli.model.values import Money, Parsed, Percent, parse_number, text_of

OrderStatus = Literal["open", "closed", "cancelled"]
#: ``automatic`` by the rules, ``approved`` and ``rejected`` by a person; ``held`` waits for one.
DecisionKind = Literal["automatic", "approved", "rejected", "held"]


@dataclass(frozen=True, slots=True)
class Quantity(Parsed):
    """How many of something: a number above zero."""

    value: Decimal

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the quantity of ``3`` or ``0.5``."""
        value = parse_number(text_of(raw))
        if value <= 0:
            raise WrongValueError(N_("a quantity is above zero"))
        return cls(value)

    def __str__(self) -> str:
        """Return the plain notation."""
        return f"{self.value:f}"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """What is ordered. ``price`` is for one, without ``tax``; its currency is the order's."""

    price: Money
    text: str = ""
    quantity: Quantity = field(default_factory=lambda: Quantity(Decimal(1)))
    product: str = ""
    account: str = ""
    tax: Percent | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about an order, on what grounds.

    ``amount`` is the order's then, with tax; ``exposure`` the customer's with the order in it, and
    ``limit`` the one it was compared with (None: no limit). ``at`` is the time of writing in UTC,
    ``by`` the git identity, empty for what the rules decided. ``expires`` is the last day.
    """

    date: dt.date
    decision: DecisionKind
    amount: Money
    at: str = ""
    by: str = ""
    exposure: Money | None = None
    limit: Money | None = None
    reason: str = ""
    expires: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was delivered on a day; ``quantities`` by the number of the line, from 1."""

    date: dt.date
    quantities: Mapping[str, Quantity]
    by: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class OrderInvoice:
    """An invoice of the order; ``amount`` with tax, ``quantities`` by the number of the line.

    ``state`` is ``writing`` from before the transaction is in the ledger until it is known to be.
    """

    number: str
    date: dt.date
    amount: Money
    quantities: Mapping[str, Quantity]
    by: str = ""
    state: Literal["writing", "booked"] = "booked"


@dataclass(frozen=True, slots=True)
class Order:
    """An order. ``file`` and ``line`` say where it begins, relative to the books.

    ``period`` is the first day of the period of a contract that it is for; ``accepted`` the day on
    which the customer accepted the delivery; ``split_from`` the order that this was a part of.
    """

    id: str
    customer: str
    date: dt.date
    currency: str = ""
    lines: tuple[OrderLine, ...] = ()
    status: OrderStatus = "open"
    deliver_by: dt.date | None = None
    terms: Terms | None = None
    contract: str = ""
    period: dt.date | None = None
    split_from: str = ""
    accepted: dt.date | None = None
    decisions: tuple[Decision, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    invoices: tuple[OrderInvoice, ...] = ()
    notes: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    file: str = field(default="", metadata=FILLED)
    line: int = field(default=0, metadata=FILLED)

    def decided(self, as_of: dt.date) -> Decision | None:
        """Return the last decision dated up to ``as_of``, None where there is none."""
        return next((row for row in reversed(self.decisions) if row.date <= as_of), None)
