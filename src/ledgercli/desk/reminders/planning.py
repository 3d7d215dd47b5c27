"""The plan of reminders for open books, and what in them holds every letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ledgercli.desk.checking import all_findings
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.event import Event
from ledgercli.model.finding import Finding
from ledgercli.receivables.position import Position
from ledgercli.reminders import plan as planning
from ledgercli.reminders.planned import Plan


def plan_of(books: OpenBooks, query: Query, events: Sequence[Event]) -> Plan:
    """Return the plan for what ``query`` asks about, as of its day, with ``events`` as the log."""
    from ledgercli.books.packaged import law_profiles

    as_of = books.as_of(query)
    whole = books.position_about(_remembered(books, events), as_of)
    currencies = frozenset(query.currencies) if query.currencies else None
    return planning.plan(
        whole.only(books.chosen(query), currencies),
        books.settings,
        events,
        as_of,
        ledger_errors=bool(blocking_findings(books)),
        customer_errors=_customer_errors(books, whole),
        bank_days=books.facts.bank_days,
        laws=law_profiles(),
        addresses_known=not (books.location.bare or books.inferred),
    )


def is_whole(query: Query) -> bool:
    """Return whether ``query`` is about all customers and currencies."""
    return not (query.filters_customers or query.currencies)


def blocking_findings(books: OpenBooks) -> tuple[Finding, ...]:
    """Return the errors that hold every letter: of the ledger, the settings, the activity log.

    A settings file that was not understood may have meant another policy, and a line of the log
    that cannot be read may be a letter that was sent.
    """
    file = books.location.settings_file
    in_settings = (
        finding
        for finding in books.record_findings
        if file and not finding.customer and finding.place.file == file.name
    )
    everything = (*books.ledger_errors, *in_settings, *books.event_findings)
    return tuple(finding for finding in everything if finding.severity == "error")


def _remembered(books: OpenBooks, events: Sequence[Event]) -> frozenset[str]:
    """Return the numbers of documents that matter though nothing is open on them.

    Letters about them may have claimed what is owed still, and orders name them as their invoices.
    """
    dunned = {event.number for event in events if event.kind == "reminder"}
    invoiced = {invoice.number for order in books.orders for invoice in order.invoices}
    return frozenset(dunned | invoiced)


def _customer_errors(books: OpenBooks, position: Position) -> Mapping[str, str]:
    """Return the codes of the errors about each customer, as of the day of ``position``."""
    found: dict[str, set[str]] = {}
    for finding in all_findings(books, position.as_of, position, errors_alone=True):
        if finding.customer:
            found.setdefault(finding.customer, set()).add(finding.code)
    return {customer: ", ".join(sorted(names)) for customer, names in found.items()}
