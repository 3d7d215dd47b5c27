"""The ledger of open books: its facts at once, of its postings as many as a question needs."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field

from ledgercli.model.ledger import LedgerView
from ledgercli.model.ledger_rows import TransactionRow, with_rows
from ledgercli.model.record import dataclass
from ledgercli.model.terms import EVENT_KEYS
from ledgercli.receivables.summary import Summary

#: The transactions that are never settled without a look at all of their account.
OPEN = ""
_EVENTS = frozenset(EVENT_KEYS.values())


@dataclass(frozen=True, slots=True)
class Chunk:
    """Transactions that were settled in one month, or never (``OPEN``).

    ``first`` is the day of the first of them, ``settled`` the last day on which one was settled,
    both as ordinals.
    """

    key: str
    first: int
    settled: int


Rows = Sequence[TransactionRow]
Fetch = Callable[[Iterable[str]], Mapping[str, Rows]]
"""Gives chunks by key; raises KeyError or ValueError where they are lost."""


@dataclass(slots=True)
class LedgerSource:
    """A ledger in chunks that are fetched when they are asked for.

    ``facts`` is the view without postings; ``ranks`` says of each file when it was read, which
    orders transactions of one day and line. ``days`` are those on which a position may change, see
    :func:`turning_days`. ``reread`` gives all rows where chunks are
    lost. ``kept_summary`` and ``put_summary`` give and take the latest summary of a position.
    """

    facts: LedgerView
    ranks: Mapping[str, int]
    days: Sequence[int]
    chunks: Sequence[Chunk]
    fetch: Fetch
    reread: Callable[[], Rows]
    kept_summary: Callable[[], Summary | None] = lambda: None
    put_summary: Callable[[Summary], object] = lambda _: None
    _fetched: dict[str, Rows] = field(default_factory=dict)
    _whole: LedgerView | None = None

    def view(self) -> LedgerView:
        """Return the view with all postings."""
        if self._whole is None:
            rows = self._rows(self.chunks)
            self.sort(rows)
            self._whole = with_rows(self.facts, rows)
        return self._whole

    def unsettled(self, as_of: dt.date) -> LedgerView:
        """Return the view with the postings that matter to what is open at the end of ``as_of``."""
        rows = self.unsettled_rows(as_of)
        self.sort(rows)
        return with_rows(self.facts, rows)

    def unsettled_rows(self, as_of: dt.date) -> list[TransactionRow]:
        """Return the rows that matter to what is open at the end of ``as_of``, in no order."""
        day = as_of.toordinal()
        return self._rows(
            [
                chunk
                for chunk in self.chunks
                if chunk.key == OPEN or (chunk.first <= day < chunk.settled)
            ]
        )

    def sort(self, rows: list[TransactionRow]) -> None:
        """Put ``rows`` into the ledger's order."""
        ranks = self.ranks
        rows.sort(key=lambda row: (row[0], row[10], ranks.get(row[9], 0)))

    def summary(self, as_of: dt.date) -> Summary | None:
        """Return the summary at the end of ``as_of`` if it is kept, as of a day equal to it."""
        found = self.kept_summary()
        return found if found and self._period(found.as_of) == self._period(as_of) else None

    def keep_summary(self, summary: Summary) -> None:
        """Keep ``summary`` unless that of a later day is kept: most ask for today."""
        found = self.kept_summary()
        if found is None or self._period(found.as_of) < self._period(summary.as_of):
            self.put_summary(summary)

    def _period(self, day: dt.date) -> int:
        """Return a number that days share between which nothing was posted, or happened."""
        return bisect_right(self.days, day.toordinal())

    def _rows(self, chunks: Sequence[Chunk]) -> list[TransactionRow]:
        missing = [chunk.key for chunk in chunks if chunk.key not in self._fetched]
        try:
            self._fetched.update(self.fetch(missing))
        except (KeyError, ValueError):
            chunks = self.chunks = (Chunk(OPEN, 0, 0),)
            self._fetched = {OPEN: self.reread()}
        return [row for chunk in chunks for row in self._fetched[chunk.key]]


def turning_days(rows: Iterable[TransactionRow]) -> list[int]:
    """Return the days on which a position may change, ascending ordinals.

    Those on which something was posted to a receivable or deposit account, or on which something
    happened that documents are due from.
    """
    listed = list(rows)
    days = {row[0] for row in listed}
    said = [row[6] for row in listed if row[6]]
    said += [line[3] for row in listed for line in row[11] if line[3]]
    for metadata in said:
        if not _EVENTS.isdisjoint(metadata):
            told = (metadata[key] for key in _EVENTS if key in metadata)
            days.update(dt.date.fromisoformat(text).toordinal() for text in told)
    return sorted(days)


def chunked(
    rows: Iterable[TransactionRow], settled: Iterable[int]
) -> dict[Chunk, list[TransactionRow]]:
    """Return ``rows`` by the month of the day each is settled, as ``settled`` says of it."""
    parts: dict[str, list[TransactionRow]] = {OPEN: []}
    last: dict[str, int] = {OPEN: 0}
    for row, day in zip(rows, settled, strict=True):
        # Months of 30 days will do; that of a calendar would cost a date for each row.
        key = str(day // 30) if day else OPEN
        parts.setdefault(key, []).append(row)
        last[key] = max(last.get(key, 0), day)
    return {
        Chunk(key, min((row[0] for row in part), default=0), last[key]): part
        for key, part in parts.items()
    }
