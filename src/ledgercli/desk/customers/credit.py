"""The review of credit limits, and the credit report of one customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ledgercli.customers.limit_review import review
from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.customers import credit_answers as answers
from ledgercli.desk.customers.limit_history import limit_history
from ledgercli.desk.customers.scoring import all_scores, limit_rows
from ledgercli.desk.errors import CustomerNotFoundError
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import UNKNOWN
from ledgercli.model.errors import LedgercliError
from ledgercli.reports.common import Basis

if TYPE_CHECKING:
    from ledgercli.desk.customers.limits_explained import Grounds
    from ledgercli.model.ledger import LedgerPosting
    from ledgercli.receivables.position import Position
    from ledgercli.reports.explained.evidence import Evidence
    from ledgercli.reports.explained.figures import Explainer


class UnprintableError(LedgercliError):
    """No font at hand has characters of the page."""

    message = N_("no font at hand has the characters `{characters}`")
    hint = N_("`apt-get install {package}`, or name another font in `letters.fonts`")


#: What makes the source of a page: from how values are written, fonts, and paper.
Source = Callable[[Callable[[object], str], Sequence[object], str], str]


def limits_review(books: OpenBooks, query: Query, *, everything: bool) -> Answer:
    """Return the limits to look at; the books have to be opened with events and orders."""
    position = books.position(books.as_of(query))
    scores = all_scores(books, query).by_customer
    rows = review(position, books.facts.prices, limit_rows(books, query), scores)
    chosen = books.chosen(query)
    shown = [
        row
        for row in rows
        if (chosen is None or row.customer in chosen)
        and (not query.currencies or row.currency in query.currencies)
        and position.customers[row.customer].status == "active"
    ]
    basis = Basis(position, books.facts.prices)

    def telling(evidence: Evidence) -> Explainer:
        from ledgercli.desk.customers import limits_explained as explained

        grounds = grounds_of(books, position)
        return explained.limit_review(evidence, shown, grounds)

    answer = answers.limit_review(basis, shown, everything=everything)
    return with_circumstances(books, answer, query, telling)


def grounds_of(books: OpenBooks, position: Position) -> Grounds:
    """Return what exposures of ``position`` are made of, to explain them by."""
    from ledgercli.desk.customers.limits_explained import Grounds

    orders = tuple(books.orders) if books.settings.limits.count_orders else ()

    def owner(posting: LedgerPosting) -> str:
        return books.directory.match(posting).customer

    return Grounds(position, orders, books.facts.prices, owner)


def credit_report(books: OpenBooks, query: Query, *, customer: str) -> Answer:
    """Return the credit report of one customer; raise CustomerNotFoundError."""
    identifier = books.customer_id(customer)
    if identifier == UNKNOWN:
        raise CustomerNotFoundError(customer=customer)
    as_of = books.as_of(query)
    found = all_scores(books, query).by_customer
    position = books.position_of(frozenset({identifier}), as_of)
    record = books.records[identifier]
    changes = limit_history(books, record, as_of)
    own = [row for row in limit_rows(books, query) if row.customer == identifier]
    answer = answers.credit_report(
        Basis(books.standing(as_of), books.facts.prices),
        position,
        record,
        found[identifier],
        review(position, books.facts.prices, own, found),
        [answers.LimitLine(row.date, row.by, row.commit, row.limit) for row in changes],
        books.settings,
    )
    return with_circumstances(books, answer, query)


def printed(books: OpenBooks, query: Query, language: str, source: Source) -> bytes:
    """Return the PDF of a page whose source ``source`` makes, in the fonts of ``language``.

    Raise PdfMissingError, or UnprintableError for characters that no font has.
    """
    from ledgercli.desk.reminders.printing_press import press_of
    from ledgercli.reminders.press import UnshownCharactersError
    from ledgercli.reminders.typst_source import literal

    press, _findings = press_of(books)
    text = source(literal, press.serif(language), books.settings.letters.paper)
    try:
        return press.pdf(text, books.as_of(query))
    except UnshownCharactersError as error:
        raise UnprintableError(characters=error.characters, package=error.package) from None
