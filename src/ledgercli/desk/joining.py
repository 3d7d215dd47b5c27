"""Records and ledger joined: rows by whose they are, and by when they were settled.

When a few files of a ledger have changed, only the accounts (of a customer, in a currency) with a
row in the old or the new version of them are looked at again: what settles a row, and what is open
of it, depends on the rows of its own account alone. Customers are sorted into buckets, so that
their rows are found together.
"""

from __future__ import annotations

import datetime as dt
import marshal
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING

from ledgercli.books.proof.summary import rows_in
from ledgercli.books.store.database import Content, Store
from ledgercli.books.store.keeping import KeptChunk, State, Unchanged, rows_as_kept
from ledgercli.books.store.records import KeptOpens, packed_opens
from ledgercli.desk.book_records import Records
from ledgercli.desk.buckets import Buckets, bucket_count
from ledgercli.desk.carried_lookup import CarriedLookup
from ledgercli.desk.ledger_source import SHARED, Chunk, LedgerSource, chunked
from ledgercli.desk.summary_store import KeptSummary, as_kept, summary_in
from ledgercli.model.customer import Customer
from ledgercli.model.ledger import AccountOpen
from ledgercli.model.ledger_rows import LedgerRows, TransactionRow, turning_days
from ledgercli.model.record import dataclass
from ledgercli.receivables.identity import Directory
from ledgercli.receivables.netting import NEVER, settled_days
from ledgercli.receivables.row_owners import Key, file_diff, reowned
from ledgercli.receivables.summary import RecordsById, records_by_id

if TYPE_CHECKING:
    from ledgercli.books.proof.again import ProvenAgain
    from ledgercli.books.proof.ledger import ProvenLedger
    from ledgercli.model.terms import EventName

Rows = list[TransactionRow]


@dataclass(frozen=True, slots=True)
class Joined:
    """Records and ledger, and what is to be kept of them.

    ``chunks`` are made anew, ``carried`` are kept already; ``buckets`` is the number of parts that
    customers are sorted into. ``summary`` is known already where it could be carried on. ``lists``
    are parts of the store about records that need no longer be made. ``accounts`` are parts of
    the store with accounts, those in it of the buckets ``carried_accounts`` still hold.
    ``digests`` are the SHA-256 of chunks by key, where they are known.
    """

    records: Records
    source: LedgerSource
    chunks: Mapping[Chunk, Content]
    carried: Sequence[KeptChunk] = ()
    buckets: int = 1
    summary: KeptSummary | None = None
    lists: Mapping[tuple[str, str], Content] = field(default_factory=dict)
    accounts: Mapping[tuple[str, str], bytes] = field(default_factory=dict)
    carried_accounts: Collection[str] = ()
    digests: Mapping[str, bytes] = field(default_factory=dict)


def joined(records: Records, ledger: LedgerRows) -> Joined:
    """Return records and ledger joined, all of it."""
    rows = ledger.rows
    if records.inferred:
        from ledgercli.receivables.inference import infer_customers

        records = records.with_customers(infer_customers(ledger.view()))
    number = bucket_count(len(rows))
    buckets = Buckets(Directory(records.customers, ledger.facts.opens), number)
    ranks: dict[str, int] = {}
    for row in rows:
        ranks.setdefault(row[9], len(ranks))
    chunks = chunked(rows, settled_days(rows, buckets.identify), buckets.of)
    parts = {head.key: part for head, part in chunks.items()}
    source = LedgerSource(
        ledger.facts,
        ranks,
        turning_days(rows),
        list(chunks),
        lambda keys: {key: parts[key] for key in keys},
        lambda: rows,
        number,
    )
    return Joined(records, source, packed(chunks), buckets=number)


def packed(chunks: Mapping[Chunk, Rows]) -> dict[Chunk, Content]:
    """Return what makes bytes of the rows of each chunk."""
    return {head: partial(marshal.dumps, rows) for head, rows in chunks.items()}


def rejoined(
    store: Store,
    state: State,
    known: Unchanged,
    records: tuple[Records, Records],
    ledger: ProvenLedger | ProvenAgain,
    as_of: dt.date,
    reread: Callable[[], Sequence[TransactionRow]],
) -> Joined | None:
    """Return records and ledger joined from what ``state`` kept of them and what has changed since.

    ``records`` are those that it was kept with and those of now, under the same settings.
    None where that is not enough: then they are to be joined as a whole. The summary that was kept
    is carried on to ``as_of``, or to its own day where that is not the same to it.
    """
    before, now = records
    if state.tier != "proof" or now.inferred or ledger.is_padded:
        return None
    try:
        kept = known.ledger()
        if kept is None:
            return None
        facts, opens, _, days = kept
        change = _changed(known, frozenset(facts.files), ledger)
        lookup = CarriedLookup(store, known.records_mark, before)
        directory = directory_before = Directory.of(lookup.tables, KeptOpens(opens))
        if now is not before:
            directory = Directory(now.customers, ledger.facts.opens)
        elif packed_opens(ledger.facts.opens) != opens:
            directory = Directory.of(lookup.tables, ledger.facts.opens)
        buckets = Buckets(directory, state.buckets)
        touched = {key for row in change.differing for key in buckets.keys(row)}
        if now is not before:
            changed = _changed_customers(before.customers, now.customers)
            currencies = {*facts.currencies, *ledger.facts.currencies}
            touched |= {(name, currency) for name in changed for currency in currencies}
        if directory is not directory_before and not (
            _same_names(before, now)
            and told_customers(KeptOpens(opens)) == told_customers(ledger.facts.opens)
        ):
            kept_rows = rows_as_kept(store, state.chunks).values()
            touched |= reowned(
                (row for part in kept_rows for row in part),
                lambda *asked: directory_before.identify(*asked).customer,
                buckets.identify,
            )
        again = _Rejoining(
            store, state, now, ledger, change, directory, buckets, frozenset(touched)
        ).joined(days, as_of, reread)
        return replace(again, lists=lookup.parts() if now is before else {})
    except (KeyError, ValueError, EOFError, TypeError):
        return None


def _changed_customers(before: Sequence[Customer], now: Sequence[Customer]) -> set[str]:
    """Return the ids of customers whose records differ, of those that came and went as well."""
    old, new = records_by_id(before), records_by_id(now)
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def _same_names(before: Records, now: Records) -> bool:
    """Return whether a posting is of the same customer by both records."""
    return now is before or _names(before.customers) == _names(now.customers)


def _names(customers: Iterable[Customer]) -> list[tuple[object, ...]]:
    """Return what tells whose a posting is."""
    return [(one.id, one.label, one.aliases, one.accounts) for one in customers]


def told_customers(opens: Mapping[str, AccountOpen]) -> dict[str, str]:
    """Return the customers that accounts are said to be of when they are opened."""
    return {name: opened.customer for name, opened in opens.items() if opened.customer}


@dataclass(frozen=True, slots=True)
class _Change:
    """What has changed: the files as they are shown, their rows now, and the rows that differ.

    ``moved`` are the rows that only stand in other lines now, by file and the line until now.
    """

    files: frozenset[str]
    rows: Rows
    differing: Rows
    moved: Mapping[tuple[str, int], TransactionRow]


def _changed(
    known: Unchanged, before: Collection[str], ledger: ProvenLedger | ProvenAgain
) -> _Change:
    """Return what has changed since the files ``before`` were kept; raise KeyError if unknown."""
    files: set[str] = set()
    now: Rows = []
    different: Rows = []
    moved: dict[tuple[str, int], TransactionRow] = {}
    for path in {*before, *ledger.files}:
        if path in ledger.paths and path not in ledger.files:
            continue
        old = rows_in(known.rows(path)) if path in before else []
        new = ledger.rows_of(path) if path in ledger.files else []
        files |= {row[9] for row in old} | {row[9] for row in new}
        now += new
        diff = file_diff(old, new)
        different += diff.rows
        moved.update(((row[9], line), row) for line, row in diff.moved.items())
    return _Change(frozenset(files), now, different, moved)


class _Rejoining:
    """Puts together what is kept and what has changed."""

    def __init__(
        self,
        store: Store,
        state: State,
        records: Records,
        ledger: ProvenLedger | ProvenAgain,
        change: _Change,
        directory: Directory,
        buckets: Buckets,
        touched: frozenset[Key],
    ) -> None:
        self.store = store
        self.state = state
        self.records = records
        self.ledger = ledger
        self.directory = directory
        self.buckets = buckets
        self.touched = touched
        self.ranks = ledger.ranks()
        names = {buckets.of_key(key) for key in touched} | {SHARED} if touched else set()
        self.names = names
        heads = [head for head in state.chunks if head[0].partition("/")[0] in names]
        self.carried = [head for head in state.chunks if head[0].partition("/")[0] not in names]
        self.patched = self._patched(change.moved) if change.moved else {}
        kept = rows_as_kept(store, heads) if heads else {}
        self.rows = [row for part in kept.values() for row in part if row[9] not in change.files]
        if touched:
            self.rows += [row for row in change.rows if buckets.of(row) in names]
        self._sort(self.rows)
        self.settled = settled_days(self.rows, buckets.identify)

    def joined(
        self, days: Sequence[int], as_of: dt.date, reread: Callable[[], Sequence[TransactionRow]]
    ) -> Joined:
        """Return what there is now; ``days`` are those with a row until now."""
        chunks = self.patched | chunked(self.rows, self.settled, self.buckets.of)
        heads = [*(Chunk(*head[:3]) for head in self.carried), *chunks]
        source = LedgerSource(
            self.ledger.facts,
            self.ranks,
            self.ledger.turning_days(),
            heads,
            self._fetcher(chunks),
            reread,
            self.state.buckets,
        )
        return Joined(
            self.records,
            source,
            packed(chunks),
            self.carried,
            self.state.buckets,
            self._summary(days, as_of),
            # A line more or less above a row does not matter to what comes of it.
            carried_accounts={str(number) for number in range(self.state.buckets)} - self.names,
        )

    def _patched(self, moved: Mapping[tuple[str, int], TransactionRow]) -> dict[Chunk, Rows]:
        """Return the chunks in which rows have moved, which are carried no longer."""
        first, last = min(row[0] for row in moved.values()), max(row[0] for row in moved.values())
        asked = [head for head in self.carried if head[1] <= last and not 0 < head[2] < first]
        kept = rows_as_kept(self.store, asked)
        patched = {}
        for head in asked:
            rows = [moved.get((row[9], row[10]), row) for row in kept[head[0]]]
            if rows != kept[head[0]]:
                patched[Chunk(*head[:3])] = rows
        keys = {chunk.key for chunk in patched}
        self.carried = [head for head in self.carried if head[0] not in keys]
        return patched

    def _fetcher(
        self, chunks: Mapping[Chunk, Rows]
    ) -> Callable[[Iterable[str]], Mapping[str, Rows]]:
        anew = {head.key: part for head, part in chunks.items()}
        kept = {head[0]: head for head in self.carried}

        def fetch(keys: Iterable[str]) -> Mapping[str, Rows]:
            wanted = list(keys)
            found = rows_as_kept(self.store, [kept[key] for key in wanted if key not in anew])
            return found | {key: anew[key] for key in wanted if key in anew}

        return fetch

    def _summary(self, days: Sequence[int], as_of: dt.date) -> KeptSummary | None:
        """Return the summary that was kept, carried on."""
        kept = summary_in(self.store, self.state.mark)
        if kept is None or not kept.tie_out:
            return None
        before, today = bisect_right(days, kept.as_of), as_of.toordinal()
        day = today if bisect_right(days, today) == before else kept.as_of
        if not self.touched:
            return kept._replace(as_of=day)
        from ledgercli.receivables.summing import summarize

        rows = [
            row
            for row, settled in zip(self.rows, self.settled, strict=True)
            if (settled == NEVER or settled > day)
            and not self.touched.isdisjoint(self.buckets.keys(row))
        ]
        records = self.records
        settings = records.settings.receivables
        customers = RecordsById(records.names, records.customers_source, records.customer_source)
        asked: list[str] = []

        def recorded(_key: Key, number: str, _event: EventName, _day: dt.date) -> None:
            asked.append(number)

        facts = self.ledger.facts
        on = dt.date.fromordinal(day)
        part = summarize(rows, facts, customers, settings, on, self._sort, recorded, self.directory)
        # What rests on activity log and orders is not kept: they are not watched.
        return None if asked else kept.replaced(self.touched, as_kept(part))

    def _sort(self, rows: Rows) -> None:
        """Put ``rows`` into the ledger's order."""
        rows.sort(key=lambda row: (row[0], row[10], self.ranks[row[9]]))
