"""Reports on how customers behave: days to pay, concentration, retention, promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Chart, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.receivables.metrics.concentration import Share, equal_customers, herfindahl
from ledgercli.receivables.metrics.payment_times import Times
from ledgercli.receivables.metrics.periods import month_label
from ledgercli.receivables.metrics.retention import Cohort, Movement
from ledgercli.receivables.metrics.rounding import divide, rounded
from ledgercli.reports.common import CURRENCY, CUSTOMER, NAME, Basis
from ledgercli.reports.metrics import MONTH, SALES_RULE, days, share
from ledgercli.reports.metrics_groups import Grouping

_PARETO = Chart(
    "pareto",
    N_("Concentration"),
    "rows",
    ("customer", "name"),
    ("amount",),
    split="currency",
)
_COHORT_CHART = Chart(
    "heat-map", N_("Customers invoiced again"), "rows", ("cohort",), ("retained",)
)
_RETENTION_CHART = Chart(
    "line", N_("Active customers"), "rows", ("month",), ("closing",), axis=N_("customer count")
)


def days_to_pay(
    basis: Basis, times: Mapping[tuple[str, str], Times], grouping: Grouping, undated: int = 0
) -> Answer:
    """Return the average days to pay and late, by group and currency; slowest customers first.

    ``undated`` invoices are settled and not known to be due; they are left out.
    """
    columns = (
        *grouping.columns(),
        CURRENCY,
        Column("invoices", N_("invoices paid"), "number"),
        Column("amount", N_("amount"), "money", optional=2),
        Column("days_to_pay", N_("days to pay"), "number"),
        Column("weighted_days_to_pay", N_("by amount"), "number", optional=1),
        Column("days_late", N_("days late"), "number"),
        Column("weighted_days_late", N_("by amount"), "number"),
        Column("late_percent", N_("paid late"), "percent"),
    )
    keys = sorted(times, key=lambda key: (key[1], key[0]))
    if grouping.by != "month":
        keys.sort(key=lambda key: (key[1], -times[key].weighted_days_late, key[0]))
    rows = [
        {**grouping.cells(basis, label), **_times_cells(times[label, currency], currency)}
        for label, currency in keys
    ]
    return Answer(
        "days-to-pay/1",
        facts={**basis.facts(), **grouping.facts()},
        tables=(Table("rows", columns, rows, empty=N_("No invoice was paid in that time.")),),
        closing_facts=basis.closing_facts(),
        notes=basis.notes(
            grouping.rule(),
            N_(
                "Invoices settled in that time, by the day of their last payment; what was written"
                " off, even in part, is left out. Early payments count as days below zero."
            ),
            N_("Averages by amount count each invoice by its amount, the others each once."),
            *_undated(undated),
        ),
    )


def _undated(count: int) -> tuple[Text, ...]:
    if not count:
        return ()
    one = N_("{count} paid invoice is not known to be due, and left out.")
    many = N_("{count} paid invoices are not known to be due, and left out.")
    return (Text(one, {}, many, count),)


def _times_cells(times: Times, currency: str) -> dict[str, Any]:
    return {
        "currency": currency,
        "invoices": times.count,
        "amount": Money(times.amount, currency),
        "days_to_pay": days(times.days_to_pay),
        "weighted_days_to_pay": days(times.weighted_days_to_pay),
        "days_late": days(times.days_late),
        "weighted_days_late": days(times.weighted_days_late),
        "late_percent": share(Decimal(times.late), Decimal(times.count)),
    }


def concentration(
    basis: Basis, parts: Mapping[str, Sequence[Share]], grouping: Grouping, of: str
) -> Answer:
    """Return the shares of customers by currency, with the index of each currency.

    ``of`` is ``sales`` (within the days of ``grouping``) or ``open``.
    """
    columns = (
        Column("rank", N_("rank"), "number"),
        CUSTOMER,
        NAME,
        CURRENCY,
        Column("amount", N_("sales") if of == "sales" else N_("balance"), "money"),
        Column("share", N_("share"), "percent"),
        Column("cumulative", N_("cumulative"), "percent"),
        Column("class", N_("class"), "code"),
        *basis.converted_columns(),
    )
    rows = [
        {
            "rank": rank,
            **basis.head(part.customer, currency),
            "amount": Money(part.amount, currency),
            "share": rounded(part.share * 100),
            "cumulative": rounded(part.cumulative * 100),
            "class": part.group,
            **basis.converted(part.amount, currency),
        }
        for currency in sorted(parts)
        for rank, part in enumerate(parts[currency], start=1)
    ]
    rules: list[Text | str] = [
        N_(
            "Class A are the customers that make up 80% of the whole, B those up to 95%, C the"
            " rest; who is at or below zero has no share."
        ),
        N_(
            "Herfindahl index: sum of the squared shares in percent, 10,000 for a single customer;"
            " so many customers of equal size would give the same."
        ),
    ]
    if of == "sales":
        rules = [grouping.rule(), *rules, SALES_RULE]
    return Answer(
        "concentration/1",
        facts={**basis.facts(), "of": of, "from": grouping.start, "to": grouping.end},
        tables=(Table("rows", columns, rows, empty=N_("Nobody has a share.")), _indices(parts)),
        closing_facts=basis.closing_facts(rows),
        notes=basis.notes(*rules, rows=rows),
        charts=(_PARETO,),
    )


def _indices(parts: Mapping[str, Sequence[Share]]) -> Table:
    """Return the index of each currency, and what hangs on the largest customers."""
    columns = (
        CURRENCY,
        Column("customers", N_("customer count"), "number"),
        Column("largest", N_("largest"), "percent"),
        Column("largest_5", N_("largest 5"), "percent"),
        Column("herfindahl", N_("Herfindahl index"), "number"),
        Column("equal_customers", N_("equal customers"), "number"),
    )
    rows = []
    for currency in sorted(parts):
        own = parts[currency]
        if not own:
            continue
        index = herfindahl(own)
        rows.append(
            {
                "currency": currency,
                "customers": len(own),
                "largest": rounded(own[0].share * 100),
                "largest_5": rounded(own[min(5, len(own)) - 1].cumulative * 100),
                "herfindahl": int(rounded(index, 0)),
                "equal_customers": days(equal_customers(index)),
            }
        )
    return Table("indices", columns, rows, title=N_("Concentration"), role="extra")


def retention(basis: Basis, rows: Sequence[Movement], lost_after: int) -> Answer:
    """Return new, returning and lost customers of each month."""
    columns = (
        MONTH,
        Column("opening", N_("opening"), "number"),
        Column("new", N_("new"), "number"),
        Column("returning", N_("returning"), "number"),
        Column("lost", N_("lost"), "number"),
        Column("closing", N_("closing"), "number"),
        Column("retention", N_("retention"), "percent"),
    )
    listed = [
        {
            "month": month_label(row.month),
            "opening": row.opening,
            "new": row.new,
            "returning": row.returning,
            "lost": row.lost,
            "closing": row.closing,
            "retention": None if row.retention is None else rounded(row.retention),
        }
        for row in rows
    ]
    return Answer(
        "retention/1",
        facts={**basis.facts(), "lost_after": lost_after},
        tables=(Table("rows", columns, listed),),
        closing_facts=basis.closing_facts(),
        notes=basis.notes(
            Text(
                N_(
                    "A customer is lost after {count} month without an invoice, and returns with"
                    " the next."
                ),
                {},
                N_(
                    "A customer is lost after {count} months without an invoice, and returns with"
                    " the next."
                ),
                lost_after,
            ),
            N_("Retention is (opening − lost) ÷ opening."),
        ),
        charts=(_RETENTION_CHART,),
    )


def cohorts(basis: Basis, rows: Sequence[Cohort], by: str) -> Answer:
    """Return the share of each cohort that was invoiced in each later period, in whole percent."""
    width = max((len(row.invoiced) for row in rows), default=0)
    keys = [str(index) for index in range(width)]
    columns = (
        Column("cohort", N_("first invoice"), "code"),
        Column("customers", N_("customer count"), "number"),
        Column(
            "retained",
            N_("invoiced again"),
            "group",
            columns=tuple(Column(key, key, "percent") for key in keys),
        ),
    )
    listed = [
        {
            "cohort": period_label(row.start, by),
            "customers": row.size,
            "retained": {
                key: rounded(divide(Decimal(100 * row.invoiced[index]), Decimal(row.size)), 0)
                if index < len(row.invoiced)
                else None
                for index, key in enumerate(keys)
            },
        }
        for row in rows
    ]
    return Answer(
        "cohorts/1",
        facts={**basis.facts(), "by": by},
        tables=(Table("rows", columns, listed, empty=N_("No first invoices in that time.")),),
        closing_facts=basis.closing_facts(),
        notes=basis.notes(
            N_(
                "Of the customers first invoiced in a period, how many were invoiced so many"
                " periods later. The last period is not over yet."
            )
        ),
        charts=(_COHORT_CHART,) if width else (),
    )


def period_label(start: date, by: str) -> str:
    """Return a period as ``2026-11``, ``2026-Q4`` or ``2026``."""
    if by == "month":
        return month_label(start)
    return f"{start.year:04}-Q{start.month // 3 + 1}" if by == "quarter" else f"{start.year:04}"


@dataclass(frozen=True, slots=True)
class Promises:
    """How many promises of a customer were kept, were broken, and still run."""

    customer: str
    kept: int
    broken: int
    running: int


def promises(basis: Basis, rows: Sequence[Promises], grouping: Grouping) -> Answer:
    """Return how customers keep their promises, the least reliable first."""
    columns = (
        CUSTOMER,
        NAME,
        Column("kept", N_("kept"), "number"),
        Column("broken", N_("broken"), "number"),
        Column("running", N_("running"), "number"),
        Column("kept_percent", N_("kept %"), "percent"),
    )
    listed = [
        {
            "customer": row.customer,
            "name": basis.name_of(row.customer),
            "kept": row.kept,
            "broken": row.broken,
            "running": row.running,
            "kept_percent": share(Decimal(row.kept), Decimal(row.kept + row.broken)),
        }
        for row in sorted(rows, key=lambda row: (-row.broken, row.kept, row.customer))
    ]
    return Answer(
        "promises/1",
        facts={**basis.facts(), "from": grouping.start, "to": grouping.end},
        tables=(Table("rows", columns, listed, empty=N_("No promises in that time.")),),
        closing_facts=basis.closing_facts(),
        notes=basis.notes(
            grouping.rule(),
            N_(
                "By the day promised for. Kept is what was there in full at the end of that day; a"
                " promise replaced before its day is not counted."
            ),
        ),
    )
