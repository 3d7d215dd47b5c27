"""Balance assertions and pads across all files."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import accumulate

from ledgercli.books.proof.refusal import (
    BALANCE_FAILS,
    BALANCE_TWICE,
    PAD,
    WRONG_CURRENCY,
    RefusedError,
)
from ledgercli.books.proof.rules import Tolerances
from ledgercli.books.proof.summary import FileSummary
from ledgercli.model.ledger_rows import TransactionRow

_ZERO = Decimal()
_ONE = Decimal(1)
_TWO = Decimal(2)

Sums = defaultdict[str, defaultdict[int, Decimal]]


def check_balances(
    summaries: Sequence[FileSummary],
    allowed: Mapping[str, tuple[str, ...]],
    tolerances: Tolerances,
) -> list[tuple[int, TransactionRow]]:
    """Return the transactions that fill the pads, after all assertions were found to hold.

    ``allowed`` are the currencies by account, where its opening limits them.
    """
    for summary in summaries:
        for account, *_ in summary.facts.pads:
            raise RefusedError(PAD, account=account)
    wanted = _asserted(summaries, allowed)
    if not wanted:
        return []
    currencies = {currency for _, currency in wanted}
    sums = {currency: _daily_sums(summaries, currency, wanted) for currency in currencies}
    for (account, currency), assertions in wanted.items():
        _check_account(account, sums[currency], assertions, tolerances)
    return []


Asserted = dict[tuple[str, str], dict[int, list[tuple[str, str]]]]


def _asserted(summaries: Sequence[FileSummary], allowed: Mapping[str, tuple[str, ...]]) -> Asserted:
    """Return by account and currency, then by day, the (number, tolerance) that are asserted."""
    found: Asserted = {}
    for summary in summaries:
        for account, day, _, number, tolerance, currency, _ in summary.facts.balances:
            if currency not in allowed.get(account, (currency,)):
                raise RefusedError(WRONG_CURRENCY, account=account, currency=currency)
            of_day = found.setdefault((account, currency), {}).setdefault(day, [])
            if of_day and Decimal(of_day[0][0]) != Decimal(number):
                raise RefusedError(BALANCE_TWICE, account=account)
            of_day.append((number, tolerance))
    return found


def _daily_sums(summaries: Sequence[FileSummary], currency: str, wanted: Asserted) -> Sums:
    """Return by account and day what was posted in ``currency``, where an assertion asks for it."""
    asserted = {account for account, name in wanted if name == currency}
    known: dict[str, bool] = {}

    def is_wanted(account: str) -> bool:
        answer = known.get(account)
        if answer is None:
            parents = (account[:end] for end, sign in enumerate(account) if sign == ":")
            answer = known[account] = account in asserted or any(
                parent in asserted for parent in parents
            )
        return answer

    sums: Sums = defaultdict(lambda: defaultdict(Decimal))
    for summary in summaries:
        for account, by_day in summary.facts.sums.get(currency, {}).items():
            if is_wanted(account):
                into = sums[account]
                for day, number in by_day.items():
                    into[day] += Decimal(number)
        names = summary.facts.kept.get(currency, ())
        if any(map(is_wanted, names)):
            for row in summary.rows():
                for account, number, name, *_ in row[-1]:
                    if name == currency and is_wanted(account):
                        sums[account][row[0]] += Decimal(number)
    return sums


def _check_account(
    account: str,
    sums: Sums,
    assertions: Mapping[int, Sequence[tuple[str, str]]],
    tolerances: Tolerances,
) -> None:
    """Compare what is asserted for an account, its sub-accounts included, at the start of days."""
    total: defaultdict[int, Decimal] = defaultdict(Decimal)
    below = f"{account}:"
    for name, by_day in sums.items():
        if name == account or name.startswith(below):
            for day, number in by_day.items():
                total[day] += number
    days = sorted(total)
    balances = list(accumulate((total[day] for day in days), initial=_ZERO))
    for day, stated in assertions.items():
        balance = balances[bisect_left(days, day)]
        for number, tolerance in stated:
            expected = Decimal(number)
            if abs(balance - expected) > tolerance_of(expected, tolerance, tolerances):
                raise RefusedError(BALANCE_FAILS, account=account)


def tolerance_of(expected: Decimal, stated: str, tolerances: Tolerances) -> Decimal:
    """Return by how much a balance may differ: as stated, else twice that of a transaction."""
    if stated:
        return Decimal(stated)
    exponent = expected.as_tuple().exponent
    if isinstance(exponent, int) and exponent < 0:
        return _ONE.scaleb(exponent) * (tolerances.multiplier * _TWO)
    return _ZERO
