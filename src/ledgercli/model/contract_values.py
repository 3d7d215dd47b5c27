"""What a contract says about its price: how much how often, and how it changes by a dated table."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Self

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import round_money
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import WrongValueError
from ledgercli.model.values import Duration, Money, Parsed, Percent, parse_date, text_of

_EVERY = re.compile(
    r"(?P<price>.+?)\s+(?:per|a|every)\s+(?:(?P<count>\d{1,3})\s+)?"
    r"(?P<unit>day|week|month|quarter|year)s?",
    re.IGNORECASE,
)
_UNITS = {
    "day": Duration(1),
    "week": Duration(7),
    "month": Duration(1, "months"),
    "quarter": Duration(3, "months"),
    "year": Duration(1, "years"),
}


@dataclass(frozen=True, slots=True)
class Recurring:
    """A price for each period."""

    price: Money
    every: Duration


def recurring(value: str) -> Recurring | None:
    """Return the price and period of ``1200 EUR per month`` or ``300 EUR every 2 weeks``.

    None for what is no such thing; then ``value`` is free text, or an amount for all of it.
    """
    found = _EVERY.fullmatch(" ".join(value.split()))
    if not found:
        return None
    try:
        price = Money.parse(found["price"])
    except ValueError:
        return None
    unit = _UNITS[found["unit"].lower()]
    count = int(found["count"] or 1)
    if not price.currency or price.amount <= 0 or not count:
        return None
    return Recurring(price, Duration(unit.count * count, unit.unit))


def fixed(value: str) -> Money | None:
    """Return the amount of a contract with one amount for all of it, None for others."""
    try:
        money = Money.parse(value)
    except ValueError:
        return None
    return money if money.currency and money.amount > 0 else None


@dataclass(frozen=True, slots=True)
class PriceTable(Parsed):
    """How a price changes: ``steps`` of (first day, percent added or new price), earliest first."""

    steps: tuple[tuple[date, Percent | Money], ...]

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the table of ``{2027-01-01: 3%, 2028-01-01: 1300 EUR}``."""
        if not isinstance(raw, dict):
            wrong = N_("expected dates with percentages, such as `{example}`")
            raise WrongValueError(wrong, example="{2027-01-01: 3%}")
        steps: list[tuple[date, Percent | Money]] = []
        for day, value in raw.items():
            text = text_of(value)
            step = Percent.parse(text) if text.endswith("%") else Money.parse(text)
            steps.append((parse_date(day), step))
        return cls(tuple(sorted(steps, key=lambda step: step[0])))

    def price(self, base: Money, day: date) -> Money:
        """Return the price in force on ``day``: each percentage on the price before, rounded."""
        price = base
        for first, step in self.steps:
            if first > day:
                break
            if isinstance(step, Money):
                price = Money(step.amount, step.currency or base.currency)
            else:
                amount = price.amount * (1 + step.value / Decimal(100))
                price = Money(round_money(amount, price.currency), price.currency)
        return price
