"""Receipts to expect by week, beside how wrong the same forecast has been."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ledgercli.model.answer import Answer, Chart, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.receivables.forecast.backtest import Tested
from ledgercli.receivables.forecast.receipts import Forecast
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
from ledgercli.reports.metrics import share

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
            RANGE,
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
