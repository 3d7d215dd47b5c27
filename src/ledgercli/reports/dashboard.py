"""The state of the receivables on one page, put together from the reports that say more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ledgercli.model.answer import Answer, Chart, Column, Row, Table, Text
from ledgercli.model.catalogue.mark import N_, NC_
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.reports.aging import OUTSIDE, open_series
from ledgercli.reports.common import CURRENCY, CUSTOMER, NAME
from ledgercli.reports.metrics import DAY, share
from ledgercli.reports.today import Matter

#: Lines of each list that people are shown, so that the page stays one.
LINES_MAX = 5

_MATTERS = (
    Column("state", "", "code", words="matter-state"),
    Column("topic", N_("matter"), "code", words="matter"),
    Column("text", N_("what"), flexible=True, wraps=True),
    Column("command", N_("shows more"), "code"),
    Column("count", N_("count"), "number", shown=False),
)
_OVERDUE = (
    CUSTOMER,
    NAME,
    CURRENCY,
    Column("overdue", N_("overdue"), "money"),
    Column("max_days_overdue", N_("days"), "number"),
    Column("percent", N_("% of overdue"), "percent", optional=1),
)
_LIMITS = (
    CUSTOMER,
    NAME,
    CURRENCY,
    Column("limit", N_("limit"), "money", optional=1),
    Column("exposure", N_("exposure"), "money"),
    Column("used_percent", N_("used %"), "percent"),
    Column("status", N_("status"), "code", words="limit-status"),
)
_NEXT = (
    Column("due", N_("due"), "date"),
    Column("number", N_("number"), "code"),
    CUSTOMER,
    NAME,
    CURRENCY,
    Column("open", N_("open"), "money"),
)
_CHARTS = (
    Chart(
        "stacked-bars",
        N_("Open amounts by age"),
        "rows",
        ("currency",),
        ("amounts",),
        shares=True,
    ),
    Chart(
        "stacked-columns", N_("Open amounts"), "trend", ("date",), ("amounts",), split="currency"
    ),
    Chart(
        "line",
        N_("Overdue share"),
        "trend",
        ("date",),
        ("overdue_percent",),
        axis="%",
        split="currency",
    ),
    Chart(
        "line",
        N_("Days sales outstanding"),
        "trend",
        ("date",),
        ("dso",),
        axis=NC_("unit", "days"),
        split="currency",
    ),
    Chart("bullet", N_("Limits used"), "limits", ("customer", "name"), ("used_percent",)),
)


@dataclass(frozen=True, slots=True)
class Parts:
    """The answers that the page is made from.

    ``aging`` and ``history`` are by the books' own basis, ``by_due`` and ``history_by_due`` by due
    date: overdue is what is past that, whatever the aging counts from. ``outstanding`` is the days
    sales outstanding.
    """

    aging: Answer
    by_due: Answer
    history: Answer
    history_by_due: Answer
    outstanding: Answer
    limits: Answer
    items: Answer
    matters: Sequence[Matter]


def dashboard(parts: Parts, title: str) -> Answer:
    """Return the page; ``title`` names the books, empty where nothing does.

    The figures are those of the reports, taken over as they are.
    """
    as_of = parts.aging.facts["as_of"]
    columns = {column.key: column for column in parts.aging.table("rows").columns}
    amounts = columns["amounts"]
    days = _by_month(parts.outstanding, "simple")
    overdue = _by_month(parts.history_by_due, "overdue_percent")
    trend = [
        {
            **row,
            "overdue_percent": overdue.get((row["currency"], row["date"])),
            "dso": days.get((row["currency"], row["date"])),
        }
        for row in parts.history.table("rows").rows
    ]
    totals = _totals(parts, amounts, trend)
    heading = Text(N_("{name}: receivables, {date}"), {"name": title, "date": as_of})
    tables = (
        totals,
        Table("trend", _trend_columns(amounts), trend, N_("Over the last months"), "trend"),
        Table("matters", _MATTERS, [one.row() for one in parts.matters], N_("To do"), "extra"),
        Table("overdue", _OVERDUE, list(_overdue(parts)), N_("Most overdue"), "extra"),
        Table("limits", _LIMITS, list(_limits(parts)), N_("Limits used up, or nearly"), "extra"),
        Table("next", _NEXT, list(_next(parts)), N_("Due next"), "extra"),
    )
    by_key = {table.key: table for table in tables}
    return Answer(
        "dashboard/1",
        facts={
            "as_of": as_of,
            "basis": parts.aging.facts["basis"],
            "buckets": parts.aging.facts["buckets"],
            "months": parts.history.facts["months"],
        },
        title=heading if title else "",
        tables=tables,
        closing_facts=parts.aging.closing_facts,
        notes=(
            *parts.aging.notes,
            Text(
                N_(
                    "DSO is receivables ÷ sales of {count} month × its days; lists have {lines}"
                    " lines a currency at most."
                ),
                {"lines": LINES_MAX},
                N_(
                    "DSO is receivables ÷ sales of {count} months × their days; lists have {lines}"
                    " lines a currency at most."
                ),
                parts.outstanding.facts["over"],
            ),
        ),
        charts=tuple(
            replace(chart, series=open_series(table.rows))
            if "amounts" in chart.series and (table := by_key[chart.table]).rows
            else chart
            for chart in _CHARTS
        ),
    )


def _by_month(answer: Answer, key: str) -> dict[tuple[str, Any], Any]:
    """Return a figure of a report over time by currency and the last day of the month."""
    return {(row["currency"], row["date"]): row[key] for row in answer.table("rows").rows}


def _trend_columns(amounts: Column) -> tuple[Column, ...]:
    return (
        CURRENCY,
        DAY,
        amounts,
        *OUTSIDE,
        Column("total", N_("total"), "money"),
        Column("overdue_percent", N_("overdue %"), "percent"),
        Column("dso", N_("DSO"), "number"),
    )


def _totals(parts: Parts, amounts: Column, trend: Sequence[Row]) -> Table:
    """Return a line for each currency: its aging, the share overdue, and the latest DSO.

    The last two are shown to people at the end of their curves.
    """
    columns = (
        CURRENCY,
        amounts,
        *OUTSIDE,
        Column("total", N_("total"), "money"),
        Column("overdue_percent", N_("overdue %"), "percent", shown=False),
        Column("dso", N_("DSO"), "number", shown=False),
        Column("bar", N_("age"), "bar", source="amounts", optional=2),
    )
    # The last line of a currency is of the day itself.
    latest = {row["currency"]: row for row in trend}
    rows = [
        {
            **row,
            "overdue_percent": latest.get(row["currency"], {}).get("overdue_percent"),
            "dso": latest.get(row["currency"], {}).get("dso"),
        }
        for row in parts.aging.table("totals").rows
    ]
    return Table("rows", columns, rows, empty=N_("Nothing open."))


def _overdue(parts: Parts) -> Iterator[Row]:
    """Yield the customers with most overdue, a few for each currency, with their share of it."""
    lines: dict[str, list[dict[str, Any]]] = {}
    for row in parts.by_due.table("rows").rows:
        _first, *late = row["amounts"].values()
        amount = sum(money.amount for money in late)
        if amount > 0:
            line = {**row, "overdue": Money(amount, row["currency"])}
            lines.setdefault(row["currency"], []).append(line)
    for currency in sorted(lines):
        own = sorted(lines[currency], key=lambda line: (-line["overdue"].amount, line["customer"]))
        whole = sum(line["overdue"].amount for line in own)
        for line in own[:LINES_MAX]:
            yield {**line, "percent": share(line["overdue"].amount, whole)}


def _limits(parts: Parts) -> Iterator[Row]:
    """Yield the limits at warning or breach, the fullest first; those of nothing before all."""
    rows = [
        row for row in parts.limits.table("rows").rows if row["status"] in {"warning", "breach"}
    ]
    rows.sort(
        key=lambda row: (
            row["status"],
            row["used_percent"] is not None,
            -(row["used_percent"] or 0),
        )
    )
    seen: dict[str, int] = {}
    for row in rows:
        seen[row["currency"]] = seen.get(row["currency"], 0) + 1
        if seen[row["currency"]] <= LINES_MAX:
            yield row


def _next(parts: Parts) -> Iterator[Row]:
    """Yield what falls due next, a few documents for each currency."""
    as_of = parts.aging.facts["as_of"]
    rows = [row for row in parts.items.table("rows").rows if row["due"] and row["due"] >= as_of]
    rows.sort(key=lambda row: (row["currency"], row["due"], row["number"]))
    seen: dict[str, int] = {}
    for row in rows:
        seen[row["currency"]] = seen.get(row["currency"], 0) + 1
        if seen[row["currency"]] <= LINES_MAX:
            yield row
