"""Interest on arrears: simple, by the day over a year of 365 days, rounded once a document.

Source: the rule of the product's contract (simple interest, act/365, half-up). Interest runs from
the day after the due date up to and including ``as_of``; nothing is charged on fees or interest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext

from ledgercli.model.currency import CONTEXT, round_money
from ledgercli.model.settings import RateTable

DAYS_OF_YEAR = 365


@dataclass(frozen=True, slots=True)
class Rate:
    """A yearly rate in percent: ``points`` on top of the dated table ``above``, or alone."""

    points: Decimal
    above: RateTable | None = None

    def at(self, day: date) -> Decimal | None:
        """Return the rate in force on ``day`` in percent a year; None before the table begins.

        A negative base lowers the rate, never below zero.
        """
        if self.above is None:
            return max(self.points, Decimal(0))
        base = self.above.at(day)
        return None if base is None else max(base + self.points, Decimal(0))

    def changes(self, first: date, last: date) -> tuple[date, ...]:
        """Return the days after ``first`` up to ``last`` on which another rate begins."""
        if self.above is None:
            return ()
        return tuple(day for day, _ in self.above.rates if first < day <= last)


def interest(amount: Decimal, currency: str, due: date, as_of: date, rate: Rate) -> Decimal | None:
    """Return the interest on ``amount`` for every day after ``due`` up to ``as_of``.

    ``amount`` is what is open at ``as_of`` and is taken as open all the time. Every day bears the
    rate in force on it; the sum is rounded half-up once to the usual decimals of ``currency``.
    None where the rate of one of the days is unknown; zero where nothing is overdue.
    """
    if as_of <= due or amount <= 0:
        return round_money(Decimal(0), currency)
    first = due + timedelta(days=1)
    starts = (first, *rate.changes(first, as_of))
    # As numbers of days: there is no date after the last one.
    ends = (*(day.toordinal() for day in starts[1:]), as_of.toordinal() + 1)
    with localcontext(CONTEXT):
        weighted = Decimal(0)
        for start, end in zip(starts, ends, strict=True):
            percent = rate.at(start)
            if percent is None:
                return None
            weighted += percent * (end - start.toordinal())
        return round_money(amount * weighted / (100 * DAYS_OF_YEAR), currency)
