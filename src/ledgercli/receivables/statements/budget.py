"""Budget against actual, with the meaning that Fava gives ``custom "budget"``.

A budget is spread over the days of its interval: a monthly one of February is a 28th a day. It
holds from its date on until the next one of the same account and currency. A budget of an account
is for all accounts below it, too, and theirs are added to it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, localcontext

from ledgercli.model.currency import CONTEXT
from ledgercli.model.general_ledger import Budget, BudgetInterval, GeneralLedger
from ledgercli.model.record import dataclass
from ledgercli.model.values import add_days, add_months
from ledgercli.receivables.metrics.periods import Period
from ledgercli.receivables.metrics.rounding import divide
from ledgercli.receivables.statements.balances import ZERO
from ledgercli.receivables.statements.income import movements

_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Budgeted:
    """Actual and budget of an account with all below it in a period, in the ledger's sign."""

    account: str
    currency: str
    period: Period
    actual: Decimal
    budget: Decimal


def budgeted(ledger: GeneralLedger, periods: Sequence[Period]) -> list[Budgeted]:
    """Return every account with a budget, by currency, account and period."""
    own: dict[tuple[str, str], list[Budget]] = {}
    for budget in sorted(ledger.budgets, key=lambda one: one.date):
        own.setdefault((budget.currency, budget.account), []).append(budget)
    columns = movements(ledger, periods)
    rows = []
    with localcontext(CONTEXT):
        for currency, account in sorted(own):
            for period, moved in zip(periods, columns, strict=True):
                planned = sum(
                    (
                        amount_in(budgets, period)
                        for (unit, name), budgets in own.items()
                        if unit == currency and _is_in(name, account)
                    ),
                    ZERO,
                )
                actual = _actual(moved, account, currency)
                # Before the first budget of an account there is nothing to compare.
                if any(one.date <= period.end for one in own[currency, account]):
                    rows.append(Budgeted(account, currency, period, actual, planned))
    return rows


def _is_in(account: str, parent: str) -> bool:
    return account == parent or account.startswith(f"{parent}:")


def _actual(moved: Mapping[tuple[str, str], Decimal], account: str, currency: str) -> Decimal:
    return sum(
        (
            amount
            for (name, unit), amount in moved.items()
            if unit == currency and _is_in(name, account)
        ),
        ZERO,
    )


def amount_in(budgets: Sequence[Budget], period: Period) -> Decimal:
    """Return what ``budgets`` of one account and currency, by date, are for a period; unrounded."""
    total = ZERO
    for number, budget in enumerate(budgets):
        later = budgets[number + 1].date if number + 1 < len(budgets) else None
        first = max(budget.date, period.start)
        last = min(period.end, add_days(later, -1)) if later else period.end
        if first <= last:
            parts = _parts(first, last, budget.interval)
            total += sum(
                (divide(budget.amount * days, Decimal(whole)) for days, whole in parts), ZERO
            )
    return total


def _parts(first: dt.date, last: dt.date, interval: BudgetInterval) -> Iterator[tuple[int, int]]:
    """Yield how many days from ``first`` to ``last`` are in each interval, and how many it has."""
    days = (last - first).days + 1
    if interval in _DAYS:
        yield days, _DAYS[interval]
        return
    length = _MONTHS[interval]
    start = first.replace(day=1, month=(first.month - 1) // length * length + 1)
    while start <= last:
        after = add_months(start, length)
        own = Period(max(start, first), min(add_days(after, -1), last))
        yield own.days, (after - start).days
        if after <= start or after == dt.date.max:
            return
        start = after
