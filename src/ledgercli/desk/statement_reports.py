"""The financial statements: made of the general ledger, for a period or a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from ledgercli.desk.circumstances import with_explanation, with_state
from ledgercli.desk.errors import EmptyPeriodError
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.values import Money, add_days
from ledgercli.receivables.conversion import convert_sum
from ledgercli.receivables.metrics.periods import Period, months_until, parts_of
from ledgercli.receivables.statements import balance_sheet as sheet_rules
from ledgercli.receivables.statements import cash_flow as cash_rules
from ledgercli.receivables.statements import income as income_rules
from ledgercli.receivables.statements.balances import RESULT_KINDS, decimals
from ledgercli.receivables.statements.classes import Classes
from ledgercli.receivables.statements.ratios import Ratio
from ledgercli.reports import cash_flow as cash_report
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


def told(books: OpenBooks, query: Query, answer: Answer) -> Answer:
    """Return ``answer`` with the state of the books, and with currencies asked for in vain."""
    held = {posting.currency for posting in books.general_ledger.postings}
    missing = [currency for currency in query.currencies if currency not in held]
    words = N_("no account holds `{currency}`")
    warnings = (Text(words, {"currency": currency}) for currency in missing)
    answer = with_explanation(books, answer, query)
    return with_state(books, replace(answer, warnings=(*answer.warnings, *warnings)))


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
    return told(books, query, report.income(basis, lines, periods, months))


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
    return told(books, query, report.balance_sheet(basis, lines, days, (ends, history)))


def cash_flow(
    books: OpenBooks, query: Query, *, first: dt.date | None, compare: Compare, depth: int
) -> Answer:
    """Return the cash flow statement from ``first`` on. Raise EmptyPeriodError."""
    period = period_asked(books, query, first)
    before = income_rules.compared_with(period, compare)
    periods = [period, *([before] if before else [])]
    basis = basis_of(books, query, period.end, compare if before else "")
    ledger = books.general_ledger
    classes = Classes(ledger, books.settings)
    months = months_of(period)
    found = cash_rules.cash_flows(ledger, classes, [*periods, *months])
    own, monthly = found[: len(periods)], found[len(periods) :]
    lines = list(cash_rules.cash_flow_statement(own, classes, depth=depth))
    by_month = dict(zip(months, monthly, strict=True))
    cash = classes.accounts("cash")
    answer = cash_report.cash_flow(basis, lines, periods, own, by_month, cash)
    return told(books, query, answer)


def ratios(books: OpenBooks, query: Query, *, first: dt.date | None, compare: Compare) -> Answer:
    """Return the ratios of the days from ``first`` on and of their end. Raise EmptyPeriodError.

    Each currency by itself, or with a currency to convert to all of them in that one.
    """
    period = period_asked(books, query, first)
    before = income_rules.compared_with(period, compare)
    found = _ratios(books, query, period)
    earlier = _ratios(books, query, before) if before else []
    basis = basis_of(books, query, period.end)
    periods = [period, *([before] if before else [])]
    return told(books, query, cash_report.ratios(basis, found, earlier, periods))


def _ratios(books: OpenBooks, query: Query, period: Period) -> list[Ratio]:
    from ledgercli.receivables.statements.ratios import ratios as rules

    ledger = books.general_ledger
    classes = Classes(ledger, books.settings)
    if query.convert:
        total = _all_in(query.convert, books, period.end)
        return rules(ledger, classes, period, query.convert, total)
    moves = income_rules.movements(ledger, [period])
    currencies = income_rules.currencies_of(ledger.accounts, RESULT_KINDS, *moves)
    return [
        one
        for currency in currencies
        if not query.currencies or currency in query.currencies
        for one in rules(ledger, classes, period, currency, _alone_in(currency))
    ]


def _alone_in(currency: str) -> Callable[[Mapping[str, Decimal]], Decimal | None]:
    return lambda sums: sums.get(currency, Decimal(0))


def _all_in(
    currency: str, books: OpenBooks, as_of: dt.date
) -> Callable[[Mapping[str, Decimal]], Decimal | None]:
    def total(sums: Mapping[str, Decimal]) -> Decimal | None:
        amounts = (Money(amount, unit) for unit, amount in sums.items())
        return convert_sum(amounts, currency, books.facts.prices, as_of)

    return total


def budget(books: OpenBooks, query: Query, *, first: dt.date | None, by: str) -> Answer:
    """Return budget against actual from ``first`` on, whole or by month, quarter or year.

    Directives that are no budgets are findings of the task. Raise EmptyPeriodError.
    """
    from ledgercli.receivables.statements.budget import budgeted
    from ledgercli.reports import budget as budget_report

    whole = period_asked(books, query, first)
    ledger = books.general_ledger
    found = budgeted(ledger, parts_of(whole, by))
    basis = basis_of(books, query, whole.end)
    answer = budget_report.budget(basis, found, ledger.accounts, whole, by)
    return replace(told(books, query, answer), task_findings=ledger.findings)


def taxes(books: OpenBooks, query: Query, *, first: dt.date | None, by: str) -> Answer:
    """Return the tax summary from ``first`` on, whole or by month, quarter or year.

    Raise EmptyPeriodError.
    """
    from ledgercli.receivables.statements.taxes import is_balance, tax_accounts, tax_summary
    from ledgercli.reports import budget as tax_report

    whole = period_asked(books, query, first)
    ledger = books.general_ledger
    accounts = tax_accounts(ledger, books.settings.receivables.tax)
    classes = Classes(ledger, books.settings)
    found = tax_summary(ledger, classes, accounts, parts_of(whole, by))
    ties = is_balance(ledger, found, accounts, whole.end)
    basis = basis_of(books, query, whole.end)
    answer = tax_report.taxes(basis, found, accounts, (whole, by), ties=ties)
    return told(books, query, answer)
