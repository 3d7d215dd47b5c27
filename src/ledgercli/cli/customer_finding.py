"""Customers found by what is remembered of them; doubles."""

from __future__ import annotations

from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.options import Asked, KnownAt, Printing, history, printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_
from ledgercli.output.language import _


@command(
    N_(
        "Find customers by a part of their id, name, alias, contact, mail address, phone, tax or"
        " bank number, or place.\n\n"
        "Case, accents, umlauts (ä = ae = a), full and half width and the spacing of numbers make"
        " no difference; typing errors are forgiven where nothing fits as typed."
    ),
    examples=("ledgercli customer find mueller", 'ledgercli customer find "030 1234"'),
    output=printing,
)
def find(
    session: Session,
    *,
    words: Annotated[list[str], typer.Argument(metavar="TEXT", help=N_("What to look for."))],
    limit: Annotated[
        int, typer.Option(min=1, metavar="N", help=N_("Show at most so many (20)."))
    ] = 20,
    known_at: KnownAt = None,
    output: Printing,
) -> int:
    """Print the customers that fit, best first."""
    from ledgercli.desk.customers import customer_finding

    text = " ".join(words).strip()
    if not text:
        raise typer.BadParameter(_("`{name}` is missing").format(name="TEXT"), param_hint="TEXT")
    books = session.open(known_at)
    return give(session, customer_finding.find(books, text=text, limit=limit), output)


@command(
    N_(
        "Records that may be of one customer, with the reason.\n\n"
        "The same tax number, bank account, mail address, phone number, name or address; or names"
        " that differ by little once legal forms are left out."
    ),
    examples=("ledgercli customer duplicates",),
    asked=history,
    output=printing,
)
def duplicates(session: Session, *, asked: Asked, output: Printing) -> int:
    """Print pairs of records, the likeliest first."""
    from ledgercli.desk.customers import customer_finding

    books = session.open(asked.known_at)
    return give(session, customer_finding.duplicates(books, asked.query), output)
