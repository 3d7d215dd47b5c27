"""Plain accounts in columns, ready to be summed up as of any day without their rows.

What is never settled by name (see ``netting``) matters to nearly every day. So it is kept as the
figures that it comes to, side by side in columns, beside the rows that they were made of.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ledgercli.receivables.open_columns import packed
from ledgercli.receivables.plain_accounts import Account, PlainDocument, PlainSettlement
from ledgercli.receivables.summary import Key

#: Customer, currency, words of terms if somebody has looked, how many documents (None where the
#: account is not plain), and how many settlements.
Head = tuple[str, str, str | None, int | None, int]
#: What tells whose a row is that says no more: account in the ledger, payee, currency.
Alike = tuple[str, str, str]
#: A posting on an account of deposits: day, customer, currency, amount.
DepositLine = tuple[int, str, str, str]
#: Columns of whole numbers in bytes (or as they are, where one is too large) and of texts.
Columns = tuple[Any, ...]


class OpenAccounts(NamedTuple):
    """Accounts with what comes of all of their rows that are never settled, as plain values.

    It holds as of all days up to the ordinal ``until``. ``documents`` and ``settlements`` are those
    of all ``accounts``, one after the other. ``owners`` tell the place of the account that rows are
    on.
    """

    until: int
    accounts: Sequence[Head]
    documents: Columns
    settlements: Columns
    owners: Mapping[Alike, int]
    deposits: Sequence[DepositLine]

    def resumed(self, day: int) -> Iterator[tuple[Key, Account]]:
        """Yield the accounts as of ``day``, an ordinal; raise ValueError where they are damaged."""
        dues, days, amounts, decimals, numbers = self.documents
        documents: list[PlainDocument] = list(
            zip(_days(dues), _days(days), _amounts(amounts), decimals, numbers, strict=True)
        )
        days, amounts, decimals, names = self.settlements
        settlements: list[PlainSettlement] = list(
            zip(_days(days), _amounts(amounts), decimals, names, strict=True)
        )
        start = first = 0
        for customer, currency, terms, count, settled in self.accounts:
            account = Account(customer, terms=terms)
            if count is None:
                account.plain = False
            else:
                end, last = start + count, first + settled
                account.documents = [row for row in documents[start:end] if row[1] <= day]
                account.settlements = [row for row in settlements[first:last] if row[0] <= day]
                account.numbers = {row[4] for row in account.documents}
                account.numbers.discard("")
                written = [row[3] for row in account.documents]
                written += [row[2] for row in account.settlements]
                account.decimals = max(written, default=0)
                start, first = end, last
            yield (customer, currency), account


def open_accounts(
    accounts: Mapping[Key, Account],
    owners: Mapping[Alike, Account],
    deposits: Iterable[DepositLine],
    until: int,
    part_of: Callable[[str], str],
) -> dict[str, OpenAccounts]:
    """Return accounts in columns, in parts by their customers, with what tells whose rows are."""
    found: dict[str, _Part] = {}

    def part(customer: str) -> _Part:
        name = part_of(customer)
        if name not in found:
            found[name] = _Part()
        return found[name]

    places: dict[int, tuple[_Part, int]] = {}
    for (customer, currency), account in accounts.items():
        own = part(customer)
        places[id(account)] = (own, len(own.heads))
        own.add(currency, account)
    for alike, account in owners.items():
        own, place = places[id(account)]
        own.owners[alike] = place
    for line in deposits:
        part(line[1]).deposits.append(line)
    return {name: own.packed(until) for name, own in found.items()}


class _Part:
    def __init__(self) -> None:
        self.heads: list[Head] = []
        self.documents: list[PlainDocument] = []
        self.settlements: list[PlainSettlement] = []
        self.owners: dict[Alike, int] = {}
        self.deposits: list[DepositLine] = []

    def add(self, currency: str, account: Account) -> None:
        count, settled = None, 0
        if account.plain:
            count, settled = len(account.documents), len(account.settlements)
            self.documents += account.documents
            self.settlements += account.settlements
        self.heads.append((account.customer, currency, account.terms, count, settled))

    def packed(self, until: int) -> OpenAccounts:
        documents, settlements = self.documents, self.settlements
        return OpenAccounts(
            until,
            self.heads,
            (
                array("i", [row[0] for row in documents]).tobytes(),
                array("i", [row[1] for row in documents]).tobytes(),
                _kept([row[2] for row in documents]),
                bytes([row[3] for row in documents]),
                [row[4] for row in documents],
            ),
            (
                array("i", [row[0] for row in settlements]).tobytes(),
                _kept([row[1] for row in settlements]),
                bytes([row[2] for row in settlements]),
                [row[3] for row in settlements],
            ),
            self.owners,
            self.deposits,
        )


def _kept(amounts: list[int]) -> bytes | list[int]:
    column = packed(amounts)
    return column.tobytes() if isinstance(column, array) else column


def _days(content: bytes) -> array[int]:
    column = array("i")
    column.frombytes(content)
    return column


def _amounts(content: bytes | list[int]) -> Iterable[int]:
    if not isinstance(content, bytes):
        return content
    column = array("q")
    column.frombytes(content)
    return column
