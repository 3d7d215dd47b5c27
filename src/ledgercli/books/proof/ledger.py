"""Prove a ledger with what is kept of its files, and give what is to be kept of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from functools import cached_property, partial
from pathlib import Path

from ledgercli.books.proof.many import Crew
from ledgercli.books.proof.merge import Proven
from ledgercli.books.proof.read import read
from ledgercli.books.proof.summary import FileSummary, unpacked
from ledgercli.books.proof.tally import tally_of
from ledgercli.books.proof.view import facts_of, rows_of
from ledgercli.model.ledger import LedgerView
from ledgercli.model.ledger_rows import LedgerRows, TransactionRow
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.model.record import dataclass
from ledgercli.model.refusal import Refusal


@dataclass(frozen=True, slots=True)
class KeptFiles:
    """What is kept about files that have not changed since, by absolute path.

    ``facts`` gives the bytes of their summaries; ``rows`` those of the rows of one, and raises
    KeyError where they are lost. ``made`` are summaries of others that are made already.
    """

    facts: Callable[[], Mapping[str, bytes]] = dict
    rows: Callable[[str], bytes] = dict[str, bytes]().__getitem__
    made: Mapping[str, FileSummary] = field(default_factory=dict)


class ProvenLedger:
    """A ledger read by proof: its facts at once, its rows when they are asked for.

    ``files`` are the summaries of files that were read anew, by absolute path.
    """

    def __init__(self, proven: Proven, files: Mapping[str, FileSummary]) -> None:
        """Take the proof."""
        self._proven = proven
        self.files = files
        self.facts: LedgerView = facts_of(proven)

    @property
    def is_padded(self) -> bool:
        """Return whether some rows are of no file, but fill a pad directive."""
        return any(part.summary.facts.pads for part in self._proven.parts)

    def ledger(self) -> LedgerRows:
        """Return facts and rows; raise RowsLostError where rows that were kept are gone."""
        return LedgerRows(self.facts, rows_of(self._proven))

    @cached_property
    def row_count(self) -> int:
        """Return how many rows there are; those of pads left out."""
        return sum(part.summary.facts.row_count for part in self._proven.parts)

    @property
    def summaries(self) -> dict[str, FileSummary]:
        """Return the summaries of all files by absolute path."""
        return {part.file: part.summary for part in self._proven.parts}

    def packed_tally(self) -> bytes:
        """Return the tally in bytes, none where there is none."""
        return self._tally

    def turning_days(self) -> list[int]:
        """Return the days on which a position may change, those of pads left out."""
        return self._turning_days

    def note_facts(self) -> None:
        """Take from the facts of files what is asked of them, so that they can be forgotten."""
        self.packed_tally()
        self.turning_days()
        self.row_count  # noqa: B018 - counted once

    @cached_property
    def _tally(self) -> bytes:
        tally = tally_of(self._proven)
        return tally.packed() if tally else b""

    @cached_property
    def _turning_days(self) -> list[int]:
        found = (part.summary.facts.turning_days for part in self._proven.parts)
        return sorted(set().union(*found))

    def ranks(self) -> dict[str, int]:
        """Return for each file with rows when its first one comes; rows of pads left out."""
        facts = [part.summary.facts for part in self._proven.parts]
        first = sorted(
            (one.first_row, index) for index, one in enumerate(facts) if one.first_row is not None
        )
        return {facts[index].file: rank for rank, (_, index) in enumerate(first)}

    def rows_of(self, path: str) -> list[TransactionRow]:
        """Return the rows of one file that was read anew."""
        return self.files[path].rows()

    @property
    def paths(self) -> frozenset[str]:
        """Return the absolute paths of all files of the ledger."""
        return frozenset(self.facts.files)


def prove_ledger(
    top: Path,
    root: Path,
    settings: ReceivablesSettings,
    kept: KeptFiles,
    crew: Crew | None = None,
) -> ProvenLedger | Refusal:
    """Return the ledger that begins in ``top``, or why it is left to Beancount.

    A ``crew`` reads beside this process.
    """
    known = {
        path: summary
        for path, data in kept.facts().items()
        if (summary := unpacked(data, partial(kept.rows, path)))
    }
    proven = read(top, root, settings, {**known, **kept.made}, crew)
    if isinstance(proven, Refusal):
        return proven
    made = {
        part.file: part.summary for part in proven.parts if known.get(part.file) is not part.summary
    }
    return ProvenLedger(proven, made)
