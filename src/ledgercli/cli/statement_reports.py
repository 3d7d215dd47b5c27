"""Financial statements, under ``report``: of all accounts, not of customers."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, cast

import typer

from ledgercli.cli.command import command
from ledgercli.cli.explaining import explained
from ledgercli.cli.option_values import one_of, parse_day, parse_exact_day
from ledgercli.cli.options import Asked, AsOf, Convert, Currencies, KnownAt, Printing, printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.desk.request import Query
from ledgercli.model.catalogue.mark import N_

if TYPE_CHECKING:
    from ledgercli.desk.statement_reports import Compare

_LEVELS_MOST = 20
First = Annotated[
    dt.date | None,
    typer.Option(
        "--from",
        metavar="DATE",
        parser=parse_exact_day,
        help=N_("The first day (that of the financial year)."),
    ),
]
Last = Annotated[
    dt.date | None,
    typer.Option(
        "--as-of",
        "--to",
        metavar="DATE",
        parser=parse_day,
        help=N_("The last day, to its end (today)."),
    ),
]
Comparison = Annotated[
    str,
    typer.Option(
        metavar="WHAT",
        parser=one_of(("year", "period", "none")),
        help=N_("Compare with the year before (default), the period before, or none."),
    ),
]
Depth = Annotated[
    int,
    typer.Option(
        metavar="N",
        min=0,
        max=_LEVELS_MOST,
        help=N_("How many levels of accounts are told apart (2)."),
    ),
]
SheetDepth = Annotated[
    int,
    typer.Option(
        "--depth",
        metavar="N",
        min=0,
        max=_LEVELS_MOST,
        help=N_("How many levels of accounts are told apart (1)."),
    ),
]
By = Annotated[
    str,
    typer.Option(
        metavar="PERIOD",
        parser=one_of(("none", "month", "quarter", "year")),
        help=N_("Tell it by month, quarter or year; none (default) for the whole time."),
    ),
]


def on_day(
    *,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    currency: Currencies = None,
    convert: Convert = None,
) -> Asked:
    """Return the query of a report on all accounts at the end of a day."""
    query = Query(as_of=as_of, currencies=tuple(currency or ()), convert=convert)
    return Asked(query, known_at)


def in_period(
    *,
    as_of: Last = None,
    known_at: KnownAt = None,
    currency: Currencies = None,
    convert: Convert = None,
) -> Asked:
    """Return the query of a report on all accounts in a period."""
    return on_day(as_of=as_of, known_at=known_at, currency=currency, convert=convert)


@command(
    N_(
        "The income statement: income, expenses and the result of a period, by account.\n\n"
        "It begins with the financial year unless `--from` says another day."
    ),
    examples=(
        "ledgercli report income --from 2026-01-01 --to 2026-06-30",
        "ledgercli report income --compare period --depth 1 -f xlsx -o income.xlsx",
    ),
    asked=explained(in_period),
    output=printing,
)
def income(
    session: Session,
    *,
    first: First = None,
    compare: Comparison = "year",
    depth: Depth = 2,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the income statement."""
    from ledgercli.desk import statement_reports

    books = session.open(asked.known_at)
    how = cast("Compare", compare)
    answer = statement_reports.income(books, asked.query, first=first, compare=how, depth=depth)
    return give(session, answer, output)


@command(
    N_(
        "The balance sheet: assets, liabilities and equity at the end of a day, with the result of"
        " the year so far.\n\n"
        "Both sides are compared: they are equal, or it says so and ends with 1."
    ),
    examples=(
        "ledgercli report balance-sheet --as-of 2026-09-30",
        "ledgercli report balance-sheet --compare period --convert EUR",
    ),
    asked=explained(on_day),
    output=printing,
)
def balance_sheet(
    session: Session,
    *,
    compare: Comparison = "year",
    depth: SheetDepth = 1,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the balance sheet."""
    from ledgercli.desk import statement_reports

    books = session.open(asked.known_at)
    how = cast("Compare", compare)
    answer = statement_reports.balance_sheet(books, asked.query, compare=how, depth=depth)
    return give(session, answer, output)


@command(
    N_(
        "The cash flow statement by the direct method: what came into the cash accounts and what"
        " left them, by the accounts that stand against it.\n\n"
        "Operating, investing and financing follow from those accounts; what nobody classified is"
        " shown as such. The flows are the change in cash, or it says so and ends with 1."
    ),
    examples=(
        "ledgercli report cash-flow --from 2026-07-01 --to 2026-09-30",
        "ledgercli report cash-flow --depth 3 -f html -o cash.html",
    ),
    asked=explained(in_period),
    output=printing,
)
def cash_flow(
    session: Session,
    *,
    first: First = None,
    compare: Comparison = "year",
    depth: Depth = 2,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the cash flow statement."""
    from ledgercli.desk import statement_reports

    books = session.open(asked.known_at)
    how = cast("Compare", compare)
    answer = statement_reports.cash_flow(books, asked.query, first=first, compare=how, depth=depth)
    return give(session, answer, output)


@command(
    N_(
        "The usual ratios: margins, liquidity, debt, turnover of receivables.\n\n"
        "One that needs to know what an account is, and cannot, is unknown and says why."
    ),
    examples=(
        "ledgercli report ratios --to 2026-09-30",
        "ledgercli report ratios --convert EUR -f json",
    ),
    asked=explained(in_period),
    output=printing,
)
def ratios(
    session: Session,
    *,
    first: First = None,
    compare: Comparison = "year",
    asked: Asked,
    output: Printing,
) -> int:
    """Print the ratios."""
    from ledgercli.desk import statement_reports

    books = session.open(asked.known_at)
    how = cast("Compare", compare)
    return give(
        session, statement_reports.ratios(books, asked.query, first=first, compare=how), output
    )


@command(
    N_(
        'Budget against actual, for the budgets of Fava: `custom "budget"` directives.\n\n'
        "A budget is spread over the days of its interval, holds until the next one, and is for"
        " all accounts below its own."
    ),
    examples=(
        "ledgercli report budget --from 2026-07-01 --to 2026-09-30",
        "ledgercli report budget --by month -f xlsx -o budget.xlsx",
    ),
    asked=explained(in_period),
    output=printing,
)
def budget(
    session: Session, *, first: First = None, by: By = "none", asked: Asked, output: Printing
) -> int:
    """Print budget and actual."""
    from ledgercli.desk import statement_reports

    books = session.open(asked.known_at)
    return give(session, statement_reports.budget(books, asked.query, first=first, by=by), output)


@command(
    N_(
        "The tax summary: what was charged, deducted and paid on each tax account, and on what"
        " amounts where the ledger tells.\n\n"
        "Tax accounts are those of `receivables.tax`, else those with a usual name."
    ),
    examples=(
        "ledgercli report taxes --from 2026-07-01 --to 2026-09-30",
        "ledgercli report taxes --by month -f csv",
    ),
    asked=explained(in_period),
    output=printing,
)
def taxes(
    session: Session, *, first: First = None, by: By = "none", asked: Asked, output: Printing
) -> int:
    """Print the tax summary."""
    from ledgercli.desk import statement_reports

    books = session.open(asked.known_at)
    return give(session, statement_reports.taxes(books, asked.query, first=first, by=by), output)
