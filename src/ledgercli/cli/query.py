"""Queries in Beancount's query language."""

from __future__ import annotations

from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.options import Asked, Printing, history, printing
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_
from ledgercli.output.language import _


@command(
    N_(
        "Ask in Beancount's query language, over Beancount's tables and ours.\n\n"
        "Ours are documents, settlements, allocations, aging, customers, activity and orders; they"
        " are as of the day asked for. Beancount's hold all that is in the ledger."
    ),
    examples=(
        'ledgercli query "SELECT currency, sum(open) FROM documents GROUP BY currency"',
        'ledgercli query "SELECT account, sum(position) GROUP BY account"',
        "ledgercli query --tables",
    ),
    asked=history,
    output=printing,
)
def query(
    session: Session,
    *,
    text: Annotated[
        str | None, typer.Argument(metavar="[QUERY]", help=N_("The query, in quotes."))
    ] = None,
    tables: Annotated[
        bool, typer.Option("--tables", help=N_("List our tables and their columns."))
    ] = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the answer to a query, or the tables there are."""
    if not text and not tables:
        raise typer.BadParameter(_("give a query in quotes, or `--tables`"), param_hint="QUERY")
    from ledgercli import query as engine

    books = session.open(asked.known_at, with_events=True, with_orders=True)
    if tables or text is None:
        return give(session, engine.table_list(books, asked.query), output)
    answer = engine.run(books, asked.query, text, safe=session.options.safe)
    return give(session, answer, output)
