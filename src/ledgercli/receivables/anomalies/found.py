"""One thing that is out of the ordinary, and the documents it is looked for in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from typing import Any, Literal

from ledgercli.model.position import Document
from ledgercli.model.record import dataclass
from ledgercli.receivables.position import Item, Position
from ledgercli.receivables.summary import Key

AnomalyKind = Literal[
    "duplicate", "bank", "amount", "payment", "overdue", "payer", "silence", "round", "weekend"
]


@dataclass(frozen=True, slots=True)
class Anomaly:
    """What is out of the ordinary, since when, and where it stands.

    ``score`` says how far, in the measure of its kind, None where there is none. ``values`` are the
    figures that say so, for the sentence of its kind. ``grave`` ones may cost money.
    """

    kind: AnomalyKind
    customer: str
    date: dt.date
    currency: str = ""
    number: str = ""
    amount: Decimal | None = None
    score: Decimal | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    grave: bool = False
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice as a whole: its instalments are one."""

    document: Document
    amount: Decimal
    items: tuple[Item, ...]

    @property
    def date(self) -> dt.date:
        """Return the date of the document."""
        return self.document.date


def bills(position: Position) -> Mapping[Key, Sequence[Bill]]:
    """Return the invoices by customer and currency, oldest first."""
    parts: dict[tuple[Key, str], list[Item]] = {}
    for item in position.items:
        if item.document.kind == "invoice":
            # Of doubles with one number each is a bill of its own.
            name = item.document.number if item.document.duplicate else item.document.base
            parts.setdefault((item.document.key, name), []).append(item)
    found: dict[Key, list[Bill]] = {}
    for (key, _), items in parts.items():
        amount = sum((item.document.amount for item in items), Decimal(0))
        found.setdefault(key, []).append(Bill(items[0].document, amount, tuple(items)))
    for own in found.values():
        own.sort(key=lambda bill: (bill.date, bill.document.number))
    return found
