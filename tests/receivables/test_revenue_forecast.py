"""Revenue by trend and season, by hand, and against itself."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import day

from ledgercli.receivables.forecast.revenue import compared, monthly_sales, revenue_forecast
from ledgercli.receivables.forecast.smoothing import Fitted, Weights, fitted
from ledgercli.receivables.metrics.flows import Flow

SEASON = [5, -5, 20, -20, 0, 10, -10, 0, 30, -30, 7, -7]


def decimals(values: list[int]) -> list[Decimal]:
    return list(map(Decimal, values))


def sales(values: list[int], first: str = "2024-01") -> list[Flow]:
    start = day(f"{first}-15")
    months = [start.year * 12 + start.month - 1 + number for number in range(len(values))]
    days = [dt.date(month // 12, month % 12 + 1, 15) for month in months]
    return [
        Flow(on, "C1", "EUR", "invoice", Decimal(value))
        for on, value in zip(days, values, strict=True)
    ]


def ahead(model: Fitted | None, months: int) -> list[Decimal]:
    assert model is not None
    return [round(expected, 6) for expected, _ in model.ahead(months)]


def test_a_line_goes_on() -> None:
    model = fitted(decimals([100, 110, 120, 130, 140, 150]))
    assert ahead(model, 3) == [160, 170, 180]
    assert model is not None
    assert not model.season
    assert round(model.variance, 6) == 0


def test_a_line_with_a_season_goes_on() -> None:
    values = [1000 + 10 * place + SEASON[place % 12] for place in range(29)]
    wanted = [1000 + 10 * place + SEASON[place % 12] for place in range(29, 45)]
    assert ahead(fitted(decimals(values)), 16) == wanted


def test_months_that_are_too_few() -> None:
    assert fitted(decimals([1, 2, 3, 4, 5])) is None
    below, at = (fitted(decimals([7, 9] * (count // 2) + [8] * (count % 2))) for count in (23, 24))
    assert below is not None
    assert at is not None
    assert not below.season
    assert len(at.season) == 12


def test_forecast_and_its_spread_by_hand() -> None:
    weights = Weights(Decimal("0.5"), Decimal("0.1"), Decimal(0), Decimal("0.9"))
    model = Fitted(weights, Decimal(100), Decimal(10), (), Decimal(4), ())
    (first, one), (second, two) = model.ahead(2)
    # 100 + 0.9 × 10; 100 + (0.9 + 0.81) × 10. σ = 2; 2 × √(1 + (0.5 + 0.1 × 0.9)²).
    assert (first, second) == (Decimal("109.0"), Decimal("117.10"))
    assert (round(one, 4), round(two, 4)) == (Decimal("2.0000"), Decimal("2.3222"))


def test_errors_by_hand() -> None:
    # Before six months of 10 and one of 20 the line is level at 10: of the error of 10 the
    # smallest weight of the grid takes 0.05, and of the trend nothing.
    model = fitted(decimals([10] * 12 + [20]))
    assert model is not None
    assert model.errors == (*[Decimal(0)] * 12, Decimal(10))
    assert (model.weights.alpha, model.level) == (Decimal("0.05"), Decimal("10.50"))


def test_months_of_a_series() -> None:
    moved = [
        Flow(day("2026-01-31"), "C1", "EUR", "invoice", Decimal(100)),
        Flow(day("2026-03-01"), "C2", "EUR", "invoice", Decimal(50)),
        Flow(day("2026-03-02"), "C2", "EUR", "credit-note", Decimal(-20)),
        Flow(day("2026-03-02"), "C2", "EUR", "payment", Decimal(-30)),
    ]
    (series,) = monthly_sales(moved, day("2026-03-30"))
    assert [*series.values, series.running] == [100, 0, 30]
    assert series.next == day("2026-03-01")
    # On its last day a month is over.
    (series,) = monthly_sales(moved, day("2026-03-31"))
    assert [*series.values, series.running] == [100, 0, 30, 0]
    assert series.next == day("2026-04-01")
    assert series.of(day("2026-03-01")) == 30
    assert series.of(day("2025-12-01")) is None
    assert series.of(day("2026-04-01")) is None


def test_what_was_sold_this_month_is_not_forecast() -> None:
    (series,) = monthly_sales(sales([10] * 12 + [25]), day("2025-01-20"))
    first, second = revenue_forecast(series, 2, 0).months
    assert [first.told.low, first.told.expected, first.told.high] == [25, 25, 25]
    assert [second.told.expected, second.last_year] == [10, 10]


def test_past_forecasts_beside_the_year_before() -> None:
    values = [1000 + 10 * place + SEASON[place % 12] for place in range(36)]
    (series,) = monthly_sales(sales(values), day("2026-12-31"))
    told = revenue_forecast(series, 1, 12)
    assert [one.told.expected for one in told.past] == values[24:]
    assert all(one.told.held for one in told.past)
    ours, naive = compared(told.past)
    assert [expected - actual for expected, actual in ours] == [0] * 12
    assert [expected - actual for expected, actual in naive] == [-120] * 12


@settings(max_examples=8)
@given(st.lists(st.integers(-50, 500), min_size=8, max_size=26), st.integers(0, 400))
def test_past_forecasts_know_nothing_later_and_nothing_is_below_zero(
    values: list[int], later: int
) -> None:
    (short,) = monthly_sales(sales([9, *values]), day("2030-01-31"))
    cut = len(values) - 1
    known = revenue_forecast(type(short)("EUR", short.first, short.values[:cut], Decimal(0)), 1, 2)
    more = revenue_forecast(
        type(short)("EUR", short.first, (*short.values[:cut], Decimal(later)), Decimal(0)), 1, 3
    )
    assert more.past[:-1] == known.past
    if more.past and known.months:
        assert more.past[-1].told.expected == known.months[0].told.expected
    for one in (*more.months, *more.past):
        assert 0 <= one.told.low <= one.told.expected <= one.told.high


@pytest.mark.parametrize("months", [1, 30])
def test_as_many_months_as_asked_for(months: int) -> None:
    (series,) = monthly_sales(sales([10] * 30), day("2026-06-30"))
    told = revenue_forecast(series, months, 5)
    assert (len(told.months), len(told.past)) == (months, 5)
