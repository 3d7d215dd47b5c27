"""The income statement: income less expenses of a period is its result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, localcontext

from ledgercli.model.currency import CONTEXT
from ledgercli.model.general_ledger import AccountKind, GeneralLedger
from ledgercli.model.values import add_days, add_months, month_end
from ledgercli.receivables.metrics.periods import Period
from ledgercli.receivables.statements.balances import (
    RESULT_KINDS,
    Key,
    balances_at,
    moved,
    of_kind,
)
from ledgercli.receivables.statements.lines import Line, tree


def movements(ledger: GeneralLedger, periods: Sequence[Period]) -> tuple[dict[Key, Decimal], ...]:
    """Return what each period added to every account, debit positive."""
    days = {day for period in periods for day in (add_days(period.start, -1), period.end)}
    at = balances_at(ledger, days)
    return tuple(moved(at[add_days(period.start, -1)], at[period.end]) for period in periods)


def currencies_of(
    kinds: Mapping[str, AccountKind],
    wanted: Sequence[AccountKind],
    *columns: Mapping[Key, Decimal],
) -> list[str]:
    """Return the currencies, sorted, in which an account of the kinds ``wanted`` has an amount."""
    return sorted(
        {
            currency
            for column in columns
            for (account, currency), amount in column.items()
            if amount and kinds.get(account) in wanted
        }
    )


def income_statement(
    ledger: GeneralLedger, periods: Sequence[Period], *, depth: int | None
) -> Iterator[Line]:
    """Yield the income statement of each currency, a column for each of ``periods``.

    Income and expenses are positive; result = income − expenses.
    """
    columns = movements(ledger, periods)
    kinds = ledger.accounts
    with localcontext(CONTEXT):
        for currency in currencies_of(kinds, RESULT_KINDS, *columns):
            earned, spent = (
                [of_kind(column, kinds, kind, currency) for column in columns]
                for kind in RESULT_KINDS
            )
            income = list(tree(currency, "income", earned, depth=depth, sign=-1))
            expenses = list(tree(currency, "expenses", spent, depth=depth))
            yield from income
            yield from expenses
            pairs = zip(income[0].amounts, expenses[0].amounts, strict=True)
            result = tuple(more - less for more, less in pairs)
            yield Line(currency, "result", "result", "", 0, result)


def results(
    ledger: GeneralLedger, periods: Sequence[Period]
) -> dict[str, list[tuple[Period, Decimal, Decimal]]]:
    """Return income and expenses of each period by currency."""
    columns = movements(ledger, periods)
    kinds = ledger.accounts
    with localcontext(CONTEXT):
        return {
            currency: [
                (
                    period,
                    -sum(of_kind(column, kinds, "income", currency).values(), Decimal(0)),
                    sum(of_kind(column, kinds, "expense", currency).values(), Decimal(0)),
                )
                for period, column in zip(periods, columns, strict=True)
            ]
            for currency in currencies_of(kinds, RESULT_KINDS, *columns)
        }


def year_before(day: date) -> date:
    """Return the same day a year before; the end of a month for the end of a month."""
    before = add_months(day, -12)
    return month_end(before) if day == month_end(day) else before


def compared_with(period: Period, how: str) -> Period | None:
    """Return what ``period`` is compared with: the same days a ``year`` before, or the last ones.

    A ``period`` of whole calendar months is compared with as many before it, others with as many
    days. None where the calendar does not go back that far, or nothing is to be compared.
    """
    if how == "year" and period.start.year > date.min.year:
        return Period(add_months(period.start, -12), year_before(period.end))
    if how != "period" or add_days(period.start, -period.days) == date.min:
        return None
    end = add_days(period.start, -1)
    if period.start.day == 1 and period.end == month_end(period.end):
        years = period.end.year - period.start.year
        months = 12 * years + period.end.month - period.start.month + 1
        return Period(add_months(period.start, -months), end)
    return Period(add_days(period.start, -period.days), end)
