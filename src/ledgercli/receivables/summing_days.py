"""The summaries of positions at the ends of several days, from one walk through their rows.

Each row is read once. From one day to the next only those accounts are summed up again in which
something was posted; what it comes to is found by the same rules as for a single day (``summing``).
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from ledgercli.model.currency import CONTEXT
from ledgercli.model.customer import Customer
from ledgercli.model.ledger import LedgerView
from ledgercli.model.ledger_rows import TransactionRow
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.model.record import dataclass
from ledgercli.receivables.identity import Directory
from ledgercli.receivables.plain_accounts import Account, Figures
from ledgercli.receivables.summary import Key, Summary
from ledgercli.receivables.summing import Summing

if TYPE_CHECKING:
    from ledgercli.receivables.occurrences import Recorded


@dataclass(slots=True)
class _Rows:
    """The rows of one account by day: their days, their places, and each as an account of its own.

    ``parts`` has None for a row that is not plain by itself. The ``figures`` are those of the first
    ``reached`` rows, None where these take a position; ``ties`` is whether they tie to the balance.
    ``account`` is what these rows have come to as long as each settlement names its document:
    then it does not matter what came first. ``guessed`` is whether one of them names none.
    """

    account: Account
    days: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    parts: list[Account | None] = field(default_factory=list)
    reached: int = 0
    figures: Figures | None = field(default_factory=Figures)
    ties: bool = True
    guessed: bool = False


def summarize_days(
    rows: Sequence[TransactionRow],
    facts: LedgerView,
    records: Mapping[str, Customer],
    settings: ReceivablesSettings,
    days: Iterable[dt.date],
    sort: Callable[[list[TransactionRow]], None],
    recorded: Recorded | None,
    directory: Directory,
) -> dict[dt.date, Summary]:
    """Return the summary at the end of each of ``days``, as :func:`summing.summarize` does."""
    ordered = sorted(set(days))
    if not ordered:
        return {}
    with localcontext(CONTEXT):
        summing = Summing(facts, records, settings, ordered[-1], recorded, directory)
        walk = _Walk(summing, sorted(rows, key=lambda row: row[0]), sort)
        return {day: walk.summary(day) for day in ordered}


class _Walk:
    """Rows by their accounts, summed up day after day; days have to ascend."""

    def __init__(
        self,
        summing: Summing,
        rows: Sequence[TransactionRow],
        sort: Callable[[list[TransactionRow]], None],
    ) -> None:
        self.summing = summing
        self.rows = rows
        self.sort = sort
        self.accounts: dict[Key, _Rows] = {}
        self.deposits: dict[Key, Decimal] = {}
        self._moved: list[tuple[int, Key, Decimal]] = []
        self._moves_taken = 0
        last = summing.as_of.toordinal()
        for place, row in enumerate(rows):
            if row[0] > last:
                break
            self._read(place, row)

    def _read(self, place: int, row: TransactionRow) -> None:
        """Take in a row, as what it would be if its accounts had no other."""
        self.summing.begin()
        self.summing.take([row])
        for key, part in self.summing.accounts.items():
            own = self.accounts.get(key)
            if own is None:
                own = self.accounts[key] = _Rows(Account(key[0]))
            own.days.append(row[0])
            own.places.append(place)
            own.parts.append(part if part.plain else None)
        for key, amount in self.summing.deposits.items():
            self._moved.append((row[0], key, amount))

    def summary(self, as_of: dt.date) -> Summary:
        """Return the summary at the end of ``as_of``."""
        day = as_of.toordinal()
        found, others, tie_out = Figures(), set[int](), True
        for key, own in self.accounts.items():
            count = bisect_right(own.days, day)
            if count != own.reached:
                self._sum_up(key, own, count)
            if own.figures is None:
                others.update(own.places[:count])
            else:
                found.update(own.figures)
                tie_out = tie_out and own.ties
        if others:
            left = [self.rows[place] for place in others]
            self.sort(left)
            tie_out = self.summing.compute(left, as_of, found) and tie_out
        self._move_deposits(day)
        return found.summary(as_of, self.deposits, self.summing.records, tie_out=tie_out)

    def _sum_up(self, key: Key, own: _Rows, count: int) -> None:
        """Find the figures of the first ``count`` rows of an account."""
        more, own.reached = own.parts[own.reached : count], count
        if own.figures is None:
            return  # what is not plain does not become so
        own.guessed = own.guessed or any(map(_is_guessed, more))
        if own.guessed:
            # Whom it pays depends on all that was posted by then.
            own.account, more = Account(key[0]), own.parts[:count]
        if not all(part is not None and _join(own.account, part) for part in more):
            own.figures = None
            return
        own.figures = Figures()
        own.ties = own.figures.add(key, own.account, self.summing.settings)
        if not own.guessed:
            _forget_settled(own.account)

    def _move_deposits(self, day: int) -> None:
        while self._moves_taken < len(self._moved) and self._moved[self._moves_taken][0] <= day:
            _, key, amount = self._moved[self._moves_taken]
            self.deposits[key] = self.deposits.get(key, Decimal(0)) + amount
            self._moves_taken += 1


def _is_guessed(part: Account | None) -> bool:
    """Return whether a row is a settlement that names no document."""
    return part is not None and any(not one[3] for one in part.settlements)


def _join(account: Account, part: Account) -> bool:
    """Add a row to an account; return False for a number that is there already."""
    if not account.numbers.isdisjoint(part.numbers):
        return False
    account.decimals = max(account.decimals, part.decimals)
    account.numbers |= part.numbers
    account.documents += part.documents
    account.settlements += part.settlements
    return True


def _forget_settled(account: Account) -> None:
    """Drop what is neither open nor left; documents keep their numbers."""
    most = account.decimals
    paid: dict[str, int] = {}
    for _, amount, decimals, number in account.settlements:
        paid[number] = paid.get(number, 0) + amount * 10 ** (most - decimals)
    documents = []
    for document in account.documents:
        _, _, amount, decimals, number = document
        whole = amount * 10 ** (most - decimals)
        if number in paid and paid[number] >= whole:
            paid[number] -= whole
        else:
            documents.append(document)
    account.documents = documents
    # It does not matter when a document was paid.
    account.settlements = [(0, left, most, number) for number, left in paid.items() if left]
