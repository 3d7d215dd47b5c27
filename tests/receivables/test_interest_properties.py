"""What holds of interest whatever the amounts, days and payments are."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from stories import transaction

from ledgercli.model.ledger import LedgerPosting
from ledgercli.model.position import Allocation, Rule
from ledgercli.model.rates import DayCount, RateTable
from ledgercli.receivables.interest import Accrual, Rate, Segment, accrue, principal_steps

DUE = dt.date(2027, 12, 20)
LAST = 900
AMOUNT = Decimal("1000.00")
days = st.integers(0, LAST).map(lambda count: DUE + dt.timedelta(days=count))
amounts = st.integers(1, 100_000).map(lambda cents: Decimal(cents) / 100)
percents = st.integers(0, 3000).map(lambda points: Decimal(points) / 100)
conventions = st.sampled_from(["act/365", "act/act", "30/360"])
payments = st.lists(st.tuples(days, amounts), max_size=5)
rows = st.dictionaries(days, percents, max_size=4)


def exact(found: Accrual) -> Fraction:
    return sum((row.exact for row in found.segments if row.exact is not None), Fraction(0))


def rate(table: dict[dt.date, Decimal]) -> Rate:
    return Rate(Decimal(9), RateTable(tuple(sorted({DUE: Decimal(1), **table}.items()))))


def allocation(day: dt.date, amount: Decimal, rule: Rule = "named") -> Allocation:
    postings = transaction(day, ("Assets:Receivable:C1", "-1 EUR", {}))
    posting: LedgerPosting = postings[0]
    # The document is not looked at: what it is worth is handed over apart.
    return Allocation(None, amount, rule, False, day, posting)  # type: ignore[arg-type]


def of(
    paid: list[tuple[dt.date, Decimal]], as_of: dt.date, by: Rate, convention: DayCount
) -> Accrual:
    steps = principal_steps(AMOUNT, [allocation(*each) for each in paid], DUE)
    return accrue(steps, "EUR", DUE, as_of, by, convention)


@given(payments, days, rows, conventions, days)
def test_splitting_a_segment_changes_nothing_before_rounding(
    paid: list[tuple[dt.date, Decimal]],
    as_of: dt.date,
    table: dict[dt.date, Decimal],
    convention: DayCount,
    cut: dt.date,
) -> None:
    whole = of(paid, as_of, rate(table), convention)
    base = max(row for row in {DUE: Decimal(1), **table}.items() if row[0] <= cut)
    # The same rate again, and the same principal again: neither is a change.
    again = of(paid, as_of, rate({**table, cut: base[1]}), convention)
    assert exact(again) == exact(whole)
    assert again.amount == whole.amount
    steps = dict(principal_steps(AMOUNT, [allocation(*each) for each in paid], DUE))
    steps[cut] = max(step for step in steps.items() if step[0] <= cut)[1]
    split = accrue(tuple(sorted(steps.items())), "EUR", DUE, as_of, rate(table), convention)
    assert exact(split) == exact(whole)


@given(payments, days, rows, conventions)
def test_interest_never_falls_with_the_days(
    paid: list[tuple[dt.date, Decimal]],
    as_of: dt.date,
    table: dict[dt.date, Decimal],
    convention: DayCount,
) -> None:
    today = of(paid, as_of, rate(table), convention)
    tomorrow = of(paid, as_of + dt.timedelta(days=1), rate(table), convention)
    assert exact(tomorrow) >= exact(today) >= 0
    assert today.amount is not None
    assert tomorrow.amount is not None
    assert tomorrow.amount >= today.amount


@given(payments, st.tuples(days, amounts), days, rows, conventions)
def test_a_payment_never_raises_it(
    paid: list[tuple[dt.date, Decimal]],
    more: tuple[dt.date, Decimal],
    as_of: dt.date,
    table: dict[dt.date, Decimal],
    convention: DayCount,
) -> None:
    before = exact(of(paid, as_of, rate(table), convention))
    after = exact(of([*paid, more], as_of, rate(table), convention))
    assert after <= before
    # It lowers nothing before it was made.
    if as_of <= more[0]:
        assert after == before


@given(payments, st.tuples(days, amounts), st.integers(0, 400), rows, conventions)
def test_what_bounced_was_never_paid(
    paid: list[tuple[dt.date, Decimal]],
    bounced: tuple[dt.date, Decimal],
    later: int,
    table: dict[dt.date, Decimal],
    convention: DayCount,
) -> None:
    paid = [each for each in paid if each[1] != bounced[1]]
    day = bounced[0] + dt.timedelta(days=later)
    rows_ = [*(allocation(*each) for each in paid), allocation(*bounced)]
    reopened = [*rows_, allocation(day, -bounced[1], "reopened")]
    never = [allocation(*each) for each in paid]
    last = DUE + dt.timedelta(days=LAST + 500)
    found = [
        exact(accrue(principal_steps(AMOUNT, each, DUE), "EUR", DUE, last, rate(table), convention))
        for each in (reopened, never)
    ]
    assert found[0] == found[1]


@given(payments, days, rows, conventions)
def test_segments_have_no_gap_and_no_overlap(
    paid: list[tuple[dt.date, Decimal]],
    as_of: dt.date,
    table: dict[dt.date, Decimal],
    convention: DayCount,
) -> None:
    segments: tuple[Segment, ...] = of(paid, as_of, rate(table), convention).segments
    if segments:
        assert segments[0].first == DUE + dt.timedelta(days=1)
    for row in segments:
        assert row.first <= row.last <= as_of
        assert 0 < row.principal <= AMOUNT
    for row, following in pairwise(segments):
        assert following.first == row.last + dt.timedelta(days=1)
        assert replace(row, first=following.first, last=following.last) != following
