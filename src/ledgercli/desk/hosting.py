"""What a program asks of the desk that has a ledger open itself: which books are around it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ledgercli.books.discovery import find_books
from ledgercli.books.errors import BooksNotFoundError
from ledgercli.books.pause import collection_paused
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Request
from ledgercli.desk.watching import State, log_state, plans_state
from ledgercli.model.customer import Customer, fold
from ledgercli.model.record import dataclass

__all__ = [
    "Unwatched",
    "collection_paused",
    "customers_like",
    "customers_named",
    "customers_on",
    "open_around",
    "options_around",
    "record_files_around",
    "unwatched_around",
]

#: Folders of the books with a record in each file.
_RECORD_FOLDERS = ("customers", "orders")


def open_around(
    request: Request, ledger: Path, *, with_events: bool = False, with_orders: bool = False
) -> OpenBooks:
    """Return the books around ``ledger``, with it as their ledger, whatever the settings name.

    They are in its folder, or in the nearest above that has settings; where there are none the
    ledger stands alone. Raise the errors of opening.
    """
    root = _books_folder(ledger)
    if root is None:
        alone = replace(request, ledger=ledger)
        return open_books(alone, with_events=with_events, with_orders=with_orders)
    own = replace(request, books=root)
    books = open_books(own, with_events=with_events, with_orders=with_orders)
    if (books.root / books.settings.ledger).resolve() == ledger.resolve():
        return books
    other = replace(own, ledger=ledger)
    return open_books(other, with_events=with_events, with_orders=with_orders)


def _books_folder(ledger: Path) -> Path | None:
    try:
        return find_books(None, None, {}, ledger.parent).root
    except BooksNotFoundError:
        return None


def record_files_around(ledger: Path) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Return the files with settings and records of the books around ``ledger``, and their folders.

    All paths are absolute; there are none where the ledger stands alone.
    """
    root = _books_folder(ledger)
    if root is None:
        return (), ()
    from ledgercli.books.customers import record_files
    from ledgercli.books.discovery import SETTINGS_NAME

    folders = tuple(root / name for name in _RECORD_FOLDERS if (root / name).is_dir())
    records = [file for folder in folders for file in record_files(root, folder.name)[0]]
    return (root / SETTINGS_NAME, *records), folders


def options_around(ledger: Path) -> tuple[str, ...]:
    """Return the options by which the command line opens the books around ``ledger``."""
    root = _books_folder(ledger)
    return ("--books", str(root)) if root else ("--ledger", str(ledger))


@dataclass(frozen=True, slots=True)
class Unwatched:
    """The states of what pages show and no watcher of a ledger looks at.

    ``log`` is that of the activity log, ``letters`` of the letters that were written.
    """

    log: State = ()
    letters: State = ()

    @property
    def digest(self) -> str:
        """Return both as a text that differs once one of them does."""
        return hashlib.sha256(repr((self.log, self.letters)).encode()).hexdigest()


def unwatched_around(ledger: Path) -> Unwatched:
    """Return the states of activity log and letters around ``ledger``, as they are now."""
    root = _books_folder(ledger)
    return Unwatched(log_state(root), plans_state(root)) if root else Unwatched()


def customers_on(books: OpenBooks, as_of: dt.date, fits: Callable[[str], bool]) -> frozenset[str]:
    """Return the customers with a posting by the end of ``as_of`` on an account that ``fits``.

    Only receivable accounts are asked about.
    """
    fitting: dict[str, bool] = {}

    def is_fitting(account: str) -> bool:
        if account not in fitting:
            fitting[account] = fits(account)
        return fitting[account]

    postings = books.position(as_of).postings
    return frozenset(
        customer
        for (customer, _), rows in postings.items()
        if any(is_fitting(row.account) for row in rows)
    )


def customers_named(books: OpenBooks, text: str) -> frozenset[str]:
    """Return the ids of the customers with ``text`` in their id or name, whatever its case."""
    word = fold(text)
    return frozenset(
        identifier
        for identifier, name in books.names.items()
        if word in fold(identifier) or word in fold(name)
    )


def customers_like(books: OpenBooks, fits: Callable[[Customer], bool]) -> frozenset[str]:
    """Return the ids of the customers that ``fits`` says yes to."""
    return frozenset(record.id for record in books.customers if fits(record))
