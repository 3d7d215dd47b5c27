"""Records and ledger joined by all processes that read its files, each for a share of customers.

Rows are sorted out where they were read, by whose they are, into a part for each process; a part
goes to its process as bytes, which are kept as rows of the file as well. What settles a row, and
what is open of it, depends on the rows of its own account alone (see ``joining``): so each process
nets, sums and packs its share by itself. Rows on the accounts of several customers go to all.
"""

from __future__ import annotations

import datetime as dt
import marshal
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from ledgercli.books.channel import Channel
from ledgercli.books.proof.many import Crew, Hand, Task
from ledgercli.books.proof.summary import FileSummary, RowsLostError
from ledgercli.books.store.records import dump, load
from ledgercli.desk.book_records import Records
from ledgercli.desk.buckets import Buckets, bucket_count
from ledgercli.desk.joining import Joined
from ledgercli.desk.ledger_source import SHARED, Chunk, LedgerSource, bucket_of, chunked
from ledgercli.desk.summary_store import KeptSummary, as_kept
from ledgercli.model.ledger import LedgerView
from ledgercli.model.ledger_rows import TransactionRow
from ledgercli.model.record import dataclass
from ledgercli.receivables.identity import Directory
from ledgercli.receivables.netting import NEVER, settled_days
from ledgercli.receivables.open_columns import OpenColumns
from ledgercli.receivables.row_owners import Key

if TYPE_CHECKING:
    from ledgercli.books.proof.ledger import ProvenLedger
    from ledgercli.model.terms import EventName

Rows = list[TransactionRow]
#: The rows of a file in bytes: a part for each process, and last the rows that go to all.
Parts = Sequence[bytes]
#: A chunk (key, first and last day, rows in bytes); sums as plain values, None where they rest on
#: what is not kept.
Result = tuple[list[tuple[str, int, int, bytes]], tuple[Any, ...] | None]


@dataclass(frozen=True, slots=True)
class _Brief:
    """What all processes go by.

    ``ranks`` orders the files, ``buckets`` and ``processes`` are numbers, ``as_of`` is the day of
    the sums.
    """

    facts: LedgerView
    ranks: Mapping[str, int]
    buckets: int
    processes: int
    as_of: dt.date


def share_of(records: Records) -> Task:
    """Return what a process does that has read some files of the ledger that ``records`` join."""

    def task(files: Mapping[str, FileSummary], channel: Channel) -> None:
        content, index = channel.receive()
        share = Share(records, _Brief(*load(content)), index)
        channel.send(share.sort_out(files))
        share.take(channel.receive())
        channel.send(share.result())

    return task


def joined_in_shares(
    records: Records, ledger: ProvenLedger, crew: Crew, as_of: dt.date
) -> Joined | None:
    """Return records and ledger joined by this process and the ``crew``, with sums of ``as_of``.

    None where there is nobody to share with, or more to it than sharing can do. Raise RowsLostError
    where a process has ended before its time.
    """
    hands = [hand for hand in crew.hands if hand.summaries]
    if not hands or records.inferred or ledger.is_padded:
        return None
    buckets, ranks = bucket_count(ledger.row_count), ledger.ranks()
    brief = _Brief(ledger.facts, ranks, buckets, len(hands) + 1, as_of)
    try:
        results = _results(records, ledger, hands, brief)
    except (OSError, EOFError, ValueError, TypeError):
        raise RowsLostError from None
    made = [
        (Chunk(key, first, settled), rows)
        for chunks, _ in results
        for key, first, settled, rows in chunks
    ]
    contents = {head.key: rows for head, rows in made}
    source = LedgerSource(
        ledger.facts,
        ranks,
        ledger.turning_days(),
        [head for head, _ in made],
        lambda keys: {key: marshal.loads(contents[key]) for key in keys},  # noqa: S302 - our own
        lambda: ledger.ledger().rows,
        buckets,
    )
    summary = _whole([sums for _, sums in results])
    return Joined(records, source, dict(made), buckets=buckets, summary=summary)


def _results(
    records: Records, ledger: ProvenLedger, hands: Sequence[Hand], brief: _Brief
) -> list[Result]:
    """Return what each process makes of its share; raise OSError or EOFError where one has ended.

    Each waits in turn for what the others say, so that nobody waits for somebody who waits for him.
    """
    fields = (brief.facts, brief.ranks, brief.buckets, brief.processes, brief.as_of)
    content = dump(fields)
    for index, hand in enumerate(hands, 1):
        hand.begin_task()
        hand.channel.send((content, index))
    theirs = {path for hand in hands for path in hand.summaries}
    summaries = ledger.summaries
    share = Share(records, brief, 0)
    own = share.sort_out({path: made for path, made in summaries.items() if path not in theirs})
    parts: list[Mapping[str, Parts]] = [own]
    for hand in hands:
        parts.append(hand.channel.receive())
        for path, rows in parts[-1].items():
            summaries[path].hold(rows)
    for index, hand in enumerate(hands, 1):
        hand.channel.send(_from_others(parts, index))
    share.take(_from_others(parts, 0))
    return [share.result(), *(hand.channel.receive() for hand in hands)]


def _from_others(parts: Sequence[Mapping[str, Parts]], index: int) -> list[bytes]:
    """Return what the process ``index`` gets of the rows that others have read."""
    others = [
        rows for number, files in enumerate(parts) if number != index for rows in files.items()
    ]
    return [part for _, rows in others for part in (rows[index], rows[-1])]


def _whole(shares: Sequence[tuple[Any, ...] | None]) -> KeptSummary | None:
    """Return the summary of all shares."""
    found = [KeptSummary(*sums) for sums in shares if sums]
    if len(found) < len(shares):
        return None

    def together(parts: Iterable[Mapping[Key, Any]]) -> dict[Key, Any]:
        return dict(sorted(pair for part in parts for pair in part.items()))

    return KeptSummary(
        found[0].as_of,
        reduce(_beside, (OpenColumns.of_kept(part.lines) for part in found)).kept(),
        all(part.tie_out for part in found),
        together(part.balances for part in found),
        together(part.deposits for part in found),
        together(part.unallocated for part in found),
        together(part.rounding for part in found),
    )


def _beside(one: OpenColumns, other: OpenColumns) -> OpenColumns:
    """Return the open lines of two shares, which have no account in common."""
    return one.replaced(set(other), other)


class Share:
    """The rows of the customers that fall to process ``index``."""

    def __init__(self, records: Records, brief: _Brief, index: int) -> None:
        """Begin with no rows."""
        self.records = records
        self.brief = brief
        self.index = index
        self.buckets = Buckets(Directory(records.customers, brief.facts.opens), brief.buckets)
        self.rows: Rows = []
        self._owners = {str(one): one % brief.processes for one in range(brief.buckets)}
        self._owners[SHARED] = brief.processes

    def sort_out(self, files: Mapping[str, FileSummary]) -> dict[str, Parts]:
        """Take the rows in ``files`` that fall to this process; return all by whose they are."""
        found: dict[str, Parts] = {}
        owners, bucket_of_row, count = self._owners, self.buckets.of, self.brief.processes
        for path, summary in files.items():
            parts: list[Rows] = [[] for _ in range(count + 1)]
            for row in summary.rows():
                parts[owners[bucket_of_row(row)]].append(row)
            self.rows += parts[self.index]
            self.rows += parts[-1]
            found[path] = [marshal.dumps(part) for part in parts]
            summary.hold(found[path])
        return found

    def take(self, parts: Iterable[bytes]) -> None:
        """Take rows that others have read."""
        for part in parts:
            self.rows += marshal.loads(part)  # noqa: S302 - bytes of our own processes

    def result(self) -> Result:
        """Return what becomes of the rows; those of several customers are of the first process."""
        rows = self.rows
        self._sort(rows)
        settled = settled_days(rows, self.buckets.identify)
        chunks = [
            (head.key, head.first, head.settled, marshal.dumps(part))
            for head, part in chunked(rows, settled, self.buckets.of).items()
            if not self.index or head.key.partition("/")[0] != SHARED
        ]
        day = self.brief.as_of.toordinal()
        left = [
            row for row, since in zip(rows, settled, strict=True) if since == NEVER or since > day
        ]
        return chunks, self._sums(left)

    def _sums(self, rows: Rows) -> tuple[Any, ...] | None:
        from ledgercli.receivables.summing import summarize

        asked: list[str] = []

        def recorded(_key: Key, number: str, _event: EventName, _day: dt.date) -> None:
            asked.append(number)

        brief, settings = self.brief, self.records.settings.receivables
        customers = self.records.customers
        found = summarize(rows, brief.facts, customers, settings, brief.as_of, self._sort, recorded)
        # What rests on activity log and orders is not kept: they are not watched.
        return None if asked else tuple(as_kept(found.where(self._is_own)))

    def _is_own(self, key: Key) -> bool:
        return self._owners[bucket_of(key[0], self.brief.buckets)] == self.index

    def _sort(self, rows: Rows) -> None:
        """Put ``rows`` into the ledger's order."""
        ranks = self.brief.ranks
        rows.sort(key=lambda row: (row[0], row[10], ranks[row[9]]))
