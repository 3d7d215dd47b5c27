"""The financial statements: made of the general ledger, for a period or a day."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from ledgercli.desk.circumstances import with_state
from ledgercli.desk.errors import EmptyPeriodError
from ledgercli.desk.opening import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.values import add_days
from ledgercli.receivables.metrics.periods import Period, months_until
from ledgercli.receivables.statements import balance_sheet as sheet_rules
from ledgercli.receivables.statements import income as income_rules
from ledgercli.receivables.statements.balances import decimals
from ledgercli.reports import statements as report
from ledgercli.reports.common import Conversion
from ledgercli.reports.statements import StatementBasis

Compare = Literal["year", "period", "none"]
#: How many months a picture shows at most.
_MONTHS = 12


def period_asked(books: OpenBooks, query: Query, first: dt.date | None) -> Period:
    """Return the days from ``first``, or the start of the financial year, to the day asked about.

    Raise EmptyPeriodError where there are none.
    """
    end = books.as_of(query)
    start = first or books.settings.statements.year_begins.of(end)
    if start > end:
        raise EmptyPeriodError(start=start, date=end)
    return Period(start, end)


def basis_of(books: OpenBooks, query: Query, as_of: dt.date, compare: str = "") -> StatementBasis:
    """Return what statements of these books are told with."""
    conversion = Conversion(books.facts.prices, query.convert, as_of)
    return StatementBasis(conversion, decimals(books.general_ledger), compare, query.currencies)


def months_of(period: Period) -> list[Period]:
    """Return the last calendar months of a period, as far as they are in it."""
    months = months_until(period.end, _MONTHS)
    return [
        Period(max(month.start, period.start), month.end)
        for month in months
        if month.end >= period.start
    ]


def income(
    books: OpenBooks, query: Query, *, first: dt.date | None, compare: Compare, depth: int
) -> Answer:
    """Return the income statement from ``first`` on; ``depth`` levels of accounts below the root.

    Raise EmptyPeriodError.
    """
    period = period_asked(books, query, first)
    before = income_rules.compared_with(period, compare)
    periods = [period, *([before] if before else [])]
    basis = basis_of(books, query, period.end, compare if before else "")
    ledger = books.general_ledger
    lines = list(income_rules.income_statement(ledger, periods, depth=depth + 1))
    months = income_rules.results(ledger, months_of(period))
    return with_state(books, report.income(basis, lines, periods, months))


def balance_sheet(books: OpenBooks, query: Query, *, compare: Compare, depth: int) -> Answer:
    """Return the balance sheet, compared with a ``year`` or the financial ``period`` before."""
    as_of, year = books.as_of(query), books.settings.statements.year_begins
    days = [as_of]
    if compare == "year":
        days.append(income_rules.year_before(as_of))
    elif compare == "period":
        days.append(add_days(year.of(as_of), -1))
    basis = basis_of(books, query, as_of, compare if len(days) > 1 else "")
    ledger = books.general_ledger
    lines = list(sheet_rules.balance_sheet(ledger, days, year, depth=depth + 1))
    ends = [month.end for month in months_until(as_of, _MONTHS)]
    history = list(sheet_rules.balance_sheet(ledger, ends, year, depth=1))
    return with_state(books, report.balance_sheet(basis, lines, days, (ends, history)))
