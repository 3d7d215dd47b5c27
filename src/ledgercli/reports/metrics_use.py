"""Reports of what customers make use of: their credit limits, and the next purchase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Chart, Column, Table
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.receivables.limits import LimitRow
from ledgercli.receivables.metrics.periods import Period
from ledgercli.receivables.metrics.rounding import divide, rounded
from ledgercli.reports.common import CURRENCY, CUSTOMER, NAME, Basis
from ledgercli.reports.metrics import DAY, share
from ledgercli.reports.metrics_groups import Grouping

_USE_CHART = Chart(
    "line",
    N_("Use of the credit limits"),
    "rows",
    ("date",),
    ("used_percent",),
    axis="%",
    split="currency",
)


def limit_use(basis: Basis, months: Mapping[Period, Sequence[LimitRow]]) -> Answer:
    """Return how far limits were used at the end of each month, of all customers together."""
    columns = (
        CURRENCY,
        DAY,
        Column("customers", N_("customer count"), "number"),
        Column("limit", N_("limits"), "money"),
        Column("exposure", N_("exposure"), "money"),
        Column("used_percent", N_("used %"), "percent"),
        Column("unused", N_("unused"), "money", optional=2),
        Column("warnings", N_("warnings"), "number"),
        Column("breaches", N_("over the limit"), "number"),
        Column("excess", N_("excess"), "money", optional=1),
        Column("unknown", N_("unknown"), "number", sparse=True),
    )
    sums = {period: _by_currency(rows) for period, rows in months.items()}
    currencies = sorted({currency for found in sums.values() for currency in found})
    rows = [
        _use_row(currency, period, sums[period].get(currency, ()))
        for currency in currencies
        for period in months
    ]
    return Answer(
        "limit-use/1",
        facts={**basis.facts(), "months": len(months)},
        tables=(Table("rows", columns, rows, empty=N_("No customer has a credit limit.")),),
        closing_facts=basis.closing_facts(),
        notes=basis.notes(
            N_(
                "Of the customers with a limit on that day. Exposure is the balance, plus open"
                " orders, less deposits; what is below zero uses nothing, and frees nobody else's"
                " limit."
            ),
            N_("Limits and orders are those that the records have now, by their dates."),
        ),
        charts=(_USE_CHART,),
    )


def _by_currency(rows: Sequence[LimitRow]) -> dict[str, list[LimitRow]]:
    found: dict[str, list[LimitRow]] = {}
    for row in rows:
        if row.limit is not None:
            found.setdefault(row.currency, []).append(row)
    return found


def _use_row(currency: str, period: Period, rows: Sequence[LimitRow]) -> dict[str, Any]:
    known = [row for row in rows if row.exposure is not None]
    limit = sum((row.limit or Decimal(0) for row in known), Decimal(0))
    used = [max(row.exposure or Decimal(0), Decimal(0)) for row in known]
    over = [max(one - (row.limit or 0), Decimal(0)) for one, row in zip(used, known, strict=True)]
    total = sum(used, Decimal(0))
    excess = sum(over, Decimal(0))
    return {
        "currency": currency,
        "date": period.end,
        "customers": len(rows),
        "limit": Money(limit, currency),
        "exposure": Money(total, currency),
        "used_percent": share(total, limit),
        "unused": Money(limit - total + excess, currency),
        "warnings": sum(row.status == "warning" for row in rows),
        "breaches": sum(row.status == "breach" for row in rows),
        "excess": Money(excess, currency),
        "unknown": len(rows) - len(known),
    }


@dataclass(frozen=True, slots=True)
class Buyer:
    """When a customer was invoiced: ``count`` in the time looked at, ``gap`` in days, ever."""

    customer: str
    count: int
    first: date
    last: date
    gap: Decimal | None
    next: date | None


def frequency(basis: Basis, buyers: Sequence[Buyer], grouping: Grouping) -> Answer:
    """Return how often and how recently customers bought, the most overdue purchase first."""
    columns = (
        CUSTOMER,
        NAME,
        Column("count", N_("no. of invoices"), "number"),
        Column("first", N_("first"), "date", optional=2),
        Column("last", N_("last"), "date"),
        Column("days_since", N_("days since"), "number"),
        Column("gap", N_("usual gap"), "number"),
        Column("next", N_("next expected"), "date", optional=1),
        Column("gaps", N_("gaps since"), "number"),
    )
    rows = [_buyer_row(basis, buyer) for buyer in buyers]
    rows.sort(key=lambda row: (-(row["gaps"] or 0), -row["days_since"], row["customer"]))
    return Answer(
        "frequency/1",
        facts={**basis.facts(), **grouping.facts()},
        tables=(
            Table("rows", columns, rows, empty=N_("Nobody was invoiced in that time.")),
            _repurchase(buyers),
        ),
        closing_facts=basis.closing_facts(),
        notes=basis.notes(
            grouping.rule(),
            N_(
                "The usual gap is the median of the days between days with an invoice; the next is"
                " expected so long after the last. Repurchase rate: buyers with two invoices or"
                " more in the time ÷ buyers."
            ),
        ),
    )


def _buyer_row(basis: Basis, buyer: Buyer) -> dict[str, Any]:
    since = (basis.position.as_of - buyer.last).days
    return {
        "customer": buyer.customer,
        "name": basis.name_of(buyer.customer),
        "count": buyer.count,
        "first": buyer.first,
        "last": buyer.last,
        "days_since": since,
        "gap": None if buyer.gap is None else rounded(buyer.gap),
        "next": buyer.next,
        "gaps": rounded(divide(Decimal(since), buyer.gap)) if buyer.gap else None,
    }


def _repurchase(buyers: Sequence[Buyer]) -> Table:
    columns = (
        Column("buyers", N_("buyers"), "number"),
        Column("repeated", N_("with two or more"), "number"),
        Column("repurchase_rate", N_("repurchase rate"), "percent"),
        Column("invoices_each", N_("invoices each"), "number"),
    )
    count = Decimal(len(buyers))
    repeated = sum(buyer.count > 1 for buyer in buyers)
    whole = Decimal(sum(buyer.count for buyer in buyers))
    row = {
        "buyers": len(buyers),
        "repeated": repeated,
        "repurchase_rate": share(Decimal(repeated), count),
        "invoices_each": rounded(divide(whole, count)) if count else None,
    }
    rows = [row] if buyers else []
    return Table("repurchase", columns, rows, title=N_("All together:"), role="extra")
