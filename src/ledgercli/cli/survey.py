"""Surveys: mails that ask customers for a score."""

from __future__ import annotations

from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.options import Asked, DryRun, Printing, printing, selection
from ledgercli.cli.printing import give
from ledgercli.cli.sending import sending_options
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_


@command(
    N_(
        "Ask customers by e-mail for a score from 0 to 10.\n\n"
        "Nobody is asked twice within `surveys.wait` of the settings (6 months). Answers are"
        " recorded with `activity add feedback CUSTOMER --score N`."
    ),
    examples=(
        "ledgercli activity survey --tag regular --dry-run",
        "ledgercli activity survey --customer C001 --template after-delivery",
    ),
    asked=selection,
    output=printing,
)
def survey(
    session: Session,
    *,
    template: Annotated[
        str, typer.Option(metavar="NAME", help=N_("The template (`survey`, or the settings')."))
    ] = "",
    dry_run: DryRun = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Send surveys and print what became of them."""
    from ledgercli.desk.activity import surveys

    books = session.open(with_events=True)
    options = sending_options(session)
    answer = surveys.send_surveys(books, asked.query, options, template=template, dry_run=dry_run)
    return give(session, answer, output)
