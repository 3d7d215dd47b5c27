"""How a customer's credit limit came about: what git remembers of the record."""

from __future__ import annotations

import datetime as dt
from pathlib import PurePosixPath

from ledgercli.books.customers import read_records
from ledgercli.books.repository import PastVersion, past_versions
from ledgercli.books.source_reading import read_source
from ledgercli.desk.open_books import OpenBooks
from ledgercli.model.customer import CreditLimit, Customer
from ledgercli.model.record import dataclass


@dataclass(frozen=True, slots=True)
class LimitChange:
    """A limit as it was written: on which day, by whom, in which commit; None takes it away."""

    date: dt.date
    by: str
    commit: str
    limit: CreditLimit | None


def limit_history(books: OpenBooks, record: Customer, as_of: dt.date) -> tuple[LimitChange, ...]:
    """Return the changes of a limit up to ``as_of``, newest first; nothing without git.

    A file that was renamed is followed no further than to its present name.
    """
    if not record.file or books.known_at is not None:
        return ()
    changes: list[LimitChange] = []
    before: CreditLimit | None = None
    for version in reversed(past_versions(books.root, record.file)):
        found, limit = _limit_in(version, record)
        if found and limit != before and version.date <= as_of:
            changes.append(LimitChange(version.date, version.by, version.commit[:10], limit))
            before = limit
    return tuple(reversed(changes))


def _limit_in(version: PastVersion, record: Customer) -> tuple[bool, CreditLimit | None]:
    """Return whether the customer was in that version of the file, and with which limit."""
    source = read_source(version.content, record.file)
    records, _findings = read_records(source, PurePosixPath(record.file).stem)
    for customer, _path in records:
        if customer.id == record.id:
            return True, customer.credit.limit
    return False, None
