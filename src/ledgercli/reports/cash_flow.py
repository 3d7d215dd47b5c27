"""The cash flow statement, and the ratios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Chart, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.receivables.metrics.periods import Period
from ledgercli.receivables.metrics.rounding import rounded
from ledgercli.receivables.statements.balances import ZERO
from ledgercli.receivables.statements.cash_flow import CashFlows
from ledgercli.receivables.statements.lines import Line
from ledgercli.receivables.statements.ratios import Ratio
from ledgercli.reports.common import CURRENCY
from ledgercli.reports.metrics import MONTH
from ledgercli.reports.statements import StatementBasis, period_facts, period_notes

_CHART = Chart(
    "line",
    N_("Cash in, out, and at the end"),
    "months",
    ("month",),
    ("received", "paid", "closing"),
    split="currency",
)


def cash_flow(
    basis: StatementBasis,
    lines: Sequence[Line],
    periods: Sequence[Period],
    found: Sequence[CashFlows],
    months: Mapping[Period, CashFlows],
    cash: Sequence[str],
) -> Answer:
    """Return the cash flow statement of the first of ``periods``; ``cash`` are its accounts.

    ``months`` are the flows month by month, for the picture.
    """
    rows = [basis.row(line) for line in lines if basis.covers(line.currency)]
    changes = [row for row in rows if row["section"] == "change"]
    ties = all(one.ties() for one in (*found, *months.values()))
    notes: list[Text | str] = [*period_notes(periods)]
    if cash:
        notes.append(Text(N_("Cash is on: {accounts}."), {"accounts": list(cash)}))
    else:
        notes.append(N_("No account is known as cash; name yours as `statements.cash`."))
    if any(row["section"] == "unclassified" for row in rows):
        notes.append(
            N_(
                "Not classified: accounts of which neither the settings nor their names say what"
                " they are; `statements:` in `ledgercli.yaml` does."
            )
        )
    if ties:
        notes.append(N_("The flows are the change of the cash accounts in every currency."))
    else:
        notes.append(N_("The flows are NOT the change in cash: this is a bug in ledgercli."))
    notes += basis.notes(rows, changes)
    return Answer(
        "cash-flow/1",
        facts={**period_facts(periods), "cash": list(cash)},
        tables=(
            Table("rows", basis.columns(), rows, empty=N_("No cash on any account.")),
            _months(basis, months),
        ),
        closing_facts={**basis.converted_facts(changes), "tie_out": ties},
        notes=tuple(notes),
        charts=(_CHART,),
    )


def _months(basis: StatementBasis, months: Mapping[Period, CashFlows]) -> Table:
    columns = (
        CURRENCY,
        MONTH,
        Column("received", N_("cash in"), "money"),
        Column("paid", N_("cash out"), "money"),
        Column("closing", N_("cash at the end"), "money"),
    )
    currencies = sorted(
        {unit for one in months.values() for unit, amount in one.closing.items() if amount}
        | {unit for one in months.values() for _, unit in one.flows}
    )
    rows: list[dict[str, Any]] = []
    for currency in filter(basis.covers, currencies):
        for month, one in months.items():
            own = [amount for (_, unit), amount in one.flows.items() if unit == currency]
            rows.append(
                {
                    "currency": currency,
                    "month": month.label,
                    "received": basis.money(sum((n for n in own if n > 0), ZERO), currency),
                    "paid": basis.money(-sum((n for n in own if n < 0), ZERO), currency),
                    "closing": basis.money(one.closing.get(currency, ZERO), currency),
                }
            )
    return Table("months", columns, rows, title=N_("Month by month"), role="trend")


def ratios(
    basis: StatementBasis,
    found: Sequence[Ratio],
    before: Sequence[Ratio],
    periods: Sequence[Period],
) -> Answer:
    """Return the ratios of the first of ``periods``, beside those of the second if any."""
    earlier = {(one.name, one.currency): _value(one) for one in before}
    columns = (
        CURRENCY,
        Column("ratio", N_("ratio"), words="ratio"),
        Column("value", N_("value"), "number"),
        Column("unit", "", "code", words="ratio-unit"),
        *((Column("compared", N_("before"), "number"),) if len(periods) > 1 else ()),
        Column("dividend", N_("dividend"), "money", optional=2),
        Column("divisor", N_("divisor"), "money", optional=1),
        Column("lack", N_("unknown for"), words="ratio-lack", sparse=True),
        Column("accounts", N_("accounts"), "strings", shown=False),
    )
    rows = [
        {
            "currency": one.currency,
            "ratio": one.name,
            "value": _value(one),
            "unit": one.unit,
            "compared": earlier.get((one.name, one.currency)),
            "dividend": None if one.dividend is None else basis.money(one.dividend, one.currency),
            "divisor": None if one.divisor is None else basis.money(one.divisor, one.currency),
            "lack": one.lack or None,
            "accounts": list(one.accounts),
        }
        for one in found
    ]
    notes: list[Text | str] = [*period_notes(periods)]
    lacking = sorted({account for one in found for account in one.accounts})
    if lacking:
        words = N_("Of no class: {accounts}; `statements:` in `ledgercli.yaml` says what they are.")
        notes.append(Text(words, {"accounts": lacking}))
    notes += basis.conversion.notes({one.currency for one in found})
    return Answer(
        "ratios/1",
        facts=period_facts(periods),
        tables=(Table("rows", columns, rows, empty=N_("No income and no expenses.")),),
        notes=tuple(notes),
    )


def _value(ratio: Ratio) -> Decimal | None:
    return None if ratio.value is None else rounded(ratio.value, 2)
