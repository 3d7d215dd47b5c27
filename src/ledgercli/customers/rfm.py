"""RFM: how recently, how often, and for how much customers bought, as ranks from 1 to 5.

After Hughes, Strategic Database Marketing: buyers are put in order by each figure and cut into five
parts of equal size ("quintiles", from 5, the most recent, down to 1). Who has the same figure gets
the same rank, that of the middle of their places; of fewer than five different figures only so many
ranks are used, from the middle outwards, so that one buyer alone is neither best nor worst.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from ledgercli.customers.sales import Sales
from ledgercli.model.ledger import Prices
from ledgercli.model.record import dataclass

RfmClass = Literal["champion", "loyal", "promising", "new", "at-risk", "lapsing", "occasional"]
_RANKS = 5
_HIGH, _MIDDLE, _LOW = 4, 3, 2


@dataclass(frozen=True, slots=True)
class Rfm:
    """A buyer: days since the last invoice, invoices, revenue (None without a price), and ranks.

    ``monetary_rank`` is None where the revenue is unknown.
    """

    customer: str
    days: int
    invoices: int
    revenue: Decimal | None
    recency_rank: int
    frequency_rank: int
    monetary_rank: int | None

    @property
    def code(self) -> str:
        """Return the three ranks, such as ``545``."""
        money = "-" if self.monetary_rank is None else str(self.monetary_rank)
        return f"{self.recency_rank}{self.frequency_rank}{money}"

    @property
    def name(self) -> RfmClass:
        """Return the class that the ranks come to, by recency and how often or for how much."""
        value = max(self.frequency_rank, self.monetary_rank or 1)
        if self.recency_rank >= _HIGH:
            if value >= _HIGH:
                return "champion"
            return "promising" if value >= _MIDDLE else "new"
        if self.recency_rank == _MIDDLE:
            return "loyal" if value >= _MIDDLE else "occasional"
        return "at-risk" if value >= _MIDDLE else "lapsing"


def rfm(
    found: Mapping[str, Sales], currency: str, prices: Prices, as_of: dt.date
) -> tuple[Rfm, ...]:
    """Return all who bought anything in the time of ``found``, by id, with revenue in ``currency``.

    Who got more credited than invoiced counts with less than nothing.
    """
    buyers = {key: bought for key, bought in sorted(found.items()) if bought.last}
    days = {key: (as_of - bought.last).days for key, bought in buyers.items() if bought.last}
    money = {key: bought.in_currency(currency, prices, as_of) for key, bought in buyers.items()}
    recency = ranks({key: Decimal(-count) for key, count in days.items()})
    frequency = ranks({key: Decimal(bought.invoices) for key, bought in buyers.items()})
    monetary = ranks({key: amount for key, amount in money.items() if amount is not None})
    return tuple(
        Rfm(
            key,
            days[key],
            bought.invoices,
            money[key],
            recency[key],
            frequency[key],
            monetary.get(key),
        )
        for key, bought in buyers.items()
    )


def ranks(figures: Mapping[str, Decimal]) -> dict[str, int]:
    """Return the ranks 1 to 5, 5 for the highest figures; equal figures have equal ranks."""
    found = places(figures)
    return {key: found[value].rank for key, value in figures.items()}


class Places(NamedTuple):
    """The places of those with the same figure, from 1 for the lowest, of ``buyers``."""

    first: int
    last: int
    buyers: int

    @property
    def rank(self) -> int:
        """Return the fifth that the middle of the places is in."""
        # As a share of all: (first + last - 1) / (2 x buyers).
        return min((self.first + self.last - 1) * _RANKS // (2 * self.buyers) + 1, _RANKS)


def places(figures: Mapping[str, Decimal]) -> dict[Decimal, Places]:
    """Return the places of each figure."""
    ordered: Sequence[Decimal] = sorted(figures.values())
    found: dict[Decimal, Places] = {}
    count = len(ordered)
    first = 0
    while first < count:
        value = ordered[first]
        last = first
        while last + 1 < count and ordered[last + 1] == value:
            last += 1
        found[value] = Places(first + 1, last + 1, count)
        first = last + 1
    return found
