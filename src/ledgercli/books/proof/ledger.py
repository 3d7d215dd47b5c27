"""Prove a ledger with what is kept of its files, and give what is to be kept of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ledgercli.books.proof.read import read
from ledgercli.books.proof.summary import unpacked
from ledgercli.books.proof.view import ledger_of
from ledgercli.model.ledger_rows import LedgerRows
from ledgercli.model.record import dataclass
from ledgercli.model.refusal import Refusal
from ledgercli.model.settings import ReceivablesSettings


@dataclass(frozen=True, slots=True)
class ProvenLedger:
    """A ledger read by proof; ``files`` give the bytes to keep about files that were read anew."""

    ledger: LedgerRows
    files: Mapping[str, Callable[[], bytes]]


def prove_ledger(
    top: Path, root: Path, settings: ReceivablesSettings, kept: Mapping[str, bytes]
) -> ProvenLedger | Refusal:
    """Return the ledger that begins in ``top``, or why it is left to Beancount.

    ``kept`` are the bytes kept about files that have not changed since, by absolute path.
    """
    known = {path: summary for path, data in kept.items() if (summary := unpacked(data))}
    proven = read(top, root, settings, known)
    if isinstance(proven, Refusal):
        return proven
    made = {
        part.file: part.summary.packed
        for part in proven.parts
        if known.get(part.file) is not part.summary
    }
    return ProvenLedger(ledger_of(proven), made)
