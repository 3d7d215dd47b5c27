"""Reports on sales by the general ledger: who brings what, and what is sold to whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ledgercli.customers.segments import groups_by
from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.metric_reports import with_segment_known
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.customer import Customer
from ledgercli.model.general_ledger import BookPosting
from ledgercli.receivables.metrics import products as product_rules
from ledgercli.receivables.metrics.contribution import Groups, contributions
from ledgercli.receivables.metrics.periods import month_label, months_until
from ledgercli.reports import sales as report
from ledgercli.reports.common import Conversion
from ledgercli.reports.sales import SalesBasis


def contribution(books: OpenBooks, query: Query, *, months: int, by: str) -> Answer:
    """Return revenue, costs and what is left, by customer, month, or a group of customers.

    What names no customer is left out where the query asks for some of them.
    """
    basis, rows = _sales(books, query, months)
    found = contributions(rows, basis.start, basis.end, groups_of(basis.customers, by))
    answer = report.contribution(basis, found, by)
    if by not in _KNOWN:
        answer = with_segment_known(books, answer, by)
    return with_circumstances(books, answer, query)


def products(books: OpenBooks, query: Query, *, months: int, by: str) -> Answer:
    """Return what was sold, by product, or by customer and product."""
    basis, rows = _sales(books, query, months)
    sold = product_rules.sold(rows, basis.start, basis.end)
    found = product_rules.product_sales(sold, by_customer=by == "customer")
    return with_circumstances(books, report.products(basis, found, by), query)


def bought_together(books: OpenBooks, query: Query, *, months: int, least: int) -> Answer:
    """Return the pairs of products that at least ``least`` transactions have both of."""
    basis, rows = _sales(books, query, months)
    sold = product_rules.sold(rows, basis.start, basis.end)
    pairs = product_rules.bought_together(sold, least)
    return with_circumstances(books, report.bought_together(basis, pairs, least), query)


#: What groups are, besides the segments.
_KNOWN = ("customer", "month", "tag", "tier", "status", "owner", "parent")


def groups_of(customers: Mapping[str, Customer], by: str) -> Groups:
    """Return what names the groups of a customer on a day: ``customer``, ``month``, or others."""
    if by == "customer":
        return lambda customer, _day: (customer,)
    if by == "month":
        return lambda _customer, day: (month_label(day),)
    found = groups_by(customers, by)

    def groups(customer: str, _day: date) -> tuple[str, ...]:
        return found.get(customer, ("",))

    return groups


def _sales(books: OpenBooks, query: Query, months: int) -> tuple[SalesBasis, list[BookPosting]]:
    """Return what the reports are told with, and the postings that the query asks for."""
    as_of, chosen = books.as_of(query), books.chosen(query)
    start = months_until(as_of, months)[0].start
    conversion = Conversion(books.facts.prices, query.convert, as_of)
    customers = {record.id: record for record in books.customers}
    rows = [
        row
        for row in books.general_ledger.postings
        if (chosen is None or row.customer in chosen)
        and (not query.currencies or row.currency in query.currencies)
    ]
    return SalesBasis(customers, conversion, start, as_of), rows
