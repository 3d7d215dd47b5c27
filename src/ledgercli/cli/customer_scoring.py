"""Scores of customers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.explaining import explained
from ledgercli.cli.option_values import one_of
from ledgercli.cli.options import Asked, OutputFile, Printing, Verbose, history, printing
from ledgercli.cli.printing import exit_code, give, send, warn
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_
from ledgercli.output import formats
from ledgercli.output.language import language


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
    from ledgercli.desk.customers import scoring

    query = replace(asked.query, customers=(*(customers or ()), *asked.query.customers))
    books = session.open(asked.known_at, with_events=True, with_orders=True)
    return give(session, scoring.score(books, query), output)


def printing_page(
    format: Annotated[  # noqa: A002 - the name of the option
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            parser=one_of((*formats.FORMATS, "pdf")),
            help=N_("table (default), json, csv, html or pdf."),
        ),
    ] = None,
    output: OutputFile = None,
    verbose: Verbose = False,  # noqa: FBT002
) -> Printing:
    """Return how a page is printed; the suffix .pdf chooses PDF."""
    path = None if output == Path("-") else output
    is_pdf = path is not None and path.suffix.lower() == ".pdf"
    chosen = format or ("pdf" if is_pdf else None)
    return Printing(chosen, path, verbose)


@command(
    N_(
        "A credit report of one customer, on a page.\n\n"
        "Score with its inputs, account, limit with a suggestion, and what git remembers of the"
        " limit. As a table, JSON, HTML, or PDF (extra `pdf`)."
    ),
    examples=(
        "ledgercli customer report C1012",
        "ledgercli customer report C1012 -o C1012.html",
        "ledgercli customer report C1012 --as-of 2026-06-30 -o C1012.pdf",
    ),
    asked=history,
    output=printing_page,
)
def report(
    session: Session,
    *,
    customer_id: Annotated[str, typer.Argument(metavar="ID", help=N_("The customer."))],
    asked: Asked,
    output: Printing,
) -> int:
    """Print the report, or write it as HTML or PDF."""
    from ledgercli.desk.customers import credit

    books = session.open(asked.known_at, with_events=True, with_orders=True)
    answer = credit.credit_report(books, asked.query, customer=customer_id)
    if output.output_format != "pdf":
        return give(session, answer, output)
    from ledgercli.output import page

    content = credit.printed(books, asked.query, language(), partial(page.typst, answer))
    send(session, content, "pdf", output)
    warn(answer, verbose=output.verbose)
    return exit_code(answer, output.fail_on or "error")


@command(
    N_(
        "Credit limits to raise, cut or set, with the reason.\n\n"
        "From the highest balance of the last 12 months and the score. Nothing is changed:"
        " `ledgercli customer set ID credit.limit` does it. What would be a cut for a natural"
        " person is left to a person."
    ),
    examples=("ledgercli report limits-review", "ledgercli report limits-review --all -f csv"),
    asked=explained(history),
    output=printing,
)
def limits_review(
    session: Session,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help=N_("Those to keep, and those with too few data, too."))
    ] = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Print which limits to look at."""
    from ledgercli.desk.customers import credit

    books = session.open(asked.known_at, with_events=True, with_orders=True)
    answer = credit.limits_review(books, asked.query, everything=everything)
    return give(session, answer, output)
