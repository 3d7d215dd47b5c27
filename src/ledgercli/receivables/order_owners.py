"""Orders and the customers that they name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ledgercli.model.catalogue.orders import ORDER_CUSTOMER
from ledgercli.model.customer import Customer, fold
from ledgercli.model.finding import Finding, Place
from ledgercli.model.order import Order


def with_known_customers(
    orders: Sequence[Order], customers: Iterable[Customer]
) -> tuple[tuple[Order, ...], tuple[Finding, ...]]:
    """Return the orders with the ids of their customers as the records spell them.

    An order whose customer is none stays as it is, with a finding.
    """
    if not orders:
        return (), ()
    ids = {fold(customer.id): customer.id for customer in customers}
    known: list[Order] = []
    findings: list[Finding] = []
    for order in orders:
        identifier = ids.get(fold(order.customer))
        if identifier is None:
            values = {"customer": order.customer[:80]}
            findings.append(Finding(ORDER_CUSTOMER, values, Place(order.file, order.line, 1)))
        known.append(order if identifier is None else replace(order, customer=identifier))
    return tuple(known), tuple(findings)
