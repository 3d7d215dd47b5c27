"""One customer record with its figures."""

from __future__ import annotations

from dataclasses import replace

from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer, Table
from ledgercli.model.customer import Customer
from ledgercli.receivables.limits import limits
from ledgercli.receivables.orders import open_orders
from ledgercli.reports import customers as reports
from ledgercli.reports.common import PositionBasis

#: How many entries of the activity log the page of a customer shows.
_RECENT = 5


def show(books: OpenBooks, query: Query, *, customer: str, with_score: bool = False) -> Answer:
    """Return the page of one customer; raise CustomerNotFoundError.

    The books are to be opened with activity and orders.
    """
    identifier = books.customer_id(customer)
    record = books.records[identifier]
    orders = open_orders(books.orders, books.as_of(query))
    part = books.position_of(frozenset({identifier}), books.as_of(query))
    alone = replace(part, customers={identifier: record})
    exposure = limits(alone, books.settings.limits, books.facts.prices, orders)
    basis = PositionBasis(part, books.facts.prices, query.convert)
    dealings = _dealings(books, query, identifier)
    answer = reports.customer_page(basis, record, exposure, books.settings, dealings)
    if with_score:
        answer = _with_score(books, query, answer, record)
    return with_circumstances(books, answer, query)


def _dealings(books: OpenBooks, query: Query, customer: str) -> list[Table]:
    """Return the open orders of a customer, what comes next, and what happened last."""
    from ledgercli.desk.activity.activity_answers import list_answer
    from ledgercli.desk.agenda.agenda import lines_of_customer
    from ledgercli.desk.orders.order_answers import shown
    from ledgercli.reports import agenda, orders

    as_of = books.as_of(query)
    open_ones = [
        order
        for order in books.orders
        if order.customer == customer and order.status == "open" and order.date <= as_of
    ]
    listed = orders.order_list(shown(books, open_ones), as_of).table("rows")
    lines = lines_of_customer(books, query, customer)
    events = [
        event for event in books.events if event.customer == customer and event.in_force(as_of)
    ]
    events.sort(key=lambda event: (event.date, *event.order), reverse=True)
    recent = list_answer(events[:_RECENT], as_of, None, ()).table("rows")
    rows = [line.row(as_of) for line in lines]
    return [
        replace(listed, key="orders", empty=""),
        Table("agenda", agenda.COLUMNS, rows),
        replace(recent, key="activity", empty=""),
    ]


def _with_score(books: OpenBooks, query: Query, answer: Answer, record: Customer) -> Answer:
    """Return the page with the score in it; it takes the documents of all customers to compute."""
    from ledgercli.desk.customers.score_answers import score_details, score_facts
    from ledgercli.desk.customers.scoring import all_scores

    found = all_scores(books, query).by_customer.get(record.id)
    if found is None:
        return answer
    own = [line for line in score_details(record, found) if line[1] != record.id]
    return replace(
        answer,
        facts={**answer.facts, "score": score_facts(record, found)},
        details=(*answer.details, *own),
    )
