"""Fill pad directives as Beancount does (`beancount.ops.pad`, version 3.2)."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from ledgercli.books.account_kinds import BANK, RECEIVABLE
from ledgercli.books.proof.refusal import PAD, RefusedError
from ledgercli.books.proof.rules import Tolerances
from ledgercli.books.proof.summary import FileSummary
from ledgercli.books.proof.sums import Move, Moves, tolerance_of
from ledgercli.model.ledger_rows import PostingRow, TransactionRow

_ZERO = Decimal()


class Fill(NamedTuple):
    """What Beancount posts for one pad and currency: ``number`` to the account, from the source.

    ``file`` is the number of the file of the pad, ``day`` and ``line`` are the pad's. ``expected``
    is what the assertion states. ``marked`` says that pad or assertion have metadata of ours.
    """

    file: int
    day: int
    line: int
    account: str
    source: str
    number: Decimal
    currency: str
    expected: Decimal
    marked: bool


class _Pad(NamedTuple):
    day: int
    line: int
    file: int
    source: str
    marked: bool


class _Assertion(NamedTuple):
    day: int
    line: int
    file: int
    number: Decimal
    tolerance: str
    currency: str
    marked: bool


def fills_of(summaries: Sequence[FileSummary], moves: Moves, tolerances: Tolerances) -> list[Fill]:
    """Return what fills the pads of all files; raise RefusedError where one is left empty."""
    pads: dict[str, list[_Pad]] = {}
    for index, summary in enumerate(summaries):
        for account, day, line, source, marked in summary.facts.pads:
            pads.setdefault(account, []).append(_Pad(day, line, index, source, marked))
    if not pads:
        return []
    asserted = _asserted(summaries)
    fills: list[Fill] = []
    for account in sorted(pads):
        below = f"{account}:"
        sources = (pad.source for pad in pads[account])
        # Beancount compares assertions of sub-accounts with the balance of the padded one, and
        # does not see that it takes from itself.
        if any(name.startswith(below) for name in asserted) or any(
            source == account or source.startswith(below) for source in sources
        ):
            raise RefusedError(PAD, account=account)
        filling = _Filling(account, moves, tolerances)
        fills += filling.fills(sorted(pads[account]), sorted(asserted.get(account, ())))
    return fills


def _asserted(summaries: Sequence[FileSummary]) -> dict[str, list[_Assertion]]:
    found: dict[str, list[_Assertion]] = {}
    for index, summary in enumerate(summaries):
        for account, day, line, number, tolerance, currency, marked in summary.facts.balances:
            assertion = _Assertion(day, line, index, Decimal(number), tolerance, currency, marked)
            found.setdefault(account, []).append(assertion)
    return found


class _Filling:
    """Fills the pads of one account."""

    def __init__(self, account: str, moves: Moves, tolerances: Tolerances) -> None:
        self._account = account
        self._moves = moves
        self._tolerances = tolerances
        self._waiting: dict[str, deque[Move]] = {}
        # Beancount forgets a position that comes to nothing, with its decimals.
        self._positions: dict[str, Decimal] = {}

    def fills(self, pads: Sequence[_Pad], assertions: Sequence[_Assertion]) -> list[Fill]:
        """Return what fills the pads; raise RefusedError where one is left empty.

        Each pad fills the first assertion of each currency after it, up to the next pad.
        Assertions stand at the start of their day, before the pads of that day.
        """
        fills: list[Fill] = []
        seen: set[str] = set()
        active = -1
        for assertion in assertions:
            while active + 1 < len(pads) and pads[active + 1].day < assertion.day:
                active += 1
                seen = set()
            currency = assertion.currency
            balance = self._balance(currency, assertion.day)
            allowed = tolerance_of(assertion.number, assertion.tolerance, self._tolerances)
            if abs(balance - assertion.number) > allowed and active >= 0 and currency not in seen:
                pad = pads[active]
                number = assertion.number - balance
                self._add(currency, number)
                fills.append(
                    Fill(
                        *(pad.file, pad.day, pad.line, self._account, pad.source),
                        *(number, currency, assertion.number),
                        pad.marked or assertion.marked,
                    )
                )
            seen.add(currency)
        used = {(fill.file, fill.line) for fill in fills}
        if any((pad.file, pad.line) not in used for pad in pads):
            raise RefusedError(PAD, account=self._account)
        return fills

    def _balance(self, currency: str, day: int) -> Decimal:
        """Return the balance before ``day``, with the fills so far."""
        waiting = self._waiting.get(currency)
        if waiting is None:
            moves = self._moves.below(self._account, currency)
            waiting = self._waiting[currency] = deque(moves)
        while waiting and waiting[0].day < day:
            self._add(currency, waiting.popleft().number)
        return _ZERO + self._positions.get(currency, _ZERO)

    def _add(self, currency: str, number: Decimal) -> None:
        position = self._positions.get(currency)
        total = number if position is None else position + number
        if total:
            self._positions[currency] = total
        else:
            self._positions.pop(currency, None)


def pad_rows(
    fills: Sequence[Fill], shown: Sequence[str], zeros: Collection[str], kinds: Mapping[str, int]
) -> list[tuple[int, TransactionRow]]:
    """Return the transactions of ``fills`` on receivable and deposit accounts, by file index.

    ``shown`` are the files as they are shown; ``zeros`` the accounts of this kind with a posting of
    nothing, whose decimals would be those of the balance.
    """
    rows: list[tuple[int, TransactionRow]] = []
    for fill in fills:
        kind, opposite = kinds[fill.account], kinds[fill.source]
        if max(kind, opposite) <= BANK:
            continue
        below = f"{fill.account}:"
        if (
            kind <= BANK
            or fill.marked
            or any(name == fill.account or name.startswith(below) for name in zeros)
        ):
            raise RefusedError(PAD, account=fill.account)
        postings: list[PostingRow] = [
            (account, str(number), fill.currency, None, fill.line, kinds[account] == RECEIVABLE)
            for account, number in ((fill.account, fill.number), (fill.source, -fill.number))
            if kinds[account] > BANK
        ]
        narration = (
            f"(Padding inserted for Balance of {fill.expected:f} {fill.currency}"
            f" for difference {fill.number:f} {fill.currency})"
        )
        accounts = tuple(sorted((fill.account, fill.source)))
        only = kind == opposite == RECEIVABLE
        head = (fill.day, "P", "", narration, (), (), None, accounts, only)
        rows.append((fill.file, (*head, shown[fill.file], fill.line, tuple(postings))))
    return rows
