"""What an entry closes: a complaint, a service request, a follow-up, a line of the agenda."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ledgercli.desk.activity.activity_errors import (
    AmbiguousEntryError,
    EntryNotFoundError,
    NothingToCloseError,
)
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.event import Event
from ledgercli.model.values import add_days

#: Kinds that are open until another entry of the same kind closes them.
CASES = frozenset(["complaint", "service"])
_PREFIX_MIN = 4
#: How far ahead a line of the agenda may be that is closed.
_AHEAD_DAYS = 3 * 366


def closed_by(books: OpenBooks, typed: str, *, kind: str, customer: str, day: dt.date) -> str:
    """Return the id of what an entry of ``kind`` closes, named by how its id begins.

    Complaints and service requests are closed by entries of their own kind, a survey by feedback,
    follow-ups and lines of the agenda by any. Raise EntryNotFoundError where nothing has that id,
    NothingToCloseError where it is another's or closed already, AmbiguousEntryError.
    """
    exact = {event.id for event in books.events if event.id == typed}
    begins = len(typed) >= _PREFIX_MIN
    found = exact | {
        identifier
        for identifier in _open_ids(books, kind, customer, day)
        if identifier == typed or (begins and identifier.startswith(typed))
    }
    if len(found) > 1:
        raise AmbiguousEntryError(id=typed, found=", ".join(sorted(found)))
    if found and found <= set(_open_ids(books, kind, customer, day)):
        return found.pop()
    known = any(event.id.startswith(typed) for event in books.events if begins)
    if found or known:
        raise NothingToCloseError(id=typed, customer=customer)
    raise EntryNotFoundError(id=typed)


def _open_ids(books: OpenBooks, kind: str, customer: str, day: dt.date) -> Iterator[str]:
    closed = {
        str(event.details.get("closes"))
        for event in books.events
        if event.details.get("closes") and event.in_force(dt.date.max)
    }
    for event in books.events:
        mine = event.customer == customer and event.in_force(day) and event.id not in closed
        if mine and _can_be_closed(event, kind):
            yield event.id
    from ledgercli.desk.agenda.agenda import lines_of

    for line in lines_of(books, Query(as_of=day), add_days(day, _AHEAD_DAYS)):
        if line.customer == customer:
            yield line.id


def _can_be_closed(event: Event, kind: str) -> bool:
    if event.kind in CASES:
        return event.kind == kind and not event.details.get("closes")
    return bool(event.details.get("follow_up")) or (event.kind == "survey" and kind == "feedback")
