"""Reports of what customers make use of: credit limits over time, and how often they buy."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from statistics import median
from typing import TYPE_CHECKING

from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.receivables.anomalies.found import Bill, bills
from ledgercli.receivables.limits import LimitRow, limits
from ledgercli.receivables.metrics.periods import months_until
from ledgercli.receivables.metrics.rounding import rounded
from ledgercli.receivables.orders import open_orders
from ledgercli.reports import metrics_use as report
from ledgercli.reports.common import Basis, PositionBasis
from ledgercli.reports.metrics_groups import Grouping

if TYPE_CHECKING:
    from ledgercli.reports.explained.evidence import Evidence
    from ledgercli.reports.explained.figures import Explainer, Input


def limit_use(books: OpenBooks, query: Query, *, months: int) -> Answer:
    """Return exposure beside the limits at the end of each month; opened with the orders."""
    as_of = books.as_of(query)
    periods = months_until(as_of, months)
    books.summaries(period.end for period in periods)
    rows = {period: limits_at(books, query, period.end) for period in periods}
    basis = Basis(books.summary(as_of), books.facts.prices)

    def telling(evidence: Evidence) -> Explainer:
        from ledgercli.desk.customers.credit import grounds_of
        from ledgercli.desk.customers.limits_explained import exposure_inputs
        from ledgercli.reports.explained.limit_use import limit_use as figures_of

        grounds = cache(lambda day: grounds_of(books, books.position(day)))

        def exposed(row: LimitRow, day: dt.date) -> Iterator[Input]:
            return exposure_inputs(row, grounds(day))

        return figures_of(evidence, books.records, exposed)

    return with_circumstances(books, report.limit_use(basis, rows), query, telling)


def limits_at(books: OpenBooks, query: Query, day: dt.date) -> list[LimitRow]:
    """Return limits and exposures at the end of ``day`` of the customers asked about."""
    chosen = books.chosen(query)
    told = limits(
        books.summary(day),
        books.settings.limits,
        books.facts.prices,
        open_orders(books.orders, day),
    )
    return [
        row
        for row in told
        if (chosen is None or row.customer in chosen)
        and (not query.currencies or row.currency in query.currencies)
    ]


def frequency(books: OpenBooks, query: Query, *, months: int) -> Answer:
    """Return how often and how recently customers were invoiced in the last ``months``."""
    as_of, position = books.as_of(query), books.selected(query)
    grouping = Grouping("customer", months_until(as_of, months)[0].start, as_of)
    own: dict[str, list[Bill]] = {}
    for (customer, _), listed in bills(position).items():
        own.setdefault(customer, []).extend(listed)
    buyers = [
        buyer for customer in own if (buyer := _buyer(customer, own[customer], grouping)).count
    ]
    basis = PositionBasis(position, books.facts.prices)
    return with_circumstances(books, report.frequency(basis, buyers, grouping), query)


def _buyer(customer: str, own: Sequence[Bill], grouping: Grouping) -> report.Buyer:
    days = sorted({bill.date for bill in own})
    gaps = [Decimal((later - day).days) for day, later in itertools.pairwise(days)]
    gap = median(gaps) if gaps else None
    return report.Buyer(
        customer,
        sum(grouping.covers(bill.date) for bill in own),
        days[0],
        days[-1],
        gap,
        None if gap is None else days[-1] + dt.timedelta(int(rounded(gap, 0))),
    )
