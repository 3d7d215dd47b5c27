"""What moved the balances that assertions and pads ask for, over all files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from ledgercli.books.proof.rules import Tolerances
from ledgercli.books.proof.summary import FileSummary

_ZERO = Decimal()
_ONE = Decimal(1)
_TWO = Decimal(2)


class Move(NamedTuple):
    """What was posted on a day: one posting of ``line`` in file number ``file``, or its sum."""

    day: int
    line: int
    file: int
    number: Decimal


class Moves:
    """The moves of accounts with an assertion and of their sub-accounts, by currency."""

    def __init__(self, summaries: Sequence[FileSummary]) -> None:
        """Take out of the summaries what their assertions ask for."""
        self._asserted: dict[str, set[str]] = {}
        for summary in summaries:
            for account, _, _, _, _, currency, _ in summary.facts.balances:
                self._asserted.setdefault(currency, set()).add(account)
        self._moves: dict[str, dict[str, list[Move]]] = {}
        for currency, asserted in self._asserted.items():
            self._moves[currency] = _moves(summaries, currency, asserted)

    def below(self, account: str, currency: str) -> list[Move]:
        """Return the moves of an account and its sub-accounts, in Beancount's order."""
        found: list[Move] = []
        start = f"{account}:"
        for name, moves in self._moves.get(currency, {}).items():
            if name == account or name.startswith(start):
                found += moves
        # Sorting is stable: postings of one transaction stay as they are.
        found.sort(key=lambda move: move[:3])
        return found

    def add(self, account: str, currency: str, move: Move) -> None:
        """Add what fills a pad, where an assertion asks for it."""
        if _is_under(account, self._asserted.get(currency, ())):
            self._moves[currency].setdefault(account, []).append(move)


def _moves(
    summaries: Sequence[FileSummary], currency: str, asserted: Iterable[str]
) -> dict[str, list[Move]]:
    """Return the moves in ``currency`` of the asserted accounts and all below them."""
    found: dict[str, list[Move]] = {}
    for index, summary in enumerate(summaries):
        for account, by_day in summary.facts.sums.get(currency, {}).items():
            if _is_under(account, asserted):
                found.setdefault(account, []).extend(
                    Move(day, 0, index, Decimal(number)) for day, number in by_day.items()
                )
        kept = {name for name in summary.facts.kept.get(currency, ()) if _is_under(name, asserted)}
        if kept:
            for account, move in _kept_moves(summary, index, currency, kept):
                found.setdefault(account, []).append(move)
    return found


def _kept_moves(
    summary: FileSummary, index: int, currency: str, accounts: set[str]
) -> list[tuple[str, Move]]:
    return [
        (account, Move(row[0], row[10], index, Decimal(number)))
        for row in summary.rows()
        for account, number, name, *_ in row[11]
        if name == currency and account in accounts
    ]


def _is_under(account: str, parents: Iterable[str]) -> bool:
    """Return whether an account is one of ``parents``, a set, or below one."""
    if account in parents:
        return True
    return any(account[:end] in parents for end, sign in enumerate(account) if sign == ":")


def tolerance_of(expected: Decimal, stated: str, tolerances: Tolerances) -> Decimal:
    """Return by how much a balance may differ: as stated, else twice that of a transaction."""
    if stated:
        return Decimal(stated)
    exponent = expected.as_tuple().exponent
    if isinstance(exponent, int) and exponent < 0:
        return _ONE.scaleb(exponent) * (tolerances.multiplier * _TWO)
    return _ZERO
