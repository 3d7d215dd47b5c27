"""How the figures of a named report came about: its explanation goes with the answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from ledgercli.desk.errors import NotExplainedError, RowNotFoundError
from ledgercli.desk.opening import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.reports.explained.evidence import Evidence
from ledgercli.reports.explained.figures import chosen_rows, with_explanation

if TYPE_CHECKING:
    from ledgercli.receivables.position import Position

#: Kinds of answers, and what tells how a row of their first table came about.
EXPLAINERS: Mapping[str, str] = {
    "dso": "collecting:sales_outstanding",
    "collection": "collecting:collection",
    "roll-forward": "collecting:roll_forward",
    "bad-debt": "collecting:bad_debt",
    "concentration": "collecting:concentration",
}


def explained(books: OpenBooks, answer: Answer, query: Query) -> Answer:
    """Return ``answer`` with the figures of the rows that ``query`` asks for explained.

    Raise NotExplainedError for a report that cannot tell, RowNotFoundError where no row has a word
    asked for.
    """
    kind = answer.schema.partition("/")[0]
    target = EXPLAINERS.get(kind)
    if target is None:
        raise NotExplainedError(report=kind)
    words = query.explain or ()
    rows = chosen_rows(answer.tables[0], words)
    for word in words:
        if not chosen_rows(answer.tables[0], (word,)):
            raise RowNotFoundError(word=word)
    module, _, function = target.partition(":")
    explainer = getattr(import_module(f"ledgercli.reports.explained.{module}"), function)
    return with_explanation(answer, rows, explainer(_evidence(books, answer, query)))


def _evidence(books: OpenBooks, answer: Answer, query: Query) -> Evidence:
    positions: dict[dt.date, Position] = {}

    def position(day: dt.date) -> Position:
        if day not in positions:
            positions[day] = books.selected(replace(query, as_of=day))
        return positions[day]

    return Evidence(
        answer,
        books.as_of(query),
        position,
        lambda: books.general_ledger,
        lambda: books.events,
        books.settings,
        books.chosen(query),
        query.currencies,
    )
