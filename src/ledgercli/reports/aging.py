"""The aging of open items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Chart, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.values import Money
from ledgercli.receivables.aging import NOT_DUE, AgingRow, Buckets
from ledgercli.receivables.aging import aging as age_position
from ledgercli.reports.common import CURRENCY, CUSTOMER, Basis

#: What is said under an aging, by basis.
RULES = {
    "due": N_("Aged by due date: days overdue, bounds inclusive; due today is not due."),
    "date": N_("Aged by document date: days since the document, bounds inclusive."),
}
#: What is open, or goes off it, and is in no bucket: for people where there is any.
OUTSIDE = (
    Column("retention", N_("retained"), "money", sparse=True),
    Column("due_unknown", N_("due unknown"), "money", sparse=True),
    Column("unallocated", N_("unallocated"), "money", sparse=True),
)
#: The columns of these that are open amounts, with what is said about them.
OPEN_OUTSIDE = {
    "retention": N_("Retention money is what customers may still keep."),
    "due_unknown": N_("Due unknown: due from an event that is not recorded yet."),
}
_OUTSIDE_KEYS = tuple(column.key for column in OUTSIDE)
_CHARTS = (
    Chart(
        "stacked-bars",
        N_("Open amounts by age"),
        "totals",
        ("currency",),
        ("amounts",),
        shares=True,
    ),
    Chart(
        "stacked-bars",
        N_("Open amounts by age and customer"),
        "rows",
        ("customer", "name"),
        ("amounts",),
        split="currency",
    ),
)


def aging(basis: Basis, buckets: Buckets) -> Answer:
    """Return the open amounts by bucket for each customer and currency."""
    bucket_columns = tuple(
        Column(key, label, "money")
        for key, label in zip(buckets.keys, labels(buckets), strict=True)
    )
    columns = (
        CUSTOMER,
        Column("name", N_("name"), flexible=True, optional=2),
        CURRENCY,
        Column("amounts", N_("amounts"), "group", columns=bucket_columns),
        *OUTSIDE,
        Column("total", N_("total"), "money"),
        Column("bar", N_("age"), "bar", source="amounts", optional=3),
        Column("oldest_due", N_("oldest due"), "date", shown=False),
        Column("max_days_overdue", N_("days"), "number", shown=False),
        *basis.converted_columns(),
    )
    aged = age_position(basis.position, buckets)
    rows = _rows(basis, aged)
    series = open_series(rows)
    return Answer(
        "aging/1",
        facts={**basis.facts(), "basis": buckets.basis, "buckets": list(buckets.keys)},
        tables=(
            Table("rows", columns, rows, empty=N_("Nothing open.")),
            _totals(aged, columns, buckets),
        ),
        closing_facts=basis.closing_facts(rows),
        notes=basis.notes(Text(RULES[buckets.basis]), *_notes_of(series), rows=rows),
        charts=tuple(replace(chart, series=series) for chart in _CHARTS),
    )


def _rows(basis: Basis, aged: Iterable[AgingRow]) -> list[dict[str, Any]]:
    """Return the rows of the report."""
    conversion, name_of = basis.conversion, basis.name_of
    # Most buckets of most customers are empty: one zero serves them all.
    nothing: dict[str, Money] = {}
    rows = []
    for row in aged:
        currency = row.currency
        zero = nothing.get(currency)
        if zero is None:
            zero = nothing[currency] = Money(Decimal(0), currency)
        rows.append(
            {
                "customer": row.customer,
                "name": name_of(row.customer),
                "currency": currency,
                "amounts": {
                    key: Money(amount, currency) if amount else zero
                    for key, amount in row.amounts.items()
                },
                "retention": Money(row.retention, currency) if row.retention else zero,
                "due_unknown": Money(row.due_unknown, currency) if row.due_unknown else zero,
                "unallocated": Money(-row.unallocated, currency) if row.unallocated else zero,
                "total": Money(row.total, currency),
                "oldest_due": row.oldest_due,
                "max_days_overdue": row.max_days_overdue,
            }
        )
        if conversion.currency:
            rows[-1].update(conversion.cells(row.total, currency))
    return rows


def outside(row: AgingRow) -> dict[str, Money]:
    """Return the cells of :data:`OUTSIDE`; what is unallocated is below zero."""
    amounts = (row.retention, row.due_unknown, -row.unallocated)
    return {
        key: Money(amount, row.currency) for key, amount in zip(_OUTSIDE_KEYS, amounts, strict=True)
    }


def open_series(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the columns that make up what is open; those outside only where they have any."""
    listed = list(rows)
    beside = (key for key in OPEN_OUTSIDE if any(row[key].amount for row in listed))
    return ("amounts", *beside)


def outside_notes(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return what is said about the columns outside of the buckets that have a figure."""
    return _notes_of(open_series(rows))


def _notes_of(shown: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(words for key, words in OPEN_OUTSIDE.items() if key in shown)


def _totals(aged: Iterable[AgingRow], columns: tuple[Column, ...], buckets: Buckets) -> Table:
    """Return the totals by currency, the buckets gathered in one group as in the rows."""
    by_currency: dict[str, list[AgingRow]] = {}
    for row in aged:
        by_currency.setdefault(row.currency, []).append(row)
    totals = []
    for currency, part in sorted(by_currency.items()):

        def summed(amounts: Iterable[Decimal], currency: str = currency) -> Money:
            return Money(sum(amounts, Decimal(0)), currency)

        totals.append(
            {
                "currency": currency,
                "amounts": {key: summed(row.amounts[key] for row in part) for key in buckets.keys},
                "retention": summed(row.retention for row in part),
                "due_unknown": summed(row.due_unknown for row in part),
                "unallocated": summed(-row.unallocated for row in part),
                "total": summed(row.total for row in part),
            }
        )
    shown = tuple(
        column
        for column in columns
        if column.key in {"currency", "amounts", *_OUTSIDE_KEYS, "total"}
    )
    return Table("totals", shown, totals, role="totals")


def labels(buckets: Buckets) -> list[str]:
    """Return the headings of the buckets: a message id for what is not due, else the bounds."""
    return [N_("not due") if key == NOT_DUE else key for key in buckets.keys]
