"""Balance assertions across all files."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import accumulate

from ledgercli.books.proof.pads import Fill, fills_of
from ledgercli.books.proof.refusal import (
    BALANCE_FAILS,
    BALANCE_TWICE,
    WRONG_CURRENCY,
    RefusedError,
)
from ledgercli.books.proof.rules import Tolerances
from ledgercli.books.proof.summary import FileSummary
from ledgercli.books.proof.sums import Move, Moves, tolerance_of

_ZERO = Decimal()

#: By account and currency, then by day, the (number, tolerance) that are asserted.
Asserted = dict[tuple[str, str], dict[int, list[tuple[str, str]]]]


def check_balances(
    summaries: Sequence[FileSummary],
    allowed: Mapping[str, tuple[str, ...]],
    tolerances: Tolerances,
) -> list[Fill]:
    """Return what fills the pads, after all assertions were found to hold.

    ``allowed`` are the currencies by account, where its opening limits them.
    """
    asserted = _asserted(summaries, allowed)
    moves = Moves(summaries)
    fills = fills_of(summaries, moves, tolerances)
    for fill in fills:
        for account, number in ((fill.account, fill.number), (fill.source, -fill.number)):
            _check_currency(account, fill.currency, allowed)
            moves.add(account, fill.currency, Move(fill.day, fill.line, fill.file, number))
    for (account, currency), assertions in asserted.items():
        _check_account(account, moves.below(account, currency), assertions, tolerances)
    return fills


def _asserted(summaries: Sequence[FileSummary], allowed: Mapping[str, tuple[str, ...]]) -> Asserted:
    found: Asserted = {}
    for summary in summaries:
        for account, day, _, number, tolerance, currency, _ in summary.facts.balances:
            _check_currency(account, currency, allowed)
            of_day = found.setdefault((account, currency), {}).setdefault(day, [])
            if of_day and Decimal(of_day[0][0]) != Decimal(number):
                raise RefusedError(BALANCE_TWICE, account=account)
            of_day.append((number, tolerance))
    return found


def _check_currency(account: str, currency: str, allowed: Mapping[str, tuple[str, ...]]) -> None:
    if currency not in allowed.get(account, (currency,)):
        raise RefusedError(WRONG_CURRENCY, account=account, currency=currency)


def _check_account(
    account: str,
    moves: Sequence[Move],
    assertions: Mapping[int, Sequence[tuple[str, str]]],
    tolerances: Tolerances,
) -> None:
    """Compare what is asserted for an account with its balance at the start of days."""
    days = [move.day for move in moves]
    balances = list(accumulate((move.number for move in moves), initial=_ZERO))
    for day, stated in assertions.items():
        balance = balances[bisect_left(days, day)]
        for number, tolerance in stated:
            expected = Decimal(number)
            if abs(balance - expected) > tolerance_of(expected, tolerance, tolerances):
                raise RefusedError(BALANCE_FAILS, account=account)
