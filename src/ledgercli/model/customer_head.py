"""What lists of customers show of a record, so that thousands need not be opened."""

from __future__ import annotations

from typing import NamedTuple

from ledgercli.model.customer import Customer


class CustomerHead(NamedTuple):
    """The fields of a customer that a list shows, as in :class:`Customer`."""

    id: str
    label: str
    status: str
    tier: str
    tags: tuple[str, ...]
    owner: str
    parent: str
    file: str
    line: int
    kind: str


def head_of(customer: Customer) -> CustomerHead:
    """Return the head of a record."""
    return CustomerHead(
        customer.id,
        customer.label,
        customer.status,
        customer.tier,
        customer.tags,
        customer.owner,
        customer.parent,
        customer.file,
        customer.line,
        customer.kind,
    )
