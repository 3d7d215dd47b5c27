"""Tiers by rules, RFM classes and targets."""

from __future__ import annotations

from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.explaining import explained
from ledgercli.cli.options import Asked, Printing, filters, history, printing
from ledgercli.cli.printing import give
from ledgercli.cli.report import parse_duration
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.values import Duration
from ledgercli.output.language import _


@command(
    N_(
        "Which tier and tags the rules in the settings give, and why.\n\n"
        "Shows what the records say otherwise. With `--write` the records are changed, and nothing"
        " else in them."
    ),
    examples=("ledgercli customer tiers", "ledgercli customer tiers --all --tag retail"),
    asked=history,
    output=printing,
)
def tiers(
    session: Session,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help=N_("Those that are as the rules say, too."))
    ] = False,
    write: Annotated[bool, typer.Option("--write", help=N_("Write it into the records."))] = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Print what the rules say, or write it."""
    from ledgercli.desk.customers import tiering

    if write and asked.known_at:
        message = _("cannot be written into an earlier revision")
        raise typer.BadParameter(message, param_hint="--write")
    books = session.open(asked.known_at, with_events=True, with_orders=True)
    answer = tiering.tiers(books, asked.query, everything=everything, write=write)
    return give(session, answer, output)


@command(
    N_(
        "How recently, how often and for how much customers bought (RFM), in ranks from 1 to 5.\n\n"
        "They are ranked among those that the filters leave."
    ),
    examples=("ledgercli report rfm", "ledgercli report rfm --within '6 months' --convert EUR"),
    asked=explained(filters),
    output=printing,
)
def rfm(
    session: Session,
    *,
    within: Annotated[
        Duration | None,
        typer.Option(metavar="TIME", parser=parse_duration, help=N_("Up to the day (12 months).")),
    ] = None,
    asked: Asked,
    output: Printing,
) -> int:
    """Print ranks and classes."""
    from ledgercli.desk.customers import tiering

    books = session.open(asked.known_at)
    answer = tiering.rfm(books, asked.query, within=within or Duration(12, "months"))
    return give(session, answer, output)


@command(
    N_("The targets in the settings, and how far each is reached."),
    examples=("ledgercli report targets", "ledgercli report targets --as-of 2026-06-30"),
    asked=explained(history),
    output=printing,
)
def targets(session: Session, *, asked: Asked, output: Printing) -> int:
    """Print targets."""
    from ledgercli.desk.customers import tiering

    books = session.open(asked.known_at)
    return give(session, tiering.targets(books, asked.query), output)
