"""Exposure against credit limits."""

from __future__ import annotations

from decimal import Decimal

from ledgercli.model.answer import Answer, Chart, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.values import Money
from ledgercli.receivables.limits import LimitRow
from ledgercli.reports.common import CURRENCY, CUSTOMER, Basis

_CHART = Chart(
    "bullet",
    N_("Use of credit limits"),
    "rows",
    ("customer", "name", "currency"),
    ("used_percent",),
    axis=N_("used %"),
)


def limits(basis: Basis, rows: tuple[LimitRow, ...], extra: Money | None) -> Answer:
    """Return a line for each row of exposure; ``extra`` is what was added to the orders."""
    columns = (
        CUSTOMER,
        Column("name", N_("name"), flexible=True, optional=4),
        CURRENCY,
        Column("limit", N_("limit"), "money"),
        Column("balance", N_("balance"), "money", optional=3),
        Column("orders", N_("orders"), "money", sparse=True, optional=2),
        Column("deposits", N_("deposits"), "money", sparse=True, optional=1),
        Column("exposure", N_("exposure"), "money"),
        Column("available", N_("available"), "money"),
        Column("used_percent", N_("used %"), "percent"),
        Column("status", N_("status"), "code", words="limit-status"),
        *basis.converted_columns(),
    )
    listed = [
        {
            **basis.head(row.customer, row.currency),
            "limit": _money(row.limit, row.currency),
            "balance": _money(row.balance, row.currency),
            "orders": _money(row.orders, row.currency),
            "deposits": _money(row.deposits, row.currency),
            "exposure": _money(row.exposure, row.currency),
            "available": _money(row.available, row.currency),
            "used_percent": row.used_percent,
            "status": row.status,
            **basis.converted(row.exposure, row.currency),
        }
        for row in rows
    ]
    rule = N_("Exposure = balance + open orders − deposits; a breach is strictly above the limit.")
    notes: list[Text | str] = [rule]
    if extra:
        notes.append(Text(N_("As if {amount} more were ordered."), {"amount": extra}))
    missing = sorted({(row.missing_price, row.currency) for row in rows if row.missing_price})
    notes += [
        Text(
            N_("Unknown, because there is no price of {base} in {currency}."),
            {"base": base, "currency": currency},
        )
        for base, currency in missing
    ]
    return Answer(
        "limits/1",
        facts={
            **basis.facts(),
            "with": extra,
            "with_currency": extra.currency if extra else None,
        },
        tables=(Table("rows", columns, listed, empty=N_("No limits and no balances.")),),
        closing_facts=basis.closing_facts(listed),
        notes=basis.notes(*notes, rows=listed),
        charts=(_CHART,),
    )


def _money(amount: Decimal | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount, currency)
