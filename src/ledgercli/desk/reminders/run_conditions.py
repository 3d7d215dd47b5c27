"""What every task does before it writes or sends: the lock, the log as it stands, the day."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders.reminder_errors import (
    BehindError,
    RunInTheFutureError,
    RunInThePastError,
)
from ledgercli.desk.reminders.reminder_log import is_sent
from ledgercli.receivables.event_owners import with_present_customers


def lock(root: Path) -> AbstractContextManager[None]:
    """Return the lock of the books, to be held while they are written."""
    from ledgercli.books.files import books_lock

    return books_lock(root)


def read_again(books: OpenBooks) -> OpenBooks:
    """Return the books with the log as it stands now."""
    from ledgercli.books.activity import read_events

    events, findings = read_events(books.root)
    events = with_present_customers(events, books.directory)
    return replace(books, events=events, event_findings=findings)


def refuse_to_send(books: OpenBooks, as_of: dt.date, *, dry_run: bool) -> None:
    """Raise why nothing may be sent as of a day; a trial may look ahead.

    RunInTheFutureError before the day has come, RunInThePastError after a later reminder,
    BehindError after others' commits.
    """
    from ledgercli.books.repository import behind_upstream

    if as_of > books.today and not dry_run:
        raise RunInTheFutureError(day=as_of, today=books.today)
    sent = (event.date for event in books.events if is_sent(event))
    last = max(sent, default=as_of)
    if last > as_of:
        raise RunInThePastError(last=last, day=as_of)
    count, upstream = behind_upstream(books.root)
    if count:
        raise BehindError(count=count, upstream=upstream)
