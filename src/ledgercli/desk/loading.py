"""How the books are read: from the store, by proof, or by Beancount itself.

All three say the same; they differ in speed, and in what they can be asked about. The store answers
when nothing has changed. A proof reads what has changed, where it can tell that Beancount would
find nothing to report. Beancount reads all else (``reading``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from ledgercli.books.discovery import Location
from ledgercli.books.store.database import Store
from ledgercli.books.store.keeping import DAMAGED, Kept, State, recall, rows_of, stamp
from ledgercli.books.store.records import KeptOpens
from ledgercli.desk.book_records import Records, read_book_records
from ledgercli.desk.ledger_source import Chunk, LedgerSource
from ledgercli.desk.request import Request
from ledgercli.desk.summary_store import keep_summaries
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.ledger_rows import TransactionRow
from ledgercli.model.record import dataclass
from ledgercli.model.refusal import Refusal

Tier = Literal["store", "proof", "beancount"]
NO_CACHE = N_("the cache is switched off")
#: Why something is not kept, and where it is with what tells the state of the books.
Outcome = tuple[tuple[Refusal, ...], tuple[Store, bytes] | None]
REVISION = N_("another revision is read without the cache")
#: Endings of the record files in `customers/`.
SUFFIXES = frozenset([".yaml", ".yml", ".json"])


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read, by which tier, and why no faster one.

    ``outcome`` gives what became of keeping it: why it was not kept, and where more may be kept for
    this state of the books, with what tells this state. That may have to be waited for.
    """

    records: Records
    ledger: LedgerSource
    tier: Tier
    refusals: tuple[Refusal, ...] = ()
    outcome: Callable[[], Outcome] = lambda: ((), None)

    @property
    def kept_in(self) -> tuple[Store, bytes] | None:
        """Return where more may be kept for this state of the books, and what tells this state."""
        return self.outcome()[1]


def load(request: Request, location: Location) -> Loaded:
    """Return the books as they are now."""
    if request.cache is None:
        from ledgercli.desk.reading import read_anew

        return read_anew(request, location, (Refusal(NO_CACHE),))
    store = Store(request.cache, _name(request, location))
    stamped = stamp(request.environment.get("PYTHONPATH", ""))
    kept = recall(store, stamped, SUFFIXES, verify=request.verify)
    if not isinstance(kept, Kept):
        from ledgercli.desk.reading import read_and_keep

        return read_and_keep(request, location, store, stamped, *kept)
    facts, opens, ranks, days = kept.ledger
    try:
        records, facts = Records.of(kept.records), replace(facts, opens=KeptOpens(opens))
    except ValueError:
        from ledgercli.desk.reading import read_and_keep

        return read_and_keep(
            request, location, store, stamped, Refusal(DAMAGED), State(mark=kept.mark)
        )
    source = LedgerSource(
        facts,
        ranks,
        days,
        [Chunk(*head) for head in kept.chunks],
        lambda keys: rows_of(store, keys),
        lambda: _all_rows(request, location, records),
        kept.buckets,
    )
    kept_in = (store, kept.mark)
    keep_summaries(source, lambda: kept_in)
    return Loaded(records, source, "store", outcome=lambda: ((), kept_in))


def holds(request: Request, location: Location, mark: bytes) -> bool:
    """Return whether the books are in the state with ``mark`` now, and so in what is kept."""
    if request.cache is None:
        return False
    # Another connection than that which is in use: it sees what others have written meanwhile.
    store = Store(request.cache, _name(request, location))
    stamped = stamp(request.environment.get("PYTHONPATH", ""))
    kept = recall(store, stamped, SUFFIXES, verify=False)
    return isinstance(kept, Kept) and kept.mark == mark


def load_entries(
    request: Request, location: Location, entries: Sequence[Any], options: Mapping[str, Any]
) -> Loaded:
    """Return the books with a ledger that Beancount has loaded already."""
    from ledgercli.books.ledger import rows_of_entries
    from ledgercli.desk.joining import joined

    records = read_book_records(request, location, location.root)
    settings = records.settings.receivables
    rows = rows_of_entries(entries, options, location.root, settings)
    both = joined(records, rows)
    return Loaded(both.records, both.source, "beancount")


def load_revision(request: Request, location: Location, root: Path, top: Path) -> Loaded:
    """Return the books as they are in ``root``, a copy of another revision of them.

    ``top`` is the copy of the whole repository, outside of which nothing is read.
    """
    from ledgercli.books.ledger import read_ledger
    from ledgercli.desk.joining import joined

    records = read_book_records(request, location, root)
    ledger = location.ledger or location.root / records.settings.ledger
    if ledger.is_relative_to(location.root):
        ledger = root / ledger.relative_to(location.root)
    settings = records.settings.receivables
    rows = read_ledger(ledger, root, settings, safe=True, within=top)
    both = joined(records, rows)
    return Loaded(both.records, both.source, "beancount", (Refusal(REVISION),))


def _all_rows(request: Request, location: Location, records: Records) -> Sequence[TransactionRow]:
    from ledgercli.desk.reading import all_rows

    return all_rows(request, location, records.settings)


def _name(request: Request, location: Location) -> str:
    """Return what tells these books, opened in this way, from all others."""
    ways = [f"--receivable {account}" for account in request.receivable]
    ways += ["--safe"] if request.safe else []
    ledger = [str(location.ledger)] if location.ledger else []
    return " ".join([str(location.root), *ledger, *ways])
