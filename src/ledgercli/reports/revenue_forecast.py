"""Sales to expect by month, beside how wrong the same forecast has been."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Chart, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import round_money
from ledgercli.receivables.forecast.measures import weighted_error
from ledgercli.receivables.forecast.revenue import MonthTold, RevenueForecast, compared
from ledgercli.receivables.metrics.periods import month_label
from ledgercli.receivables.metrics.rounding import rounded
from ledgercli.reports.common import CURRENCY, Basis
from ledgercli.reports.forecast_accuracy import (
    ACCURACY_COLUMNS,
    ACTUAL,
    EXPECTED,
    HIGH,
    LOW,
    RANGE,
    Accuracy,
    money,
    share_of_error,
)
from ledgercli.reports.metrics import MONTH, SALES_RULE

_REVENUE_CHART = Chart(
    "line",
    N_("Sales by month"),
    "rows",
    ("month",),
    ("expected",),
    split="currency",
    band=("low", "high"),
)
_PAST_REVENUE_CHART = Chart(
    "line",
    N_("What was expected, and what was sold"),
    "backtest",
    ("month",),
    ("expected", "actual"),
    split="currency",
    band=("low", "high"),
)
_WEIGHTS = ("alpha", "beta", "gamma", "phi")


def revenue(basis: Basis, told: Sequence[RevenueForecast], months: int) -> Answer:
    """Return the sales expected in each month, and the same forecast made for past months."""
    columns = (
        CURRENCY,
        MONTH,
        EXPECTED,
        LOW,
        HIGH,
        Column("so_far", N_("so far"), "money", sparse=True),
        Column("last_year", N_("a year before"), "money", optional=1),
    )
    rows = [
        {
            **_month_cells(one.series.currency, month),
            "so_far": money(one.series.running, one.series.currency) if not number else None,
        }
        for one in told
        for number, month in enumerate(one.months)
    ]
    lacking = [one.series.currency for one in told if one.model is None]
    short = [one.series.currency for one in told if one.model and not one.model.season]
    notes: list[Text | str] = [
        N_(
            "Sales by trend and season: exponential smoothing with a damped trend (Holt and"
            " Winters), the latest months counting most."
        ),
        RANGE,
        SALES_RULE,
    ]
    if short:
        words = N_("No season in {currencies}: there are fewer than 24 months.")
        notes.append(Text(words, {"currencies": short}))
    if lacking:
        words = N_("No forecast in {currencies}: there are fewer than 6 months.")
        notes.append(Text(words, {"currencies": lacking}))
    return Answer(
        "revenue-forecast/1",
        facts={**basis.facts(), "months": months},
        tables=(
            Table("rows", columns, rows, empty=N_("There are too few months to go by.")),
            _models(told),
            _past_months(told),
            _beside_naive(told),
        ),
        closing_facts=basis.closing_facts(),
        notes=basis.notes(*notes),
        charts=(_REVENUE_CHART, _PAST_REVENUE_CHART),
    )


def _month_cells(currency: str, one: MonthTold) -> dict[str, Any]:
    before = one.last_year
    return {
        "currency": currency,
        "month": month_label(one.month),
        "expected": money(one.told.expected, currency),
        "low": money(one.told.low, currency),
        "high": money(one.told.high, currency),
        "last_year": None if before is None else money(before, currency),
    }


def _models(told: Sequence[RevenueForecast]) -> Table:
    columns = (
        CURRENCY,
        Column("count", N_("months"), "number"),
        Column("seasonal", N_("season"), "flag"),
        Column("level", N_("base level"), "money"),
        Column("trend", N_("trend a month"), "money"),
        *(Column(name, label, "number") for name, label in zip(_WEIGHTS, "αβγφ", strict=True)),
    )
    rows = [
        {
            "currency": one.series.currency,
            "count": len(one.series.values),
            "seasonal": bool(one.model.season),
            "level": money(round_money(one.model.level, one.series.currency), one.series.currency),
            "trend": money(round_money(one.model.trend, one.series.currency), one.series.currency),
            **{name: getattr(one.model.weights, name) for name in _WEIGHTS},
        }
        for one in told
        if one.model
    ]
    return Table(
        "models", columns, rows, title=N_("What fits the months that are over:"), role="extra"
    )


def _past_months(told: Sequence[RevenueForecast]) -> Table:
    columns = (
        CURRENCY,
        MONTH,
        EXPECTED,
        LOW,
        HIGH,
        ACTUAL,
        Column("error", N_("error %"), "percent", optional=2),
        Column("held", N_("within range"), "flag", optional=1),
        Column("last_year", N_("a year before"), "money", optional=3),
    )
    rows = [
        {
            **_month_cells(one.series.currency, month),
            "actual": money(month.told.actual, one.series.currency),
            "error": share_of_error(month.told),
            "held": month.told.held,
        }
        for one in told
        for month in one.past
    ]
    title = N_("The same forecast of past months, from what was known before each:")
    return Table("backtest", columns, rows, title=title, role="extra")


def _beside_naive(told: Sequence[RevenueForecast]) -> Table:
    columns = (
        CURRENCY,
        Column("count", N_("months"), "number"),
        *ACCURACY_COLUMNS,
        Column("naive_count", N_("compared"), "number", optional=1),
        Column("same_error", N_("error there"), "percent", optional=2),
        Column("naive_error", N_("as a year before"), "percent"),
        Column("better", N_("better"), "code", words="better-forecast"),
    )
    rows = []
    for one in told:
        if not one.past:
            continue
        ours, naive = (weighted_error(pairs) for pairs in compared(one.past))
        accuracy = Accuracy.of(one.series.currency, [month.told for month in one.past])
        rows.append(
            {
                **accuracy.cells(),
                "naive_count": len(compared(one.past)[1]),
                "same_error": None if ours is None else rounded(ours),
                "naive_error": None if naive is None else rounded(naive),
                "better": _better(ours, naive),
            }
        )
    return Table("accuracy", columns, rows, title=N_("How wrong it was:"), role="extra")


def _better(ours: Decimal | None, naive: Decimal | None) -> str | None:
    """Return which of two errors is smaller; None where they cannot be compared."""
    if ours is None or naive is None:
        return None
    if ours == naive:
        return "equal"
    return "forecast" if ours < naive else "last-year"
