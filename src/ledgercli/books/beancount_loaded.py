"""What Beancount made of a ledger, and what it would have died of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import Any

from ledgercli.books.beancount_errors import Sources
from ledgercli.model.catalogue import ledger as codes
from ledgercli.model.finding import Finding, Place
from ledgercli.model.ledger import LedgerInputs
from ledgercli.model.record import dataclass

# Beancount's types are loose, and plugins put anything into their place.
Entry = Any
Entries = list[Entry]
Options = dict[str, Any]
Failure = tuple[Entry, Exception]


@dataclass(slots=True)
class Loaded:
    """What Beancount made of a ledger.

    ``errors`` are Beancount's own, in its order; ``findings`` are what it would have died of, and
    what was left out on purpose. ``files`` are absolute paths of all files read, ``inputs`` all
    that the result depends on.
    """

    entries: Entries = field(default_factory=list)
    errors: list[Any] = field(default_factory=list)
    options: Options = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    inputs: LedgerInputs = field(default_factory=LedgerInputs)


def add_failures(loaded: Loaded, sources: Sources, step: str, failures: Iterable[Failure]) -> None:
    """Add a finding for each entry that a ``step`` of Beancount died of."""
    for entry, error in failures:
        loaded.findings.append(failed(step, error, sources.place(entry.meta)))


def failed(step: str, error: BaseException, place: Place) -> Finding:
    """Return the finding about a ``step`` of Beancount that ended with an exception."""
    return Finding(codes.BEANCOUNT_FAILED, {"step": step, "reason": reason_of(error)}, place)


def reason_of(error: BaseException) -> str:
    """Return what an exception says in one short line."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    # The text of decimal's errors is a list of Python classes.
    said = "" if isinstance(error, ArithmeticError) else " ".join(str(error).split())[:300]
    name = type(error).__name__
    return f"{name}: {said}" if said else name
