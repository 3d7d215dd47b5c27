"""The balance sheet: assets on one side, liabilities and equity on the other, as much on each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, localcontext

from ledgercli.model.currency import CONTEXT
from ledgercli.model.general_ledger import AccountKind, GeneralLedger
from ledgercli.model.statement_settings import YearStart
from ledgercli.model.values import add_days
from ledgercli.receivables.statements.balances import (
    RESULT_KINDS,
    ZERO,
    Balances,
    Key,
    balances_at,
    of_kind,
)
from ledgercli.receivables.statements.lines import Line, tree

#: The lines of equity that are no accounts.
EQUITY_LINES = ("retained-earnings", "current-result", "conversions", "rounding")


def balance_sheet(
    ledger: GeneralLedger, days: Sequence[date], year: YearStart, *, depth: int | None
) -> Iterator[Line]:
    """Yield the balance sheet of each currency at the end of each of ``days``, a column each.

    Assets are debit positive, all else credit positive. To the accounts of equity come:

    - current result: income less expenses since the financial year of the day began;
    - retained earnings: the same of all years before. Both less what closing transactions have
      carried over to accounts of equity;
    - conversions: what was exchanged at a price leaves one currency and comes up in another; in a
      single currency the two are a gain or loss of exchange;
    - rounding: what transactions leave unbalanced within their tolerances, and what an error of
      the ledger leaves.

    The last line is the sum of liabilities and equity; it is that of the assets.
    """
    starts = [add_days(year.of(day), -1) for day in days]
    at = balances_at(ledger, [*days, *starts])
    ends = [at[day] for day in days]
    with localcontext(CONTEXT):
        for currency in _currencies(ends):
            sections = [
                list(_section(ledger, ends, currency, section, depth))
                for section in ("assets", "liabilities", "equity")
            ]
            pairs = list(zip(starts, ends, strict=True))
            columns = [_equity_lines(ledger, at[start], end, currency) for start, end in pairs]
            equity = sections[2]
            whole = [
                own + sum(column, ZERO)
                for own, column in zip(equity[0].amounts, columns, strict=True)
            ]
            yield from sections[0]
            yield from sections[1]
            yield Line(currency, "equity", "equity", "", 0, tuple(whole))
            yield from equity[1:]
            for name, amounts in zip(EQUITY_LINES, zip(*columns, strict=True), strict=True):
                if any(amounts):
                    yield Line(currency, "equity", name, "", 1, tuple(amounts))
            total = tuple(
                owed + own for owed, own in zip(sections[1][0].amounts, whole, strict=True)
            )
            yield Line(currency, "total", "liabilities-and-equity", "", 0, total)


def balances_out(lines: Sequence[Line]) -> bool:
    """Return whether assets are liabilities and equity, in every currency and column."""
    sides: dict[str, list[tuple[Decimal, ...]]] = {}
    for line in lines:
        if line.line in {"assets", "liabilities-and-equity"} and not line.account:
            sides.setdefault(line.currency, []).append(line.amounts)
    return all(len(pair) == 2 and pair[0] == pair[1] for pair in sides.values())


def _currencies(ends: Sequence[Balances]) -> list[str]:
    return sorted(
        {
            currency
            for end in ends
            for (_, currency), amount in (*end.accounts.items(), *end.closings.items())
            if amount
        }
    )


_KINDS: dict[str, tuple[AccountKind, int]] = {
    "assets": ("asset", 1),
    "liabilities": ("liability", -1),
    "equity": ("equity", -1),
}


def _section(
    ledger: GeneralLedger,
    ends: Sequence[Balances],
    currency: str,
    section: str,
    depth: int | None,
) -> Iterator[Line]:
    kind, sign = _KINDS[section]
    columns = [of_kind(end.accounts, ledger.accounts, kind, currency) for end in ends]
    return tree(currency, section, columns, depth=depth, sign=sign)


def _equity_lines(
    ledger: GeneralLedger, start: Balances, end: Balances, currency: str
) -> tuple[Decimal, ...]:
    """Return the amounts of :data:`EQUITY_LINES`, credit positive."""
    before, now = (_result(ledger, one.accounts, currency) for one in (start, end))
    closed_before, closed = (_result(ledger, one.closings, currency) for one in (start, end))
    conversions = end.conversions.get(currency, ZERO)
    rounding = end.weights.get(currency, ZERO)
    return before + closed_before, now - before + closed - closed_before, conversions, rounding


def _result(ledger: GeneralLedger, sums: Mapping[Key, Decimal], currency: str) -> Decimal:
    """Return income less expenses in ``sums``."""
    parts = (of_kind(sums, ledger.accounts, kind, currency) for kind in RESULT_KINDS)
    return -sum((amount for part in parts for amount in part.values()), ZERO)
