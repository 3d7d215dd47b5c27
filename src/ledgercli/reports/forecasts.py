"""Forecasts, beside how wrong they have been."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Chart, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import round_money
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.receivables.forecast.backtest import Tested
from ledgercli.receivables.forecast.measures import Told, bias, coverage, weighted_error
from ledgercli.receivables.forecast.receipts import Forecast
from ledgercli.receivables.forecast.revenue import MonthTold, RevenueForecast, compared
from ledgercli.receivables.metrics.periods import month_label
from ledgercli.receivables.metrics.rounding import rounded
from ledgercli.reports.common import CURRENCY, Basis
from ledgercli.reports.metrics import MONTH, SALES_RULE, share

EXPECTED = Column("expected", N_("expected"), "money")
LOW = Column("low", N_("low"), "money")
HIGH = Column("high", N_("high"), "money")
ACTUAL = Column("actual", N_("actual"), "money")
_RANGE = N_("In one case of ten it is below the range, in one above.")
_RECEIPTS_CHART = Chart(
    "line",
    N_("Receipts by week"),
    "rows",
    ("to",),
    ("expected",),
    split="currency",
    band=("low", "high"),
)
_BACKTEST_CHART = Chart(
    "line",
    N_("What was expected, and what came"),
    "backtest",
    ("date",),
    ("expected", "actual"),
    split="currency",
    band=("low", "high"),
)
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


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How wrong forecasts of one currency were: percentages, None where they cannot be told."""

    currency: str
    count: int
    error: Decimal | None
    bias: Decimal | None
    coverage: Decimal | None

    @classmethod
    def of(cls, currency: str, told: Sequence[Told]) -> Accuracy:
        """Return the measures of ``told``."""
        pairs = [(one.expected, one.actual) for one in told]
        return cls(currency, len(told), weighted_error(pairs), bias(pairs), coverage(told))

    def cells(self) -> dict[str, Any]:
        """Return the cells of the measures, with one decimal."""
        figures = {"error": self.error, "bias": self.bias, "coverage": self.coverage}
        return {
            "currency": self.currency,
            "count": self.count,
            **{key: None if figure is None else rounded(figure) for key, figure in figures.items()},
        }


ACCURACY_COLUMNS = (
    Column("error", N_("error %"), "percent"),
    Column("bias", N_("bias"), "percent"),
    Column("coverage", N_("within range"), "percent"),
)


def money(amount: Decimal, currency: str) -> Money:
    """Return an amount as a cell."""
    return Money(amount, currency)


def receipts(
    basis: Basis, told: Mapping[str, Forecast], past: Sequence[Tested], weeks: int
) -> Answer:
    """Return the receipts expected in each week, and the same forecast made at past month ends."""
    rows = [
        {
            "currency": currency,
            "from": span.first,
            "to": span.last,
            "expected": money(span.expected, currency),
            "low": money(span.low, currency),
            "high": money(span.high, currency),
        }
        for currency, one in told.items()
        for span in one.spans
    ]
    columns = (
        CURRENCY,
        Column("from", N_("from"), "date"),
        Column("to", N_("up to"), "date"),
        EXPECTED,
        LOW,
        HIGH,
    )
    return Answer(
        "receipts-forecast/1",
        facts={**basis.facts(), "weeks": weeks},
        tables=(
            Table("rows", columns, rows, empty=N_("Nothing is open.")),
            _sums(told),
            *_backtest(past),
        ),
        closing_facts=basis.closing_facts(),
        notes=basis.notes(
            N_(
                "Each open document is expected as late as its customer pays, those with few"
                " documents like the whole books; promises as far as promises are kept."
            ),
            _RANGE,
            *_words(past),
        ),
        charts=(_RECEIPTS_CHART, _BACKTEST_CHART),
    )


def _sums(told: Mapping[str, Forecast]) -> Table:
    columns = (
        CURRENCY,
        Column("open", N_("open"), "money"),
        Column("expected", N_("expected in that time"), "money"),
        Column("low", N_("low"), "money"),
        Column("high", N_("high"), "money"),
        Column("later", N_("later or never"), "money"),
        Column("later_percent", N_("later %"), "percent", optional=1),
        Column("undated", N_("without a due date"), "money", sparse=True),
    )
    rows = [
        {
            "currency": currency,
            "open": money(one.open, currency),
            "expected": money(one.whole.expected, currency),
            "low": money(one.whole.low, currency),
            "high": money(one.whole.high, currency),
            "later": money(one.later, currency),
            "later_percent": share(one.later, one.open),
            "undated": money(one.undated, currency),
        }
        for currency, one in told.items()
    ]
    return Table("sums", columns, rows, title=N_("All weeks:"), role="extra")


def _backtest(past: Sequence[Tested]) -> Iterable[Table]:
    columns = (
        CURRENCY,
        Column("date", N_("as of"), "date"),
        EXPECTED,
        LOW,
        HIGH,
        ACTUAL,
        Column("error", N_("error %"), "percent", optional=2),
        Column("held", N_("within range"), "flag", optional=1),
        Column("other", N_("on later invoices"), "money", optional=3),
    )
    rows = [
        {
            "currency": one.currency,
            "date": one.as_of,
            "expected": money(one.whole.expected, one.currency),
            "low": money(one.whole.low, one.currency),
            "high": money(one.whole.high, one.currency),
            "actual": money(one.whole.actual, one.currency),
            "error": share_of_error(one.whole),
            "held": one.whole.held,
            "other": money(one.other, one.currency),
        }
        for one in past
    ]
    title = N_("The same forecast at past month ends, and what came in the four weeks after:")
    yield Table("backtest", columns, rows, title=title, role="extra")
    head = (
        CURRENCY,
        Column("span", N_("forecast of"), "code", words="forecast-span"),
        Column("count", N_("count"), "number"),
        *ACCURACY_COLUMNS,
    )
    listed = [
        {**accuracy.cells(), "span": span}
        for span, found in (("weeks", four_weeks(past)), ("week", single_weeks(past)))
        for accuracy in found
    ]
    listed.sort(key=lambda row: str(row["currency"]))
    yield Table("accuracy", head, listed, title=N_("How wrong it was:"), role="extra")


def share_of_error(told: Told) -> Decimal | None:
    """Return (forecast − actual) ÷ actual × 100 with one decimal; None where nothing came."""
    found = bias([(told.expected, told.actual)])
    return None if found is None else rounded(found)


def four_weeks(past: Sequence[Tested]) -> list[Accuracy]:
    """Return the accuracy over four weeks, by currency."""
    return [
        Accuracy.of(currency, [one.whole for one in past if one.currency == currency])
        for currency in sorted({one.currency for one in past})
    ]


def single_weeks(past: Sequence[Tested]) -> list[Accuracy]:
    """Return the accuracy of single weeks, by currency."""
    return [
        Accuracy.of(
            currency, [week for one in past if one.currency == currency for week in one.weeks]
        )
        for currency in sorted({one.currency for one in past})
    ]


def _words(past: Sequence[Tested]) -> Iterable[Text | str]:
    if not past:
        yield N_("No past month has payments to compare with: how wrong it is, is not known.")
        return
    yield N_(
        "Error is Σ |expected − actual| ÷ Σ actual; bias above zero means that less came than"
        " expected. Made from what was dated by then; compared with payments on the documents open"
        " then."
    )


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
        _RANGE,
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
