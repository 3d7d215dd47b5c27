"""The ledger of open books: its facts at once, of its postings as many as a question needs."""

from __future__ import annotations

import contextlib
import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any, Protocol
from zlib import crc32

from ledgercli.model.ledger import LedgerView
from ledgercli.model.ledger_rows import TransactionRow, with_rows
from ledgercli.model.record import dataclass
from ledgercli.receivables.summary import Summary

if TYPE_CHECKING:
    from ledgercli.receivables.open_accounts import OpenAccounts

#: The key of a ledger in one chunk.
WHOLE = ""
#: The bucket of rows on the accounts of several customers, or in several currencies.
SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Transactions of some customers that were settled in one month, or never.

    ``first`` is the day of the first of them, ``settled`` the last day on which one was settled,
    both as ordinals; 0 for those that are never settled without a look at all of their account.
    """

    key: str
    first: int
    settled: int

    @property
    def bucket(self) -> str:
        """Return the part of the customers that they are of."""
        return self.key.partition("/")[0]

    def matters(self, day: int) -> bool:
        """Return whether one of them may matter to what is open at the end of ``day``."""
        return self.first <= day and (not self.settled or day < self.settled)


class KeptSummary(Protocol):
    """A summary as it is kept, as of a day as an ordinal."""

    @property
    def as_of(self) -> int: ...  # noqa: D102 - see the class
    def summary(self) -> Summary:
        """Return the summary; raise ValueError where it is damaged."""


class RowsGoneError(Exception):
    """Chunks of a ledger are lost, and the whole of it is in their place."""


#: The name of the summary that most ask for: that of today.
LATEST = ""

Rows = Sequence[TransactionRow]
Fetch = Callable[[Iterable[str]], Mapping[str, Rows]]
"""Gives chunks by key; raises KeyError or ValueError where they are lost."""


@dataclass(slots=True)
class LedgerSource:
    """A ledger in chunks that are fetched when they are asked for.

    ``facts`` is the view without postings; ``ranks`` says of each file when it was read, which
    orders transactions of one day and line. ``days`` are those on which a position may change, see
    :func:`ledgercli.model.ledger_rows.turning_days`. ``reread`` gives all rows where chunks are
    lost. ``kept_summary`` and ``put_summary`` give and take summaries of positions: by name that of
    a past day, and without a name the latest. ``open_accounts`` gives accounts by bucket, with all
    of their rows that are never settled.
    ``buckets`` is the number of parts that customers are sorted into, see :func:`bucket_of`.
    """

    facts: LedgerView
    ranks: Mapping[str, int]
    days: Sequence[int]
    chunks: Sequence[Chunk]
    fetch: Fetch
    reread: Callable[[], Rows]
    buckets: int
    kept_summary: Callable[[str], KeptSummary | None] = lambda _: None
    put_summary: Callable[[str, Summary], object] = lambda _name, _summary: None
    open_accounts: Callable[[], Mapping[str, OpenAccounts]] = dict
    _fetched: dict[str, Rows] = field(default_factory=dict)
    _whole: LedgerView | None = None

    def view(self) -> LedgerView:
        """Return the view with all postings."""
        if self._whole is None:
            rows = self._rows(self.chunks)
            self.sort(rows)
            self._whole = with_rows(self.facts, rows)
            # Rows of all postings take as much memory as the view; they can be fetched again.
            if WHOLE not in self._fetched:
                self._fetched.clear()
        return self._whole

    def hold(self, view: LedgerView) -> None:
        """Take the view with all postings, where it is there already."""
        self._whole = view

    def view_of(
        self,
        customers: Collection[str],
        identify: Callable[[str | None, str | None, str, str], str],
    ) -> LedgerView:
        """Return the view with the transactions that have a posting of one of ``customers``.

        ``identify`` tells whose it is by the `customer:` of posting and transaction, the account
        and the payee, as it did for the chunks.
        """
        buckets = {WHOLE, SHARED, *(bucket_of(customer, self.buckets) for customer in customers)}
        chunks = [chunk for chunk in self.chunks if chunk.key.partition("/")[0] in buckets]

        def wanted(*asked: Any) -> bool:  # noqa: ANN401 - what `identify` takes
            return identify(*asked) in customers

        rows = [row for row in self._rows(chunks) if _has(row, wanted)]
        self.sort(rows)
        return with_rows(self.facts, rows)

    def unsettled(self, as_of: dt.date) -> LedgerView:
        """Return the view with the postings that matter to what is open at the end of ``as_of``."""
        rows = self.unsettled_rows(as_of)
        self.sort(rows)
        return with_rows(self.facts, rows)

    def unsettled_rows(self, as_of: dt.date) -> list[TransactionRow]:
        """Return the rows that matter to what is open at the end of ``as_of``, in no order."""
        day = as_of.toordinal()
        return self._rows([chunk for chunk in self.chunks if chunk.matters(day)])

    def unsettled_parts(self, as_of: dt.date) -> tuple[list[OpenAccounts], list[TransactionRow]]:
        """Return what matters at the end of ``as_of``: accounts that are kept, and all other rows.

        Raise RowsGoneError where rows are lost.
        """
        day = as_of.toordinal()
        kept = {name: part for name, part in self.open_accounts().items() if day <= part.until}
        chunks = [
            chunk
            for chunk in self.chunks
            if chunk.matters(day) and (chunk.settled or chunk.bucket not in kept)
        ]
        return list(kept.values()), self._rows_there(chunks)

    def lasting_rows(self, customers: Collection[str]) -> list[TransactionRow]:
        """Return rows that are never settled, all that are of ``customers`` among them.

        But for those on several accounts. Raise RowsGoneError where rows are lost.
        """
        buckets = {bucket_of(customer, self.buckets) for customer in customers}
        return self._rows_there(
            [chunk for chunk in self.chunks if not chunk.settled and chunk.bucket in buckets]
        )

    def _rows_there(self, chunks: Sequence[Chunk]) -> list[TransactionRow]:
        rows = self._rows(chunks)
        if self.chunks and self.chunks[0].key == WHOLE:
            raise RowsGoneError
        return rows

    def unsettled_rows_between(self, first: dt.date, last: dt.date) -> list[TransactionRow]:
        """Return the rows that matter to what is open at the end of some day up to ``last``.

        In no order; a few that do not matter on one day or the other are among them.
        """
        start, end = first.toordinal(), last.toordinal()
        return self._rows(
            [
                chunk
                for chunk in self.chunks
                if chunk.first <= end and (not chunk.settled or start < chunk.settled)
            ]
        )

    def settled_rows(self, as_of: dt.date) -> list[TransactionRow]:
        """Return the other rows: those that were settled by the end of ``as_of``, or are later."""
        day = as_of.toordinal()
        # Where chunks are lost there is one instead, of which nothing is known to be settled.
        self._rows(self.chunks)
        return self._rows([chunk for chunk in self.chunks if not chunk.matters(day)])

    def sort(self, rows: list[TransactionRow]) -> None:
        """Put ``rows`` into the ledger's order."""
        ranks = self.ranks
        rows.sort(key=lambda row: (row[0], row[10], ranks.get(row[9], 0)))

    def summary(self, as_of: dt.date) -> Summary | None:
        """Return the summary at the end of ``as_of`` if it is kept, as of a day equal to it."""
        period = self.period(as_of)
        for name in (str(period), LATEST):
            found = self.kept_summary(name)
            if found and self._period_of(found.as_of) == period:
                with contextlib.suppress(ValueError):
                    return found.summary()
        return None

    def keep_summary(self, summary: Summary) -> None:
        """Keep ``summary``: as the latest, or as that of a past day where one of a later day is."""
        found, period = self.kept_summary(LATEST), self.period(summary.as_of)
        is_latest = found is None or self._period_of(found.as_of) < period
        self.put_summary(LATEST if is_latest else str(period), summary)

    def period(self, day: dt.date) -> int:
        """Return a number that days share between which nothing was posted, or happened."""
        return self._period_of(day.toordinal())

    def _period_of(self, day: int) -> int:
        return bisect_right(self.days, day)

    def _rows(self, chunks: Sequence[Chunk]) -> list[TransactionRow]:
        missing = [chunk.key for chunk in chunks if chunk.key not in self._fetched]
        try:
            self._fetched.update(self.fetch(missing))
        except (KeyError, ValueError):
            chunks = self.chunks = (Chunk(WHOLE, 0, 0),)
            self._fetched = {WHOLE: self.reread()}
        return [row for chunk in chunks for row in self._fetched[chunk.key]]


def _has(row: TransactionRow, wanted: Callable[[str | None, str | None, str, str], bool]) -> bool:
    payee, shared = row[2], (row[6] or {}).get("customer")
    return any(
        wanted((metadata or {}).get("customer"), shared, account, payee)
        for account, _, _, metadata, _, _ in row[11]
    )


def bucket_of(customer: str, buckets: int) -> str:
    """Return in which of so many parts the rows are that are of this customer alone."""
    return str(crc32(customer.encode("utf-8", "surrogatepass")) % buckets)


def chunked(
    rows: Iterable[TransactionRow],
    settled: Iterable[int],
    bucket_of: Callable[[TransactionRow], str],
) -> dict[Chunk, list[TransactionRow]]:
    """Return ``rows`` by bucket and the month of the day each is settled, as ``settled`` says."""
    parts: dict[str, tuple[list[TransactionRow], list[int]]] = {}
    for row, day in zip(rows, settled, strict=True):
        bucket = bucket_of(row)
        part = parts.get(bucket)
        if part is None:
            part = parts[bucket] = ([], [])
        part[0].append(row)
        part[1].append(day)
    found: dict[Chunk, list[TransactionRow]] = {}
    for bucket, (some, days) in parts.items():
        found |= by_month(bucket, some, days)
    return found


def by_month(
    bucket: str, rows: Iterable[TransactionRow], settled: Iterable[int]
) -> dict[Chunk, list[TransactionRow]]:
    """Return the rows of a bucket by the month of the day each is settled, as ``settled`` says.

    Those that never are come by half years of their own day: a past day needs none that are later.
    """
    parts: dict[int, list[TransactionRow]] = {}
    last: dict[int, int] = {}
    for row, day in zip(rows, settled, strict=True):
        # Months of 30 days will do; that of a calendar would cost a date for each row.
        month = day // 30 + 1 if day else -(row[0] // 180)
        part = parts.get(month)
        if part is None:
            part = parts[month] = []
            last[month] = day
        part.append(row)
        if day > last[month]:  # noqa: PLR1730 - quicker
            last[month] = day
    return {
        Chunk(f"{bucket}/{month}", min([row[0] for row in part]), last[month]): part
        for month, part in parts.items()
    }
