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
#: A chunk: its key, its first and last day, its rows in bytes, and the SHA-256 of these.
PackedChunk = tuple[str, int, int, bytes, bytes]
#: The fields of a ``KeptSummary``; None where it rests on what is not kept.
Sums = tuple[Any, ...] | None
#: What a process makes of its share: chunks, sums, and accounts as ``desk.summary_store`` has them.
Result = tuple[list[PackedChunk], Sums, Mapping[tuple[str, str], bytes]]


def owners_of(buckets: int, processes: int) -> dict[str, int]:
    """Return which process each bucket falls to."""
    return {str(bucket): bucket % processes for bucket in range(buckets)}


class ShareWork:
    """The work of a process that has read files, and perhaps the customers."""

    def __init__(self, customers: tuple[Customer, ...] | None) -> None:
        """Begin without a briefing; ``customers`` None where another process has read them."""
        self._customers = customers or ()
        self._buckets: Buckets | None = None
        self._number = 0

    def begin(self, briefing: tuple[Sequence[bytes], tuple[bytes, int], int]) -> None:
        """Take customers, as far as they are not known, opened accounts, and how many buckets."""
        customers, opens, self._number = briefing
        self._customers = self._customers or KeptCustomers(customers, {}).all()
        self._buckets = Buckets(Directory(self._customers, KeptOpens(opens)), self._number)

    def parts(self, rows: Rows) -> Parts:
        """Return rows by bucket, or in one part as long as there was no briefing."""
        if self._buckets is None:
            return {UNSORTED: marshal.dumps(rows)}
        return {
            bucket: marshal.dumps(part) for bucket, part in self._buckets.sorted_out(rows).items()
        }

    def go_on(self, channel: Channel) -> None:
        """Sort what is still to be sorted, then join the share that falls to this process."""
        opens, index, processes, day = channel.receive()
        known = KeptOpens(opens)
        buckets = self._buckets = Buckets(Directory(self._customers, known), self._number)
        # A pipe holds little: to speak before all is heard would be to wait for each other.
        files = list(channel.receive_all())
        channel.send_all([(path, self.parts(rows_in(packed))) for path, packed in files])
        share = Share(self._customers, buckets, day)
        share.take(channel.receive_all())
        chunks = list(share.chunks(is_first=index == 0))
        settings, facts, ranks = load(channel.receive())
        owners = owners_of(self._number, processes)
        own = {bucket for bucket, owner in owners.items() if owner == index}
        sums = share.sums(settings, replace(facts, opens=known), ranks, own, self._number)
        # The parent may be listening to another: only what is done is said.
        channel.send_all(chunks)
        channel.send(sums)


class Share:
    """The rows of the customers in some ``buckets``; ``day`` is that of the sums, as an ordinal."""

    def __init__(self, customers: Sequence[Customer], buckets: Buckets, day: int) -> None:
        """Begin with no rows."""
        self._customers = customers
        self._buckets = buckets
        self._day = day
        self._parts: dict[str, list[bytes]] = {SHARED: []}
        self._lasting: Rows = []
        self._left: Rows = []

    def take(self, parts: Iterable[tuple[str, bytes]]) -> None:
        """Take parts with rows, each with its bucket."""
        for bucket, part in parts:
            self._parts.setdefault(bucket, []).append(part)

    def chunks(self, *, is_first: bool) -> Iterator[PackedChunk]:
        """Yield what becomes of the rows; those of several customers are of the first process.

        Nothing but what is not settled yet is known of them afterwards.
        """
        shared = _rows_in(self._parts.pop(SHARED))
        self._left = list(shared)
        if shared and is_first:
            # They are never settled without a look at all of their accounts.
            yield from _packed(by_month(SHARED, shared, repeat(NEVER, len(shared))))
        touching = self._by_bucket(shared)
        while self._parts:
            bucket, parts = self._parts.popitem()
            rows = _rows_in(parts)
            settled = settled_days([*rows, *touching.get(bucket, ())], self._buckets.identify)
            del settled[len(rows) :]
            dated = list(zip(rows, settled, strict=True))
            self._lasting += [row for row, since in dated if since == NEVER]
            self._left += [row for row, since in dated if since > self._day]
            yield from _packed(by_month(bucket, rows, settled))

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
        own: set[str],
        number: int,
    ) -> tuple[Sums, Mapping[tuple[str, str], bytes]]:
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
        summing = Summing.of(facts, self._customers, settings, as_of, recorded)
        summing.take(self._lasting)
        accounts = accounts_parts(summing.open_accounts(bucket))
        summing.take(self._left)
        found = summing.summary(sort)
        # What rests on activity log and orders is not kept: they are not watched.
        if asked:
            return None, accounts
        return tuple(as_kept(found.where(lambda key: bucket(key[0]) in own))), accounts


def _rows_in(parts: Iterable[bytes]) -> Rows:
    """Return the rows in parts that our own processes have made."""
    return [row for part in parts for row in marshal.loads(part)]  # noqa: S302 - see above


def _packed(chunks: Mapping[Chunk, Rows]) -> Iterator[PackedChunk]:
    for head, rows in chunks.items():
        content = marshal.dumps(rows)
        yield head.key, head.first, head.settled, content, content_digest(content)
