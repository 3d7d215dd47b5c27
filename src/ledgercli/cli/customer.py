"""Customer records, read."""

from __future__ import annotations

from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.option_values import one_of
from ledgercli.cli.options import Asked, Printing, history, printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_


@command(
    N_(
        "All customers, one a line.\n\n"
        "Filters of different kinds must all fit; of one repeated, one must."
    ),
    examples=(
        "ledgercli customer list --tag retail",
        "ledgercli customer list --status lead --status prospect --owner wang",
    ),
    asked=history,
    output=printing,
)
def list_(
    session: Session,
    *,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND",
            parser=one_of(("company", "person")),
            help=N_("Only companies, or only persons."),
        ),
    ] = None,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the customers that the filters leave."""
    from ledgercli.desk.customers import customer_list

    books = session.open(asked.known_at)
    answer = customer_list.list_(
        books,
        asked.query,
        kinds=tuple(kind or ()),
    )
    return give(session, answer, output)


@command(
    N_("One customer on one page: record, figures, what comes next, what happened last."),
    examples=("ledgercli customer show C001",),
    asked=history,
    output=printing,
)
def show(
    session: Session,
    *,
    customer_id: Annotated[str, typer.Argument(metavar="ID", help=N_("The customer."))],
    score: Annotated[bool, typer.Option("--score", help=N_("The score, too."))] = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the page of one customer."""
    from ledgercli.desk.customers import customers

    books = session.open(asked.known_at, with_events=True, with_orders=True)
    answer = customers.show(books, asked.query, customer=customer_id, with_score=score)
    return give(session, answer, output)
