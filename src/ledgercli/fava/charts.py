"""Figures of an answer as Fava's own charts take them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledgercli.model.answer import Answer, Column, Row
from ledgercli.model.values import Money
from ledgercli.output.language import _
from ledgercli.output.values import heading

#: Fava draws a bar for each of at most so many series beside each other, else lines.
_BARS_MAX = 5


def history_charts(answer: Answer) -> list[dict[str, Any]]:
    """Return the aging over time as charts: what is owed in all, then its age for each currency.

    A series is called by its currency, since Fava writes the name behind each figure of it.
    """
    table = answer.table("rows")
    drawn = [column for column in table.columns if column.key in answer.charts[0].series]
    # Buckets, and beside them what is in none.
    buckets = [part for column in drawn for part in column.columns or (column,)]
    currencies = list(dict.fromkeys(row["currency"] for row in table.rows))
    whole = [
        {"date": row["date"], "balance": {_name(row): _figure(row).amount}}
        for row in table.rows
        if _figure(row) is not None
    ]
    charts = [{"type": "balances", "label": _("Receivables"), "data": _merged(whole)}]
    for currency in currencies:
        rows = [row for row in table.rows if row["currency"] == currency]
        label = _("Age, {currency}").format(currency=currency)
        charts.append(_age(label, currency, rows, buckets))
    return charts


def _figure(row: Row) -> Any:  # noqa: ANN401 - Money, None where it could not be converted
    return row["converted"] if "converted" in row else row["total"]


def _name(row: Row) -> str:
    figure: Money = _figure(row)
    own = row["currency"]
    return own if figure.currency == own else f"{figure.currency} ({own})"


def _merged(points: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one point for each day, with the series of all currencies."""
    by_day: dict[Any, dict[str, Any]] = {}
    for point in points:
        by_day.setdefault(point["date"], {}).update(point["balance"])
    return [{"date": day, "balance": by_day[day]} for day in sorted(by_day)]


def _age(
    label: str, currency: str, rows: Sequence[Row], buckets: Sequence[Column]
) -> dict[str, Any]:
    names = {bucket.key: f"{currency} {heading(bucket.label)}" for bucket in buckets}
    data = [
        {
            "date": row["date"],
            "balance": {
                name: (row["amounts"].get(key) or row[key]).amount for key, name in names.items()
            },
            "account_balances": {},
            "budgets": {},
        }
        for row in rows
    ]
    kind = "bar" if len(buckets) <= _BARS_MAX else "balances"
    return {"type": kind, "label": label, "data": data}
