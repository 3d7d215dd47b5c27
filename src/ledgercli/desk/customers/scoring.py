"""Scores of customers: of all, and of one with what made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledgercli.customers.score import Score, Scores, scores
from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.customers import score_answers as answers
from ledgercli.desk.customers.kept_scores import kept_scores
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.customer import UNKNOWN, Customer
from ledgercli.receivables.limits import LimitRow, limits
from ledgercli.receivables.orders import open_orders
from ledgercli.reports.common import Basis

if TYPE_CHECKING:
    from ledgercli.receivables.position import Position


def limit_rows(books: OpenBooks, query: Query) -> tuple[LimitRow, ...]:
    """Return the exposures of all customers beside their limits, open orders included."""
    as_of = books.as_of(query)
    orders = open_orders(books.orders, as_of)
    standing = books.standing(as_of)
    return limits(standing, books.settings.limits, books.facts.prices, orders)


def all_scores(books: OpenBooks, query: Query) -> Scores:
    """Return the scores of all customers; the books have to be opened with events and orders."""

    def made(position: Position) -> Scores:
        return scores(position, books.events, limit_rows(books, query), books.settings.score)

    return kept_scores(books, books.as_of(query), made)


def chosen_records(books: OpenBooks, query: Query) -> list[Customer]:
    """Return the records of the customers asked for, by id."""
    chosen = books.chosen(query)
    known = books.records
    return [known[one] for one in sorted(known if chosen is None else chosen) if one != UNKNOWN]


def score(books: OpenBooks, query: Query) -> Answer:
    """Return the scores of the customers asked for; of a single one with its inputs.

    Raise CustomerNotFoundError for a customer that there is not.
    """
    found = all_scores(books, query)
    basis = Basis(books.standing(books.as_of(query)), books.facts.prices)
    records = chosen_records(books, query)
    if len(query.customers) == 1 and len(records) == 1:
        answer = answers.score_of(basis, records[0], _score_of(found, records[0]), books.settings)
    else:
        rows = [(record, _score_of(found, record)) for record in records]
        answer = answers.score_list(basis, rows, found.mean, books.settings)
    return with_circumstances(books, answer, query)


def _score_of(found: Scores, record: Customer) -> Score:
    return found.by_customer[record.id]
