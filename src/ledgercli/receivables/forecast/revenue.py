"""Revenue of the months to come, and the same forecast made for past months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from ledgercli.model.currency import round_money
from ledgercli.model.record import dataclass
from ledgercli.model.values import add_months
from ledgercli.receivables.forecast.measures import Told
from ledgercli.receivables.forecast.smoothing import YEAR, Fitted, fitted
from ledgercli.receivables.metrics.flows import SALES, Flow, by_currency, by_month
from ledgercli.receivables.metrics.periods import month_of

_ZERO = Decimal(0)
#: A normal distribution is in one case of ten so many standard deviations above its mean.
_TENTH = Decimal("1.281551565545")


@dataclass(frozen=True, slots=True)
class Series:
    """Sales of one currency by month, from ``first`` on without gaps; ``running`` is not over."""

    currency: str
    first: dt.date
    values: tuple[Decimal, ...]
    running: Decimal

    @property
    def next(self) -> dt.date:
        """Return the first month that is not over."""
        return add_months(self.first, len(self.values))

    def of(self, month: dt.date) -> Decimal | None:
        """Return the sales of a month that is over, None of any other."""
        place = (month.year - self.first.year) * YEAR + month.month - self.first.month
        return self.values[place] if 0 <= place < len(self.values) else None


@dataclass(frozen=True, slots=True)
class MonthTold:
    """A month with what is or was expected of it, and the sales of the same month a year before."""

    month: dt.date
    told: Told
    last_year: Decimal | None


@dataclass(frozen=True, slots=True)
class RevenueForecast:
    """The forecast of one currency; ``model`` is None where there are too few months."""

    series: Series
    model: Fitted | None
    months: tuple[MonthTold, ...]
    past: tuple[MonthTold, ...]


def monthly_sales(moved: Iterable[Flow], as_of: dt.date) -> list[Series]:
    """Return the sales by month up to the last month that is over at the end of ``as_of``."""
    running = month_of(as_of + dt.timedelta(1))
    found = []
    for currency, months in sorted(by_currency(by_month(moved), SALES).items()):
        first = min(months)
        count = (running.year - first.year) * YEAR + running.month - first.month
        keys = [add_months(first, number) for number in range(count)]
        values = tuple(months.get(key, _ZERO) for key in keys)
        found.append(Series(currency, first, values, months.get(running, _ZERO)))
    return found


def revenue_forecast(series: Series, months: int, tests: int) -> RevenueForecast:
    """Return the next ``months``, and the last ``tests`` months from what was known before each."""
    model = fitted(series.values)
    ahead = model.ahead(months) if model else []
    told = [
        _told(series, add_months(series.next, number), *one, _ZERO)
        for number, one in enumerate(ahead)
    ]
    # What has been sold in the month that runs is not forecast any more.
    told[:1] = [replace(one, told=_at_least(one.told, series.running)) for one in told[:1]]
    count = len(series.values)
    past = []
    for place in range(max(count - tests, 0), count):
        before = fitted(series.values[:place])
        if before:
            month = add_months(series.first, place)
            past.append(_told(series, month, *before.ahead(1)[0], series.values[place]))
    return RevenueForecast(series, model, tuple(told), tuple(past))


def _at_least(told: Told, sold: Decimal) -> Told:
    low, middle, high = (max(bound, sold) for bound in (told.low, told.expected, told.high))
    return replace(told, low=low, expected=middle, high=high)


def _told(
    series: Series, month: dt.date, expected: Decimal, deviation: Decimal, actual: Decimal
) -> MonthTold:
    """Return a month, rounded; nothing below zero is expected."""
    low, middle, high = (
        round_money(max(expected + times * deviation, _ZERO), series.currency)
        for times in (-_TENTH, _ZERO, _TENTH)
    )
    told = Told(middle, low, high, actual, deviation * deviation)
    return MonthTold(month, told, series.of(add_months(month, -YEAR)))


def compared(past: Sequence[MonthTold]) -> tuple[list[tuple[Decimal, Decimal]], ...]:
    """Return (forecast, actual) of the months that a year before is known of, and that of naivety.

    The naive forecast is that of the same month a year before.
    """
    both = [(one, one.last_year) for one in past if one.last_year is not None]
    ours = [(one.told.expected, one.told.actual) for one, _ in both]
    naive = [(before, one.told.actual) for one, before in both]
    return ours, naive
