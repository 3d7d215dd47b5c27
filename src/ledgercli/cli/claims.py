"""Claims: book them, and record what proves that a letter arrived."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from ledgercli.cli.activity_options import recording
from ledgercli.cli.command import command
from ledgercli.cli.options import Asked, Printing, printing, selection
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.desk.request import Recording
from ledgercli.model.catalogue.mark import N_
from ledgercli.output.language import _


@command(
    N_(
        "Write fees and interest that letters have claimed into the ledger, as documents of their"
        " own.\n\n"
        "Without `--write` only the diff is printed. What is in the ledger is not claimed again, so"
        " that booking twice adds nothing. The accounts are named under `claims:` in the settings."
    ),
    examples=(
        "ledgercli remind book",
        "ledgercli remind book INV-2026-0078 --write",
        "ledgercli remind book C1012-EUR-firm",
    ),
    asked=selection,
    output=printing,
)
def book(
    session: Session,
    *,
    subjects: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[LETTER|NUMBER]", help=N_("Only the claims of this letter or document.")
        ),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help=N_("Append them to the ledger, not only show them."))
    ] = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the diff of the ledger, and write it where that is asked for."""
    from ledgercli.desk.reminders import booking

    answer = booking.book(
        session.open(with_events=True),
        asked.query,
        subjects=tuple(subjects or ()),
        write=write,
        reopen=lambda: session.open(with_events=True),
    )
    return give(session, answer, output)


@command(
    N_(
        "Record that a letter arrived, and what proves it.\n\n"
        "`--date` is the day on which it arrived. A demand that can be proved begins a period of"
        " limitation anew where the law says so."
    ),
    examples=('ledgercli activity delivered C1012-EUR-firm --tracking "RR 1234 5678 9DE"',),
    said=recording,
    output=printing,
)
def delivered(
    session: Session,
    *,
    letter: Annotated[str, typer.Argument(metavar="LETTER", help=N_("The letter that arrived."))],
    tracking: Annotated[
        str, typer.Option(metavar="NUMBER", help=N_("The number of the consignment."))
    ] = "",
    proof: Annotated[
        str, typer.Option(metavar="TEXT", help=N_("The receipt, or where it is kept."))
    ] = "",
    said: Recording,
    output: Printing,
) -> int:
    """Record a delivery and print it."""
    from ledgercli.desk.activity import recording as desk

    if not (tracking or proof):
        message = _("give `--tracking` or `--proof`: what cannot be proved puts nothing off")
        raise typer.BadParameter(message, param_hint="--tracking")
    books = session.open(with_events=True)
    said = replace(said, environment=session.environment)
    answer = desk.delivered(books, said, letter=letter, tracking=tracking, proof=proof)
    return give(session, answer, output)
