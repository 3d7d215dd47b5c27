"""Buckets: the parts that customers are sorted into, so that their rows are found together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ledgercli.desk.ledger_source import SHARED, bucket_of
from ledgercli.model.ledger_rows import TransactionRow
from ledgercli.receivables.identity import Directory
from ledgercli.receivables.row_owners import Key, RowOwners

#: So many rows are looked at again when one of them changes.
_ROWS_PER_BUCKET = 2000
_BUCKETS_MAX = 64


def bucket_count(rows: int) -> int:
    """Return how many buckets are right for so many rows."""
    return min(_BUCKETS_MAX, rows // _ROWS_PER_BUCKET + 1)


class Buckets:
    """Sorts rows into buckets by whose they are."""

    def __init__(self, directory: Directory, number: int) -> None:
        """Take what tells whose accounts are, and how many buckets."""
        self._number = number
        # Most rows have one line that says nothing of its own, and many of them are alike: by
        # account where that alone tells whose they are, else by account and payee.
        self._told: dict[str, str] = {}
        self._plain: dict[tuple[str, str], str] = {}
        self.directory = directory
        self.identify = lambda *asked: directory.identify(*asked).customer
        self.keys = RowOwners(self.identify).keys

    def sorted_out(self, rows: Iterable[TransactionRow]) -> dict[str, list[TransactionRow]]:
        """Return the rows by bucket, in their order."""
        told, plain = self._told, self._plain
        found: defaultdict[str, list[TransactionRow]] = defaultdict(list)
        for row in rows:
            lines, shared = row[11], row[6]
            account, _, _, own, _, _ = lines[0]
            # Those that say whose they are, or are of several, are not among the plain ones.
            if own or len(lines) > 1 or (shared and "customer" in shared):
                bucket = self.of(row)
            else:
                bucket = told.get(account) or plain.get((account, row[2])) or self.of(row)
            found[bucket].append(row)
        return found

    def of(self, row: TransactionRow) -> str:
        """Return the bucket of ``row``."""
        lines, shared = row[11], row[6]
        if len(lines) == 1 and not lines[0][3] and not (shared and "customer" in shared):
            account, payee = lines[0][0], row[2]
            found = self._told.get(account) or self._plain.get((account, payee))
            if found is None:
                match = self.directory.identify(None, None, account, payee)
                found = bucket_of(match.customer, self._number)
                if match.of_account:
                    self._told[account] = found
                else:
                    self._plain[account, payee] = found
            return found
        keys = self.keys(row)
        return self.of_key(*keys) if len(keys) == 1 else SHARED

    def of_key(self, key: Key) -> str:
        """Return the bucket of the rows on one account alone."""
        return bucket_of(key[0], self._number)
