"""The reports of ``report NAME``: each asks the rooms for what it needs, and arranges it."""

from __future__ import annotations

from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.opening import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.customer import Customer
from ledgercli.model.event import Event
from ledgercli.model.law import country_of
from ledgercli.model.values import Duration
from ledgercli.reports.common import Basis, PositionBasis


def limitation(books: OpenBooks, query: Query, *, within: Duration | None) -> Answer:
    """Return when open claims become time-barred, by the country of each customer.

    Claims are the documents that are due, or not known to be; fees and interest stand by their own.
    """
    from ledgercli.books.packaged import law_profiles
    from ledgercli.receivables import limitation as rules
    from ledgercli.reports import limitation as report

    as_of = books.as_of(query)
    position = books.selected(query)
    laws = law_profiles()
    kinds = rules.settlement_kinds(position)
    events: dict[str, list[Event]] = {}
    for event in books.events:
        if event.in_force(as_of):
            events.setdefault(event.customer, []).append(event)
    rows = []
    for item in position.open_items:
        document = item.document
        if document.kind == "refund" or (document.due and document.due > as_of):
            continue
        customer = position.customers.get(document.customer) or Customer(document.customer)
        restarts = [
            *rules.part_payments(item, kinds),
            *rules.acknowledgements(document, events.get(document.customer, ())),
        ]
        rows.append(rules.barred(item, country_of(customer), laws, restarts))
    basis = Basis(position, books.view.prices, query.convert)
    return with_circumstances(books, report.limitation(basis, rows, within), query)


def contracts(books: OpenBooks, query: Query, *, by_order: bool) -> Answer:
    """Return how far contracts and orders have come; ``by_order`` each order by itself.

    The books are to be opened with their orders.
    """
    from ledgercli.receivables.contract_progress import progress
    from ledgercli.receivables.contracts import contract_amount
    from ledgercli.reports import contracts as report

    position = books.selected(query)
    chosen = books.chosen(query)
    orders = [
        order
        for order in books.orders
        if (chosen is None or order.customer in chosen)
        and (not query.currencies or order.currency in query.currencies)
    ]
    amounts = {
        (customer.id, contract.id, money.currency): money.amount
        for customer in books.customers
        if chosen is None or customer.id in chosen
        for contract in customer.contracts
        if (money := contract_amount(contract, position.as_of))
        and (not query.currencies or money.currency in query.currencies)
    }
    rows = progress(orders, position, by_order=by_order, amounts=amounts)
    basis = PositionBasis(position, books.facts.prices, query.convert)
    return with_circumstances(books, report.contracts(basis, rows), query)
