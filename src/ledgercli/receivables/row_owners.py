"""Whose accounts a row of the ledger is on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

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


def reowned(rows: Iterable[TransactionRow], before: Identify, after: Identify) -> set[Key]:
    """Return the accounts that rows leave or come to when customers are told by ``after``."""
    keys_before, keys_after = RowOwners(before).keys, RowOwners(after).keys
    found: set[Key] = set()
    # Most rows have one line that says nothing of its own, and many of them are alike.
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        lines, shared = row[11], row[6]
        if len(lines) == 1 and not lines[0][3] and not (shared and "customer" in shared):
            plain = (lines[0][0], row[2], lines[0][2])
            if plain in seen:
                continue
            seen.add(plain)
        old, new = keys_before(row), keys_after(row)
        if old != new:
            found |= old | new
    return found


class FileDiff(NamedTuple):
    """What differs between two versions of a file.

    ``rows`` stand in one of them only (perhaps some others with them); ``moved`` are those that
    stand in other lines and are else the same, by the line in which they began.
    """

    rows: list[TransactionRow]
    moved: dict[int, TransactionRow]


def file_diff(before: Sequence[TransactionRow], after: Sequence[TransactionRow]) -> FileDiff:
    """Return what differs between the rows of two versions of a file."""
    moved: dict[int, TransactionRow] = {}
    shorter = min(len(before), len(after))
    first = _count_same(zip(before, after, strict=False), shorter, moved)
    backwards = zip(reversed(before), reversed(after), strict=False)
    last = _count_same(backwards, shorter - first, moved)
    return FileDiff([*before[first : len(before) - last], *after[first : len(after) - last]], moved)


def _count_same(
    pairs: Iterable[tuple[TransactionRow, TransactionRow]],
    count_max: int,
    moved: dict[int, TransactionRow],
) -> int:
    """Return how many pairs are the same from the first on, and note which of them have moved."""
    for count, (old, new) in enumerate(islice(pairs, count_max)):
        if old != new:
            if not _is_moved(old, new):
                return count
            moved[old[10]] = new
    return count_max


def _is_moved(old: TransactionRow, new: TransactionRow) -> bool:
    """Return whether two rows of a file are the same but for their lines."""
    return (
        old[:10] == new[:10]
        and len(old[11]) == len(new[11])
        and all(
            mine[:4] == other[:4] and mine[5] == other[5]
            for mine, other in zip(old[11], new[11], strict=True)
        )
    )
