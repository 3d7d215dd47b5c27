"""The reports of metrics: positions at the ends of months, and what moved between them."""

from __future__ import annotations

from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.opening import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.settings import Basis as AgingBasis
from ledgercli.model.values import Duration
from ledgercli.receivables.metrics.flows import flows
from ledgercli.receivables.metrics.periods import Period, months_until
from ledgercli.receivables.metrics.standings import MonthEnd, month_ends
from ledgercli.reports.common import Basis

#: How many months of sales are counted back at most: what is older than three years is no sale to
#: be collected any more.
_MONTHS_BACK = 36


def _bases(books: OpenBooks, query: Query, months: int) -> dict[Period, Basis]:
    """Return the sums at the end of each month up to the day asked about, oldest first."""
    currencies = frozenset(query.currencies) if query.currencies else None
    chosen = books.chosen(query)
    return {
        period: Basis(
            books.summary(period.end).only(chosen, currencies), books.facts.prices, query.convert
        )
        for period in months_until(books.as_of(query), months)
    }


def aging_history(
    books: OpenBooks,
    query: Query,
    *,
    months: int,
    basis: AgingBasis | None,
    buckets: tuple[Duration, ...] | None,
) -> Answer:
    """Return the aging at the end of each month; basis and buckets as in the aging."""
    from ledgercli.receivables.aging import Buckets
    from ledgercli.reports import metrics as report

    settings = books.settings.aging
    chosen = Buckets(basis or settings.basis, buckets or settings.buckets)
    answer = report.aging_history(_bases(books, query, months), chosen)
    return with_circumstances(books, answer, query)


def sales_outstanding(books: OpenBooks, query: Query, *, months: int, over: int) -> Answer:
    """Return the days sales outstanding at the end of each month."""
    from ledgercli.reports import metrics as report

    basis, rows = _month_ends(books, query, months, max(over, _MONTHS_BACK))
    answer = report.sales_outstanding_report(basis, rows, over)
    return with_circumstances(books, answer, query)


def collection(books: OpenBooks, query: Query, *, months: int) -> Answer:
    """Return collection effectiveness index and rate of each month."""
    from ledgercli.reports import metrics as report

    basis, rows = _month_ends(books, query, months, 1)
    return with_circumstances(books, report.collection(basis, rows), query)


def _month_ends(
    books: OpenBooks, query: Query, months: int, back: int
) -> tuple[Basis, tuple[MonthEnd, ...]]:
    bases = _bases(books, query, months)
    standings = {period: basis.position for period, basis in bases.items()}
    rows = month_ends(flows(books.selected(query)), standings, back)
    return list(bases.values())[-1], rows
