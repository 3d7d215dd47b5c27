"""The reports that the shells offer: ask the position, let the report room arrange it.

Each imports its own report, so that none pays for the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.errors import (
    CustomerMissingError,
    CustomerNotFoundError,
    EmptyPeriodError,
    SubjectNotFoundError,
    UnknownGroupingError,
)
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.aging_settings import Basis as AgingBasis
from ledgercli.model.answer import Answer
from ledgercli.model.customer import fold
from ledgercli.model.values import Duration, Money
from ledgercli.receivables.aging import Buckets
from ledgercli.receivables.summary import records_by_id
from ledgercli.reports.common import Basis, PositionBasis


def balances(books: OpenBooks, query: Query, *, group_by: str | None = None) -> Answer:
    """Return the balances of the customers asked for, or of groups of them.

    Raise UnknownGroupingError, as all reports by groups do.
    """
    from ledgercli.reports import receivables as report

    answer = report.balances(_sums(books, query, group_by))
    return with_circumstances(books, _in_groups(answer, group_by), query)


def items(books: OpenBooks, query: Query, *, settled: bool) -> Answer:
    """Return the open items, with ``settled`` all documents."""
    from ledgercli.reports import receivables as report

    basis = _basis(books, query, settled=settled)
    return with_circumstances(books, report.items(basis, settled=settled), query)


def payments(books: OpenBooks, query: Query, *, unallocated_only: bool) -> Answer:
    """Return the settlements, or those not allocated in full."""
    from ledgercli.reports import receivables as report

    basis = _basis(books, query, settled=not unallocated_only)
    answer = report.payments(basis, unallocated_only=unallocated_only)
    return with_circumstances(books, answer, query)


def aging(
    books: OpenBooks,
    query: Query,
    *,
    basis: AgingBasis | None,
    buckets: tuple[Duration, ...] | None,
    group_by: str | None = None,
) -> Answer:
    """Return the aging; basis and buckets are those of the settings unless given."""
    from ledgercli.reports import aging as report

    settings = books.brief.aging
    chosen = Buckets(basis or settings.basis, buckets or settings.buckets)
    answer = report.aging(_sums(books, query, group_by), chosen)
    return with_circumstances(books, _in_groups(answer, group_by), query)


def limits(
    books: OpenBooks,
    query: Query,
    *,
    extra: Money | None,
    group: Literal["customer", "parent"],
    group_by: str | None = None,
) -> Answer:
    """Return exposure against limits, as if ``extra`` more were ordered by each customer shown.

    Open orders count where the books were opened with them.
    """
    from ledgercli.receivables.limits import family_tops, with_extra
    from ledgercli.receivables.limits import limits as limit_rows
    from ledgercli.receivables.orders import open_orders
    from ledgercli.reports import limits as limits_report

    whole = books.summary(books.as_of(query))
    chosen = books.chosen(query)
    orders = open_orders(books.orders, whole.as_of)
    if extra:
        everyone = chosen if chosen is not None else frozenset(whole.customers)
        tops = family_tops(whole.customers.values()) if group == "parent" else {}
        orders = with_extra(orders, {tops.get(one, one) for one in everyone}, extra)
    rows = limit_rows(
        whole, books.settings.limits, books.facts.prices, orders, families=group == "parent"
    )
    shown = tuple(
        row
        for row in rows
        if (chosen is None or row.customer in chosen)
        and (not query.currencies or row.currency in query.currencies)
    )
    basis = Basis(whole, books.facts.prices, query.convert)
    if group_by:
        from ledgercli.customers.segments import grouped, grouped_limits

        groups = _groups(books, group_by)
        shown = grouped_limits(shown, groups)
        basis = Basis(grouped(whole, groups), books.facts.prices, query.convert)
    answer = _in_groups(limits_report.limits(basis, shown, extra), group_by)
    return with_circumstances(books, answer, query)


def statement(books: OpenBooks, query: Query, *, everyone: bool, start: date | None) -> Answer:
    """Return statements of account.

    Raise CustomerMissingError where nobody is named, EmptyPeriodError for a `start` past the end.
    """
    from ledgercli.reports import statement as report

    if not (everyone or query.filters_customers):
        raise CustomerMissingError
    if start and start > books.as_of(query):
        raise EmptyPeriodError(start=start, date=books.as_of(query))
    return with_circumstances(books, report.statement(_basis(books, query), start), query)


def explain(books: OpenBooks, query: Query, *, subject: str) -> Answer:
    """Return why a document's or a customer's figures are what they are.

    Raise SubjectNotFoundError where ``subject`` is neither.
    """
    from ledgercli.desk.reminders.claim_accounts import account_of
    from ledgercli.reports.explain import explain_subject

    basis = _basis(books, query)
    accounts = account_of(basis.position, books, books.as_of(query))
    try:
        answer = explain_subject(basis, books.facts, subject, books.customer_id, accounts)
    except CustomerNotFoundError as error:
        numbers = {
            fold(item.document.number): item.document.number for item in basis.position.items
        }
        near = numbers.get(fold(subject)) or error.values["suggestion"]
        raise SubjectNotFoundError(subject, books.as_of(query), near) from None
    return with_circumstances(books, answer, query)


def allocate_suggest(books: OpenBooks, query: Query) -> Answer:
    """Return a diff of the ledger that names the documents of every assumed settlement.

    Its paths begin with the books' folder in their repository, so that `git apply` finds them.
    """
    from ledgercli.books.ledger_texts import ledger_texts
    from ledgercli.books.revision import prefix_in_repository
    from ledgercli.books.text_diff import text_diff
    from ledgercli.reports.suggestions import suggestions

    basis = _basis(books, query)
    texts = ledger_texts(books.root, books.facts.files)
    prefix = prefix_in_repository(books.root)

    def diff_of(file: str, pieces: Sequence[tuple[str, str]]) -> str:
        after = "".join(new for _, new in pieces)
        return text_diff(f"{prefix}{file}", texts[file], after, pieces)

    return with_circumstances(books, suggestions(basis, texts, diff_of), query)


def _basis(books: OpenBooks, query: Query, *, settled: bool = True) -> PositionBasis:
    """Return what a report is made from; without ``settled`` only what is open matters to it."""
    position = books.selected(query, settled=settled)
    return PositionBasis(position, books.facts.prices, query.convert)


def _sums(books: OpenBooks, query: Query, group_by: str | None = None) -> Basis:
    """Return what a report of sums is made from, of customers or of groups of them."""
    currencies = frozenset(query.currencies) if query.currencies else None
    summary = books.summary(books.as_of(query)).only(books.chosen(query), currencies)
    if group_by:
        from ledgercli.customers.segments import grouped

        summary = grouped(summary, _groups(books, group_by))
    return Basis(summary, books.facts.prices, query.convert)


def _groups(books: OpenBooks, by: str) -> dict[str, tuple[str, ...]]:
    """Return the groups of each customer; raise UnknownGroupingError for no such dimension."""
    from ledgercli.customers.segments import GROUPINGS, dimensions, groups_by

    known = (*GROUPINGS, *dimensions(books.customers))
    if by not in known:
        raise UnknownGroupingError(by, known)
    return groups_by(records_by_id(books.customers), by)


def _in_groups(answer: Answer, group_by: str | None) -> Answer:
    from ledgercli.reports.grouping import as_groups

    return as_groups(answer, group_by) if group_by else answer
