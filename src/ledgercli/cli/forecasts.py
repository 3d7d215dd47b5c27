"""Forecasts and anomalies, under ``report``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.explaining import explained
from ledgercli.cli.options import Asked, Printing, history, printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_

_WEEKS_MOST = 104
_MONTHS_MOST = 60
Tested = Annotated[
    int,
    typer.Option(
        "--test-months",
        metavar="N",
        min=0,
        max=_MONTHS_MOST,
        help=N_("How many past months the forecast is tested with (12)."),
    ),
]


@command(
    N_(
        "The receipts to expect, week by week, from how late each customer pays, with the range"
        " they will be in.\n\n"
        "It says how wrong it was: the same forecast, made at past month ends from what was known"
        " then, beside what came."
    ),
    examples=(
        "ledgercli report receipts-forecast --weeks 8",
        "ledgercli report receipts-forecast --customer C001 -o receipts.html",
    ),
    asked=explained(history),
    output=printing,
)
def receipts(
    session: Session,
    *,
    weeks: Annotated[
        int,
        typer.Option(metavar="N", min=1, max=_WEEKS_MOST, help=N_("How many weeks (13).")),
    ] = 13,
    test_months: Tested = 12,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the receipts to expect."""
    from ledgercli.desk import forecast_reports

    books = session.open(asked.known_at, with_events=True)
    answer = forecast_reports.receipts(books, asked.query, weeks=weeks, tests=test_months)
    return give(session, answer, output)


@command(
    N_(
        "The sales to expect, month by month, by trend and season, with the range they will be"
        " in.\n\n"
        "It says how wrong it was: the same forecast of past months, made from what was known"
        " before each, beside what was sold, and beside the sales of the year before."
    ),
    examples=(
        "ledgercli report revenue-forecast",
        "ledgercli report revenue-forecast --months 6 -o revenue.html",
    ),
    asked=explained(history),
    output=printing,
)
def revenue(
    session: Session,
    *,
    months: Annotated[
        int,
        typer.Option(metavar="N", min=1, max=_MONTHS_MOST, help=N_("How many months ahead (12).")),
    ] = 12,
    test_months: Tested = 12,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the sales to expect."""
    from ledgercli.desk import forecast_reports

    books = session.open(asked.known_at)
    answer = forecast_reports.revenue(books, asked.query, months=months, tests=test_months)
    return give(session, answer, output)


@command(
    N_(
        "What is out of the ordinary: amounts, doubles, payments out of rhythm, other payers,"
        " silence, round amounts, weekends, changed bank accounts.\n\n"
        "Each with its reason, compared with what is usual for the customer. What counts is set"
        " under `anomalies:`."
    ),
    examples=(
        "ledgercli report anomalies",
        "ledgercli report anomalies --months 3 --owner wang -f json",
    ),
    asked=explained(history),
    output=printing,
)
def anomalies(
    session: Session,
    *,
    months: Annotated[
        int,
        typer.Option(
            metavar="N", min=1, max=120, help=N_("What happened in how many months (12).")
        ),
    ] = 12,
    asked: Asked,
    output: Printing,
) -> int:
    """Print what is out of the ordinary."""
    from ledgercli.desk import anomaly_reports

    books = session.open(asked.known_at)
    return give(session, anomaly_reports.anomalies(books, asked.query, months=months), output)
