"""How the figures of a named report came about: its explanation goes with the answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from ledgercli.desk.errors import NotExplainedError, RowNotFoundError
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.reports.explained.evidence import Evidence
from ledgercli.reports.explained.figures import Explainer, chosen_rows, with_explanation

if TYPE_CHECKING:
    from ledgercli.model.event import Event
    from ledgercli.receivables.forecast.past import Exposure
    from ledgercli.receivables.forecast.receipts import Part
    from ledgercli.receivables.limits import LimitRow
    from ledgercli.receivables.position import Position

Telling = Callable[[Evidence], Explainer]
"""Makes of the evidence what tells how a row of the first table of an answer came about."""

#: Kinds of answers, and what tells their rows. Reports of records hand over their own.
EXPLAINERS: Mapping[str, str] = {
    "dso": "collecting:sales_outstanding",
    "collection": "collecting:collection",
    "roll-forward": "collecting:roll_forward",
    "bad-debt": "collecting:bad_debt",
    "concentration": "collecting:concentration",
    "aging-history": "aging:aging_history",
    "days-to-pay": "behaviour:days_to_pay",
    "retention": "behaviour:retention",
    "cohorts": "behaviour:cohorts",
    "frequency": "behaviour:frequency",
    "promises": "behaviour:promises",
    "nps": "behaviour:nps",
    "service": "behaviour:service",
    "contribution": "sales:contribution",
    "products": "sales:products",
    "bought-together": "sales:bought_together",
    "income": "accounts:income",
    "balance-sheet": "accounts:balance_sheet",
    "cash-flow": "accounts:cash_flow",
    "taxes": "accounts:taxes",
    "budget": "accounts:budget",
    "ratios": "ratios:ratios",
    "receipts-forecast": "expected:receipts",
    "revenue-forecast": "expected:revenue",
    "anomalies": "expected:anomalies",
}


def explained(
    books: OpenBooks, answer: Answer, query: Query, telling: Telling | None = None
) -> Answer:
    """Return ``answer`` with the figures of the rows that ``query`` asks for explained.

    ``telling`` is that of a report that knows more than the evidence has. Raise NotExplainedError
    for a report that cannot tell, RowNotFoundError where no row has a word asked for.
    """
    telling = telling or _telling_of(answer.schema.partition("/")[0])
    words = query.explain or ()
    rows = chosen_rows(answer.tables[0], words)
    for word in words:
        if not chosen_rows(answer.tables[0], (word,)):
            raise RowNotFoundError(word=word)
    return with_explanation(answer, rows, telling(_evidence(books, answer, query)))


def _telling_of(kind: str) -> Telling:
    """Return what tells the rows of a kind of answers; raise NotExplainedError for others."""
    target = EXPLAINERS.get(kind)
    if target is None:
        raise NotExplainedError(report=kind)
    module, _, function = target.partition(":")
    found: Telling = getattr(import_module(f"ledgercli.reports.explained.{module}"), function)
    return found


def _evidence(books: OpenBooks, answer: Answer, query: Query) -> Evidence:
    positions: dict[dt.date, Position] = {}

    def position(day: dt.date) -> Position:
        if day not in positions:
            positions[day] = books.selected(replace(query, as_of=day))
        return positions[day]

    def limits(day: dt.date) -> Sequence[LimitRow]:
        from ledgercli.desk.use_reports import limits_at

        return limits_at(books, query, day)

    def groups(customer: str, day: dt.date) -> tuple[str, ...]:
        from ledgercli.desk.sales_reports import groups_of

        records = {record.id: record for record in books.customers}
        return groups_of(records, str(answer.facts["by"]))(customer, day)

    def expected() -> Sequence[tuple[Exposure, list[Part]]]:
        from ledgercli.desk import forecast_reports

        return forecast_reports.expected(books, query, int(answer.facts["weeks"]))

    return Evidence(
        answer,
        books.as_of(query),
        position,
        lambda: books.general_ledger,
        lambda: _events(books, query, answer),
        books.settings,
        limits,
        groups,
        expected,
        books.chosen(query),
        query.currencies,
        query.convert,
    )


def _events(books: OpenBooks, query: Query, answer: Answer) -> dict[tuple[str, str], list[Event]]:
    """Return the lines of the activity log that count, by row and column of the report."""
    from ledgercli.desk import metric_reports, relation_reports
    from ledgercli.reports.metrics_groups import Grouping

    facts = answer.facts
    found: dict[tuple[str, str], list[Event]] = {}
    kind = answer.schema.partition("/")[0]
    if kind == "promises":
        grouping = Grouping("customer", facts["from"], facts["to"])
        position = books.selected(query)
        for event, outcome in metric_reports.promise_outcomes(books, query, position, grouping):
            found.setdefault((event.customer, outcome), []).append(event)
    elif kind == "nps":
        for group, event, score in relation_reports.feedback(
            books, query, facts["from"], facts["by"]
        ):
            found.setdefault((group, relation_reports.answer_kind(score)), []).append(event)
    else:
        for event in books.events:
            found.setdefault((event.id, "days"), []).append(event)
    return found
