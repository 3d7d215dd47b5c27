"""Records and ledger joined by the processes that read its files, each for a share of customers.

Rows are sorted out where they are read, by whose they are, into a part for each bucket. Parts lie
where all processes can read them, and are kept as rows of the file as well; this process tells that
of their bucket where (see ``share``), and proves the ledger meanwhile.

What tells whose a row is has to be known while files are read: the customers, and what is said of
customers where accounts are opened. Where more of that comes to light later, all are sorted again.
"""

from __future__ import annotations

import datetime as dt
import marshal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ledgercli.books.proof.hands import UNSORTED, Hand, Parts, Summaries, speaking
from ledgercli.books.proof.many import Crew
from ledgercli.books.proof.merge import Part
from ledgercli.books.proof.rules import Rules
from ledgercli.books.proof.view import opens_of
from ledgercli.books.shared_bytes import Span
from ledgercli.books.store.records import dump, packed_opens
from ledgercli.desk.buckets import bucket_count
from ledgercli.desk.joining import Joined, told_customers
from ledgercli.desk.kept_customers import parts_of
from ledgercli.desk.ledger_source import Chunk, LedgerSource
from ledgercli.desk.share import (
    AccountsParts,
    PackedChunk,
    Result,
    Sums,
    own_buckets,
    spans_in,
)
from ledgercli.desk.summary_store import KeptSummary
from ledgercli.receivables.open_columns import OpenColumns

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledgercli.books.account_kinds import AccountKinds
    from ledgercli.books.proof.ledger import ProvenLedger
    from ledgercli.desk.book_records import Records
    from ledgercli.model.ledger import AccountOpen
    from ledgercli.receivables.row_owners import Key

#: A row of a ledger takes about so many bytes in its file.
_BYTES_PER_ROW = 200


class Shares:
    """The plan of a crew that reads a ledger and joins it with the records.

    ``records`` gives these; ``as_of`` is the day of the sums.
    """

    def __init__(self, records: Callable[[], Records], as_of: dt.date) -> None:
        """Begin with nothing shared out."""
        self._records = records
        self._as_of = as_of
        #: The hands that share: the place of one tells which buckets are its own.
        self._briefed: list[Hand] = []
        self._opens: Mapping[str, AccountOpen] = {}
        self._kinds: AccountKinds | None = None
        self._buckets = 0
        #: What gives the bytes that hands have left; None as long as nothing is shared out.
        self._left_at: Callable[[Span], Callable[[], memoryview]] | None = None

    def briefing(
        self, size: int, read: Summaries, rules: Rules, hands: Sequence[Hand]
    ) -> Sequence[Any]:
        """Return what hands need to sort rows, once."""
        records = self._records()
        if records.inferred or self._briefed:
            return [None] * len(hands)
        self._briefed = list(hands)
        self._kinds = rules.kinds()
        self._opens = opens_of([Part(*one) for one in read.items()], self._kinds)
        self._buckets = bucket_count(size // _BYTES_PER_ROW)
        customers: Sequence[bytes] = ()
        if not all(hand.had_errand for hand in hands):
            customers = records.parts or parts_of(records.customers)
        opens = packed_opens(self._opens)
        return [
            (() if hand.had_errand else customers, opens, self._buckets, index, len(hands))
            for index, hand in enumerate(hands)
        ]

    def go_on(self, parts: Sequence[Part], crew: Crew) -> None:
        """Share the rows of all files out; raise RowsLostError where some that were kept are gone.

        Nothing is shared where there is more to it than sharing can do.
        """
        hands = self._briefed
        is_padded = any(part.summary.facts.pads for part in parts)
        if self._kinds is None or is_padded or not all(hand.has_read for hand in hands):
            return
        opens = opens_of(parts, self._kinds)
        is_sorted = told_customers(opens) == told_customers(self._opens)
        found = {
            path: made
            for path, made in crew.parts.items()
            if is_sorted and UNSORTED not in made.named
        }
        others = [part for part in parts if part.file not in found and part.summary.facts.row_count]
        packed, day = packed_opens(opens), self._as_of.toordinal()
        try:
            for index, hand in enumerate(hands):
                hand.go_on()
                hand.channel.send((packed, day, is_sorted))
                hand.channel.send_all(
                    (part.file, _rows_of(part, crew)) for part in others[index :: len(hands)]
                )
            for hand in hands:
                for path, made in hand.channel.receive_all():
                    found[path] = Parts(*made)
                    crew.readers[path] = hand
            for part in others:
                part.summary.hold(crew.left_at(found[part.file].whole))
            for index, hand in enumerate(hands):
                # What it has read itself it has.
                of_others = (made for path, made in found.items() if crew.readers[path] is not hand)
                own = own_buckets(self._buckets, index, len(hands))
                hand.channel.send_all(spans_in(own, file) for file in of_others)
        except (OSError, EOFError, ValueError, TypeError):
            # One has ended before its time.
            return
        self._left_at = crew.left_at

    def joined(self, ledger: ProvenLedger, meanwhile: Callable[[Records], object]) -> Joined | None:
        """Return records and ledger joined; None where that was not shared out, or came to nothing.

        The files are those of :meth:`go_on`. What is to be done ``meanwhile`` is done while the
        others work.
        """
        if self._left_at is None:
            return None
        records, ranks = self._records(), ledger.ranks()
        facts = replace(ledger.facts, opens={})
        brief = dump((records.settings.receivables, facts, ranks))
        try:
            for hand in self._briefed:
                hand.channel.send(brief)
            ledger.note_facts()
            meanwhile(records)
            results = _results(self._briefed)
        except (OSError, EOFError, ValueError, TypeError):
            return None
        made = [
            (Chunk(key, first, settled), self._left_at(place))
            for chunks, _, _ in results
            for key, first, settled, place, _ in chunks
        ]
        contents = {head.key: rows for head, rows in made}
        source = LedgerSource(
            ledger.facts,
            ranks,
            ledger.turning_days(),
            [head for head, _ in made],
            lambda keys: {key: marshal.loads(contents[key]()) for key in keys},  # noqa: S302 - our own
            lambda: ledger.ledger().rows,
            self._buckets,
        )
        return Joined(
            records,
            source,
            dict(made),
            buckets=self._buckets,
            summary=_whole([sums for _, sums, _ in results]),
            accounts={name: part for _, _, parts in results for name, part in parts.items()},
            digests={chunk[0]: chunk[4] for chunks, _, _ in results for chunk in chunks},
        )


def _rows_of(part: Part, crew: Crew) -> Span | bytes:
    """Return the rows of a file, or where they lie."""
    left = crew.parts.get(part.file)
    return left.whole if left else bytes(part.summary.packed_rows())


def _results(hands: Sequence[Hand]) -> list[Result]:
    """Return what each process makes of its share, taking in what comes as it comes.

    Raise OSError or EOFError where one has ended.
    """
    chunks: dict[Hand, list[PackedChunk]] = {hand: [] for hand in hands}
    sums: dict[Hand, tuple[Sums, AccountsParts]] = {}
    while len(sums) < len(hands):
        for hand in speaking([hand for hand in hands if hand not in sums]):
            found, last = hand.channel.receive()
            chunks[hand] += found
            if last:
                sums[hand] = last
    return [(chunks[hand], *sums[hand]) for hand in hands]


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
