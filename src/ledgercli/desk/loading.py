"""How the books are read: from the store, by proof, or by Beancount itself.

All three say the same; they differ in speed, and in what they can be asked about. The store answers
when nothing has changed. A proof reads what has changed, where it can tell that Beancount would
find nothing to report. Beancount reads all else.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ledgercli.books.discovery import Location
from ledgercli.books.files import shown_path
from ledgercli.books.store.database import Store
from ledgercli.books.store.inputs import Inputs, Watched, names_in
from ledgercli.books.store.keeping import (
    DOCUMENTS,
    UNWRITABLE,
    Kept,
    Read,
    keep,
    recall,
    rows_of,
    stamp,
    unchanged,
)
from ledgercli.books.store.records import dump
from ledgercli.books.store.records import load as load_records
from ledgercli.desk.ledger_source import Chunk, LedgerSource, chunked, turning_days
from ledgercli.desk.request import Request
from ledgercli.desk.summary_store import put_summary, summary_in
from ledgercli.model.aging_settings import Brief
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Customer
from ledgercli.model.finding import Finding
from ledgercli.model.ledger import LedgerView
from ledgercli.model.ledger_rows import LedgerRows, TransactionRow
from ledgercli.model.record import dataclass
from ledgercli.model.refusal import Refusal

if TYPE_CHECKING:
    from ledgercli.model.settings import Settings

Tier = Literal["store", "proof", "beancount"]
NO_CACHE = N_("the cache is switched off")
NO_PROOF = N_("the quick way is switched off")
REVISION = N_("another revision is read without the cache")
#: Endings of the record files in `customers/`.
_SUFFIXES = frozenset([".yaml", ".yml", ".json"])


@dataclass(frozen=True, slots=True)
class Records:
    """Settings and customers as they were read; ``settings_file`` is how that file is shown.

    ``settings_source`` gives all settings, ``brief`` what of them everything asks for.
    """

    settings_source: Callable[[], Settings]
    brief: Brief
    settings_file: str
    customers: tuple[Customer, ...]
    findings: tuple[Finding, ...]
    inferred: bool

    @property
    def settings(self) -> Settings:
        """Return the settings."""
        return self.settings_source()

    def kept(self) -> tuple[Any, ...]:
        """Return what is kept; the settings in bytes of their own, to be opened when needed."""
        return (
            dump(self.settings),
            self.brief,
            self.settings_file,
            self.customers,
            self.findings,
            self.inferred,
        )

    @classmethod
    def of(cls, kept: tuple[Any, ...]) -> Records:
        """Return the records of what was kept."""
        settings, *rest = kept
        return cls(cache(lambda: load_records(settings)), *rest)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read, by which tier, and why no faster one."""

    records: Records
    ledger: LedgerSource
    tier: Tier
    refusals: tuple[Refusal, ...] = ()


def load(request: Request, location: Location) -> Loaded:
    """Return the books as they are now."""
    if request.cache is None:
        return _read(request, location, (Refusal(NO_CACHE),))
    store = Store(request.cache, _name(request, location))
    stamped = stamp(request.environment.get("PYTHONPATH", ""))
    kept = recall(store, stamped, _SUFFIXES, verify=request.verify)
    if not isinstance(kept, Kept):
        return _read_and_keep(request, location, store, stamped, *kept)
    facts, ranks, days = kept.ledger
    records = Records.of(kept.records)
    source = LedgerSource(
        facts,
        ranks,
        days,
        [Chunk(*head) for head in kept.chunks],
        lambda keys: rows_of(store, keys),
        lambda: _read_ledger(request, location, records.settings, {}).ledger.rows,
    )
    _keep_summaries(source, store, kept.mark)
    return Loaded(records, source, "store")


def load_entries(
    request: Request, location: Location, entries: Sequence[Any], options: Mapping[str, Any]
) -> Loaded:
    """Return the books with a ledger that Beancount has loaded already."""
    from ledgercli.books.ledger import rows_of_entries

    records = _read_records(request, location, location.root)
    settings = records.settings.receivables
    rows = rows_of_entries(entries, options, location.root, settings)
    records, source, _ = _joined(records, rows)
    return Loaded(records, source, "beancount")


def load_revision(request: Request, location: Location, root: Path, top: Path) -> Loaded:
    """Return the books as they are in ``root``, a copy of another revision of them.

    ``top`` is the copy of the whole repository, outside of which nothing is read.
    """
    from ledgercli.books.ledger import read_ledger

    records = _read_records(request, location, root)
    ledger = location.ledger or location.root / records.settings.ledger
    if ledger.is_relative_to(location.root):
        ledger = root / ledger.relative_to(location.root)
    settings = records.settings.receivables
    rows = read_ledger(ledger, root, settings, safe=True, within=top)
    records, source, _ = _joined(records, rows)
    return Loaded(records, source, "beancount", (Refusal(REVISION),))


def _read(request: Request, location: Location, refusals: tuple[Refusal, ...]) -> Loaded:
    """Return the books read anew."""
    records = _read_records(request, location, location.root)
    read = _read_ledger(request, location, records.settings, {})
    records, source, _ = _joined(records, read.ledger)
    return Loaded(records, source, read.tier, (*refusals, *read.refusals))


def _read_and_keep(
    request: Request,
    location: Location,
    store: Store,
    stamped: str,
    refusal: Refusal,
    inputs: Inputs,
) -> Loaded:
    """Return the books read anew as far as they differ from ``inputs``, and keep them."""
    began = store.moment()
    if began is None:
        unwritable = Refusal(UNWRITABLE, file=str(store.folder))
        return _read(request, location, (refusal, unwritable))
    known = unchanged(
        store, inputs, _SUFFIXES, lambda path: _holds_records(location, path), verify=request.verify
    )
    records = Records.of(known.records) if known.records else None
    if records is None or records.inferred or _has_other_settings(location, inputs):
        records = _read_records(request, location, location.root)
    read = _read_ledger(request, location, records.settings, known.files)
    records, source, chunks = _joined(records, read.ledger)
    refusals = [refusal, *read.refusals]
    watched = _watched(location, source.facts)
    mark: bytes | Refusal
    if isinstance(watched, Refusal):
        mark = watched
    else:
        heads = {(head.key, head.first, head.settled): rows for head, rows in chunks.items()}
        facts = (source.facts, source.ranks, source.days)
        anew = Read(watched, began, records.kept(), facts, heads, read.tier, read.files)
        mark = keep(store, stamped, anew)
    if isinstance(mark, Refusal):
        refusals.append(mark)
    else:
        _keep_summaries(source, store, mark)
    return Loaded(records, source, read.tier, tuple(refusals))


def _holds_records(location: Location, path: str) -> bool:
    """Return whether ``path`` is one of the files that settings and customers are read from."""
    folder = str(location.root / "customers") + os.sep
    return path.startswith(folder) or Path(path) == location.settings_file


def _has_other_settings(location: Location, inputs: Inputs) -> bool:
    """Return whether there were settings where now there are none, or the other way round."""
    file = location.settings_file
    return file is not None and str(file) not in {path for path, *_ in inputs.files}


def _joined(
    records: Records, ledger: LedgerRows
) -> tuple[Records, LedgerSource, dict[Chunk, list[TransactionRow]]]:
    """Return records and ledger joined, in chunks by the month in which a row is settled."""
    from ledgercli.receivables.identity import Directory
    from ledgercli.receivables.netting import settled_days

    rows = ledger.rows
    if records.inferred:
        from ledgercli.receivables.inference import infer_customers

        records = replace(records, customers=infer_customers(ledger.view()))
    directory = Directory(records.customers, ledger.facts.opens)
    settled = settled_days(rows, lambda *asked: directory.identify(*asked).customer)
    ranks: dict[str, int] = {}
    for row in rows:
        ranks.setdefault(row[9], len(ranks))
    chunks = chunked(rows, settled)
    parts = {head.key: part for head, part in chunks.items()}
    source = LedgerSource(
        ledger.facts,
        ranks,
        turning_days(rows),
        list(chunks),
        lambda keys: {key: parts[key] for key in keys},
        lambda: rows,
    )
    return records, source, chunks


def _keep_summaries(source: LedgerSource, store: Store, mark: bytes) -> None:
    """Let ``source`` keep its latest summary in ``store``, for the state with this ``mark``."""
    source.kept_summary = lambda: summary_in(store, mark)
    source.put_summary = lambda summary: put_summary(store, mark, summary)


def _read_records(request: Request, location: Location, root: Path) -> Records:
    from ledgercli.books.customers import read_customers
    from ledgercli.books.settings import read_settings

    settings_file = location.settings_file
    if settings_file and root != location.root:
        settings_file = root / settings_file.relative_to(location.root)
        settings_file = settings_file if settings_file.exists() else None
    shown = shown_path(root, settings_file) if settings_file else ""
    settings, findings = read_settings(settings_file, shown)
    if request.receivable:
        receivables = replace(settings.receivables, accounts=request.receivable)
        settings = replace(settings, receivables=receivables)
    customers: tuple[Customer, ...] = ()
    customer_findings: tuple[Finding, ...] = ()
    if not location.bare:
        customers, customer_findings = read_customers(root)
    # Records that could not be read must not turn everybody into somebody else.
    inferred = not customers and not customer_findings
    brief = Brief(settings.language, settings.timezone, settings.aging)
    everything = (*findings, *customer_findings)
    return Records(lambda: settings, brief, shown, customers, everything, inferred)


@dataclass(frozen=True, slots=True)
class _Read:
    """A ledger, what read it, why nothing faster did, and what to keep about its changed files."""

    ledger: LedgerRows
    tier: Tier
    refusals: tuple[Refusal, ...] = ()
    files: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)


def _read_ledger(
    request: Request, location: Location, settings: Settings, known: Mapping[str, bytes]
) -> _Read:
    """Return the ledger, by proof where there is one; ``known`` is kept of unchanged files."""
    path = location.ledger or location.root / settings.ledger
    refusals: tuple[Refusal, ...] = (Refusal(NO_PROOF),)
    if request.proof:
        from ledgercli.books.proof.ledger import prove_ledger

        proven = prove_ledger(path, location.root, settings.receivables, known)
        if not isinstance(proven, Refusal):
            return _Read(proven.ledger, "proof", (), proven.files)
        refusals = (proven,)
    from ledgercli.books.ledger import read_ledger

    ledger = read_ledger(path, location.root, settings.receivables, safe=request.safe)
    return _Read(ledger, "beancount", refusals)


def _watched(location: Location, facts: LedgerView) -> Watched | Refusal:
    """Return all that the books were read from, or why that cannot be watched."""
    inputs = facts.inputs
    if inputs.unwatched:
        return Refusal(DOCUMENTS)
    files = [*inputs.files, *inputs.modules]
    folders: tuple[str, ...] = ()
    if location.settings_file:
        files.append(str(location.settings_file))
    if not location.bare:
        folder = location.root / "customers"
        folders = (str(folder),)
        files += [str(folder / name) for name in names_in(str(folder), _SUFFIXES) or ()]
    return Watched(tuple(files), folders, _SUFFIXES, inputs.patterns, inputs.existing)


def _name(request: Request, location: Location) -> str:
    """Return what tells these books, opened in this way, from all others."""
    ways = [f"--receivable {account}" for account in request.receivable]
    ways += ["--safe"] if request.safe else []
    ledger = [str(location.ledger)] if location.ledger else []
    return " ".join([str(location.root), *ledger, *ways])
