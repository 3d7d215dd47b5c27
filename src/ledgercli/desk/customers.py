"""Customer records, read: the list, and one record with its figures."""

from __future__ import annotations

from dataclasses import replace

from ledgercli.customers.selecting import Traits, with_traits
from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.opening import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.customer import UNKNOWN, Customer
from ledgercli.receivables.limits import limits
from ledgercli.receivables.orders import open_orders
from ledgercli.reports import customers as reports
from ledgercli.reports.common import Basis, PositionBasis


def list_(
    books: OpenBooks,
    query: Query,
    *,
    kinds: tuple[str, ...] = (),
) -> Answer:
    """Return the customers that the filters leave, by id, with their balances.

    Raise CustomerNotFoundError for a parent that there is not.
    """
    traits = Traits(kinds=kinds)
    chosen = books.chosen(query)
    records = [
        record
        for record in sorted(with_traits(books.customers, traits), key=lambda one: one.id)
        if chosen is None or record.id in chosen
    ]
    currencies = frozenset(query.currencies) if query.currencies else None
    shown = frozenset(record.id for record in records) if traits != Traits() else chosen
    summary = books.summary(books.as_of(query)).only(shown, currencies)
    basis = Basis(summary, books.facts.prices, query.convert)
    return with_circumstances(books, reports.customer_list(basis, records), query)


def show(books: OpenBooks, query: Query, *, customer: str) -> Answer:
    """Return one customer's record and figures; raise CustomerNotFoundError."""
    identifier = books.customer_id(customer)
    records: dict[str, Customer] = {record.id: record for record in books.customers}
    record = records.get(identifier, Customer(UNKNOWN, name=UNKNOWN))
    whole = books.position(books.as_of(query))
    orders = open_orders(books.orders, books.as_of(query))
    part = whole.only(frozenset({identifier}), None)
    alone = replace(part, customers={identifier: record})
    exposure = limits(alone, books.settings.limits, books.facts.prices, orders)
    basis = PositionBasis(part, books.facts.prices, query.convert)
    answer = reports.customer_page(basis, record, exposure, books.settings)
    return with_circumstances(books, answer, query)
