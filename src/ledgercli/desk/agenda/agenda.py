"""The agenda of open books: gathers what it is made from, and whose each line is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from ledgercli.customers.agenda import Duty, Sources
from ledgercli.customers.agenda import agenda as duties_of
from ledgercli.customers.promises import standing_promises
from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import UNKNOWN, Customer, fold
from ledgercli.model.values import add_days
from ledgercli.receivables.position import Position
from ledgercli.receivables.summary import UNKNOWN_DUE
from ledgercli.reports import agenda as report

#: How far the page of a customer looks ahead.
_PAGE_DAYS = 366
#: Of so many customers at most the position is made by itself.
_FEW = 50
#: The command that shows more about a line, by its kind.
_COMMANDS = {
    "promise": "ledgercli explain {subject}",
    "order-due": "ledgercli order due",
    "approve": "ledgercli order show {subject}",
    "deliver": "ledgercli order show {subject}",
    "invoice": "ledgercli order show {subject}",
    "paper": "ledgercli explain {subject}",
    "retention": "ledgercli explain {subject}",
    "occurrence": "ledgercli explain {subject}",
    "limit-review": "ledgercli limits --customer {customer}",
}


def agenda(books: OpenBooks, query: Query, *, until: dt.date | None, owner: str = "") -> Answer:
    """Return what is due up to ``until``, else as far as the settings look ahead.

    ``owner`` leaves the customers that this person looks after. The books are to be opened with
    activity and orders.
    """
    as_of = books.as_of(query)
    last = until or books.settings.agenda.ahead.after(as_of)
    lines = lines_of(books, query, last, owner)
    answer = report.agenda(lines, as_of, last, owner)
    return with_circumstances(books, with_owner_known(books, answer, owner), query)


def lines_of(
    books: OpenBooks, query: Query, until: dt.date, owner: str = ""
) -> tuple[report.Line, ...]:
    """Return the lines of the agenda that ``query`` and ``owner`` leave, by day."""
    chosen = scope(books, query, owner)
    records = {record.id: record for record in books.customers}
    return tuple(
        _line(duty, records)
        for duty in _duties(books, query, until)
        if chosen is None or duty.customer in chosen
    )


def _line(duty: Duty, records: Mapping[str, Customer]) -> report.Line:
    """Return a line with the name and the owner of its customer."""
    record = records.get(duty.customer)
    return report.Line(
        id=duty.id,
        kind=duty.kind,
        date=duty.date,
        customer=duty.customer,
        name=record.label if record else duty.customer,
        owner=record.owner if record else "",
        subject=duty.subject,
        amount=duty.amount,
        text=duty.text,
        command=_command(duty),
    )


def lines_of_customer(books: OpenBooks, query: Query, customer: str) -> tuple[report.Line, ...]:
    """Return the lines of one customer for a year ahead, but for reviews and papers."""
    as_of = books.as_of(query)
    position = books.position_of(frozenset({customer}), as_of)
    events = tuple(event for event in books.events if event.customer == customer)
    sources = Sources(
        customers=() if customer == UNKNOWN else (books.records[customer],),
        events=events,
        promises=standing_promises(position, events, as_of),
        orders=tuple(order for order in books.orders if order.customer == customer),
        items=position.open_items,
    )
    settings = replace(books.settings.agenda, review_after=None)
    names = {record.id: record for record in sources.customers}
    found = duties_of(sources, settings, as_of, add_days(as_of, _PAGE_DAYS))
    return tuple(_line(duty, names) for duty in found)


def scope(books: OpenBooks, query: Query, owner: str) -> frozenset[str] | None:
    """Return the customers that ``query`` and ``owner`` leave, None for all of them."""
    chosen = books.chosen(query)
    if not owner:
        return chosen
    owned = {record.id for record in books.customers if fold(record.owner) == fold(owner)}
    return frozenset(owned if chosen is None else owned & chosen)


def with_owner_known(books: OpenBooks, answer: Answer, owner: str) -> Answer:
    """Return ``answer`` with a warning where nobody is looked after by ``owner``."""
    if not owner or any(fold(record.owner) == fold(owner) for record in books.customers):
        return answer
    words = N_("no customer is looked after by `{owner}`")
    return replace(answer, warnings=(*answer.warnings, Text(words, {"owner": owner})))


def _command(duty: Duty) -> str:
    template = _COMMANDS.get(duty.kind, "ledgercli customer show {customer}")
    if "{subject}" in template and not duty.subject:
        template = "ledgercli customer show {customer}"
    return template.format(subject=duty.subject, customer=duty.customer)


def _duties(books: OpenBooks, query: Query, until: dt.date) -> tuple[Duty, ...]:
    """Return everything that is due by ``until``, whosever it is."""
    as_of, settings = books.as_of(query), books.settings.agenda
    with_papers = bool(settings.papers) and not books.location.bare
    position = books.position(as_of, settled=False) if with_papers else _standing(books, as_of)
    sources = Sources(
        customers=books.customers,
        events=books.events,
        promises=standing_promises(position, books.events, as_of),
        orders=books.orders,
        items=position.open_items,
    )
    if settings.review_after and not books.location.bare:
        from ledgercli.books.record_days import last_commit_days

        days = last_commit_days(books.root, "customers", books.known_at)
        sources = replace(sources, looked_at=days)
    if with_papers:
        from ledgercli.books.record_days import Papers

        papers = Papers(books.root, settings.papers)
        lacking = [
            (item.document.customer, item.document.number, item.document.date)
            for item in position.open_items
            if item.document.numbered
            and item.document.kind != "opening"
            and not papers.has(item.document.number)
        ]
        sources = replace(sources, without_paper=lacking)
    return duties_of(sources, settings, as_of, until)


def _standing(books: OpenBooks, as_of: dt.date) -> Position:
    """Return the position, or as much of it as the agenda looks at, where that is little.

    Most of what is open stands in no agenda, only what was promised, is retained, or waits for an
    event. The summary tells of whom there is any.
    """
    wanted = {event.customer for event in books.events if event.kind == "promise"}
    wanted |= {
        customer
        for (customer, _), lines in books.summary(as_of).open_lines.items()
        if any(retained or due == UNKNOWN_DUE for due, _, _, retained in lines)
    }
    if len(wanted) > _FEW:
        return books.position(as_of, settled=False)
    return books.position_of(frozenset(wanted), as_of)
