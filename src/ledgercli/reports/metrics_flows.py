"""Reports on what moved the receivables: roll-forward, bad debt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from ledgercli.model.answer import Answer, Column, Table
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.values import Money
from ledgercli.receivables.metrics.roll_forward import LINES, RollForward
from ledgercli.reports.common import CURRENCY, Basis
from ledgercli.reports.metrics import MONTH, NOTHING_MOVED, SALES_RULE, share
from ledgercli.reports.metrics_groups import Grouping

_HEADINGS = {
    "invoices": N_("new invoices"),
    "charges": N_("fees, interest"),
    "reversals": N_("reversals"),
    "payments": N_("payments"),
    "credit_notes": N_("credit notes"),
    "discounts": N_("discounts"),
    "write_offs": N_("written off"),
}


def roll_forward(basis: Basis, rows: Sequence[RollForward]) -> Answer:
    """Return the way from opening to closing balance of each month; the figures tie or it fails."""
    columns = (
        CURRENCY,
        MONTH,
        Column("opening", N_("opening"), "money"),
        *(Column(name, _HEADINGS[name], "money", sparse=True) for name in LINES),
        Column("closing", N_("closing"), "money"),
        Column("ledger", N_("ledger"), "money", shown=False),
    )
    listed = [
        {
            "currency": row.currency,
            "month": row.period.label,
            "opening": Money(row.opening, row.currency),
            **{name: Money(amount, row.currency) for name, amount in row.lines.items()},
            "closing": Money(row.closing, row.currency),
            "ledger": Money(row.ledger, row.currency),
        }
        for row in rows
    ]
    facts = basis.closing_facts()
    ties = bool(facts["tie_out"]) and all(row.ties for row in rows)
    rules = [
        N_(
            "Reversals are opening items, refunds and payments that bounced; re-allocations move"
            " nothing."
        )
    ]
    if ties:
        rules.append(N_("Every closing amount is the ledger's balance of that day."))
    elif basis.position.tie_out:
        rules.append(N_("The figures do NOT tie to the ledger: this is a bug in ledgercli."))
    return Answer(
        "roll-forward/1",
        facts=basis.facts(),
        tables=(Table("rows", columns, listed, empty=NOTHING_MOVED),),
        closing_facts={**facts, "tie_out": ties},
        notes=basis.notes(*rules),
    )


def bad_debt(
    basis: Basis,
    written_off: Mapping[tuple[str, str], Decimal],
    sales: Mapping[tuple[str, str], Decimal],
    grouping: Grouping,
) -> Answer:
    """Return what was written off beside the sales, by group and currency.

    Both are positive amounts. The ratio is written off ÷ sales × 100, None without sales.
    """
    columns = (
        *grouping.columns(),
        CURRENCY,
        Column("written_off", N_("written off"), "money"),
        Column("sales", N_("sales"), "money"),
        Column("ratio", N_("% of sales"), "percent"),
    )
    zero = Decimal(0)
    keys = sorted({*written_off, *sales}, key=lambda key: (key[1], key[0]))
    if grouping.by != "month":
        keys.sort(key=lambda key: (key[1], -written_off.get(key, zero), key[0]))
        keys = [key for key in keys if written_off.get(key)]
    totals = {
        currency: (
            sum((amount for key, amount in written_off.items() if key[1] == currency), zero),
            sum((amount for key, amount in sales.items() if key[1] == currency), zero),
        )
        for currency in sorted({key[1] for key in {*written_off, *sales}})
    }
    figures = [(*key, written_off.get(key, zero), sales.get(key, zero)) for key in keys]
    rows = [
        {**grouping.cells(basis, label), **_debt(currency, lost, sold)}
        for label, currency, lost, sold in figures
    ]
    whole = [_debt(currency, lost, sold) for currency, (lost, sold) in totals.items()]
    return Answer(
        "bad-debt/1",
        facts={**basis.facts(), **grouping.facts()},
        tables=(
            Table("rows", columns, rows, empty=N_("Nothing was written off in that time.")),
            Table("totals", columns[-4:], whole if rows else [], role="totals"),
        ),
        closing_facts=basis.closing_facts(),
        notes=basis.notes(grouping.rule(), SALES_RULE),
    )


def _debt(currency: str, lost: Decimal, sold: Decimal) -> dict[str, object]:
    return {
        "currency": currency,
        "written_off": Money(lost, currency),
        "sales": Money(sold, currency),
        "ratio": share(lost, sold),
    }
