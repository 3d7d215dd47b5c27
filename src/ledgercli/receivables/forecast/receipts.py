"""What will come in, week by week, on the documents that are open.

Each document is paid as late as its customer pays, given that it has not been paid until now: of
what waits ``o`` days late, the share ``(F(o + 7) − F(o)) ÷ S(o)`` comes within a week, where ``F``
is the share paid and ``S`` the share that waits (``behaviour.py``). Documents are taken to be
independent of each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from operator import mul, sub

from ledgercli.model.currency import CONTEXT, round_money
from ledgercli.model.record import dataclass
from ledgercli.receivables.forecast.behaviour import Curve, Observations
from ledgercli.receivables.forecast.interval import Amounts, Range
from ledgercli.receivables.forecast.past import Exposure
from ledgercli.receivables.summary import Key

#: A customer's own documents weigh as much as those of the books from this many on.
STRENGTH = Decimal(5)
WEEK = 7
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Promised:
    """What of a document is promised for a day, and the probability that it is kept."""

    until: dt.date
    amount: Decimal
    kept: Decimal


Part = tuple[Decimal, list[Decimal]]
"""An amount, and the shares of it that are paid by each step."""

Promises = Mapping[int, Promised]
"""Promises by the place of the exposure in its list."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both included, with what is expected in them, rounded to the currency's decimals.

    ``low`` and ``high`` are what receipts will be at or below in one, and in nine of ten cases;
    ``variance`` is that of the sum of independent documents.
    """

    first: dt.date
    last: dt.date
    expected: Decimal
    low: Decimal
    high: Decimal
    variance: Decimal

    def widened(self, factor: Decimal, most: Decimal) -> Span:
        """Return the span with its range ``factor`` times as far from what is expected.

        It ends at zero and at ``most``.
        """
        low = self.expected - max(self.expected - self.low, _ZERO) * factor
        high = self.expected + max(self.high - self.expected, _ZERO) * factor
        bottom, top = max(min(low, self.low), _ZERO), min(max(high, self.high), most)
        return replace(self, low=bottom, high=top)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The receipts of one currency: ``open = Σ expected of spans + later``.

    ``whole`` are all spans as one. ``later`` comes later or never.
    ``undated`` is what is open without a due date; it is not part of ``open``.
    """

    currency: str
    spans: tuple[Span, ...]
    whole: Span
    open: Decimal
    later: Decimal
    undated: Decimal


@dataclass(frozen=True, slots=True)
class Widening:
    """How many times as wide as for independent documents ranges have to be.

    Customers are late together, in summer or in a crisis; what was seen of that is what is added.
    """

    week: Decimal = Decimal(1)
    whole: Decimal = Decimal(1)

    def of(self, told: Forecast) -> Forecast:
        """Return a forecast with its ranges widened, rounded to the currency's decimals."""
        return replace(
            told,
            spans=tuple(self._rounded(span, self.week, told) for span in told.spans),
            whole=self._rounded(told.whole, self.whole, told),
        )

    @staticmethod
    def _rounded(span: Span, factor: Decimal, told: Forecast) -> Span:
        wide = span.widened(factor, told.open)
        low, high = (round_money(bound, told.currency) for bound in (wide.low, wide.high))
        return replace(wide, low=low, high=min(high, told.open))


class Payers:
    """The curves of all customers, made when they are asked for; the last one is kept.

    A customer's documents come one after the other, and thousands of curves take much memory.
    """

    def __init__(self, seen: Mapping[str, Observations], strength: Decimal = STRENGTH) -> None:
        """Sum up the whole books, which customers with few documents are taken to be like."""
        whole = Observations()
        for one in seen.values():
            for into, of in (
                (whole.paid, one.paid),
                (whole.lost, one.lost),
                (whole.waiting, one.waiting),
            ):
                for day, weight in of.items():
                    into[day] = into.get(day, _ZERO) + weight
        self.whole = Curve(whole)
        self._seen = seen
        self._strength = strength
        self._last: tuple[str, Curve] | None = None

    def curve(self, customer: str) -> Curve:
        """Return how late a customer pays."""
        if self._last is None or self._last[0] != customer:
            seen = self._seen.get(customer, Observations())
            self._last = customer, Curve(seen, self.whole, self._strength)
        return self._last[1]


def shares_by(
    exposure: Exposure,
    waited: int,
    curve: Curve,
    steps: Sequence[int],
    promised: tuple[int, Promised] | None = None,
) -> list[Part]:
    """Return the parts of an exposure that may come, each with its shares paid by each step.

    ``waited`` are the days that it is late already, steps are days from then, ascending. A promised
    part comes in so many days with its probability, and else like the rest.
    """
    usual = curve.ahead(waited, steps)
    if promised is None:
        return [(exposure.amount, usual)] if usual else []
    days, promise = promised
    part = min(promise.amount, exposure.amount)
    shares = [
        promise.kept * (step >= days) + (1 - promise.kept) * share
        for step, share in zip(steps, usual or [_ZERO] * len(steps), strict=True)
    ]
    rest = exposure.amount - part
    return [(part, shares), *([(rest, usual)] if rest and usual else [])]


def forecast(
    exposures: Sequence[Exposure],
    payers: Payers,
    as_of: dt.date,
    weeks: int,
    *,
    promised: Promises,
    wanted: Callable[[Key], bool] = lambda _: True,
    hopeless: Iterable[str] = (),
) -> dict[str, Forecast]:
    """Return what is expected on ``exposures`` in each of so many ``weeks`` after ``as_of``.

    A week is seven days, the first begins with the day after ``as_of``. Nothing is expected of the
    customers in ``hopeless``. By currency, sorted.
    """
    steps = [WEEK * number for number in range(1, weeks + 1)]
    asked = cache(wanted)
    owed: dict[str, Decimal] = {}
    undated: dict[str, Decimal] = {}
    for exposure in exposures:
        document = exposure.item.document
        if asked(document.key):
            sums = undated if document.due is None else owed
            sums[document.currency] = sums.get(document.currency, _ZERO) + exposure.amount
    parts: dict[str, list[Part]] = {}
    for exposure, found in expected_parts(
        exposures, payers, as_of, weeks, promised=promised, wanted=asked, hopeless=hopeless
    ):
        parts.setdefault(exposure.item.document.currency, []).extend(found)
    return {
        currency: replace(
            _summed(currency, parts.get(currency, []), owed.get(currency, _ZERO), as_of, steps),
            undated=undated.get(currency, _ZERO),
        )
        for currency in sorted({*owed, *undated})
    }


def expected_parts(
    exposures: Sequence[Exposure],
    payers: Payers,
    as_of: dt.date,
    weeks: int,
    *,
    promised: Promises,
    wanted: Callable[[Key], bool] = lambda _: True,
    hopeless: Iterable[str] = (),
) -> Iterator[tuple[Exposure, list[Part]]]:
    """Yield what may come of each exposure, with the shares paid by the end of each week."""
    steps = [WEEK * number for number in range(1, weeks + 1)]
    lost = frozenset(hopeless)
    asked = cache(wanted)
    today = as_of.toordinal()
    for place, exposure in enumerate(exposures):
        document = exposure.item.document
        due, customer = document.due, document.customer
        if due is None or customer in lost or not asked(document.key):
            continue
        promise = promised.get(place)
        timed = ((promise.until - as_of).days, promise) if promise else None
        curve = payers.curve(customer)
        yield exposure, shares_by(exposure, today - due.toordinal(), curve, steps, timed)


def _summed(
    currency: str,
    parts: Sequence[Part],
    owed: Decimal,
    as_of: dt.date,
    steps: Sequence[int],
) -> Forecast:
    """Return the spans; sums up to a day are rounded, not weeks, so that they never exceed all."""
    amounts = [amount for amount, _ in parts]
    columns = list(zip(*(row for _, row in parts), strict=True))
    ranges = Amounts(amounts)
    reached: Sequence[Decimal] = [_ZERO] * len(parts)
    spans = []
    before, first = _ZERO, 1
    for number, step in enumerate(steps):
        shares: Sequence[Decimal] = columns[number] if parts else ()
        total = sum(map(mul, amounts, shares), _ZERO)
        total = max(round_money(total, currency), before)
        days = (as_of + dt.timedelta(first), as_of + dt.timedelta(step))
        chances = list(map(sub, shares, reached))
        spans.append(_span(days, currency, total - before, ranges.range(chances)))
        before, reached, first = total, shares, step + 1
    everything = (as_of + dt.timedelta(1), as_of + dt.timedelta(first - 1))
    return Forecast(
        currency,
        tuple(spans),
        _span(everything, currency, before, ranges.range(reached)),
        owed,
        CONTEXT.subtract(owed, before),
        _ZERO,
    )


def _span(days: tuple[dt.date, dt.date], currency: str, expected: Decimal, within: Range) -> Span:
    """Return what comes in some days, the range rounded like all amounts."""
    low, high = (round_money(bound, currency) for bound in (within.low, within.high))
    return Span(*days, expected, low, high, within.variance)
