"""Whose accounts a row of the ledger is on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from ledgercli.model.ledger_rows import TransactionRow

Identify = Callable[[str | None, str | None, str, str], str]
"""Customer of a posting by its own `customer:`, the transaction's, its account, and the payee."""

Key = tuple[str, str]
"""A customer and a currency."""


class RowOwners:
    """Says of rows whose they are; most say nothing of it, and are looked up once."""

    def __init__(self, identify: Identify) -> None:
        """Begin with none known."""
        self._identify = identify
        self._plain: dict[tuple[str, str], str] = {}

    def customer(
        self,
        own: Mapping[str, str] | None,
        shared: Mapping[str, str] | None,
        account: str,
        payee: str,
    ) -> str:
        """Return the customer of a posting by its metadata, its transaction's, and the rest."""
        told = own.get("customer") if own else None
        said = shared.get("customer") if shared else None
        if told is not None or said is not None:
            return self._identify(told, said, account, payee)
        known = self._plain.get((account, payee))
        if known is None:
            known = self._plain[account, payee] = self._identify(None, None, account, payee)
        return known

    def keys(self, row: TransactionRow) -> frozenset[Key]:
        """Return the accounts that the receivables and deposits of ``row`` are on."""
        lines, shared, payee = row[11], row[6], row[2]
        return frozenset(
            [
                (self.customer(own, shared, account, payee), currency)
                for account, _, currency, own, _, _ in lines
            ]
        )


def differing(
    before: Sequence[TransactionRow], after: Sequence[TransactionRow]
) -> Iterator[TransactionRow]:
    """Yield the rows of a file that stand in one of its versions only, perhaps some others."""
    shorter = min(len(before), len(after))
    first = 0
    while first < shorter and before[first] == after[first]:
        first += 1
    last = 0
    while last < shorter - first and before[-1 - last] == after[-1 - last]:
        last += 1
    yield from before[first : len(before) - last]
    yield from after[first : len(after) - last]
