"""Reports with a name of their own, under ``report``: a function and a line in ``tree.py`` each."""

from __future__ import annotations

from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.explaining import explained
from ledgercli.cli.option_values import one_of
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
    asked=explained(filters),
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


@command(
    N_(
        "How far contracts and orders have come: their amount, what was delivered, invoiced and"
        " received, and where the three do not meet.\n\n"
        "Orders of one contract are one line, unless `--by order` tells them apart."
    ),
    examples=("ledgercli report contracts", "ledgercli report contracts --by order -f csv"),
    asked=explained(filters),
    output=printing,
)
def contracts(
    session: Session,
    *,
    by: Annotated[
        str | None,
        typer.Option(
            metavar="WHAT", parser=one_of(("contract", "order")), help=N_("contract or order.")
        ),
    ] = None,
    asked: Asked,
    output: Printing,
) -> int:
    """Print contracts and orders, one a line."""
    from ledgercli.desk import named_reports

    books = session.open(asked.known_at, with_orders=True)
    answer = named_reports.contracts(books, asked.query, by_order=by == "order")
    return give(session, answer, output)
