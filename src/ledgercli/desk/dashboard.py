"""The dashboard: asks for the reports that it is made from, once, of the same books and day."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ledgercli.desk import metric_reports, reports
from ledgercli.desk.agenda.today import matters
from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.values import Duration
from ledgercli.reports import dashboard as report

if TYPE_CHECKING:
    from ledgercli.reports.explained.evidence import Evidence
    from ledgercli.reports.explained.figures import Explainer

#: Months whose sales the DSO rests on, as in its own report.
_OVER = 3


def dashboard(books: OpenBooks, query: Query, *, months: int) -> Answer:
    """Return the state of the receivables on one page, with ``months`` months of history.

    The books are to be opened with activity and orders.
    """
    explain, query = query.explain, replace(query, convert=None, explain=None)
    ages_by_due = books.brief.aging.basis == "due"
    # Buckets of the books may be calendar years; what is overdue needs none of them.
    days = tuple(map(Duration, (30, 60, 90)))
    history = metric_reports.aging_history(books, query, months=months, basis=None, buckets=None)
    aging = reports.aging(books, query, basis=None, buckets=None)
    parts = report.Parts(
        aging=aging,
        by_due=aging if ages_by_due else reports.aging(books, query, basis="due", buckets=days),
        history_by_due=history
        if ages_by_due
        else metric_reports.aging_history(books, query, months=months, basis="due", buckets=days),
        history=history,
        outstanding=metric_reports.sales_outstanding(books, query, months=months, over=_OVER),
        limits=reports.limits(books, query, extra=None, group="customer"),
        items=reports.items(books, query, settled=False),
        matters=matters(books, query),
    )
    title = books.settings.company.name or books.facts.title

    def telling(evidence: Evidence) -> Explainer:
        from ledgercli.reports.explained.dashboard import dashboard as figures_of

        return figures_of(evidence, parts.outstanding)

    answer = report.dashboard(parts, title)
    return with_circumstances(books, answer, replace(query, explain=explain), telling)
