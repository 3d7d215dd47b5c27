"""Orders and the customers that they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ledgercli.model.catalogue.orders import ORDER_CUSTOMER
from ledgercli.model.finding import Finding, Place
from ledgercli.model.order import Order
from ledgercli.receivables.identity import Directory


def with_known_customers(
    orders: Sequence[Order], directory: Directory
) -> tuple[tuple[Order, ...], tuple[Finding, ...]]:
    """Return the orders with the ids of their customers as ``directory`` spells them.

    An order whose customer is none stays as it is, with a finding.
    """
    known: list[Order] = []
    findings: list[Finding] = []
    for order in orders:
        identifier = directory.by_id(order.customer)
        if identifier is None:
            values = {"customer": order.customer[:80]}
            findings.append(Finding(ORDER_CUSTOMER, values, Place(order.file, order.line, 1)))
        known.append(order if identifier is None else replace(order, customer=identifier))
    return tuple(known), tuple(findings)
