"""How the books are read: from the store, by proof, or by Beancount itself.

All three say the same; they differ in speed, and in what they can be asked about. The store answers
when nothing has changed. A proof reads what has changed, where it can tell that Beancount would
find nothing to report. Beancount reads all else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ledgercli.books.discovery import Location
from ledgercli.books.files import shown_path
from ledgercli.books.store.database import Store
from ledgercli.books.store.inputs import Watched, names_in
from ledgercli.books.store.keeping import Refusal, keep, recall, rows_of, stamp
from ledgercli.desk.ledger_source import Chunk, LedgerSource, chunked
from ledgercli.desk.request import Request
from ledgercli.desk.summary_store import put_summary, summary_in
from ledgercli.model.customer import Customer
from ledgercli.model.finding import Finding
from ledgercli.model.ledger import LedgerView
from ledgercli.model.ledger_rows import LedgerRows, TransactionRow
from ledgercli.model.settings import Settings

Tier = Literal["store", "proof", "beancount"]
#: Endings of the record files in `customers/`.
_SUFFIXES = frozenset([".yaml", ".yml", ".json"])


@dataclass(frozen=True, slots=True)
class Records:
    """Settings and customers as they were read; ``settings_file`` is how that file is shown."""

    settings: Settings
    settings_file: str
    customers: tuple[Customer, ...]
    findings: tuple[Finding, ...]
    inferred: bool


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
        return _read(request, location, None, "", Refusal("no-cache"))
    store = Store(request.cache, _name(request, location))
    stamped = stamp(request.environment.get("PYTHONPATH", ""))
    kept = recall(store, stamped, _SUFFIXES, verify=request.verify)
    if isinstance(kept, Refusal):
        return _read(request, location, store, stamped, kept)
    facts, ranks, days, *fields = kept.records
    records = Records(*fields)
    source = LedgerSource(
        facts,
        ranks,
        days,
        [Chunk(*head) for head in kept.chunks],
        lambda keys: rows_of(store, keys),
        lambda: _read_ledger(request, location, location.root, records.settings).rows,
    )
    _keep_summaries(source, store, kept.mark)
    return Loaded(records, source, "store")


def load_revision(request: Request, location: Location, root: Path, top: Path) -> Loaded:
    """Return the books as they are in ``root``, a copy of another revision of them.

    ``top`` is the copy of the whole repository, outside of which nothing is read.
    """
    records = _read_records(request, location, root)
    ledger = _read_ledger(request, location, root, records.settings, within=top)
    return Loaded(*_joined(records, ledger)[:2], "beancount", (Refusal("revision"),))


def _read(
    request: Request, location: Location, store: Store | None, stamped: str, refusal: Refusal
) -> Loaded:
    """Return the books read anew, and keep them in ``store``."""
    began = store.moment() if store else None
    records = _read_records(request, location, location.root)
    ledger = _read_ledger(request, location, location.root, records.settings)
    records, source, chunks = _joined(records, ledger)
    refusals = [refusal]
    if store and began is None:
        refusals.append(Refusal("unwritable", str(store.folder)))
    elif store and began is not None:
        kept = (
            source.facts,
            source.ranks,
            source.days,
            records.settings,
            records.settings_file,
            records.customers,
            records.findings,
            records.inferred,
        )
        heads = {(head.key, head.first, head.settled): rows for head, rows in chunks.items()}
        watched = _watched(location, source.facts)
        if isinstance(watched, Refusal):
            refusals.append(watched)
        else:
            mark = keep(store, stamped, watched, began, kept, heads, "beancount")
            if isinstance(mark, Refusal):
                refusals.append(mark)
            else:
                _keep_summaries(source, store, mark)
    return Loaded(records, source, "beancount", tuple(refusals))


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
        sorted({row[0] for row in rows}),
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
    return Records(settings, shown, customers, (*findings, *customer_findings), inferred)


def _read_ledger(
    request: Request,
    location: Location,
    root: Path,
    settings: Settings,
    *,
    within: Path | None = None,
) -> LedgerRows:
    from ledgercli.books.ledger import read_ledger

    ledger = location.ledger or location.root / settings.ledger
    if root != location.root and ledger.is_relative_to(location.root):
        ledger = root / ledger.relative_to(location.root)
    safe = request.safe or within is not None
    return read_ledger(ledger, root, settings.receivables, safe=safe, within=within)


def _watched(location: Location, facts: LedgerView) -> Watched | Refusal:
    """Return all that the books were read from, or why that cannot be watched."""
    inputs = facts.inputs
    if inputs.unwatched:
        return Refusal(f"unwatched-{inputs.unwatched}")
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
