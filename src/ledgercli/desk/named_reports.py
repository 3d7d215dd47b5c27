"""The reports of ``report NAME``: each asks the rooms for what it needs, and arranges it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.customer import Customer
from ledgercli.model.event import Event
from ledgercli.model.law import country_of
from ledgercli.model.values import Duration
from ledgercli.reports.common import Basis, PositionBasis

if TYPE_CHECKING:
    from ledgercli.reports.explained.evidence import Evidence
    from ledgercli.reports.explained.figures import Explainer


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

    def telling(evidence: Evidence) -> Explainer:
        from ledgercli.reports.explained import records

        return records.limitation(evidence, rows, laws)

    return with_circumstances(books, report.limitation(basis, rows, within), query, telling)


def contracts(books: OpenBooks, query: Query, *, by_order: bool) -> Answer:
    """Return how far contracts and orders have come; ``by_order`` each order by itself.

    The books are to be opened with their orders.
    """
    from ledgercli.receivables.contract_progress import Part, progress, stated_parts
    from ledgercli.receivables.contracts import contract_parts
    from ledgercli.reports import contracts as report

    position = books.selected(query)
    chosen = books.chosen(query)

    def asked_about(customer: str, currency: str) -> bool:
        return (chosen is None or customer in chosen) and (
            not query.currencies or currency in query.currencies
        )

    orders = [order for order in books.orders if asked_about(order.customer, order.currency)]
    stated: dict[tuple[str, str, str], tuple[Part, ...]] = {}
    for customer in books.customers:
        for contract in customer.contracts:
            parts = contract_parts(contract, position.as_of)
            if parts and asked_about(customer.id, parts[0].price.currency):
                key = (customer.id, contract.id, parts[0].price.currency)
                stated[key] = stated_parts(customer, contract, parts)
    rows = progress(orders, position, by_order=by_order, stated=stated)
    basis = PositionBasis(position, books.facts.prices, query.convert)

    def telling(evidence: Evidence) -> Explainer:
        from ledgercli.reports.explained import records

        return records.contracts(evidence, rows)

    return with_circumstances(books, report.contracts(basis, rows), query, telling)
