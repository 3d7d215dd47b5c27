"""What a process does that joins a share of the customers with their rows, see ``joining_shares``.

What settles a row, and what is open of it, depends on the rows of its own account alone (see
``joining``): so each process nets, sums and packs its share by itself, a bucket at a time. Rows of
a bucket are made of their bytes when its turn comes: then they lie together in memory, which saves
more than it costs. Rows on the accounts of several customers go to all.
"""

from __future__ import annotations

import datetime as dt
import marshal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import repeat
from typing import TYPE_CHECKING, Any

from ledgercli.books.channel import Channel
from ledgercli.books.proof.hands import UNSORTED, Parts
from ledgercli.books.proof.summary import rows_in
from ledgercli.books.shared_bytes import SharedBytes, Span
from ledgercli.books.store.keeping import content_digest
from ledgercli.books.store.records import KeptOpens, load
from ledgercli.desk.buckets import Buckets
from ledgercli.desk.kept_customers import KeptCustomers
from ledgercli.desk.ledger_source import SHARED, Chunk, bucket_of, by_month
from ledgercli.desk.summary_store import accounts_parts, as_kept
from ledgercli.model.ledger_rows import TransactionRow
from ledgercli.receivables.identity import Directory
from ledgercli.receivables.netting import NEVER, settled_days

if TYPE_CHECKING:
    from ledgercli.model.customer import Customer
    from ledgercli.model.ledger import LedgerView
    from ledgercli.model.receivables_settings import ReceivablesSettings
    from ledgercli.model.terms import EventName
    from ledgercli.receivables.row_owners import Key

Rows = list[TransactionRow]
#: A chunk: its key, its first and last day, where its rows lie in bytes, and their SHA-256.
PackedChunk = tuple[str, int, int, Span, bytes]
#: The fields of a ``KeptSummary``; None where it rests on what is not kept.
Sums = tuple[Any, ...] | None
#: Accounts as ``desk.summary_store`` has them.
AccountsParts = Mapping[tuple[str, str], bytes]
#: What a process makes of its share: chunks, sums, and accounts.
Result = tuple[list[PackedChunk], Sums, AccountsParts]


def own_buckets(buckets: int, index: int, processes: int) -> frozenset[str]:
    """Return the buckets that fall to one of some processes."""
    return frozenset(str(bucket) for bucket in range(index, buckets, processes))


def spans_in(own: frozenset[str], file: Parts) -> dict[str, Span]:
    """Return where the rows of a file lie in the buckets ``own``, and those that go to all."""
    return {
        bucket: span for bucket, span in file.named.items() if bucket in own or bucket == SHARED
    }


class ShareWork:
    """The work of a process that has read files, and perhaps the customers.

    Rows are left in ``shared``, as rows of their files and as those of customers.
    """

    def __init__(self, shared: SharedBytes, customers: tuple[Customer, ...] | None) -> None:
        """Begin without a briefing; ``customers`` None where another process has read them."""
        self._shared = shared
        self._customers = customers or ()
        self._buckets: Buckets | None = None
        self._number = 0
        self._own: frozenset[str] = frozenset()
        self._parts: list[Mapping[str, Span]] = []

    def begin(self, briefing: tuple[Sequence[bytes], tuple[bytes, int], int, int, int]) -> None:
        """Take what tells whose rows are, how many buckets there are, and which are its own.

        That is: customers, as far as they are not known, and opened accounts.
        """
        customers, opens, self._number, index, processes = briefing
        self._customers = self._customers or KeptCustomers(customers, {}).all()
        self._buckets = Buckets(Directory(self._customers, KeptOpens(opens)), self._number)
        self._own = own_buckets(self._number, index, processes)

    def parts(self, rows: Rows) -> Parts:
        """Return where rows lie, by bucket, or in one part as long as there was no briefing."""
        if self._buckets is None:
            return Parts.written({UNSORTED: marshal.dumps(rows)}, self._shared)
        packed = {
            bucket: marshal.dumps(part) for bucket, part in self._buckets.sorted_out(rows).items()
        }
        found = Parts.written(packed, self._shared)
        self._parts.append(spans_in(self._own, found))
        return found

    def go_on(self, channel: Channel) -> None:
        """Sort what is still to be sorted, then join the share that falls to this process."""
        # Needed at the end: it is loaded while there is nothing to do but to wait.
        import ledgercli.receivables.summing  # noqa: F401

        opens, day, is_sorted = channel.receive()
        known = KeptOpens(opens)
        if not is_sorted or self._buckets is None:
            self._buckets = Buckets(Directory(self._customers, known), self._number)
            self._parts = []
        # Else what opened accounts say of customers is known already.
        buckets = self._buckets
        # A pipe holds little: to speak before all is heard would be to wait for each other.
        files = [
            (path, self._shared.read(packed) if isinstance(packed, tuple) else packed)
            for path, packed in channel.receive_all()
        ]
        channel.send_all([(path, tuple(self.parts(rows_in(packed)))) for path, packed in files])
        share = Share(self._shared, self._customers, buckets, day)
        share.take(self._parts)
        share.take(channel.receive_all())
        self._parts = []
        chunks = list(share.chunks(is_first="0" in self._own))
        # The parent listens when it has said this, and then to all at once.
        settings, facts, ranks = load(channel.receive())
        channel.send((chunks, None))
        sums = share.sums(settings, replace(facts, opens=known), ranks, self._own, self._number)
        channel.send(((), sums))


class Share:
    """The rows of the customers in some ``buckets``; ``day`` is that of the sums, as an ordinal."""

    def __init__(
        self, shared: SharedBytes, customers: Sequence[Customer], buckets: Buckets, day: int
    ) -> None:
        """Begin with no rows; all lie in ``shared``, and so do the chunks made of them."""
        self._shared = shared
        self._customers = customers
        self._buckets = buckets
        self._day = day
        self._parts: dict[str, list[Span]] = {SHARED: []}
        self._lasting: Rows = []
        self._left: Rows = []

    def take(self, files: Iterable[Mapping[str, Span]]) -> None:
        """Take rows of files, told by where they lie."""
        for parts in files:
            for bucket, part in parts.items():
                self._parts.setdefault(bucket, []).append(part)

    def chunks(self, *, is_first: bool) -> Iterator[PackedChunk]:
        """Yield what becomes of the rows; those of several customers are of the first process.

        Nothing but what is not settled yet is known of them afterwards.
        """
        shared = self._rows_in(self._parts.pop(SHARED))
        self._left = list(shared)
        if shared and is_first:
            # They are never settled without a look at all of their accounts.
            yield from self._written(by_month(SHARED, shared, repeat(NEVER, len(shared))))
        touching = self._by_bucket(shared)
        while self._parts:
            bucket, parts = self._parts.popitem()
            rows = self._rows_in(parts)
            settled = settled_days([*rows, *touching.get(bucket, ())], self._buckets.identify)
            del settled[len(rows) :]
            chunks = by_month(bucket, rows, settled)
            for head, part in chunks.items():
                if head.settled == NEVER:
                    self._lasting += part
                elif head.settled > self._day:
                    # What settled each other is settled on one day, so all of it is here.
                    self._left += part
            yield from self._written(chunks)

    def _rows_in(self, parts: Iterable[Span]) -> Rows:
        """Return the rows in parts that our own processes have made."""
        read = self._shared.read
        return [row for part in parts for row in marshal.loads(read(part))]  # noqa: S302

    def _written(self, chunks: Mapping[Chunk, Rows]) -> Iterator[PackedChunk]:
        for head, rows in chunks.items():
            content = marshal.dumps(rows)
            place = self._shared.write(content)
            yield head.key, head.first, head.settled, place, content_digest(content)

    def _by_bucket(self, shared: Rows) -> dict[str, Rows]:
        """Return rows of several customers by the buckets of these."""
        found: dict[str, Rows] = {}
        for row in shared:
            for bucket in {self._buckets.of_key(key) for key in self._buckets.keys(row)}:
                found.setdefault(bucket, []).append(row)
        return found

    def sums(
        self,
        settings: ReceivablesSettings,
        facts: LedgerView,
        ranks: Mapping[str, int],
        own: frozenset[str],
        number: int,
    ) -> tuple[Sums, AccountsParts]:
        """Return the sums of what is left of the rows, and accounts, see ``desk.summary_store``.

        ``settings`` tell documents, ``ranks`` orders the files; the buckets ``own``, of so many in
        all, are those of this share.
        """
        from ledgercli.receivables.summing import Summing

        asked: list[str] = []

        def recorded(_key: Key, number: str, _event: EventName, _day: dt.date) -> None:
            asked.append(number)

        def sort(rows: Rows) -> None:
            rows.sort(key=lambda row: (row[0], row[10], ranks[row[9]]))

        def bucket(customer: str) -> str:
            return bucket_of(customer, number)

        as_of = dt.date.fromordinal(self._day)
        directory = self._buckets.directory
        summing = Summing.of(facts, self._customers, settings, as_of, recorded, directory)
        summing.take(self._lasting)
        accounts = accounts_parts(summing.open_accounts(bucket))
        summing.take(self._left)
        found = summing.summary(sort)
        # What rests on activity log and orders is not kept: they are not watched.
        if asked:
            return None, accounts
        return tuple(as_kept(found.where(lambda key: bucket(key[0]) in own))), accounts
