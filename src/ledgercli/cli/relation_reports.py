"""Reports on relations with customers, under ``report``."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from ledgercli.cli.agenda import Owner
from ledgercli.cli.command import command
from ledgercli.cli.explaining import explained
from ledgercli.cli.option_values import parse_exact_day
from ledgercli.cli.options import Asked, Printing, history, printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_

First = Annotated[
    dt.date | None,
    typer.Option("--from", metavar="DATE", parser=parse_exact_day, help=N_("From this day on.")),
]


@command(
    N_("Complaints and service requests: which are open, and how long closing takes."),
    examples=("ledgercli report service --open", "ledgercli report service --from 2026-01-01"),
    asked=explained(history),
    output=printing,
)
def service(
    session: Session,
    *,
    open_only: Annotated[bool, typer.Option("--open", help=N_("Only what is open."))] = False,
    first: First = None,
    asked: Asked,
    output: Printing,
) -> int:
    """Print complaints and service requests."""
    from ledgercli.desk import relation_reports as desk

    books = session.open(asked.known_at, with_events=True)
    answer = desk.service(books, asked.query, first=first, open_only=open_only)
    return give(session, answer, output)


@command(
    N_(
        "Net promoter score of the feedback that was recorded.\n\n"
        "Promoters score 9 or 10, detractors 0 to 6; the score is the difference of their shares."
    ),
    examples=("ledgercli report nps", "ledgercli report nps --by industry --from 2026-01-01"),
    asked=explained(history),
    output=printing,
)
def nps(
    session: Session,
    *,
    by: Annotated[
        str,
        typer.Option(metavar="GROUP", help=N_("By month (default), tier, owner, or a segment.")),
    ] = "month",
    first: First = None,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the net promoter score by group."""
    from ledgercli.desk import relation_reports as desk

    books = session.open(asked.known_at, with_events=True)
    return give(session, desk.nps(books, asked.query, first=first, by=by), output)


@command(
    N_("Leads and prospects: what is expected of them, and what is to be done next."),
    examples=("ledgercli report pipeline --owner wang",),
    asked=explained(history),
    output=printing,
)
def pipeline(session: Session, *, owner: Owner = "", asked: Asked, output: Printing) -> int:
    """Print leads and prospects."""
    from ledgercli.desk import relation_reports as desk

    books = session.open(asked.known_at, with_events=True)
    return give(session, desk.pipeline(books, asked.query, owner=owner), output)
