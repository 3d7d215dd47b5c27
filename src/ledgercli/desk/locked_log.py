"""The books with their activity log as it stands, under the lock: nobody else writes meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace

from ledgercli.desk.open_books import OpenBooks
from ledgercli.receivables.event_owners import with_present_customers


@contextmanager
def locked_log(books: OpenBooks, *, dry_run: bool) -> Iterator[OpenBooks]:
    """Yield the books with the log read anew, locked unless it is a ``dry_run``.

    Raise BooksLockedError, and the errors of reading.
    """
    from ledgercli.books.activity import read_events
    from ledgercli.books.files import books_lock

    with nullcontext() if dry_run else books_lock(books.root):
        events, findings = read_events(books.root)
        events = with_present_customers(events, books.directory)
        yield replace(books, events=events, event_findings=findings)
