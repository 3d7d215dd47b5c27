"""Opens the books: finds them, reads what is in them, and joins it into a position."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledgercli.books.discovery import Location, find_books
from ledgercli.books.errors import BooksNotFoundError
from ledgercli.desk import loading
from ledgercli.desk.book_records import settings_findings
from ledgercli.desk.kept_customers import directory_of
from ledgercli.desk.loading import Loaded
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Request
from ledgercli.model.errors import LedgercliError
from ledgercli.model.finding import Finding
from ledgercli.model.record import dataclass

if TYPE_CHECKING:
    from ledgercli.model.event import Event
    from ledgercli.model.general_ledger import GeneralLedger
    from ledgercli.model.order import Order
    from ledgercli.receivables.occurrences import Recorded


def open_books(
    request: Request, *, with_events: bool = False, with_orders: bool = False
) -> OpenBooks:
    """Return the books that ``request`` means, read once; activity and orders if they are wanted.

    Raise the errors of finding and reading them (``books/errors.py``, ``books/ledger.py``,
    ``books/revision.py``); what is wrong inside them is in the findings.
    """
    location = find_books(request.books, request.ledger, request.environment, request.start)
    wanted = _Wanted(events=with_events, orders=with_orders)
    if request.known_at is None:
        return _opened(request, location, _loaded(request, location), wanted)
    from ledgercli.books.revision import books_at, top_of

    with books_at(location.root, request.known_at) as root:
        read = loading.load_revision(request, location, root, top_of(root))
        return _opened(request, location, read, wanted, root=root)


def _loaded(request: Request, location: Location) -> Loaded:
    """Return the books as they are now; an error brings along what is wrong with the settings.

    Settings that cannot be read name no ledger, and then another one is missing.
    """
    try:
        return loading.load(request, location)
    except LedgercliError as error:
        if location.ledger is None:
            error.findings = settings_findings(location)
        raise


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What to read besides settings, customers and ledger."""

    events: bool
    orders: bool


def open_entries(request: Request, entries: Sequence[Any], options: Mapping[str, Any]) -> OpenBooks:
    """Return the books around a ledger that Beancount has loaded, with their activity log.

    ``request.ledger`` is its top file; without settings in its folder or above it stands alone.
    """
    try:
        location = find_books(None, None, {}, request.start)
    except BooksNotFoundError:
        location = find_books(None, request.ledger, {}, request.start)
    read = loading.load_entries(request, location, entries, options)
    opened = _opened(request, location, read, _Wanted(events=True, orders=True))

    def general_ledger() -> GeneralLedger:
        from ledgercli.books.general_ledger import general_ledger_of
        from ledgercli.desk.general_ledgers import with_owners

        settings = read.records.settings
        found = general_ledger_of(entries, options, location.root, settings)
        return with_owners(found, opened.directory)

    return replace(opened, general_ledger_source=general_ledger)


def _opened(
    request: Request,
    location: Location,
    read: Loaded,
    wanted: _Wanted,
    *,
    root: Path | None = None,
) -> OpenBooks:
    """Return the books of what was read, with the activity log and the orders where wanted."""
    events: tuple[Event, ...] = ()
    event_findings: tuple[Finding, ...] = ()
    orders: tuple[Order, ...] = ()
    order_findings: tuple[Finding, ...] = ()
    records, within = read.records, root or location.root
    directory = functools.cache(lambda: directory_of(records, read.ledger.facts, read.kept_in))
    if wanted.events and not location.bare:
        from ledgercli.desk.recorded_facts import events_of

        events, event_findings = events_of(within, directory())
    if wanted.orders and not location.bare:
        from ledgercli.desk.recorded_facts import orders_of

        orders, order_findings = orders_of(within, directory())

    def occurrences() -> Recorded:
        from ledgercli.desk.recorded_facts import recorded_of

        known = (events if wanted.events else None, orders if wanted.orders else None)
        return recorded_of(within, directory(), *known)

    # The copy of another revision is gone before anybody asks.
    then = occurrences() if root and not location.bare else None

    def general_ledger() -> GeneralLedger:
        from ledgercli.desk import general_ledgers

        def made() -> GeneralLedger:
            found = general_ledgers.read(request, location, records.settings)
            return general_ledgers.with_owners(found, directory())

        if read.kept_in is None:
            return made()
        from ledgercli.desk.kept_ledger import kept_ledger

        _store, mark = read.kept_in
        holds = functools.partial(loading.holds, request, location, mark)
        return kept_ledger(*read.kept_in, made, holds)

    return OpenBooks(
        location=location,
        settings_source=records.settings_source,
        receivables_source=records.receivables_source,
        brief=records.brief,
        customers_source=records.customers_source,
        names=records.names,
        ledger=read.ledger,
        record_findings=records.findings,
        inferred=records.inferred,
        now=request.now,
        known_at=request.known_at,
        general_ledger_source=general_ledger,
        directory_source=directory,
        customer_source=records.customer_source,
        accounts_file="" if request.receivable else records.settings_file,
        events=events,
        event_findings=event_findings,
        orders=orders,
        order_findings=order_findings,
        tier=read.tier,
        loaded=read,
        occurrences=None if location.bare else occurrences,
        _recorded=then,
    )
