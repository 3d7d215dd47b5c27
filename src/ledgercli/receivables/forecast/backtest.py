"""The forecast of receipts made again at past days, from what was known then, beside what came."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import partial
from typing import TypeVar

from ledgercli.model.record import dataclass
from ledgercli.receivables.forecast.measures import Told
from ledgercli.receivables.forecast.past import Exposure, Past, receipts_on
from ledgercli.receivables.forecast.receipts import (
    WEEK,
    Forecast,
    Part,
    Payers,
    Promises,
    Widening,
    expected_parts,
    forecast,
)
from ledgercli.receivables.limitation import settlement_kinds
from ledgercli.receivables.position import Position
from ledgercli.receivables.summary import Key

#: How many weeks after each past day are compared.
WEEKS = 4
#: The dispersion is taken to be 1 as if so many forecasts had shown it.
_PRIOR = 4
_TERM_MAX = Decimal(9)
_ZERO = Decimal(0)

Made = TypeVar("Made")
Forecasts = dict[str, Forecast]
"""What is expected by currency."""
Remember = Callable[[dt.date, bytes, Callable[[], Forecasts | None]], Forecasts | None]
"""Returns what the function makes for the end of a day, or what it made of the same past before;
the past is told by its trace (:meth:`Past.traces`)."""


@dataclass(frozen=True, slots=True)
class Tested:
    """What was expected at the end of ``as_of``, and what came, in all weeks and in each.

    Compared is what came on the documents that were open then; ``other`` came on later ones.
    """

    currency: str
    as_of: dt.date
    whole: Told
    weeks: tuple[Told, ...]
    other: Decimal

    @property
    def over(self) -> dt.date:
        """Return the day on which it is known what came."""
        return self.as_of + dt.timedelta(WEEK * WEEKS)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to forecast: whose receipts (None: all), and what the activity log adds on a day.

    ``promised`` tells the promises that run at the end of a day about exposures, ``hopeless`` the
    customers who are known to be insolvent then.
    """

    wanted: Callable[[Key], bool]
    promised: Callable[[Sequence[Exposure], dt.date], Promises]
    hopeless: Callable[[dt.date], Iterable[str]]

    def forecast(self, past: Past, day: dt.date, weeks: int) -> dict[str, Forecast]:
        """Return the forecast at the end of ``day``, up to which ``past`` is walked."""
        return self._made(forecast, past, day, weeks)

    def parts(self, past: Past, day: dt.date, weeks: int) -> list[tuple[Exposure, list[Part]]]:
        """Return what that forecast is the sum of: exposures, with shares paid by each week."""
        return list(self._made(expected_parts, past, day, weeks))

    def _made(self, make: Callable[..., Made], past: Past, day: dt.date, weeks: int) -> Made:
        past.advance(day)
        exposures = past.exposures()
        return make(
            exposures,
            Payers(past.observations()),
            day,
            weeks,
            promised=self.promised(exposures, day),
            wanted=self.wanted,
            hopeless=self.hopeless(day),
        )


def made_again(
    position: Position,
    days: Sequence[dt.date],
    asked: Asked,
    past: Past,
    remember: Remember | None = None,
) -> list[Tested]:
    """Return the forecasts at the end of ``days``, ascending, beside what came; by currency.

    Days before the first payment are left out: nothing was known then. What ``remember`` knows of
    a day is not made again.
    """
    traces = past.traces(days) if remember else [b""] * len(days)
    remember = remember or _made_now
    came = [
        row
        for row in receipts_on(position.items, settlement_kinds(position))
        if asked.wanted((row[2], row[3]))
    ]
    found: list[Tested] = []
    for day, trace in zip(days, traces, strict=True):
        told = remember(day, trace, partial(_forecasts, asked, past, day))
        if told is None:
            continue
        actual = _came(came, day)
        wide = widening(one for one in found if one.over <= day)
        told = {currency: wide.of(one) for currency, one in told.items()}
        for currency in sorted({*told, *(key[0] for key in actual)}):
            weeks = [actual.get((currency, number), _ZERO) for number in range(WEEKS)]
            found.append(
                _compared(
                    currency, day, told.get(currency), weeks, actual.get((currency, -1), _ZERO)
                )
            )
    return sorted(found, key=lambda one: (one.currency, one.as_of))


def _made_now(
    _day: dt.date, _trace: bytes, make: Callable[[], Forecasts | None]
) -> Forecasts | None:
    return make()


def _forecasts(asked: Asked, past: Past, day: dt.date) -> Forecasts | None:
    """Return the forecasts at the end of ``day``, None before the first payment."""
    told = asked.forecast(past, day, WEEKS)
    return told if past.settled else None


def widening(past: Iterable[Tested]) -> Widening:
    """Return how much wider than for independent documents ranges had to be.

    The root of the dispersion (McCullagh and Nelder, Generalized Linear Models, 2nd edition 1989,
    section 4.5): the mean of (actual − expected)² ÷ variance, of which no term counts for more than
    three standard deviations, and four terms of 1; at least 1.
    """
    listed = list(past)
    return Widening(
        _dispersion([told for one in listed for told in one.weeks]),
        _dispersion([one.whole for one in listed]),
    )


def _dispersion(told: Sequence[Told]) -> Decimal:
    terms = [
        min((one.actual - one.expected) ** 2 / one.variance, _TERM_MAX)
        for one in told
        if one.variance > 0
    ]
    mean = (sum(terms, _ZERO) + _PRIOR) / (len(terms) + _PRIOR)
    return max(mean, Decimal(1)).sqrt()


def _came(
    came: Sequence[tuple[int, int, str, str, Decimal]], day: dt.date
) -> dict[tuple[str, int], Decimal]:
    """Return what came after ``day`` by currency and week; −1 is what came on later documents."""
    known = day.toordinal()
    sums: dict[tuple[str, int], Decimal] = {}
    for on, made, _, currency, amount in came[bisect_left(came, (known + 1,)) :]:
        week = (on - known - 1) // WEEK
        if week >= WEEKS:
            break
        key = (currency, week if made <= known else -1)
        sums[key] = sums.get(key, _ZERO) + amount
    return sums


def _compared(
    currency: str, day: dt.date, told: Forecast | None, weeks: Sequence[Decimal], other: Decimal
) -> Tested:
    if told is None:
        nothing = [Told(_ZERO, _ZERO, _ZERO, actual, _ZERO) for actual in weeks]
        whole = Told(_ZERO, _ZERO, _ZERO, sum(weeks, _ZERO), _ZERO)
        return Tested(currency, day, whole, tuple(nothing), other)
    spans = [
        Told(span.expected, span.low, span.high, actual, span.variance)
        for span, actual in zip(told.spans, weeks, strict=True)
    ]
    span = told.whole
    whole = Told(span.expected, span.low, span.high, sum(weeks, _ZERO), span.variance)
    return Tested(currency, day, whole, tuple(spans), other)
