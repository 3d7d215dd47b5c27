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
    asked = [item.document for item in position.items if _is_asked(item.document)]
    owners: dict[str, str] = {}
    shared = {
        document.base
        for document in asked
        if owners.setdefault(document.base, document.customer) != document.customer
    }
    first: dict[str, Document] = {}
    told: set[tuple[str, str]] = set()
    several = (document for document in asked if document.base in shared)
    for document in sorted(several, key=lambda document: (document.date, document.order)):
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


def _is_asked(document: Document) -> bool:
    return document.numbered and not document.duplicate and document.customer != UNKNOWN
