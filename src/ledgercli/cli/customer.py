"""Customer records, read."""

from __future__ import annotations

from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.options import Asked, Printing, history, printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_


@command(
    N_("All customers, one a line."),
    examples=("ledgercli customer list --tag retail",),
    asked=history,
    output=printing,
)
def list_(session: Session, *, asked: Asked, output: Printing) -> int:
    """Print the customers that the filters leave."""
    from ledgercli.desk import customers

    books = session.open(asked.known_at)
    return give(session, customers.list_(books, asked.query), output)


@command(
    N_("One customer's record and figures."),
    examples=("ledgercli customer show C001",),
    asked=history,
    output=printing,
)
def show(
    session: Session,
    *,
    customer_id: Annotated[str, typer.Argument(metavar="ID", help=N_("The customer."))],
    asked: Asked,
    output: Printing,
) -> int:
    """Print the record of one customer."""
    from ledgercli.desk import customers

    books = session.open(asked.known_at)
    return give(session, customers.show(books, asked.query, customer=customer_id), output)
