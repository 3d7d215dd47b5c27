"""Scores of customers."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.options import Asked, Printing, history, printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_


@command(
    N_(
        "How well customers pay, from 0 to 100, with what made it.\n\n"
        "From the ledger and the activity log alone, as known at the end of the day asked for. Of"
        " one customer all inputs are shown, of several a line each, the lowest score first."
    ),
    examples=("ledgercli customer score", "ledgercli customer score C1012 --as-of 2026-06-30"),
    asked=history,
    output=printing,
)
def score(
    session: Session,
    *,
    customers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ID", help=N_("The customer; several if you like, or none for all.")
        ),
    ] = None,
    asked: Asked,
    output: Printing,
) -> int:
    """Print scores."""
    from ledgercli.desk import scoring

    query = replace(asked.query, customers=(*(customers or ()), *asked.query.customers))
    books = session.open(asked.known_at, with_events=True, with_orders=True)
    return give(session, scoring.score(books, query), output)
