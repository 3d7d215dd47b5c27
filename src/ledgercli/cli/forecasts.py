"""Forecasts and anomalies, under ``report``."""

from __future__ import annotations

from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.options import Asked, Printing, history, printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_

_WEEKS_MOST = 104
_MONTHS_MOST = 60
Tested = Annotated[
    int,
    typer.Option(
        "--months",
        metavar="N",
        min=0,
        max=_MONTHS_MOST,
        help=N_("At how many past month ends the forecast is tested (12)."),
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
    asked=history,
    output=printing,
)
def receipts(
    session: Session,
    *,
    weeks: Annotated[
        int,
        typer.Option(metavar="N", min=1, max=_WEEKS_MOST, help=N_("How many weeks (13).")),
    ] = 13,
    months: Tested = 12,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the receipts to expect."""
    from ledgercli.desk import forecast_reports

    books = session.open(asked.known_at, with_events=True)
    answer = forecast_reports.receipts(books, asked.query, weeks=weeks, months=months)
    return give(session, answer, output)
