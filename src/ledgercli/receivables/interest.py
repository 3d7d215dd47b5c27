"""Interest on arrears: simple, by segments of equal principal and rate, rounded once a document.

Sources. Simple interest: § 289 BGB, Directive 2011/7/EU, Article 2 (5) („simple interest for late
payment"), Late Payment of Commercial Debts (Interest) Act 1998, s. 1 (1). The first day is the day
after the due date: § 187 (1) BGB does not count the day of the event itself, s. 4 (2) of the Act of
1998 begins on the day after the relevant day, Article 3 (3) of the directive likewise. The last day
is the one of payment, on which the debtor is late still, so that the days of interest are the days
overdue. Nothing is charged on fees or interest; that is for the callers, who know the kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from ledgercli.model.currency import CONTEXT, round_money
from ledgercli.model.position import Allocation
from ledgercli.model.rates import DayCount, RateTable
from ledgercli.model.record import dataclass
from ledgercli.model.values import add_days
from ledgercli.receivables.entries import settlement_kind
from ledgercli.receivables.position import Item

DAYS_OF_YEAR = 365

Step = tuple[date, Decimal]
"""The first day of a principal, and the principal."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate in percent: ``points`` on top of the dated table ``above``, or alone.

    With a ``factor`` it is that many times the table's rate. ``per_day`` says that ``points`` are
    for a day, not for a year.
    """

    points: Decimal
    above: RateTable | None = None
    factor: Decimal | None = None
    per_day: bool = False

    def at(self, day: date) -> Decimal | None:
        """Return the rate in force on ``day`` in percent; None where the table knows none.

        A negative base lowers the rate, never below zero.
        """
        if self.above is None:
            return max(self.points, Decimal(0))
        base = self.above.at(day)
        if base is None:
            return None
        found = base + self.points if self.factor is None else base * self.factor
        return max(found, Decimal(0))

    def row(self, day: date) -> date | None:
        """Return the first day of the row of the table that is in force on ``day``."""
        found = self.above.row(day) if self.above else None
        return found[0] if found else None

    def changes(self, first: date, last: date) -> tuple[date, ...]:
        """Return the days after ``first`` up to ``last`` on which another rate begins."""
        return self.above.changes(first, last) if self.above else ()


@dataclass(frozen=True, slots=True)
class Segment:
    """Days in a row with one principal and one rate, ``first`` and ``last`` included.

    ``percent`` is the rate a year, or a day with ``per_day``; None where it is unknown, and then
    ``exact`` is, too. ``exact`` is the interest as a fraction, not rounded. ``row`` is the first
    day of the row of the rate table, ``source`` where that was found; ``days`` are counted by the
    convention.
    """

    first: date
    last: date
    days: int
    principal: Decimal
    percent: Decimal | None
    per_day: bool
    row: date | None
    source: str
    exact: Fraction | None

    @property
    def interest(self) -> Decimal | None:
        """Return the interest to 60 digits, None where the rate is unknown."""
        return None if self.exact is None else _decimal(self.exact)


@dataclass(frozen=True, slots=True)
class Accrual:
    """Interest by segments; ``amount`` is the rounded sum, None where a rate is unknown."""

    segments: tuple[Segment, ...]
    amount: Decimal | None


def interest(amount: Decimal, currency: str, due: date, as_of: date, rate: Rate) -> Decimal | None:
    """Return the interest, act/365, on ``amount``, open on every day after ``due`` to ``as_of``.

    None where the rate of one of the days is unknown; zero where nothing is overdue.
    """
    return accrue([(due, amount)], currency, due, as_of, rate).amount


def item_interest(
    item: Item,
    as_of: date,
    rate: Rate,
    day_count: DayCount = "act/365",
    disputed: Decimal = Decimal(0),
) -> Accrual:
    """Return the interest on a document up to ``as_of``, with what was open on each day.

    ``disputed`` bears none, on any day. Nor does a document that is not known to be due.
    """
    document = item.document
    if document.due is None:
        return Accrual((), Decimal(0))
    steps = [
        (first, max(amount - disputed, Decimal(0)))
        for first, amount in principal_steps(document.amount, item.allocations, document.due)
    ]
    return accrue(steps, document.currency, document.due, as_of, rate, day_count)


def principal_steps(
    amount: Decimal, allocations: Iterable[Allocation], due: date
) -> tuple[Step, ...]:
    """Return what of ``amount`` was open after each day, by the last day of the step before.

    The first step is of the due date. A payment counts from the end of its day. What a re-opening
    takes back counts as never paid: it takes the allocation of that amount with it, else the latest
    ones. What a credit note takes off was never owed. Other ways of taking back count from their
    day.
    """
    kept = standing(allocations)
    if not kept:
        return ((due, max(amount, Decimal(0))),)
    credit = sum((allocated for row, allocated in kept if _is_credit(row)), Decimal(0))
    open_amount = max(amount - credit, Decimal(0))
    steps: dict[date, Decimal] = {due: open_amount}
    paid = [(row, allocated) for row, allocated in kept if not _is_credit(row)]
    for row, allocated in sorted(paid, key=lambda each: each[0].date):
        open_amount -= allocated
        steps[max(row.date, due)] = max(open_amount, Decimal(0))
    return tuple(sorted(steps.items()))


def never_owed(allocations: Iterable[Allocation]) -> Decimal:
    """Return how much of a document credit notes took off."""
    return sum(
        (amount for row, amount in standing(allocations) if _is_credit(row)),
        Decimal(0),
    )


def _is_credit(row: Allocation) -> bool:
    return row.amount > 0 and settlement_kind(row.posting) == "credit-note"


def standing(allocations: Iterable[Allocation]) -> list[tuple[Allocation, Decimal]]:
    """Return the allocations that no re-opening took back, with what is left of each, by date."""
    kept: list[tuple[Allocation, Decimal]] = []
    for row in sorted(allocations, key=lambda each: (each.date, each.amount < 0)):
        if row.rule == "reopened":
            _take_back(kept, -row.amount)
        else:
            kept.append((row, row.amount))
    return [(row, amount) for row, amount in kept if amount]


def _take_back(kept: list[tuple[Allocation, Decimal]], amount: Decimal) -> None:
    """Take ``amount`` out of the allocations so far: of that one amount, else the latest first."""
    for index in reversed(range(len(kept))):
        if kept[index][1] == amount:
            del kept[index]
            return
    for index in reversed(range(len(kept))):
        row, allocated = kept[index]
        taken = min(max(allocated, Decimal(0)), amount)
        kept[index] = (row, allocated - taken)
        amount -= taken


def accrue(
    steps: Sequence[Step],
    currency: str,
    due: date,
    as_of: date,
    rate: Rate,
    day_count: DayCount = "act/365",
) -> Accrual:
    """Return the interest for every day after ``due`` up to ``as_of``.

    ``steps`` say what was open after which day, the first of them that of ``due`` or before it.
    Every day bears the rate in force on it, or, where the table is fixed, that of the first day.
    The sum is rounded half-up once to the usual decimals of ``currency``.
    """
    zero = round_money(Decimal(0), currency)
    if as_of <= due:
        return Accrual((), zero)
    first = due + timedelta(days=1)
    begins = {add_days(day, 1) for day, _ in steps if due < day < as_of}
    starts = sorted({first, *begins, *rate.changes(first, as_of)})
    lasts = [*(start - timedelta(days=1) for start in starts[1:]), as_of]
    segments: list[Segment] = []
    for start, last in zip(starts, lasts, strict=True):
        principal = max((step for step in steps if step[0] < start), default=(due, zero))[1]
        if principal > 0:
            pinned = first if rate.above and rate.above.fixed else start
            segments.append(_segment(start, last, principal, rate, pinned, day_count))
    amounts = [segment.exact for segment in segments]
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(amounts):
        return Accrual(tuple(segments), None)
    total = known[0] if len(known) == 1 else sum(known, Fraction(0))
    return Accrual(tuple(segments), round_money(_decimal(total), currency))


def _decimal(exact: Fraction) -> Decimal:
    return CONTEXT.divide(Decimal(exact.numerator), Decimal(exact.denominator))


def _segment(
    first: date, last: date, principal: Decimal, rate: Rate, day: date, day_count: DayCount
) -> Segment:
    """Return the segment at the rate of ``day``; a daily rate counts actual days always."""
    days = counted_days(first, last, "act/365" if rate.per_day else day_count)
    percent, row = rate.at(day), rate.row(day)
    exact: Fraction | None = None
    if percent is not None:
        years = Fraction(days) if rate.per_day else year_fraction(first, last, day_count)
        # As whole numbers, of which one fraction is made at the end: there are many documents.
        amount, parts = principal.as_integer_ratio()
        of_hundred, per_parts = percent.as_integer_ratio()
        exact = Fraction(
            amount * of_hundred * years.numerator, parts * per_parts * years.denominator * 100
        )
    source = rate.above.sources.get(row, "") if rate.above and row else ""
    return Segment(first, last, days, principal, percent, rate.per_day, row, source, exact)


def counted_days(first: date, last: date, day_count: DayCount) -> int:
    """Return the days from ``first`` to ``last``, both included, as the convention counts them.

    ``30/360`` counts each month as 30 days: the German method, in which the 31st and the last day
    of February count as the 30th (source: ISDA 2006 Definitions, 4.16 (h), „30E/360 (ISDA)").
    """
    if day_count != "30/360":
        return last.toordinal() - first.toordinal() + 1
    return _as_days_of_30(last) - _as_days_of_30(first - timedelta(days=1))


def _as_days_of_30(day: date) -> int:
    is_last = add_days(day, 1).month != day.month
    return day.year * 360 + day.month * 30 + (30 if is_last else day.day)


def year_fraction(first: date, last: date, day_count: DayCount) -> Fraction:
    """Return the days from ``first`` to ``last``, both included, as a part of a year.

    ``act/act`` divides the days of each calendar year by its length, 365 or 366 (source: ISDA 2006
    Definitions, 4.16 (b)).
    """
    if day_count == "30/360":
        return Fraction(counted_days(first, last, day_count), 360)
    if day_count == "act/365":
        return Fraction(counted_days(first, last, day_count), DAYS_OF_YEAR)
    total = Fraction(0)
    for year in range(first.year, last.year + 1):
        begin, end = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
        length = date(year, 12, 31).toordinal() - date(year, 1, 1).toordinal() + 1
        total += Fraction(end.toordinal() - begin.toordinal() + 1, length)
    return total
