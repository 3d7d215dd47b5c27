"""Formulas of the metrics, on examples that others have published, and at their edges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgercli.model.interval import INTERVALS, Interval
from ledgercli.receivables.metrics.collection import collection_rate, effectiveness_index
from ledgercli.receivables.metrics.concentration import equal_customers, herfindahl, shares
from ledgercli.receivables.metrics.flows import Flow
from ledgercli.receivables.metrics.periods import intervals_until, months_before, months_until
from ledgercli.receivables.metrics.retention import (
    Cohort,
    Movement,
    active_months,
    cohorts,
    movements,
)
from ledgercli.receivables.metrics.rounding import rounded
from ledgercli.receivables.metrics.sales_outstanding import (
    CountBack,
    counted_back,
    not_overdue,
    sales_outstanding,
)


def short(value: Decimal | None, decimals: int = 1) -> str | None:
    return None if value is None else str(rounded(value, decimals))


def back(receivables: str, *months: tuple[str, int]) -> str:
    found = counted_back(Decimal(receivables), [(Decimal(sales), days) for sales, days in months])
    return f"{rounded(found.days)}{'' if found.exhausted else ' at least'}"


# --- periods -----------------------------------------------------------------------------------


def test_months_end_with_the_day_asked_about() -> None:
    found = months_until(dt.date(2026, 3, 10), 3)
    assert [(one.label, one.start.day, one.end.day, one.days) for one in found] == [
        ("2026-01", 1, 31, 31),
        ("2026-02", 1, 28, 28),
        ("2026-03", 1, 10, 10),
    ]
    assert [one.days for one in months_until(dt.date(2024, 2, 29), 1)] == [29]


def test_months_stop_where_the_calendar_begins() -> None:
    assert [one.label for one in months_until(dt.date(1, 2, 3), 12)] == ["0001-01", "0001-02"]
    assert len(months_before(dt.date(1, 2, 1), 12)) == 2


def test_intervals_are_parts_of_the_last_months() -> None:
    day = dt.date(2026, 3, 10)

    def ends(months: int, interval: Interval) -> list[str]:
        return [one.end.isoformat() for one in intervals_until(day, months, interval)]

    # 1 February 2026 was a Sunday, the last day of a week.
    assert ends(2, "week")[:2] == ["2026-02-01", "2026-02-08"]
    assert ends(2, "week")[-2:] == ["2026-03-08", "2026-03-10"]
    assert len(ends(1, "day")) == 10
    assert ends(6, "quarter") == ["2025-12-31", "2026-03-10"]
    assert ends(15, "year") == ["2025-12-31", "2026-03-10"]
    assert ends(3, "month") == ["2026-01-31", "2026-02-28", "2026-03-10"]
    for interval in INTERVALS:
        parts = intervals_until(day, 15, interval)
        follow = [one.end + dt.timedelta(days=1) for one in parts[:-1]]
        assert [one.start for one in parts[1:]] == follow


# --- days sales outstanding --------------------------------------------------------------------


def test_simple_dso_of_jd_edwards() -> None:
    # Oracle, JD Edwards EnterpriseOne Accounts Receivable, "Current Balance Divided by Sales".
    sales = Decimal(5538 + 4566 + 7570)
    assert short(sales_outstanding(Decimal(10869), sales, 90), 2) == "55.35"


def test_simple_dso_of_a_year() -> None:
    # trymesha.com, "The 2 DSO Calculation Formulas": 150,000 of 1,800,000 in 365 days.
    assert short(sales_outstanding(Decimal(150_000), Decimal(1_800_000), 365)) == "30.4"


def test_dso_without_sales_is_unknown_and_without_debt_zero() -> None:
    assert sales_outstanding(Decimal(100), Decimal(0), 90) is None
    assert sales_outstanding(Decimal(100), Decimal(-1), 90) is None
    assert sales_outstanding(Decimal(-5), Decimal(100), 90) == 0


def test_counting_back_as_published() -> None:
    # Benji Pays, "The Count-Back Method Explained": months of 30 days.
    assert back("212000", ("100000", 30), ("80000", 30), ("70000", 30)) == "73.7"
    # Calculator of debtor days, count back method: March 31, February 28, January 31 days.
    assert back("2100000", ("900000", 31), ("800000", 28), ("700000", 31)) == "76.7"


def test_counting_back_at_the_edges() -> None:
    assert back("0", ("100", 30)) == "0.0"
    assert back("-7", ("100", 30)) == "0.0"
    assert back("99", ("100", 30)) == "29.7"
    assert back("100", ("100", 30), ("50", 31)) == "30.0"
    assert back("101", ("100", 30), ("50", 31)) == "30.6"
    # A month without sales, or with more credit notes than invoices, counts in full.
    assert back("150", ("100", 30), ("0", 31), ("-40", 30), ("100", 31)) == "106.5"
    # Sales that do not make up the receivables: all the days looked at.
    assert back("151", ("100", 30), ("50", 31)) == "61.0 at least"
    assert back("1") == "0.0 at least"


months = st.lists(st.tuples(st.integers(-500, 5000).map(Decimal), st.integers(1, 31)), max_size=14)


@given(receivables=st.integers(-100, 50_000).map(Decimal), past=months)
def test_counting_back_stays_within_the_days_looked_at(
    receivables: Decimal, past: list[tuple[Decimal, int]]
) -> None:
    found = counted_back(receivables, past)
    looked_at = sum(days for _, days in past)
    assert 0 <= found.days <= looked_at
    sold = sum((max(sales, Decimal(0)) for sales, _ in past), Decimal(0))
    assert found.exhausted == (receivables <= max(sold, Decimal(0)) or receivables <= 0)
    if not found.exhausted:
        assert found == CountBack(Decimal(looked_at), exhausted=False)
    # More owed is never fewer days.
    assert counted_back(receivables + 1, past).days >= found.days


@given(
    balance=st.integers(-100, 1000).map(Decimal),
    not_due=st.integers(0, 1000).map(Decimal),
    sales=st.integers(1, 1000).map(Decimal),
)
def test_best_possible_is_never_more_than_simple(
    balance: Decimal, not_due: Decimal, sales: Decimal
) -> None:
    best = sales_outstanding(not_overdue(balance, not_due), sales, 90)
    simple = sales_outstanding(balance, sales, 90)
    assert best is not None
    assert simple is not None
    assert 0 <= best <= simple


# --- collection --------------------------------------------------------------------------------


def test_effectiveness_index_as_published() -> None:
    # Gaviti, "What is Collection Effectiveness Index (CEI)".
    found = effectiveness_index(*map(Decimal, (100_000, 1_000_000, 120_000, 100_000)))
    assert short(found) == "98.0"
    # CreditGuru, January to March, with the sales of an average month.
    found = effectiveness_index(*map(Decimal, (6200, 3630, 6340, 3590)))
    assert short(found) == "55.9"


def test_effectiveness_index_at_the_edges() -> None:
    nothing = Decimal(0)
    assert effectiveness_index(nothing, nothing, nothing, nothing) is None
    # All that is left is not overdue: nothing could be collected, or all of it was.
    assert effectiveness_index(nothing, Decimal(9), Decimal(9), Decimal(9)) is None
    assert effectiveness_index(Decimal(5), Decimal(9), Decimal(9), Decimal(9)) == 100
    assert effectiveness_index(Decimal(5), nothing, Decimal(5), nothing) == 0


def test_collection_rate() -> None:
    assert collection_rate(Decimal(100), Decimal(300), Decimal(100)) == 25
    assert collection_rate(Decimal(0), Decimal(0), Decimal(0)) is None
    assert collection_rate(Decimal(100), Decimal(-100), Decimal(5)) is None


# --- concentration -----------------------------------------------------------------------------


def test_herfindahl_index_of_the_department_of_justice() -> None:
    # U.S. Department of Justice, "Herfindahl-Hirschman Index": 30, 30, 20 and 20 percent.
    parts = shares(dict(zip("abcd", map(Decimal, (30, 30, 20, 20)), strict=True)))
    assert herfindahl(parts) == 2600
    assert herfindahl(shares({"a": Decimal(7)})) == 10_000
    assert equal_customers(Decimal(2500)) == 4
    assert equal_customers(herfindahl(())) is None


def test_shares_largest_first_with_their_classes() -> None:
    amounts = {"d": "4", "a": "60", "b": "20", "c": "16", "none": "0", "credit": "-3"}
    found = shares({name: Decimal(amount) for name, amount in amounts.items()})
    assert [(row.customer, row.cumulative, row.group) for row in found] == [
        ("a", Decimal("0.6"), "A"),
        ("b", Decimal("0.8"), "A"),
        ("c", Decimal("0.96"), "B"),
        ("d", Decimal(1), "C"),
    ]


@given(st.dictionaries(st.text(max_size=3), st.integers(-50, 10**6).map(Decimal), max_size=20))
def test_shares_add_up_and_the_index_stays_in_its_bounds(amounts: dict[str, Decimal]) -> None:
    found = shares(amounts)
    assert {row.customer for row in found} == {name for name, one in amounts.items() if one > 0}
    if not found:
        return
    assert abs(sum((row.share for row in found), Decimal(0)) - 1) < Decimal("1e-20")
    assert found[-1].cumulative == 1
    assert list(found) == sorted(found, key=lambda row: (-row.share, row.customer))
    tolerance = Decimal("1e-15")
    assert Decimal(10_000) / len(found) - tolerance <= herfindahl(found) <= 10_000 + tolerance


# --- new, lost, returning ----------------------------------------------------------------------


def month(number: int) -> dt.date:
    """Return the first day of month ``number``, counted from January 2026 as 1."""
    return dt.date(2026 + (number - 1) // 12, (number - 1) % 12 + 1, 1)


def bought(**customers: Sequence[int]) -> dict[str, list[dt.date]]:
    return {name: [month(number) for number in own] for name, own in customers.items()}


def test_who_comes_goes_and_returns() -> None:
    active = bought(a=[1, 2, 6], b=[2])
    found = movements(active, [month(number) for number in range(1, 8)], 3)
    assert found == (
        Movement(month(1), 0, 1, 0, 0, 1),
        Movement(month(2), 1, 1, 0, 0, 2),
        Movement(month(3), 2, 0, 0, 0, 2),
        Movement(month(4), 2, 0, 0, 0, 2),
        Movement(month(5), 2, 0, 0, 2, 0),  # three months without an invoice: both
        Movement(month(6), 0, 0, 1, 0, 1),
        Movement(month(7), 1, 0, 0, 0, 1),
    )
    assert [short(row.retention) for row in found] == [
        None, "100.0", "100.0", "100.0", "0.0", None, "100.0",
    ]  # fmt: skip


histories = st.dictionaries(
    st.sampled_from("abcdef"), st.sets(st.integers(1, 14), min_size=1).map(sorted), max_size=6
)


@given(history=histories, lost_after=st.integers(1, 5))
def test_movements_tie(history: dict[str, list[int]], lost_after: int) -> None:
    rows = movements(bought(**history), [month(number) for number in range(1, 15)], lost_after)
    before = 0
    for row in rows:
        assert row.opening == before
        assert row.opening + row.new + row.returning - row.lost == row.closing
        before = row.closing
    assert sum(row.new for row in rows) == len(history)


def test_cohorts_by_quarter() -> None:
    active = bought(a=[1, 4, 7], b=[3, 8], c=[2], d=[5, 6], old=[-5, 4])
    assert cohorts(active, month(1), month(8), 3) == (
        Cohort(month(1), 3, (3, 1, 2)),
        Cohort(month(4), 1, (1, 0)),
    )
    assert cohorts(active, month(-11), month(8), 12)[0] == Cohort(month(-11), 1, (1, 1))


@given(history=histories, length=st.sampled_from([1, 3, 12]))
def test_cohorts_count_everybody_once(history: dict[str, list[int]], length: int) -> None:
    found = cohorts(bought(**history), month(1), month(14), length)
    assert sum(row.size for row in found) == len(history)
    for row in found:
        assert row.invoiced[0] == row.size
        assert all(0 <= count <= row.size for count in row.invoiced)


@pytest.mark.parametrize(
    ("kind", "counts"), [("invoice", True), ("opening", True), ("fee", False), ("payment", False)]
)
def test_invoices_make_a_customer_active(kind: str, counts: bool) -> None:  # noqa: FBT001
    flow = Flow(dt.date(2026, 5, 17), "C1", "EUR", kind, Decimal(1))
    assert active_months([flow]) == ({"C1": [dt.date(2026, 5, 1)]} if counts else {})
