"""Reports with a name of their own, under ``report``: a function and a line in ``tree.py`` each."""

from __future__ import annotations

from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.options import Asked, Printing, filters, printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.values import Duration
from ledgercli.output.language import _


def parse_duration(text: str) -> Duration:
    """Return the duration of ``6m``, ``90 days``; raise ``typer.BadParameter`` for others."""
    try:
        found = Duration.parse(text)
    except ValueError:
        found = None
    if found is None or found.count < 0:
        message = _("`{text}` is not a duration such as `90 days` or `6m`")
        raise typer.BadParameter(message.format(text=text[:40]))
    return found


@command(
    N_(
        "When open claims become time-barred, by the law of each customer's country.\n\n"
        "Known are Germany, England and Wales, and China. A demand counts where its delivery is"
        " recorded with a proof (`ledgercli activity delivered`)."
    ),
    examples=("ledgercli report limitation --within 6m", "ledgercli report limitation -f csv"),
    asked=filters,
    output=printing,
)
def limitation(
    session: Session,
    *,
    within: Annotated[
        Duration | None,
        typer.Option(
            metavar="TIME",
            parser=parse_duration,
            help=N_("Only claims that are barred within this time, such as 6m."),
        ),
    ] = None,
    asked: Asked,
    output: Printing,
) -> int:
    """Print when claims are barred."""
    from ledgercli.desk import named_reports

    books = session.open(asked.known_at, with_events=True)
    return give(session, named_reports.limitation(books, asked.query, within=within), output)
