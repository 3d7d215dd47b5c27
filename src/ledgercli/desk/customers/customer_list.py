"""The list of customer records. What the page of one is made of need not be loaded for it."""

from __future__ import annotations

from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.reports.common import Basis
from ledgercli.reports.customer_list import customer_list


def list_(
    books: OpenBooks,
    query: Query,
    *,
    kinds: tuple[str, ...] = (),
) -> Answer:
    """Return the customers that the filters leave, by id, with their balances.

    Raise CustomerNotFoundError for a parent that there is not.
    """
    chosen = books.chosen(query)
    records = sorted(books.heads(), key=lambda one: one.id)
    if chosen is not None:
        records = [one for one in records if one.id in chosen]
    if kinds:
        records = [one for one in records if one.kind in kinds]
    currencies = frozenset(query.currencies) if query.currencies else None
    shown = frozenset(record.id for record in records) if kinds else chosen
    summary = books.summary(books.as_of(query)).only(shown, currencies)
    basis = Basis(summary, books.facts.prices, query.convert)
    return with_circumstances(books, customer_list(basis, records), query)
