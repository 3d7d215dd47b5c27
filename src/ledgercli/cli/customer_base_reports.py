"""Reports of the customers as a whole, under ``report``: concentration, retention, cohorts."""

from __future__ import annotations

from typing import Annotated, Literal, cast

import typer

from ledgercli.cli.command import command
from ledgercli.cli.explaining import explained
from ledgercli.cli.metric_reports import MONTHS_MOST, Months
from ledgercli.cli.option_values import one_of
from ledgercli.cli.options import Asked, Printing, filters, history, printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_

CohortMonths = Annotated[
    int,
    typer.Option(
        "--months",
        metavar="N",
        min=1,
        max=MONTHS_MOST,
        help=N_("The first invoices of how many months, the current one included (24)."),
    ),
]


@command(
    N_(
        "How much hangs on few customers: shares, largest first, classes A, B and C, and the"
        " Herfindahl index."
    ),
    examples=("ledgercli report concentration", "ledgercli report concentration --of open"),
    asked=explained(filters),
    output=printing,
)
def concentration(
    session: Session,
    *,
    months: Months = 12,
    of: Annotated[
        str,
        typer.Option(
            metavar="WHAT",
            parser=one_of(("sales", "open")),
            help=N_("sales (default), or open: what is owed now."),
        ),
    ] = "sales",
    asked: Asked,
    output: Printing,
) -> int:
    """Print the shares of customers."""
    from ledgercli.desk import metric_reports

    books = session.open(asked.known_at)
    chosen = cast('Literal["sales", "open"]', of)
    answer = metric_reports.concentration(books, asked.query, months=months, of=chosen)
    return give(session, answer, output)


@command(
    N_("New, returning and lost customers of each month, told by the invoices they get."),
    examples=("ledgercli report retention --lost-after 6",),
    asked=explained(history),
    output=printing,
)
def retention(
    session: Session,
    *,
    months: Months = 12,
    lost_after: Annotated[
        int,
        typer.Option(
            "--lost-after",
            metavar="N",
            min=1,
            max=MONTHS_MOST,
            help=N_("Months without an invoice after which a customer is lost (6)."),
        ),
    ] = 6,
    asked: Asked,
    output: Printing,
) -> int:
    """Print new, returning and lost customers."""
    from ledgercli.desk import metric_reports

    books = session.open(asked.known_at)
    answer = metric_reports.retention(books, asked.query, months=months, lost_after=lost_after)
    return give(session, answer, output)


@command(
    N_(
        "Cohorts: of the customers first invoiced in a period, how many were invoiced again in"
        " each later one."
    ),
    examples=("ledgercli report cohorts --months 36", "ledgercli report cohorts --by month"),
    asked=explained(history),
    output=printing,
)
def cohorts(
    session: Session,
    *,
    months: CohortMonths = 24,
    by: Annotated[
        str,
        typer.Option(
            metavar="PERIOD",
            parser=one_of(("month", "quarter", "year")),
            help=N_("month, quarter (default) or year."),
        ),
    ] = "quarter",
    asked: Asked,
    output: Printing,
) -> int:
    """Print the cohorts of customers."""
    from ledgercli.desk import metric_reports

    books = session.open(asked.known_at)
    chosen = cast('Literal["month", "quarter", "year"]', by)
    answer = metric_reports.cohorts(books, asked.query, months=months, by=chosen)
    return give(session, answer, output)
