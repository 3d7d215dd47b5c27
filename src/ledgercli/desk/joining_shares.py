"""Records and ledger joined by the processes that read its files, each for a share of customers.

Rows are sorted out where they are read, by whose they are, into a part for each bucket; all parts
go to this process as bytes, which are kept as rows of the file as well, and from here to the
process of their bucket (see ``share``), while the ledger is proven here.

What tells whose a row is has to be known while files are read: the customers, and what is said of
customers where accounts are opened. Where more of that comes to light later, all are sorted again.
"""

from __future__ import annotations

import datetime as dt
import marshal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ledgercli.books.proof.hands import UNSORTED, Hand, Parts, Summaries
from ledgercli.books.proof.many import Crew
from ledgercli.books.proof.merge import Part
from ledgercli.books.proof.rules import Rules
from ledgercli.books.proof.view import opens_of
from ledgercli.books.store.records import dump, packed_opens
from ledgercli.desk.buckets import bucket_count
from ledgercli.desk.joining import Joined, told_customers
from ledgercli.desk.kept_customers import parts_of
from ledgercli.desk.ledger_source import SHARED, Chunk, LedgerSource
from ledgercli.desk.share import Result, Sums, owners_of
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
        self._briefed: set[int] = set()
        self._opens: Mapping[str, AccountOpen] = {}
        self._kinds: AccountKinds | None = None
        self._buckets = 0
        self._hands: Sequence[Hand] = ()

    def briefing(self, size: int, read: Summaries, rules: Rules, hand: Hand) -> Any:  # noqa: ANN401 - see `many.Plan`
        """Return what a hand needs to sort rows, once."""
        records = self._records()
        if records.inferred or hand.process in self._briefed:
            return None
        if self._kinds is None:
            self._kinds = rules.kinds()
            self._opens = opens_of([Part(*one) for one in read.items()], self._kinds)
            self._buckets = bucket_count(size // _BYTES_PER_ROW)
        self._briefed.add(hand.process)
        customers: Sequence[bytes] = ()
        if not hand.had_errand:
            customers = records.parts or parts_of(records.customers)
        return customers, packed_opens(self._opens), self._buckets

    def go_on(self, parts: Sequence[Part], crew: Crew) -> None:
        """Share the rows of all files out; raise RowsLostError where some that were kept are gone.

        Nothing is shared where there is more to it than sharing can do.
        """
        hands = [hand for hand in crew.hands if hand.process in self._briefed and hand.has_read]
        if not hands or self._kinds is None or any(part.summary.facts.pads for part in parts):
            return
        opens = opens_of(parts, self._kinds)
        is_sorted = told_customers(opens) == told_customers(self._opens)
        found = {
            path: made for path, made in crew.parts.items() if is_sorted and UNSORTED not in made
        }
        others = [part for part in parts if part.file not in found and part.summary.facts.row_count]
        packed = packed_opens(opens)
        try:
            for index, hand in enumerate(hands):
                hand.go_on()
                hand.channel.send((packed, index, len(hands), self._as_of.toordinal()))
                hand.channel.send_all(
                    (part.file, part.summary.packed_rows()) for part in others[index :: len(hands)]
                )
            for hand in hands:
                found.update(hand.channel.receive_all())
            for part in others:
                part.summary.hold([*found[part.file].values()])
            owners = owners_of(self._buckets, len(hands))
            for index, hand in enumerate(hands):
                hand.channel.send_all(_parts_of(index, owners, found.values()))
        except (OSError, EOFError, ValueError, TypeError):
            # One has ended before its time.
            return
        self._hands = hands

    def joined(self, ledger: ProvenLedger, meanwhile: Callable[[Records], object]) -> Joined | None:
        """Return records and ledger joined; None where that was not shared out, or came to nothing.

        The files are those of :meth:`go_on`. What is to be done ``meanwhile`` is done while the
        others work.
        """
        if not self._hands:
            return None
        records, ranks = self._records(), ledger.ranks()
        facts = replace(ledger.facts, opens={})
        brief = dump((records.settings.receivables, facts, ranks))
        try:
            for hand in self._hands:
                hand.channel.send(brief)
            ledger.note_facts()
            meanwhile(records)
            results = [_result(hand) for hand in self._hands]
        except (OSError, EOFError, ValueError, TypeError):
            return None
        made = [
            (Chunk(key, first, settled), rows)
            for chunks, _, _ in results
            for key, first, settled, rows, _ in chunks
        ]
        contents = {head.key: rows for head, rows in made}
        source = LedgerSource(
            ledger.facts,
            ranks,
            ledger.turning_days(),
            [head for head, _ in made],
            lambda keys: {key: marshal.loads(contents[key]) for key in keys},  # noqa: S302 - our own
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


def _parts_of(
    index: int, owners: Mapping[str, int], files: Iterable[Parts]
) -> Iterator[tuple[str, bytes]]:
    """Yield the parts that the process ``index`` gets of the rows in ``files``."""
    own = {bucket for bucket, owner in owners.items() if owner == index} | {SHARED}
    for file in files:
        for bucket in own & file.keys():
            yield bucket, file[bucket]


def _result(hand: Hand) -> Result:
    """Wait for what a process makes of its share; raise OSError or EOFError where it has ended."""
    chunks = list(hand.channel.receive_all())
    return (chunks, *hand.channel.receive())


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
