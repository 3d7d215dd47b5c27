"""Which customers a query means, by what is kept of their records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledgercli.customers.selecting import Traits, tagged, with_traits
from ledgercli.desk.errors import CustomerNotFoundError
from ledgercli.model.customer import UNKNOWN, fold

if TYPE_CHECKING:
    from ledgercli.desk.open_books import OpenBooks
    from ledgercli.desk.request import Query


#: Findings that may be why a customer is not found.
_TOLD_MAX = 3


def chosen(books: OpenBooks, query: Query) -> frozenset[str] | None:
    """Return the ids of the customers that ``query`` asks for, None for all of them.

    Raise CustomerNotFoundError for a customer or parent that there is not.
    """
    if not query.filters_customers:
        return None
    found = {books.customer_id(text) for text in query.customers} or {*books.names, UNKNOWN}
    tops = tuple(books.customer_id(parent) for parent in query.parents)
    traits = Traits(query.statuses, query.tiers, query.owners, (), tops)
    if traits != Traits():
        found.intersection_update(one.id for one in with_traits(books.heads(), traits))
    if query.tags:
        found.intersection_update(one.id for one in tagged(books.heads(), query.tags))
    if query.segments:
        asked = [(key, fold(value)) for key, value in query.segments.items()]
        found.intersection_update(
            identifier
            for identifier, own in books.segments().items()
            if all(fold(own.get(key, "")) == value for key, value in asked)
        )
    return frozenset(found)


def customer_id(books: OpenBooks, text: str) -> str:
    """Return the id of the customer that ``text`` names by id, alias or name.

    Raise CustomerNotFoundError where it names nobody.
    """
    if text in books.names:
        return text
    found = books.directory.by_id_or_alias(text) or books.directory.by_payee(text)
    if found:
        return found
    import difflib

    ids = {fold(identifier): identifier for identifier in books.names if identifier != UNKNOWN}
    near = difflib.get_close_matches(fold(text), ids, n=1)
    error = CustomerNotFoundError(customer=text, suggestion=ids[near[0]] if near else "")
    # The record may be in a file that cannot be read.
    unread = [found for found in books.record_findings if found.severity == "error"]
    error.findings = tuple(found for found in unread if not found.customer)[:_TOLD_MAX]
    raise error
