"""The reports of metrics: positions at the ends of months, and what moved between them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.aging_settings import Basis as AgingBasis
from ledgercli.model.answer import Answer, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.event import day_of
from ledgercli.model.interval import Interval
from ledgercli.model.values import Duration
from ledgercli.receivables.metrics.flows import SALES, flows
from ledgercli.receivables.metrics.periods import Period, intervals_until, months_until
from ledgercli.receivables.metrics.standings import MonthEnd, month_ends
from ledgercli.reports.common import Basis, PositionBasis
from ledgercli.reports.metrics_groups import Grouping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledgercli.model.event import Event
    from ledgercli.receivables.position import Item, Position

#: How many months of sales are counted back at most: what is older than three years is no sale to
#: be collected any more.
_MONTHS_BACK = 36


def _bases(
    books: OpenBooks, query: Query, months: int, interval: Interval = "month"
) -> dict[Period, Basis]:
    """Return the sums at the end of each interval up to the day asked about, oldest first."""
    currencies = frozenset(query.currencies) if query.currencies else None
    chosen = books.chosen(query)
    periods = intervals_until(books.as_of(query), months, interval)
    summaries = books.summaries(period.end for period in periods)
    return {
        period: Basis(
            summaries[period.end].only(chosen, currencies), books.facts.prices, query.convert
        )
        for period in periods
    }


def aging_history(
    books: OpenBooks,
    query: Query,
    *,
    months: int,
    basis: AgingBasis | None,
    buckets: tuple[Duration, ...] | None,
    interval: Interval = "month",
) -> Answer:
    """Return the aging at the end of each month, or other interval, of the last ``months``.

    Basis and buckets are as in the aging.
    """
    from ledgercli.receivables.aging import Buckets
    from ledgercli.reports import metrics as report

    settings = books.settings.aging
    chosen = Buckets(basis or settings.basis, buckets or settings.buckets)
    answer = report.aging_history(_bases(books, query, months, interval), chosen)
    if interval != "month":
        answer = replace(answer, facts={**answer.facts, "months": months})
    return with_circumstances(books, answer, query)


def sales_outstanding(
    books: OpenBooks, query: Query, *, months: int, over: int, days: int | None = None
) -> Answer:
    """Return the days sales outstanding at the end of each month.

    ``days`` is what ``over`` months count as, None takes those of the calendar.
    """
    from ledgercli.reports import metrics as report

    basis, rows = _month_ends(books, query, months, max(over, _MONTHS_BACK), over)
    answer = report.sales_outstanding_report(basis, rows, over, days)
    return with_circumstances(books, answer, query)


def collection(books: OpenBooks, query: Query, *, months: int, over: int = 1) -> Answer:
    """Return collection effectiveness index and rate of each month, or of ``over`` months."""
    from ledgercli.reports import metrics as report

    basis, rows = _month_ends(books, query, months, 1, over)
    return with_circumstances(books, report.collection(basis, rows, over), query)


def _month_ends(
    books: OpenBooks, query: Query, months: int, back: int, over: int
) -> tuple[Basis, tuple[MonthEnd, ...]]:
    bases = _bases(books, query, months)
    standings = {period: basis.position for period, basis in bases.items()}
    rows = month_ends(flows(books.selected(query)), standings, back, over)
    return list(bases.values())[-1], rows


def roll_forward(books: OpenBooks, query: Query, *, months: int) -> Answer:
    """Return the way from opening to closing balance of each month."""
    from ledgercli.receivables.metrics import roll_forward as rules
    from ledgercli.reports import metrics_flows as report

    bases = _bases(books, query, months)
    standings = {period: basis.position for period, basis in bases.items()}
    rows = rules.roll_forward(flows(books.selected(query)), standings)
    answer = report.roll_forward(list(bases.values())[-1], rows)
    return with_circumstances(books, answer, query)


def bad_debt(books: OpenBooks, query: Query, *, months: int, by: str) -> Answer:
    """Return what was written off beside the sales, by customer, month or segment."""
    from ledgercli.reports import metrics_flows as report

    basis, grouping = _grouped(books, query, months, by)
    sums: dict[bool, dict[tuple[str, str], Decimal]] = {True: {}, False: {}}
    for flow in flows(basis.position):
        is_sale = flow.kind in SALES
        if grouping.covers(flow.date) and (is_sale or flow.kind == "write-off"):
            label = grouping.label(basis.position.customers, flow.customer, flow.date)
            own, key = sums[is_sale], (label, flow.currency)
            own[key] = own.get(key, Decimal(0)) + (flow.amount if is_sale else -flow.amount)
    answer = report.bad_debt(basis, sums[False], sums[True], grouping)
    return with_circumstances(books, with_segment_known(books, answer, by), query)


def days_to_pay(books: OpenBooks, query: Query, *, months: int, by: str) -> Answer:
    """Return the average days to pay and late, by customer, month or segment."""
    from ledgercli.receivables.metrics.payment_times import (
        Paid,
        paid_invoices,
        paid_without_due,
        payment_times,
    )
    from ledgercli.reports import metrics_customers as report

    basis, grouping = _grouped(books, query, months, by)

    def group(one: Paid) -> str:
        return grouping.label(basis.position.customers, one.document.customer, one.paid_on)

    paid = (one for one in paid_invoices(basis.position) if grouping.covers(one.paid_on))
    undated = paid_without_due(basis.position)
    answer = report.days_to_pay(basis, payment_times(paid, group), grouping, undated)
    return with_circumstances(books, with_segment_known(books, answer, by), query)


def concentration(
    books: OpenBooks, query: Query, *, months: int, of: Literal["sales", "open"]
) -> Answer:
    """Return the shares of customers in sales, or in what is owed now."""
    from ledgercli.receivables.metrics.concentration import shares
    from ledgercli.reports import metrics_customers as report

    basis, grouping = _grouped(books, query, months, "customer")
    amounts: dict[str, dict[str, Decimal]] = {}
    if of == "open":
        for (customer, currency), amount in basis.position.balances.items():
            amounts.setdefault(currency, {})[customer] = amount
    else:
        for flow in flows(basis.position):
            if flow.kind in SALES and grouping.covers(flow.date):
                own = amounts.setdefault(flow.currency, {})
                own[flow.customer] = own.get(flow.customer, Decimal(0)) + flow.amount
    parts = {currency: shares(own) for currency, own in amounts.items()}
    return with_circumstances(books, report.concentration(basis, parts, grouping, of), query)


def retention(books: OpenBooks, query: Query, *, months: int, lost_after: int) -> Answer:
    """Return new, returning and lost customers of each month."""
    from ledgercli.receivables.metrics.retention import active_months, movements
    from ledgercli.reports import metrics_customers as report

    basis, _grouping = _grouped(books, query, months, "month")
    keys = [period.start for period in months_until(books.as_of(query), months)]
    rows = movements(active_months(flows(basis.position)), keys, lost_after)
    return with_circumstances(books, report.retention(basis, rows, lost_after), query)


def cohorts(
    books: OpenBooks, query: Query, *, months: int, by: Literal["month", "quarter", "year"]
) -> Answer:
    """Return how many customers of each cohort were invoiced again in later periods."""
    from ledgercli.receivables.metrics import retention as rules
    from ledgercli.reports import metrics_customers as report

    basis, grouping = _grouped(books, query, months, by)
    length = {"month": 1, "quarter": 3, "year": 12}[by]
    active = rules.active_months(flows(basis.position))
    rows = rules.cohorts(active, grouping.start, grouping.end, length)
    return with_circumstances(books, report.cohorts(basis, rows, by), query)


def promises(books: OpenBooks, query: Query, *, months: int) -> Answer:
    """Return how customers keep their promises; the books are to be opened with their activity."""
    from ledgercli.reports import metrics_customers as report

    basis, grouping = _grouped(books, query, months, "customer")
    counts: dict[str, list[int]] = {}
    for event, outcome in promise_outcomes(books, query, basis.position, grouping):
        counts.setdefault(event.customer, [0, 0, 0])[_OUTCOMES.index(outcome)] += 1
    rows = [report.Promises(customer, *own) for customer, own in counts.items()]
    return with_circumstances(books, report.promises(basis, rows, grouping), query)


_OUTCOMES = ("kept", "broken", "running")


def promise_outcomes(
    books: OpenBooks, query: Query, position: Position, grouping: Grouping
) -> Iterator[tuple[Event, str]]:
    """Yield the promises of the days of ``grouping``: ``kept``, ``broken``, and all ``running``."""
    from ledgercli.customers.promises import standing_promises
    from ledgercli.customers.score_inputs import judged_promises

    as_of = grouping.end
    items: dict[str, list[Item]] = {}
    for item in position.items:
        items.setdefault(item.document.customer, []).append(item)
    numbers = {(row.document.customer, row.document.number) for row in position.items}
    # A promise about nothing in the books could only look kept.
    events = [
        event
        for event in books.events
        if event.customer in items
        and (not event.number or (event.customer, event.number) in numbers)
        and (not event.currency or not query.currencies or event.currency in query.currencies)
    ]
    for event, broken in judged_promises(items, events, as_of):
        until = day_of(event.details.get("until"))
        if until and grouping.covers(until):
            yield event, "broken" if broken else "kept"
    for promise in standing_promises(position, events, as_of):
        if not promise.is_broken(as_of):
            yield promise.event, "running"


def _grouped(
    books: OpenBooks, query: Query, months: int, by: str
) -> tuple[PositionBasis, Grouping]:
    """Return the position asked about, and the days and groups that the report is told by."""
    basis = PositionBasis(books.selected(query), books.facts.prices, query.convert)
    as_of = books.as_of(query)
    return basis, Grouping(by, months_until(as_of, months)[0].start, as_of)


def with_segment_known(books: OpenBooks, answer: Answer, by: str) -> Answer:
    """Return ``answer`` with a warning where no customer has the segment ``by``."""
    if by in {"customer", "month"} or any(by in one.segments for one in books.customers):
        return answer
    warning = Text(N_("no customer has the segment `{segment}`"), {"segment": by})
    return replace(answer, warnings=(*answer.warnings, warning))
