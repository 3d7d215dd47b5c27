"""What is out of the ordinary, in the ledger and in what git remembers of the records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import PurePosixPath

from ledgercli.books.customers import read_records
from ledgercli.books.repository import PastVersion, changed_since, past_versions
from ledgercli.books.source_reading import read_source
from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.customer import Customer
from ledgercli.receivables.anomalies.documents import (
    duplicates,
    patterns,
    silences,
    unusual_amounts,
)
from ledgercli.receivables.anomalies.found import Anomaly, bills
from ledgercli.receivables.anomalies.payments import other_payers, out_of_rhythm
from ledgercli.receivables.limitation import settlement_kinds
from ledgercli.receivables.metrics.periods import months_until
from ledgercli.reports import anomalies as report
from ledgercli.reports.common import Basis
from ledgercli.reports.metrics_groups import Grouping

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: What a line of a record says where it tells of a bank account.
_BANK_LINES = "iban|account|bank"
_SHOWN = 4


def anomalies(books: OpenBooks, query: Query, *, months: int) -> Answer:
    """Return what was out of the ordinary in the last ``months``, by all that is known.

    What is usual is told by all documents up to the day, patterns by all customers.
    """
    as_of = books.as_of(query)
    settings = books.settings.anomalies
    whole, position = books.position(as_of), books.selected(query)
    grouping = Grouping("month", months_until(as_of, months)[0].start, as_of)
    invoices = bills(position)
    everything = invoices if position is whole else bills(whole)
    closed = {record.id for record in books.customers if record.status == "closed"}
    found = [
        *unusual_amounts(invoices, settings),
        *duplicates(invoices, settlement_kinds(position), settings),
        *(one for one in silences(invoices, as_of, settings) if one.customer not in closed),
        *patterns(everything, _weekend(books), settings),
        *out_of_rhythm(position, settings),
        *other_payers(position, settings),
        *_bank_changes(books, grouping),
    ]
    chosen = books.chosen(query)
    told = [
        one
        for one in found
        if grouping.covers(one.date)
        and (chosen is None or one.customer in chosen)
        and (not one.currency or not query.currencies or one.currency in query.currencies)
    ]
    basis = Basis(position, books.facts.prices)
    return with_circumstances(books, report.anomalies(basis, told, grouping), query)


def _weekend(books: OpenBooks) -> frozenset[int]:
    """Return the weekdays of the weekend that the settings name, else Saturday and Sunday."""
    working = books.settings.reminders.working_days
    named = (working.weekend if working else ()) or ("sat", "sun")
    return frozenset(_WEEKDAYS.index(day) for day in named)


def _bank_changes(books: OpenBooks, grouping: Grouping) -> Iterator[Anomaly]:
    """Yield the records whose bank account is another one than git remembers from before.

    An account that is added beside the old ones counts too: that is how one is paid to a stranger.
    """
    if books.known_at is not None:
        return
    records: dict[str, list[Customer]] = {}
    for record in books.customers:
        if record.file:
            records.setdefault(record.file, []).append(record)
    for file in changed_since(books.root, "customers", _BANK_LINES, grouping.start):
        versions = past_versions(books.root, file)
        for record in records.get(file, ()):
            yield from _changes_of(record, versions)


def _changes_of(record: Customer, versions: tuple[PastVersion, ...]) -> Iterator[Anomaly]:
    known: tuple[str, ...] = ()
    for version in reversed(versions):
        accounts = _accounts_in(version, record)
        if accounts is None:
            continue
        yield from _change(record, known, accounts, version.date, (version.by, version.commit[:10]))
        known = accounts or known


def _change(
    record: Customer,
    known: tuple[str, ...],
    accounts: tuple[str, ...],
    day: dt.date,
    by: tuple[str, str],
) -> Iterator[Anomaly]:
    new = [account for account in accounts if account not in known]
    if known and new:
        values = {
            "old": [_tail(account) for account in known],
            "new": [_tail(account) for account in new],
            "by": by[0],
            "commit": by[1],
        }
        yield Anomaly(
            "bank", record.id, day, values=values, grave=True, file=record.file, line=record.line
        )


def _tail(account: str) -> str:
    """Return the end of an account's number, by which it can be told without being shown."""
    return f"…{account[-_SHOWN:]}"


def _accounts_in(version: PastVersion, record: Customer) -> tuple[str, ...] | None:
    """Return the numbers of a customer's bank accounts in a version; None without the customer."""
    source = read_source(version.content, record.file)
    for customer, _path in read_records(source, PurePosixPath(record.file).stem)[0]:
        if customer.id == record.id:
            numbers = (account.iban or account.account for account in customer.bank)
            return tuple("".join(number.split()) for number in numbers if number)
    return None
