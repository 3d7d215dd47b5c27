"""Reports of metrics month by month: aging over time, days sales outstanding, collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Chart, Column, Table, Text
from ledgercli.model.catalogue.mark import N_, NC_
from ledgercli.model.values import Money
from ledgercli.receivables.aging import NOT_DUE, Buckets, aging
from ledgercli.receivables.metrics.collection import collection_rate, effectiveness_index
from ledgercli.receivables.metrics.periods import Period
from ledgercli.receivables.metrics.rounding import divide, rounded
from ledgercli.receivables.metrics.sales_outstanding import counted_back, sales_outstanding
from ledgercli.receivables.metrics.standings import MonthEnd
from ledgercli.reports.aging import OUTSIDE, RULES, labels, open_series, outside, outside_notes
from ledgercli.reports.common import CURRENCY, Basis

NOTHING_MOVED = N_("No receivables in that time.")
SALES_RULE = N_(
    "Sales are the invoices less credit notes of the receivable accounts, taxes included; cash"
    " sales are not known to them."
)
DAY = Column("date", N_("end of"), "date")
MONTH = Column("month", N_("month"), "code")
_AGING_CHART = Chart(
    "stacked-columns", N_("Open amounts by age"), "rows", ("date",), ("amounts",), split="currency"
)
_DSO_CHART = Chart(
    "line",
    N_("Days sales outstanding"),
    "rows",
    ("date",),
    ("simple", "best_possible", "count_back"),
    axis=NC_("unit", "days"),
    split="currency",
)
_COLLECTION_CHART = Chart(
    "line",
    N_("Collection effectiveness index and rate"),
    "rows",
    ("month",),
    ("effectiveness", "rate"),
    axis="%",
    split="currency",
)


def days(value: Decimal | None) -> Decimal | None:
    """Return days with one decimal, rounded half-up; None where they are unknown."""
    return None if value is None else rounded(value)


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """Return ``part`` in percent of ``whole`` with one decimal; None of nothing."""
    return rounded(divide(part * 100, whole)) if whole > 0 else None


def aging_history(bases: Mapping[Period, Basis], buckets: Buckets) -> Answer:
    """Return the open amounts by bucket at the end of each period, of all customers together."""
    last = list(bases.values())[-1]
    columns = (
        CURRENCY,
        DAY,
        Column(
            "amounts",
            N_("amounts"),
            "group",
            columns=tuple(
                Column(key, label, "money")
                for key, label in zip(buckets.keys, labels(buckets), strict=True)
            ),
        ),
        *OUTSIDE,
        Column("total", N_("total"), "money", optional=1),
        Column(
            "overdue_percent",
            N_("overdue %"),
            "percent",
            shown=buckets.basis == "due",
            optional=2,
        ),
        Column("bar", N_("age"), "bar", source="amounts", optional=3),
        *last.converted_columns(),
    )
    sums = {period: _sums(basis, buckets) for period, basis in bases.items()}
    currencies = sorted({currency for month in sums.values() for currency in month})
    rows = [
        _history_row(bases[period], period, currency, sums[period].get(currency), buckets)
        for currency in currencies
        for period in bases
    ]
    table = Table("rows", columns, rows, empty=NOTHING_MOVED)
    return Answer(
        "aging-history/1",
        facts={
            **last.facts(),
            "months": len(bases),
            "basis": buckets.basis,
            "buckets": list(buckets.keys),
        },
        tables=(table,),
        closing_facts=_tied(last, bases.values()),
        notes=last.notes(Text(RULES[buckets.basis]), *outside_notes(rows)),
        charts=(replace(_AGING_CHART, series=open_series(rows)),),
    )


def _sums(basis: Basis, buckets: Buckets) -> dict[str, dict[str, Decimal]]:
    """Return the sums of all customers by currency, then by bucket or column outside of them."""
    sums: dict[str, dict[str, Decimal]] = {}
    for row in aging(basis.position, buckets):
        own = sums.setdefault(row.currency, {})
        beside = {key: money.amount for key, money in outside(row).items()}
        for key, amount in {**row.amounts, **beside}.items():
            own[key] = own.get(key, Decimal(0)) + amount
    return sums


def _history_row(
    basis: Basis,
    period: Period,
    currency: str,
    found: Mapping[str, Decimal] | None,
    buckets: Buckets,
) -> dict[str, Any]:
    beside = [column.key for column in OUTSIDE]
    own = found or dict.fromkeys((*buckets.keys, *beside), Decimal(0))
    total = sum(own.values(), Decimal(0))
    open_amount = total - own["unallocated"]
    not_overdue = (NOT_DUE, "retention", "due_unknown")
    overdue = open_amount - sum(own[key] for key in not_overdue) if buckets.basis == "due" else None
    return {
        "currency": currency,
        "date": period.end,
        "amounts": {key: Money(own[key], currency) for key in buckets.keys},
        **{key: Money(own[key], currency) for key in beside},
        "total": Money(total, currency),
        "overdue_percent": None if overdue is None else share(overdue, open_amount),
        **basis.converted(total, currency),
    }


def _tied(last: Basis, bases: Iterable[Basis]) -> dict[str, Any]:
    """Return the last facts, with the tie-out of every month."""
    ties = all(basis.position.tie_out for basis in bases)
    return {**last.closing_facts(), "tie_out": ties}


def sales_outstanding_report(
    basis: Basis, rows: Sequence[MonthEnd], over: int, fixed: int | None = None
) -> Answer:
    """Return the days sales outstanding at the end of each month, counted three ways.

    ``over`` is the number of months whose sales the simple and the best possible figure rest on;
    ``fixed`` the days that they count as together, None for those of the calendar.
    """
    columns = (
        CURRENCY,
        DAY,
        Column("receivables", N_("receivables"), "money"),
        Column("current", N_("not overdue"), "money", optional=2),
        Column("sales", N_("sales"), "money", optional=1),
        Column("days", N_("days"), "number", shown=False),
        Column("simple", N_("DSO"), "number"),
        Column("average", N_("DSO of average receivables"), "number", shown=False),
        Column("best_possible", N_("best possible"), "number"),
        Column("delinquent", N_("overdue days"), "number"),
        Column("count_back", N_("counted back"), "number"),
        Column("count_back_at_least", N_("at least"), "flag", sparse=True),
    )
    listed = [_outstanding_row(row, over, fixed) for row in rows]
    return Answer(
        "dso/1",
        facts={**basis.facts(), "over": over, **({} if fixed is None else {"days": fixed})},
        tables=(Table("rows", columns, listed, empty=NOTHING_MOVED),),
        closing_facts=basis.closing_facts(),
        notes=basis.notes(
            Text(
                N_(
                    "DSO is receivables ÷ sales of {count} month × its days; best possible is the"
                    " same of what is not overdue, overdue days are the difference."
                ),
                {},
                N_(
                    "DSO is receivables ÷ sales of {count} months × their days; best possible is"
                    " the same of what is not overdue, overdue days are the difference."
                ),
                over,
            ),
            N_(
                "Counted back: days of the latest months whose sales make up the receivables, the"
                " earliest in proportion."
            ),
            *([] if fixed is None else _fixed_days(rows, over, fixed)),
            SALES_RULE,
        ),
        charts=(_DSO_CHART,),
    )


def _fixed_days(rows: Sequence[MonthEnd], over: int, fixed: int) -> list[Text]:
    notes = [
        Text(
            N_("{count} month counts as {days} days."),
            {"days": fixed},
            N_("{count} months count as {days} days, each of them as its part."),
            over,
        )
    ]
    short = [row.period.end for row in rows if 0 < len(row.earlier) < over]
    if short:
        words = N_(
            "Up to {date} the books do not reach back over all of these months: DSO and best"
            " possible set the sales there are against all {days} days."
        )
        notes.append(Text(words, {"date": max(short), "days": fixed}))
    return notes


def _outstanding_row(row: MonthEnd, over: int, fixed: int | None) -> dict[str, Any]:
    sales, length = row.sales_over(over)
    earlier: Sequence[tuple[Decimal, int | Decimal]] = row.earlier
    if fixed is not None:
        length, each = fixed, divide(Decimal(fixed), Decimal(over))
        earlier = [(sold, each) for sold, _ in row.earlier]
    mean = divide(row.opening + row.balance, Decimal(2))
    simple = sales_outstanding(row.balance, sales, length)
    best = sales_outstanding(row.current, sales, length)
    back = counted_back(row.balance, earlier)
    late = None if simple is None or best is None else simple - best
    return {
        "currency": row.currency,
        "date": row.period.end,
        "receivables": Money(row.balance, row.currency),
        "current": Money(row.current, row.currency),
        "sales": Money(sales, row.currency),
        "days": length,
        "simple": days(simple),
        "average": days(sales_outstanding(mean, sales, length)),
        "best_possible": days(best),
        "delinquent": days(late),
        "count_back": days(back.days),
        "count_back_at_least": not back.exhausted,
    }


def collection(basis: Basis, rows: Sequence[MonthEnd], over: int = 1) -> Answer:
    """Return collection effectiveness index and rate of each month.

    ``over`` is the number of months that each row is of, up to its own.
    """
    columns = (
        CURRENCY,
        MONTH,
        Column("opening", N_("opening"), "money"),
        Column("billed", N_("billed"), "money", optional=1),
        Column("received", N_("received"), "money", optional=2),
        Column("closing", N_("closing"), "money"),
        Column("current", N_("not overdue"), "money", optional=3),
        Column("effectiveness", N_("CEI"), "percent"),
        Column("effectiveness_average", N_("CEI of an average month"), "percent", shown=False),
        Column("rate", N_("collection rate"), "percent"),
    )
    listed = [_collection_row(row, over) for row in rows]
    return Answer(
        "collection/1",
        facts={**basis.facts(), "over": over},
        tables=(Table("rows", columns, listed, empty=NOTHING_MOVED),),
        closing_facts=basis.closing_facts(),
        notes=basis.notes(
            N_(
                "CEI is (opening + billed − closing) ÷ (opening + billed − not overdue): 100% where"
                " nothing overdue is left. The rate is payments received ÷ (opening + billed)."
            ),
            *([] if over == 1 else [_months_of_each(over)]),
            N_(
                "Billed is what was added to the receivables: invoices, interest, fees and"
                " reversals, less credit notes."
            ),
        ),
        charts=(_COLLECTION_CHART,),
    )


def _months_of_each(over: int) -> Text:
    words = N_(
        "Each line is of {months} months, up to its own. JSON and CSV also have the CEI with billed"
        " ÷ {months}, the one of an average month."
    )
    return Text(words, {"months": over})


def _collection_row(row: MonthEnd, over: int) -> dict[str, Any]:
    index = effectiveness_index(row.opening, row.billed, row.balance, row.current)
    billed = divide(row.billed, Decimal(over))
    average = effectiveness_index(row.opening, billed, row.balance, row.current)
    if average is not None and average < 0:
        average = None  # more is open than an average month could have left: it says nothing
    rate = collection_rate(row.opening, row.billed, row.received)
    return {
        "currency": row.currency,
        "month": row.period.label,
        "opening": Money(row.opening, row.currency),
        "billed": Money(row.billed, row.currency),
        "received": Money(row.received, row.currency),
        "closing": Money(row.balance, row.currency),
        "current": Money(row.current, row.currency),
        "effectiveness": None if index is None else rounded(index),
        "effectiveness_average": None if average is None else rounded(average),
        "rate": None if rate is None else rounded(rate),
    }
