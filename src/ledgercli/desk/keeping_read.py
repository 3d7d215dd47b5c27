"""What is to be kept of books that were read anew."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from ledgercli.books.discovery import Location
from ledgercli.books.proof.again import ProvenAgain
from ledgercli.books.proof.ledger import ProvenLedger
from ledgercli.books.store.database import Content
from ledgercli.books.store.inputs import FileState, Inputs, Watched, names_in, state_of
from ledgercli.books.store.keeping import (
    DOCUMENTS,
    FILE_ROWS,
    PER_FILE,
    PROOF,
    Read,
    State,
    Unchanged,
)
from ledgercli.books.store.records import packed_opens
from ledgercli.desk.book_records import Records
from ledgercli.desk.joining import Joined
from ledgercli.desk.loading import SUFFIXES, Tier
from ledgercli.desk.summary_store import summary_part
from ledgercli.model.ledger import LedgerView
from ledgercli.model.refusal import Refusal

#: What has proven a ledger, None where Beancount has read it.
Proof = ProvenLedger | ProvenAgain | None


class _Begun(NamedTuple):
    """What is known as soon as all files are read, whatever their rows are joined to.

    ``inputs`` is None where one of them changed meanwhile, ``records`` where those that are kept
    still hold; ``digests`` are the SHA-256 of what was read.
    """

    inputs: Inputs | None
    records: tuple[Any, ...] | None
    ledger: tuple[LedgerView, tuple[bytes, int]]
    files: Mapping[tuple[str, str], Content]


class Keeping:
    """Puts together what is to be kept of books that are read anew.

    Reading ``began`` when so many nanoseconds had passed since the epoch; the store held ``state``,
    of which what is ``known`` still holds, and the records ``before``.
    """

    def __init__(
        self,
        location: Location,
        began: int,
        state: State,
        known: Unchanged,
        before: Records | None,
    ) -> None:
        """Begin before anything is read."""
        self._location = location
        self._began = began
        self._state = state
        self._known = known
        self._before = before
        self._begun: _Begun | None = None

    def begin(self, records: Records, facts: LedgerView, proof: Proof) -> _Begun:
        """Return what is known when all files are read; that may be done while others work."""
        if self._begun is None:
            files: dict[tuple[str, str], Content] = {}
            for path, made in (proof.files if proof else {}).items():
                files[PER_FILE, path] = made.packed
                files[FILE_ROWS, path] = made.packed_rows
            if proof and (files or isinstance(proof, ProvenLedger)):
                files[PROOF] = proof.packed_tally
            self._begun = _Begun(
                self._inputs(records, facts, proof),
                None if records is self._before else records.kept(),
                (replace(facts, opens={}), packed_opens(facts.opens)),
                files,
            )
        return self._begun

    def read(self, both: Joined, tier: Tier, proof: Proof) -> Read | Refusal:
        """Return what is to be kept, or why nothing can be."""
        source, summary = both.source, both.summary
        if source.facts.inputs.unwatched:
            return Refusal(DOCUMENTS)
        begun = self.begin(both.records, source.facts, proof)
        return Read(
            begun.inputs,
            begun.records,
            (*begun.ledger, source.ranks, source.days),
            {(head.key, head.first, head.settled): rows for head, rows in both.chunks.items()},
            tier,
            {**begun.files, **both.lists, **both.accounts},
            self._known.states,
            self._state,
            both.carried,
            both.carried_accounts,
            both.buckets,
            (lambda mark: summary_part(mark, summary)) if summary else lambda _: {},
            both.digests,
        )

    def _inputs(self, records: Records, facts: LedgerView, proof: Proof) -> Inputs | None:
        """Return the state of all that was read, None where something changed meanwhile."""
        digests = dict(records.digests)
        if proof:
            digests.update((path, made.digest) for path, made in proof.files.items())
        states = {**records.states, **self._unread(proof)}
        watched = _watched(self._location, facts)
        return state_of(watched, self._began, self._known.states, digests, states)

    def _unread(self, proof: Proof) -> dict[str, FileState]:
        """Return the states of the files of which is told what was kept of them."""
        if proof is None or self._before is None:
            return {}
        known = self._known.states
        return {path: found for path, found in known.items() if path not in proof.files}


def _watched(location: Location, facts: LedgerView) -> Watched:
    """Return all that the books were read from."""
    inputs = facts.inputs
    files = [*inputs.files, *inputs.modules]
    folders: tuple[str, ...] = ()
    if location.settings_file:
        files.append(str(location.settings_file))
    if not location.bare:
        folder = str(location.root / "customers")
        folders = (folder,)
        files += [folder + os.sep + name for name in names_in(folder, SUFFIXES) or ()]
    return Watched(tuple(files), folders, SUFFIXES, inputs.patterns, inputs.existing)
