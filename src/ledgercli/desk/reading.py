"""Books are read: what has changed of them by proof, else by Beancount, and kept in the store."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ledgercli.books.discovery import Location
from ledgercli.books.proof.again import KeptProof, ProvenAgain, prove_again
from ledgercli.books.proof.ledger import KeptFiles, ProvenLedger, prove_ledger
from ledgercli.books.proof.many import Crew
from ledgercli.books.proof.summary import FileSummary, RowsLostError
from ledgercli.books.proof.tally import unpacked_tally
from ledgercli.books.store.database import Store
from ledgercli.books.store.keeping import (
    UNWRITABLE,
    State,
    Unchanged,
    keep,
    unchanged,
)
from ledgercli.books.store.records import KeptOpens
from ledgercli.desk.book_records import (
    ReadAhead,
    Records,
    begin_book_records,
    is_worth_reading_ahead,
    read_ahead,
    read_book_records,
    with_changed_customers,
)
from ledgercli.desk.joining import Joined, joined, rejoined
from ledgercli.desk.joining_shares import Shares
from ledgercli.desk.keeping_beside import outcome_of
from ledgercli.desk.keeping_read import Keeping
from ledgercli.desk.loading import SUFFIXES, Loaded, Outcome, Tier
from ledgercli.desk.request import Request
from ledgercli.desk.share import ShareWork
from ledgercli.desk.summary_store import keep_summaries
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.ledger_rows import LedgerRows, TransactionRow
from ledgercli.model.record import dataclass
from ledgercli.model.refusal import Refusal

if TYPE_CHECKING:
    from ledgercli.model.settings import Settings

NO_PROOF = N_("the quick way is switched off")
#: To keep so many takes longer than to begin another process.
_MANY_ROWS = 10_000


def read_anew(request: Request, location: Location, refusals: tuple[Refusal, ...]) -> Loaded:
    """Return the books read anew."""
    records = read_book_records(request, location, location.root)
    read = _read_ledger(request, location, records.settings, None)
    both = joined(records, read.ledger())
    return Loaded(both.records, both.source, read.tier, (*refusals, *read.refusals))


def read_and_keep(
    request: Request,
    location: Location,
    store: Store,
    stamped: str,
    refusal: Refusal,
    state: State,
) -> Loaded:
    """Return the books read anew as far as they differ from ``state``, and keep them."""
    began = store.moment()
    if began is None:
        unwritable = Refusal(UNWRITABLE, file=str(store.folder))
        return read_anew(request, location, (refusal, unwritable))
    known = unchanged(store, state.inputs, SUFFIXES, verify=request.verify)
    with Crew(ShareWork, request.later) as crew:
        ahead = _read_ahead(location, known, began, crew)
        about = _records(request, location, known, ahead)
        keeping = Keeping(location, began, state, known, about[2])
        read, both = _joined_again(request, location, store, state, known, crew, about, keeping)

    def kept() -> bytes | Refusal:
        found = keeping.read(both, read.tier, read.proven)
        return found if isinstance(found, Refusal) else keep(store, stamped, found)

    is_much = isinstance(read.proven, ProvenLedger) and read.proven.row_count >= _MANY_ROWS
    mark = outcome_of(kept, store, request.later if is_much else None)

    def outcome() -> Outcome:
        found = mark()
        return ((found,), None) if isinstance(found, Refusal) else ((), (store, found))

    keep_summaries(both.source, lambda: outcome()[1], lambda: both.summary)
    return Loaded(both.records, both.source, read.tier, (refusal, *read.refusals), outcome)


def _joined_again(
    request: Request,
    location: Location,
    store: Store,
    state: State,
    known: Unchanged,
    crew: Crew,
    about: tuple[Settings, Callable[[], Records], Records | None],
    keeping: Keeping,
) -> tuple[_Read, Joined]:
    """Return the ledger read anew and joined with the records, by what is kept where it holds.

    ``about`` is what :func:`_records` returned, the ``crew`` reads beside this process. What is to
    be kept is put together by ``keeping``, as much as can be while others work.
    """
    settings, records, before = about
    today = request.now.astimezone().date()
    whole = partial(_read_ledger, request, location, settings, None)

    def joined_by(proven: ProvenLedger | ProvenAgain) -> Joined | None:
        reread = partial(all_rows, request, location, settings)
        pair = (before, records()) if before else None
        return pair and rejoined(store, state, known, pair, proven, today, reread)

    try:
        again = _proven_again(request, location, known, settings) if before else {}
        if isinstance(again, ProvenAgain):
            if both := joined_by(again):
                return _Read(lambda: whole().ledger(), "proof", (), again), both
            again = again.files
        kept = KeptFiles(known.files, known.rows, again)
        # What is kept under these settings is joined with what has changed by this process.
        shares = None if before else Shares(records, today)
        crew.plan = shares
        read = _read_ledger(request, location, settings, kept, crew)
        both = None
        proven = read.proven
        if isinstance(proven, ProvenLedger):
            begin = partial(keeping.begin, facts=proven.facts, proof=proven)
            both = shares.joined(proven, begin) if shares else joined_by(proven)
        both = both or joined(records(), read.ledger())
    except RowsLostError:
        read = whole()
        both = joined(records(), read.ledger())
    return read, both


def _proven_again(
    request: Request, location: Location, known: Unchanged, settings: Settings
) -> ProvenAgain | Mapping[str, FileSummary]:
    """Return the ledger proven by what has changed of it, else the summaries that were made."""
    tally = unpacked_tally(known.proof()) if request.proof else None
    ledger = known.ledger() if tally else None
    if not tally or not ledger:
        return {}
    try:
        facts, opens, *_ = ledger
        view = replace(facts, opens=KeptOpens(opens))
    except (TypeError, ValueError):
        return {}
    digests = {path: state[2] for path, state in known.states.items()}
    kept = KeptProof(tally, view, digests, known.facts, known.rows)
    top = location.ledger or location.root / settings.ledger
    return prove_again(top, location.root, settings.receivables, kept)


def all_rows(request: Request, location: Location, settings: Settings) -> Sequence[TransactionRow]:
    """Return all rows of the ledger, read anew."""
    return _read_ledger(request, location, settings, None).ledger().rows


def _records(
    request: Request,
    location: Location,
    known: Unchanged,
    ahead: Callable[[], ReadAhead | None],
) -> tuple[Settings, Callable[[], Records], Records | None]:
    """Return the settings, what gives all records, and those kept if under these settings.

    ``ahead`` gives the customers where another process has read them.
    """
    before: Records | None = None
    with contextlib.suppress(ValueError):
        before = Records.of(known.records) if known.records else None
    file = location.settings_file
    same_settings = before is not None and (
        str(file) in known.states if file else not before.settings_file
    )
    if before is None or before.inferred or not same_settings:
        return (*begin_book_records(request, location, location.root, ahead), None)
    folder = str(location.root / "customers") + os.sep
    if known.same_folders and not any(path.startswith(folder) for path in known.changed):
        return before.settings, lambda: before, before
    changed = with_changed_customers(before, location.root, known.states)
    return changed.settings, lambda: changed, before


def _read_ahead(
    location: Location, known: Unchanged, began: int, crew: Crew
) -> Callable[[], ReadAhead | None]:
    """Return what gives the customers that one of the ``crew`` reads from now on, if one does."""
    folder, file = location.root / "customers", location.settings_file
    if known.records and (not file or str(file) in known.states):
        # Most of them are known.
        return lambda: None
    if location.bare or not is_worth_reading_ahead(folder):
        return lambda: None
    return crew.send_ahead(partial(read_ahead, location.root, began))


@dataclass(frozen=True, slots=True)
class _Read:
    """A ledger, what read it, and why nothing faster did; ``proven`` where a proof did."""

    ledger: Callable[[], LedgerRows]
    tier: Tier
    refusals: tuple[Refusal, ...] = ()
    proven: ProvenLedger | ProvenAgain | None = None


def _read_ledger(
    request: Request,
    location: Location,
    settings: Settings,
    kept: KeptFiles | None,
    crew: Crew | None = None,
) -> _Read:
    """Return the ledger, by proof where there is one.

    ``kept`` is what is known of its files, ``crew`` reads beside this process.
    """
    path = location.ledger or location.root / settings.ledger
    refusals: tuple[Refusal, ...] = (Refusal(NO_PROOF),)
    if request.proof:
        known = kept or KeptFiles()
        proven = prove_ledger(path, location.root, settings.receivables, known, crew)
        if not isinstance(proven, Refusal):
            return _Read(proven.ledger, "proof", (), proven)
        refusals = (proven,)
        if crew:
            # Beancount needs the memory.
            crew.dismiss()
    from ledgercli.books.ledger import read_ledger

    ledger = read_ledger(path, location.root, settings.receivables, safe=request.safe)
    return _Read(lambda: ledger, "beancount", refusals)
