"""Customers looked up by what people remember of them, and records that may be doubles."""

from __future__ import annotations

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer


def find(books: OpenBooks, *, text: str, limit: int) -> Answer:
    """Return the customers that ``text`` may mean, best first, at most ``limit``."""
    from ledgercli.customers.finding import Index, find_in, index_of
    from ledgercli.desk.customers.customer_search_answers import found

    index = Index._make(books.kept("words", lambda: tuple(index_of(books.customers))))
    return found(find_in(index, books.heads(), text), text, limit)


def duplicates(books: OpenBooks, query: Query) -> Answer:
    """Return pairs of records that may be one customer; the filters must fit one of the two."""
    from ledgercli.customers.duplicates import find_duplicates
    from ledgercli.desk.customers.customer_search_answers import doubles

    chosen = books.chosen(query)
    pairs = find_duplicates(books.customers)
    if chosen is not None:
        pairs = [pair for pair in pairs if pair.first.id in chosen or pair.second.id in chosen]
    return doubles(pairs)
