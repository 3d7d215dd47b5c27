"""Periods that metrics are told for: calendar months, the last one up to the day asked about."""

from __future__ import annotations

from datetime import date, timedelta

from ledgercli.model.interval import Interval
from ledgercli.model.record import dataclass
from ledgercli.model.values import add_months


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from ``start`` to ``end``, both included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """Return the number of calendar days."""
        return (self.end - self.start).days + 1

    @property
    def label(self) -> str:
        """Return the month of the first day, as ``2026-11``."""
        return month_label(self.start)


def month_of(day: date) -> date:
    """Return the first day of the month of ``day``: the key of a month."""
    return day.replace(day=1)


def month_label(day: date) -> str:
    """Return the month of ``day`` as ``2026-11``."""
    return f"{day.year:04}-{day.month:02}"


def months_until(as_of: date, count: int) -> tuple[Period, ...]:
    """Return the last ``count`` calendar months, oldest first; the last one ends with ``as_of``.

    There are fewer where the calendar begins.
    """
    first = month_of(as_of)
    periods = [Period(first, as_of)]
    while len(periods) < count and first > date.min:
        end = first - timedelta(days=1)
        first = month_of(end)
        periods.append(Period(first, end))
    return tuple(reversed(periods))


def intervals_until(as_of: date, months: int, interval: Interval) -> tuple[Period, ...]:
    """Return the parts of the last ``months`` calendar months, oldest first, up to ``as_of``.

    Weeks begin on Mondays (ISO 8601). The first part is as much of one as is in those months; the
    last ends with ``as_of``.
    """
    if interval == "month":
        return months_until(as_of, months)
    whole = Period(months_until(as_of, months)[0].start, as_of)
    days = {"day": 1, "week": 7}.get(interval)
    if days is None:
        return parts_of(whole, interval)
    end = whole.start + timedelta(days=6 - whole.start.weekday() if interval == "week" else 0)
    periods = []
    first = whole.start
    while first <= as_of:
        periods.append(Period(first, min(end, as_of)))
        first, end = end + timedelta(days=1), end + timedelta(days=days)
    return tuple(periods)


def months_before(month: date, count: int) -> tuple[date, ...]:
    """Return the keys of ``count`` months up to ``month`` itself, newest first."""
    keys = (add_months(month, -index) for index in range(count))
    return tuple(dict.fromkeys(keys))


def parts_of(period: Period, by: str) -> tuple[Period, ...]:
    """Return the calendar months, quarters or years of a period, as far as they are in it.

    ``by`` is ``month``, ``quarter`` or ``year``, any other word the whole period.
    """
    length = {"month": 1, "quarter": 3, "year": 12}.get(by)
    if length is None:
        return (period,)
    first = period.start.replace(day=1, month=(period.start.month - 1) // length * length + 1)
    found = []
    while first <= period.end:
        after = add_months(first, length)
        last = period.end if after <= first else min(after - timedelta(days=1), period.end)
        found.append(Period(max(first, period.start), last))
        if after <= first or after == date.max:
            break
        first = after
    return tuple(found)
