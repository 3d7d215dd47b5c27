"""Budget against actual, and the tax summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Chart, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.general_ledger import AccountKind
from ledgercli.receivables.metrics.periods import Period
from ledgercli.receivables.metrics.rounding import divide, rounded
from ledgercli.receivables.statements.budget import Budgeted
from ledgercli.receivables.statements.taxes import TaxLine
from ledgercli.reports.common import CURRENCY, totals_table
from ledgercli.reports.metrics_customers import period_label
from ledgercli.reports.statements import StatementBasis, span

_USED_CHART = Chart("bullet", N_("Budget used"), "rows", ("name",), ("used",), split="currency")
_OVER_TIME_CHART = Chart(
    "line", N_("Actual and budget"), "rows", ("period",), ("actual", "budget"), split="name"
)
#: What is credit positive for people: income, and what is owed.
_CREDIT: frozenset[AccountKind] = frozenset(["income", "liability", "equity"])
#: The account without its root, which says little where room is scarce.
_ACCOUNT = (
    Column("account", N_("account in full"), "code", shown=False),
    Column("name", N_("account"), "code", flexible=True, wraps=True),
)


def _period_columns(by: str) -> tuple[Column, ...]:
    return (Column("period", N_("period"), "code", shown=by != "none"),)


def _name(account: str) -> str:
    return account.partition(":")[2] or account


def _period_cell(period: Period, by: str) -> str:
    if by == "none":
        return f"{period.start}/{period.end}"
    return period_label(period.start, by)


def budget(
    basis: StatementBasis,
    found: Sequence[Budgeted],
    kinds: Mapping[str, AccountKind],
    whole: Period,
    by: str,
) -> Answer:
    """Return actual and budget of each account with one; ``by`` is what ``whole`` is told in."""
    columns = (
        CURRENCY,
        *_ACCOUNT,
        *_period_columns(by),
        Column("actual", N_("actual"), "money"),
        Column("budget", N_("budget"), "money"),
        Column("difference", N_("difference"), "money"),
        Column("used", N_("% of budget"), "percent"),
        *basis.conversion.columns(),
    )
    rows = []
    doubtful: set[str] = set()
    for one in found:
        if not basis.covers(one.currency):
            continue
        kind = kinds.get(one.account, "expense")
        sign = -1 if kind in _CREDIT else 1
        actual, planned = (
            basis.money(sign * amount, one.currency) for amount in (one.actual, one.budget)
        )
        if planned.amount < 0:
            doubtful.add(one.account)
        difference = actual.amount - planned.amount
        used = rounded(divide(actual.amount * 100, planned.amount)) if planned.amount > 0 else None
        rows.append(
            {
                "currency": one.currency,
                "account": one.account,
                "name": _name(one.account),
                "period": _period_cell(one.period, by),
                "actual": actual,
                "budget": planned,
                "difference": basis.money(difference, one.currency),
                "used": used,
                **basis.conversion.cells(difference, one.currency),
            }
        )
    notes: list[Text | str] = [
        span(whole),
        N_("Difference is actual less budget, each with all accounts below."),
        N_("Budgets are spread over the days of their interval; the last period may be a part."),
    ]
    if doubtful:
        words = N_(
            "Below zero: the budget of {accounts}. Budgets are in the ledger's sign, in which"
            " income is negative."
        )
        notes.append(Text(words, {"accounts": sorted(doubtful)}))
    notes += basis.conversion.notes({row["currency"] for row in rows})
    return Answer(
        "budget/1",
        facts={"as_of": whole.end, "from": whole.start, "to": whole.end, "by": by},
        tables=(Table("rows", columns, rows, empty=N_("No budgets in that time.")),),
        notes=tuple(notes),
        charts=(_USED_CHART if by == "none" else _OVER_TIME_CHART,),
    )


_TAX_SUMS = ("opening", "charged", "deducted", "paid", "carried", "closing")


def taxes(
    basis: StatementBasis,
    found: Sequence[TaxLine],
    accounts: Sequence[str],
    time: tuple[Period, str],
    *,
    ties: bool,
) -> Answer:
    """Return what was charged, deducted and paid on each tax account.

    ``time`` is the whole period, and what it is told in; ``ties`` says that the last closing
    amounts are the ledger's balances.
    """
    whole, by = time
    columns = (
        CURRENCY,
        *_ACCOUNT,
        *_period_columns(by),
        Column("opening", N_("opening"), "money"),
        Column("charged", N_("charged"), "money"),
        Column("deducted", N_("deducted"), "money"),
        Column("paid", N_("tax paid"), "money"),
        Column("carried", N_("carried over"), "money", sparse=True),
        Column("closing", N_("closing"), "money"),
        Column("charged_base", N_("charged on"), "money", optional=2),
        Column("deducted_base", N_("deducted on"), "money", optional=3),
        *basis.conversion.columns(),
    )
    rows: list[dict[str, Any]] = [
        {
            "currency": line.currency,
            "account": line.account,
            "name": _name(line.account),
            "period": _period_cell(line.period, by),
            **{name: basis.money(getattr(line, name), line.currency) for name in _TAX_SUMS},
            "charged_base": _base(basis, line.charged_base, line.currency),
            "deducted_base": _base(basis, line.deducted_base, line.currency),
            **basis.conversion.cells(line.closing, line.currency),
        }
        for line in found
        if basis.covers(line.currency)
    ]
    notes: list[Text | str] = [
        span(whole),
        N_(
            "Closing is opening, charged, less deducted and paid; above zero it is owed. Paid is"
            " what was settled between tax and cash accounts alone."
        ),
        N_(
            "The base of a tax is what its transaction posts to income, expenses, stock and other"
            " assets; empty where a transaction with several taxes leaves it open."
        ),
    ]
    if accounts:
        notes.append(Text(N_("Tax is on: {accounts}."), {"accounts": list(accounts)}))
    else:
        notes.append(N_("No account is known as tax; name yours as `receivables.tax`."))
    if not ties:
        notes.append(N_("The figures do NOT tie to the ledger: this is a bug in ledgercli."))
    notes += basis.conversion.notes({row["currency"] for row in rows})
    # Of several periods only the movements add up.
    summed = (
        _TAX_SUMS
        if by == "none"
        else tuple(name for name in _TAX_SUMS if name not in {"opening", "closing"})
    )
    return Answer(
        "taxes/1",
        facts={
            "as_of": whole.end,
            "from": whole.start,
            "to": whole.end,
            "by": by,
            "accounts": list(accounts),
        },
        tables=(
            Table("rows", columns, rows, empty=N_("Nothing on tax accounts in that time.")),
            totals_table(rows, summed, columns),
        ),
        closing_facts={"tie_out": ties},
        notes=tuple(notes),
    )


def _base(basis: StatementBasis, amount: Decimal | None, currency: str) -> Any:  # noqa: ANN401
    return None if amount is None else basis.money(amount, currency)
