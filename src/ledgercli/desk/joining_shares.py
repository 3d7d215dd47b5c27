"""Records and ledger joined by all processes that read its files, each for a share of customers.

Rows are sorted out where they were read, by whose they are, into a part for each bucket; a part
goes to the process of its bucket as bytes, which are kept as rows of the file as well. What settles
a row, and what is open of it, depends on the rows of its own account alone (see ``joining``): so
each process nets, sums and packs its share by itself, a bucket at a time. Rows of a bucket are made
of their bytes when its turn comes: then they lie together in memory, which saves more than it
costs. Rows on the accounts of several customers go to all.
"""

from __future__ import annotations

import datetime as dt
import marshal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from ledgercli.books.channel import Channel
from ledgercli.books.proof.many import Crew, Hand
from ledgercli.books.proof.summary import FileSummary, RowsLostError
from ledgercli.books.store.keeping import content_digest
from ledgercli.books.store.records import KeptOpens, dump, load, packed_opens
from ledgercli.desk.book_records import Records
from ledgercli.desk.buckets import Buckets, bucket_count
from ledgercli.desk.joining import Joined
from ledgercli.desk.ledger_source import SHARED, Chunk, LedgerSource, bucket_of, by_month
from ledgercli.desk.summary_store import KeptSummary, accounts_parts, as_kept
from ledgercli.model.customer import Customer
from ledgercli.model.ledger import LedgerView
from ledgercli.model.ledger_rows import TransactionRow
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.receivables.identity import Directory
from ledgercli.receivables.netting import NEVER, settled_days
from ledgercli.receivables.open_columns import OpenColumns
from ledgercli.receivables.row_owners import Key

if TYPE_CHECKING:
    from ledgercli.books.proof.ledger import ProvenLedger
    from ledgercli.model.terms import EventName

Rows = list[TransactionRow]
#: The rows of a file in bytes, by bucket.
Parts = Mapping[str, bytes]
#: A chunk: its key, its first and last day, its rows in bytes, and the SHA-256 of these.
PackedChunk = tuple[str, int, int, bytes, bytes]
#: The fields of a ``KeptSummary``; None where it rests on what is not kept.
Sums = tuple[Any, ...] | None
#: What a process makes of its share: chunks, sums, and accounts as ``desk.summary_store`` has them.
Result = tuple[list[PackedChunk], Sums, Mapping[tuple[str, str], bytes]]


class _Brief(NamedTuple):
    """What all processes go by.

    ``settings`` tell documents, ``ranks`` orders the files, ``buckets`` and ``processes`` are
    numbers, ``as_of`` is the day of the sums.
    """

    settings: ReceivablesSettings
    facts: LedgerView
    ranks: Mapping[str, int]
    buckets: int
    processes: int
    as_of: dt.date


def do_share(
    files: Mapping[str, FileSummary],
    channel: Channel,
    at_hand: tuple[Customer, ...] | None = None,
) -> None:
    """Do what a process does that has read some files of a ledger, and perhaps the customers."""
    content, opens, customers, index = channel.receive()
    brief = _Brief(*load(content))
    brief = brief._replace(facts=replace(brief.facts, opens=KeptOpens(opens)))
    share = Share(brief, load(customers) if at_hand is None else at_hand, index)
    # A pipe holds little, and the parent listens when its own share is done: to say something
    # before all is done would be to wait, and not to listen would be to let it wait.
    channel.send_all(list(share.sort_out(files)))
    share.take(list(channel.receive_all()))
    chunks, sums = list(share.chunks()), share.sums()
    channel.send_all(chunks)
    channel.send(sums)


def joined_in_shares(
    records: Records, ledger: ProvenLedger, crew: Crew, as_of: dt.date
) -> Joined | None:
    """Return records and ledger joined by this process and the ``crew``, with sums of ``as_of``.

    None where there is nobody to share with, or more to it than sharing can do. Raise RowsLostError
    where a process has ended before its time.
    """
    hands = [hand for hand in crew.hands if hand.has_read]
    if not hands or records.inferred or ledger.is_padded:
        return None
    buckets, ranks = bucket_count(ledger.row_count), ledger.ranks()
    settings, processes = records.settings.receivables, len(hands) + 1
    brief = _Brief(settings, ledger.facts, ranks, buckets, processes, as_of)
    try:
        results = _results(records, ledger, hands, brief)
    except (OSError, EOFError, ValueError, TypeError):
        raise RowsLostError from None
    made = [
        (Chunk(key, first, settled), rows)
        for chunks, _, _ in results
        for key, first, settled, rows, _ in chunks
    ]
    digests = {chunk[0]: chunk[4] for chunks, _, _ in results for chunk in chunks}
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
    summary = _whole([sums for _, sums, _ in results])
    accounts = {name: part for _, _, parts in results for name, part in parts.items()}
    return Joined(
        records,
        source,
        dict(made),
        buckets=buckets,
        summary=summary,
        accounts=accounts,
        digests=digests,
    )


def _results(
    records: Records, ledger: ProvenLedger, hands: Sequence[Hand], brief: _Brief
) -> list[Result]:
    """Return what each process makes of its share; raise OSError or EOFError where one has ended.

    Each waits in turn for what the others say, so that nobody waits for somebody who waits for him.
    """
    opens = packed_opens(brief.facts.opens)
    content = dump(tuple(brief._replace(facts=replace(brief.facts, opens={}))))
    for index, hand in enumerate(hands, 1):
        customers = b"" if hand.had_errand else dump(records.customers)
        hand.begin_task()
        hand.channel.send((content, opens, customers, index))
    ledger.note_facts()
    theirs = {path for hand in hands for path in hand.summaries}
    summaries = ledger.summaries
    share = Share(brief, records.customers, 0)
    own = {path: made for path, made in summaries.items() if path not in theirs}
    parts = [dict(share.sort_out(own))]
    for hand in hands:
        parts.append(dict(hand.channel.receive_all()))
        for path, rows in parts[-1].items():
            summaries[path].hold([*rows.values()])
    for index, hand in enumerate(hands, 1):
        hand.channel.send_all(share.of_others(parts, index))
    share.take(share.of_others(parts, 0))
    found: list[Result] = [(list(share.chunks()), *share.sums())]
    for hand in hands:
        found.append((list(hand.channel.receive_all()), *hand.channel.receive()))  # noqa: PERF401
    return found


def _whole(shares: Sequence[Sums]) -> KeptSummary | None:
    """Return the summary of all shares."""
    found = [KeptSummary(*sums) for sums in shares if sums]
    if len(found) < len(shares):
        return None

    def together(parts: Iterable[Mapping[Key, Any]]) -> dict[Key, Any]:
        return dict(sorted(pair for part in parts for pair in part.items()))

    return KeptSummary(
        found[0].as_of,
        OpenColumns.together(OpenColumns.of_kept(part.lines) for part in found).kept(),
        all(part.tie_out for part in found),
        together(part.balances for part in found),
        together(part.deposits for part in found),
        together(part.unallocated for part in found),
        together(part.rounding for part in found),
    )


def _rows_in(parts: Iterable[bytes]) -> Rows:
    """Return the rows in parts that our own processes have made."""
    return [row for part in parts for row in marshal.loads(part)]  # noqa: S302 - see above


def _packed(chunks: Mapping[Chunk, Rows]) -> Iterator[PackedChunk]:
    for head, rows in chunks.items():
        content = marshal.dumps(rows)
        yield head.key, head.first, head.settled, content, content_digest(content)


def _owners(buckets: int, processes: int) -> dict[str, int]:
    """Return which process each bucket falls to; the number behind the last is that of all."""
    owners = {str(bucket): bucket % processes for bucket in range(buckets)}
    return owners | {SHARED: processes}


class Share:
    """The rows of the customers that fall to process ``index``, by bucket."""

    def __init__(self, brief: _Brief, customers: Sequence[Customer], index: int) -> None:
        """Begin with no rows."""
        self.brief = brief
        self.index = index
        self.customers = customers
        self.buckets = Buckets(Directory(customers, brief.facts.opens), brief.buckets)
        self._owners = _owners(brief.buckets, brief.processes)
        own = [bucket for bucket, owner in self._owners.items() if owner == index]
        self._parts: dict[str, list[bytes]] = {bucket: [] for bucket in (*own, SHARED)}
        self._lasting: Rows = []
        self._left: Rows = []

    def sort_out(self, files: Mapping[str, FileSummary]) -> Iterator[tuple[str, Parts]]:
        """Take the rows in ``files`` that fall to this process; yield all, file by file."""
        for path, summary in files.items():
            rows = self.buckets.sorted_out(summary.rows())
            parts = {bucket: marshal.dumps(part) for bucket, part in rows.items()}
            summary.hold([*parts.values()])
            self.take((bucket, parts[bucket]) for bucket in self._parts.keys() & parts.keys())
            yield path, parts

    def of_others(
        self, parts: Sequence[Mapping[str, Parts]], index: int
    ) -> Iterator[tuple[str, bytes]]:
        """Yield the parts that the process ``index`` gets of the rows that others have read."""
        for number, files in enumerate(parts):
            if number != index:
                for file in files.values():
                    for bucket, part in file.items():
                        if bucket == SHARED or self._owners[bucket] == index:
                            yield bucket, part

    def take(self, parts: Iterable[tuple[str, bytes]]) -> None:
        """Take parts with rows that fall to this process, each with its bucket."""
        for bucket, part in parts:
            self._parts[bucket].append(part)

    def chunks(self) -> Iterator[PackedChunk]:
        """Yield what becomes of the rows; those of several customers are of the first process.

        Nothing but what is not settled yet is known of them afterwards.
        """
        day = self.brief.as_of.toordinal()
        shared = _rows_in(self._parts.pop(SHARED))
        self._left = list(shared)
        if shared and not self.index:
            # They are never settled without a look at all of their accounts.
            yield from _packed(by_month(SHARED, shared, repeat(NEVER, len(shared))))
        touching = self._by_bucket(shared)
        while self._parts:
            bucket, parts = self._parts.popitem()
            rows = _rows_in(parts)
            settled = settled_days([*rows, *touching.get(bucket, ())], self.buckets.identify)
            del settled[len(rows) :]
            dated = list(zip(rows, settled, strict=True))
            self._lasting += [row for row, since in dated if since == NEVER]
            self._left += [row for row, since in dated if since > day]
            yield from _packed(by_month(bucket, rows, settled))

    def _by_bucket(self, shared: Rows) -> dict[str, Rows]:
        """Return rows of several customers by the buckets of these."""
        found: dict[str, Rows] = {}
        for row in shared:
            for bucket in {self.buckets.of_key(key) for key in self.buckets.keys(row)}:
                found.setdefault(bucket, []).append(row)
        return found

    def sums(self) -> tuple[Sums, Mapping[tuple[str, str], bytes]]:
        """Return the sums of what is left of the rows, and accounts, see ``desk.summary_store``."""
        from ledgercli.receivables.summing import Summing

        asked: list[str] = []

        def recorded(_key: Key, number: str, _event: EventName, _day: dt.date) -> None:
            asked.append(number)

        brief = self.brief
        summing = Summing.of(brief.facts, self.customers, brief.settings, brief.as_of, recorded)
        summing.take(self._lasting)
        accounts = accounts_parts(summing.open_accounts(self._bucket_of))
        summing.take(self._left)
        found = summing.summary(self._sort)
        # What rests on activity log and orders is not kept: they are not watched.
        return None if asked else tuple(as_kept(found.where(self._is_own))), accounts

    def _bucket_of(self, customer: str) -> str:
        return bucket_of(customer, self.brief.buckets)

    def _is_own(self, key: Key) -> bool:
        return self._owners[self._bucket_of(key[0])] == self.index

    def _sort(self, rows: Rows) -> None:
        """Put ``rows`` into the ledger's order."""
        ranks = self.brief.ranks
        rows.sort(key=lambda row: (row[0], row[10], ranks[row[9]]))
