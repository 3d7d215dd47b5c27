"""Converted figures: the last price on or before the day, and unknown where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from ledgercli.model.currency import round_money
from ledgercli.model.ledger import Prices
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money


@dataclass(frozen=True, slots=True)
class Converted:
    """A figure in another currency, with rate and its day; all None where no price is known."""

    money: Money | None
    rate: Decimal | None
    rate_date: date | None


def convert(money: Money, currency: str, prices: Prices, as_of: date) -> Converted:
    """Return ``money`` in ``currency`` at the last price up to ``as_of``, rounded half-up.

    What is in that currency already stays as it is.
    """
    found = prices.rate(money.currency, currency, as_of)
    if found is None:
        return Converted(None, None, None)
    rate, day = found
    if money.currency == currency:
        return Converted(money, rate, day)
    return Converted(Money(round_money(money.amount * rate, currency), currency), rate, day)


def convert_sum(
    amounts: Iterable[Money], currency: str, prices: Prices, as_of: date
) -> Decimal | None:
    """Return the sum of ``amounts`` in ``currency``; None if a price is missing for one of them.

    What was converted is rounded half-up once, in the sum; amounts of zero need no price.
    """
    total = foreign = Decimal(0)
    for money in amounts:
        if money.currency == currency:
            total += money.amount
        elif money.amount:
            found = prices.rate(money.currency, currency, as_of)
            if found is None:
                return None
            foreign += money.amount * found[0]
    return total + round_money(foreign, currency)
