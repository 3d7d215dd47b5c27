"""Books opened for their customer records alone: no ledger is read, so that an edit is quick."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from ledgercli.books.customers import read_customers
from ledgercli.books.discovery import find_books
from ledgercli.books.files import shown_path
from ledgercli.books.settings import read_settings
from ledgercli.desk.errors import CustomerNotFoundError
from ledgercli.desk.request import Request
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Customer, fold
from ledgercli.model.errors import LedgercliError
from ledgercli.model.finding import Finding
from ledgercli.model.record import dataclass
from ledgercli.model.settings import Settings


class NoRecordsError(LedgercliError):
    """A ledger alone was named; it has no customer records."""

    message = N_("a ledger alone has no customer records")
    hint = N_("`ledgercli init --from-ledger` makes books with a record for each customer in it")


@dataclass(slots=True)
class RecordBooks:
    """Books of which only the settings are read; customers when a task asks for all of them."""

    root: Path
    settings: Settings
    request: Request
    _read: tuple[tuple[Customer, ...], tuple[Finding, ...]] | None = None

    @property
    def language(self) -> str:
        """Return the language that the settings name, empty where they name none."""
        return self.settings.language

    @property
    def today(self) -> dt.date:
        """Return the date of the request in the books' time zone, else in the machine's."""
        from zoneinfo import ZoneInfo

        zone = ZoneInfo(self.settings.timezone) if self.settings.timezone else None
        return self.request.now.astimezone(zone).date()

    @property
    def customers(self) -> tuple[Customer, ...]:
        """Return all records."""
        return self._all()[0]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what is wrong with the records."""
        return self._all()[1]

    def _all(self) -> tuple[tuple[Customer, ...], tuple[Finding, ...]]:
        if self._read is None:
            self._read = read_customers(self.root)
        return self._read

    def customer_id(self, text: str) -> str:
        """Return the id that ``text`` names as id, else as the alias or name of one customer.

        Raise CustomerNotFoundError where it names nobody, or several.
        """
        wanted = fold(text)
        ids = {fold(customer.id): customer.id for customer in self.customers}
        if wanted in ids:
            return ids[wanted]
        named = [
            customer.id
            for customer in self.customers
            if wanted == fold(customer.name) or wanted in map(fold, customer.aliases)
        ]
        if len(named) == 1:
            return named[0]
        import difflib

        near = named or [ids[found] for found in difflib.get_close_matches(wanted, ids, n=1)]
        raise CustomerNotFoundError(customer=text, suggestion=near[0] if near else "")


def open_record_books(request: Request) -> RecordBooks:
    """Return the books that ``request`` means; raise NoRecordsError and the errors of finding."""
    location = find_books(request.books, request.ledger, request.environment, request.start)
    if location.bare:
        raise NoRecordsError
    file = location.settings_file
    settings, _findings = read_settings(file, shown_path(location.root, file) if file else "")
    return RecordBooks(location.root, settings, request)
