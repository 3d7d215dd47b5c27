"""Arranges rows as a report of the books' own says: which, in which order, grouped, drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Chart, Column, Row, Table
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.own_report import OwnChart, OwnReport
from ledgercli.model.values import Money
from ledgercli.reports.common import CURRENCY, totals_table

#: Kinds of cells that can be added; those of a group are.
_FIGURES = frozenset({"money", "number", "group"})
_CURRENCY_KEY = "currency"


def main_table(answer: Answer) -> Table:
    """Return the table that a report arranges."""
    return next(
        (table for table in answer.tables if table.role in {"main", "sections", "data"}),
        Table("rows", (), ()),
    )


def arranged(answer: Answer, report: OwnReport, language: str) -> Answer:
    """Return ``answer`` as ``report`` wants it, its texts in ``language``.

    The columns have been found to be there. Amounts of two currencies are never added: the
    currency belongs to the groups wherever an amount is.
    """
    title = report.title.said(language) if report.title else report.name
    facts = {"report": report.name, **answer.facts}
    answer = replace(answer, schema="own/1", title=title, facts=facts)
    labels = {key: caption.said(language) for key, caption in report.labels.items()}
    table = main_table(answer)
    if not report.arranges:
        columns = _labelled(table.columns, labels)
        tables = tuple(
            replace(one, columns=columns) if one is table else one for one in answer.tables
        )
        charts = answer.charts
    else:
        table = _arranged(table, report)
        # A figure of a row can be left out and still be what it is sorted by.
        shown = report.columns or tuple(column.key for column in table.columns)
        by_key = {column.key: column for column in table.columns}
        columns = _with_currency(tuple(by_key[key] for key in shown if key in by_key), by_key)
        tables = (replace(table, columns=_labelled(_all_of(report, columns, by_key), labels)),)
        charts = tuple(chart for chart in answer.charts if _draws(chart, report, columns))
    if report.totals:
        tables = (*tables[:1], *_totals(tables[0]), *tables[1:])
        tables = _unique(tables)
    if report.chart:
        charts = (_chart(report.chart, tables[0], title, language),)
    return replace(answer, tables=tables, charts=charts)


def _unique(tables: tuple[Table, ...]) -> tuple[Table, ...]:
    """Return tables without a second one under the key of another."""
    return tuple({table.key: table for table in reversed(tables)}.values())[::-1]


def _with_currency(columns: tuple[Column, ...], by_key: Mapping[str, Column]) -> tuple[Column, ...]:
    """Return the columns with the currency before the first amount: it says what that is of."""
    keys = [column.key for column in columns]
    first = next((at for at, one in enumerate(columns) if one.kind in {"money", "group"}), None)
    if first is None or _CURRENCY_KEY in keys or _CURRENCY_KEY not in by_key:
        return columns
    return (*columns[:first], by_key[_CURRENCY_KEY], *columns[first:])


def _all_of(
    report: OwnReport, columns: tuple[Column, ...], by_key: Mapping[str, Column]
) -> tuple[Column, ...]:
    """Return the columns that are shown, and behind them those that only the picture needs."""
    drawn = (*report.chart.category, *report.chart.series) if report.chart else ()
    split = (report.chart.split or _CURRENCY_KEY,) if report.chart else ()
    have = {column.key for column in columns}
    more = [key for key in dict.fromkeys((*drawn, *split)) if key in by_key and key not in have]
    return (*columns, *(replace(by_key[key], shown=False) for key in more))


def _labelled(columns: Sequence[Column], labels: Mapping[str, str]) -> tuple[Column, ...]:
    return tuple(
        replace(column, label=labels[column.key], shown=True)
        if column.key in labels
        else replace(column, label=column.label or column.key)
        for column in columns
    )


def _draws(chart: Chart, report: OwnReport, columns: Sequence[Column]) -> bool:
    """Return whether a picture of the program still shows what it says."""
    have = {column.key for column in columns}
    wanted = {*chart.category, *chart.series, *chart.band, *([chart.split] if chart.split else [])}
    return chart.table == "rows" and not report.group and wanted <= have


def _chart(chart: OwnChart, table: Table, title: str, language: str) -> Chart:
    """Return the picture of ``table``; amounts of two currencies never share an axis."""
    columns = {column.key: column for column in table.columns}
    money = any(columns[key].kind in {"money", "group"} for key in chart.series)
    split = _CURRENCY_KEY if money and _CURRENCY_KEY in columns and not chart.shares else ""
    return Chart(
        chart.kind,
        chart.title.said(language) if chart.title else title,
        table.key,
        chart.category,
        chart.series,
        axis=chart.axis.said(language) if chart.axis else "",
        split=chart.split or split,
        shares=chart.shares,
    )


def _arranged(table: Table, report: OwnReport) -> Table:
    columns = {
        column.key: replace(column, kind=report.kinds.get(column.key, column.kind))
        for column in table.columns
        if column.kind not in {"bar", "table"}
    }
    rows = [_typed(row, report) for row in table.rows]
    for key, words in report.where.items():
        rows = [row for row in rows if words.fits(*_words(row[key]))]
    if report.group:
        columns, rows = _grouped(columns, rows, report)
    for name in reversed(report.sort):
        key = name.removeprefix("-")
        # Rows without the figure stay last, whichever way.
        known = [row for row in rows if row[key] is not None]
        unknown = [row for row in rows if row[key] is None]
        known.sort(key=_order_of([row[key] for row in known], key), reverse=name.startswith("-"))
        rows = [*known, *unknown]
    if report.top:
        rows = _first_of_each(rows, report.top)
    empty = table.empty or N_("No rows.")
    return Table(table.key, tuple(columns.values()), rows, empty=empty)


def _typed(row: Row, report: OwnReport) -> dict[str, Any]:
    """Return ``row`` with amounts and percentages of a query as what they are said to be."""
    typed = dict(row)
    for key, kind in report.kinds.items():
        cell = row[key]
        if kind not in {"money", "percent", "number"} or not isinstance(cell, str):
            continue
        amount = Decimal(cell) if _is_number(cell) else None
        if kind == "money" and amount is not None:
            typed[key] = Money(amount, str(row[_CURRENCY_KEY] or ""))
        else:
            typed[key] = amount
    return typed


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdecimal()


def _words(cell: object) -> list[str]:
    if isinstance(cell, list | tuple | set | frozenset):
        return [str(item) for item in cell]
    if isinstance(cell, bool):
        return ["yes", "true"] if cell else ["no", "false"]
    return ["" if cell is None else str(cell)]


def _order_of(cells: Sequence[Any], key: str) -> Callable[[Row], Any]:
    """Return what rows are sorted by: figures and days as such, all else by its letters."""
    if all(isinstance(cell, Money) for cell in cells):
        return lambda row: row[key].amount
    if all(isinstance(cell, dt.date) for cell in cells):
        return lambda row: row[key]
    if all(_is_figure(cell) for cell in cells):
        return lambda row: Decimal(row[key])
    return lambda row: str(row[key])


def _is_figure(cell: object) -> bool:
    return isinstance(cell, int | Decimal) or (isinstance(cell, str) and _is_number(cell))


def _grouped(
    columns: dict[str, Column], rows: Sequence[Row], report: OwnReport
) -> tuple[dict[str, Column], list[dict[str, Any]]]:
    """Return one row for those that agree in the columns of the groups, figures added."""
    keys = list(report.group)
    figures = [
        key
        for key, column in columns.items()
        if column.kind in _FIGURES
        and key not in keys
        and (not report.columns or key in report.columns or _needs(report, key))
    ]
    amounts = any(columns[key].kind in {"money", "group"} for key in figures)
    if amounts and _CURRENCY_KEY in columns and _CURRENCY_KEY not in keys:
        keys.append(_CURRENCY_KEY)
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(str(row[key]) for key in keys), []).append(row)
    made = [
        {
            **{key: members[0][key] for key in keys},
            **{key: _sum([row[key] for row in members]) for key in figures},
        }
        for members in groups.values()
    ]
    return {key: columns[key] for key in (*keys, *figures)}, made


def _needs(report: OwnReport, key: str) -> bool:
    """Return whether a column is sorted by or drawn."""
    drawn = report.chart.series if report.chart else ()
    return key in drawn or any(name.removeprefix("-") == key for name in report.sort)


def _sum(cells: Sequence[Any]) -> Any:  # noqa: ANN401 - a cell of any kind
    """Return the sum of what is known; None where nothing is."""
    known = [cell for cell in cells if cell is not None]
    if not known:
        return None
    first = known[0]
    if isinstance(first, Mapping):
        return {key: _sum([cell[key] for cell in known]) for key in first}
    if isinstance(first, Money):
        return Money(sum((cell.amount for cell in known), Decimal(0)), first.currency)
    if isinstance(first, int):
        return sum(known)
    return sum((Decimal(cell) for cell in known), Decimal(0))


def _first_of_each(rows: Sequence[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """Return the first rows of each currency, of all where there is none."""
    seen: dict[str, int] = {}
    kept = []
    for row in rows:
        currency = str(row.get(_CURRENCY_KEY, ""))
        seen[currency] = seen.get(currency, 0) + 1
        if seen[currency] <= count:
            kept.append(row)
    return kept


def _totals(table: Table) -> tuple[Table, ...]:
    """Return the sums of the amounts by currency, none where there is no amount or currency."""
    keys = [column.key for column in table.columns if column.kind == "money"]
    if not keys or not any(column.key == _CURRENCY_KEY for column in table.columns):
        return ()
    rows = [row for row in table.rows if row[_CURRENCY_KEY]]
    return (totals_table(rows, keys, (CURRENCY, *table.columns)),)
