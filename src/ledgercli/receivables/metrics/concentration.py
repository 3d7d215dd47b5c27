"""How much hangs on few customers: shares, and the Herfindahl-Hirschman index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Literal

from ledgercli.model.record import dataclass
from ledgercli.receivables.metrics.rounding import divide

#: Class A makes up to 80 % of the whole, B up to 95 %, C the rest: the usual ABC analysis.
_CLASS_A, _CLASS_B = Decimal("0.80"), Decimal("0.95")


@dataclass(frozen=True, slots=True)
class Share:
    """One customer's part of the whole; ``share`` and ``cumulative`` are fractions, unrounded.

    ``group`` is the class of the ABC analysis: a customer is in A when those before make less than
    80 %, in B when they make less than 95 %.
    """

    customer: str
    amount: Decimal
    share: Decimal
    cumulative: Decimal
    group: Literal["A", "B", "C"]


def shares(amounts: Mapping[str, Decimal]) -> tuple[Share, ...]:
    """Return the shares, largest first; customers at or below zero have none."""
    positive = [(customer, amount) for customer, amount in amounts.items() if amount > 0]
    whole = sum((amount for _, amount in positive), Decimal(0))
    rows = []
    running = Decimal(0)
    for customer, amount in sorted(positive, key=lambda pair: (-pair[1], pair[0])):
        before = divide(running, whole)
        running += amount
        group: Literal["A", "B", "C"] = (
            "A" if before < _CLASS_A else "B" if before < _CLASS_B else "C"
        )
        rows.append(Share(customer, amount, divide(amount, whole), divide(running, whole), group))
    return tuple(rows)


def herfindahl(parts: Iterable[Share]) -> Decimal:
    """Return the Herfindahl-Hirschman index: Σ of squared shares in percent, 0 to 10,000.

    As the U.S. Department of Justice defines it for markets: four firms of 30, 30, 20 and 20
    percent make 2,600.
    """
    return sum(((part.share * 100) ** 2 for part in parts), Decimal(0))


def equal_customers(index: Decimal) -> Decimal | None:
    """Return 10,000 ÷ index: as many customers of equal size would give it. None for nobody."""
    return divide(Decimal(10000), index) if index else None
