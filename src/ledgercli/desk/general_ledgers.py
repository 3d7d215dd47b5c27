"""The general ledger of the books, read from its files."""

from __future__ import annotations

from dataclasses import replace

from ledgercli.books.discovery import Location
from ledgercli.books.general_ledger import read_general_ledger
from ledgercli.books.pause import collection_paused
from ledgercli.desk.request import Request
from ledgercli.model.general_ledger import GeneralLedger
from ledgercli.model.settings import Settings
from ledgercli.receivables.book_customers import with_customers
from ledgercli.receivables.identity import Directory


def read(request: Request, location: Location, settings: Settings) -> GeneralLedger:
    """Return the general ledger of the books, at the revision that ``request`` names if any."""
    ledger = location.ledger or location.root / settings.ledger
    if request.known_at is None:
        return read_general_ledger(ledger, location.root, settings, safe=request.safe)
    from ledgercli.books.revision import books_at, top_of

    with books_at(location.root, request.known_at) as root:
        if ledger.is_relative_to(location.root):
            ledger = root / ledger.relative_to(location.root)
        return read_general_ledger(ledger, root, settings, safe=True, within=top_of(root))


def with_owners(ledger: GeneralLedger, directory: Directory) -> GeneralLedger:
    """Return a general ledger with the customer of each posting."""
    with collection_paused():
        return replace(ledger, postings=tuple(with_customers(ledger.postings, directory)))
