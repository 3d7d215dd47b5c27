"""Document numbers that two customers share."""

from __future__ import annotations

from collections.abc import Iterator

from ledgercli.model.catalogue import receivables as codes
from ledgercli.model.customer import UNKNOWN
from ledgercli.model.finding import Finding, Place
from ledgercli.model.position import Document
from ledgercli.receivables.position import Position


def numbers_of_two_customers(position: Position) -> Iterator[Finding]:
    """Yield `number-of-two-customers` at each later document with the number of another's."""
    first: dict[str, Document] = {}
    told: set[tuple[str, str]] = set()
    ordered = sorted(position.items, key=lambda item: (item.document.date, item.document.order))
    for item in ordered:
        document = item.document
        if not document.numbered or document.duplicate or document.customer == UNKNOWN:
            continue
        other = first.setdefault(document.base, document)
        key = (document.base, document.customer)
        if other.customer == document.customer or key in told:
            continue
        told.add(key)
        values = {
            "number": document.base,
            "customer": document.customer,
            "other_customer": other.customer,
            "other": f"{other.file}:{other.line}",
        }
        place = Place(document.file, document.line)
        yield Finding(codes.NUMBER_OF_TWO_CUSTOMERS, values, place, document.customer)
