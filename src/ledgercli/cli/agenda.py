"""What is due: the agenda, and the page of the morning."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.option_values import one_of, parse_exact_day
from ledgercli.cli.options import (
    Asked,
    DryRun,
    OutputFile,
    Printing,
    ReportFailOn,
    Verbose,
    history,
    printing,
    selection,
)
from ledgercli.cli.printing import chosen_format, exit_code, give, send, warn
from ledgercli.cli.sending import sending_options
from ledgercli.cli.session import Session
from ledgercli.model.answer import Answer
from ledgercli.model.catalogue.mark import N_
from ledgercli.output.language import _

AgendaFormat = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        parser=one_of(("table", "json", "csv", "html", "xlsx", "ics")),
        help=N_("table (default), json, csv, html, xlsx, or ics for a calendar."),
    ),
]
Owner = Annotated[
    str,
    typer.Option(metavar="OWNER", help=N_("Only customers that this person looks after.")),
]


def printing_agenda(
    format: AgendaFormat = None,  # noqa: A002 - the name of the option
    output: OutputFile = None,
    verbose: Verbose = False,  # noqa: FBT002
    fail_on: ReportFailOn = None,
) -> Printing:
    """Return how the agenda is printed; the suffix ``.ics`` chooses the calendar."""
    shown = printing(format, output, verbose, fail_on)
    if shown.output_format is None and shown.path and shown.path.suffix.lower() == ".ics":
        return Printing("ics", shown.path, verbose, fail_on)
    return shown


@command(
    N_(
        "What is due for whom: follow-ups, promises, contracts, orders, pauses, reviews.\n\n"
        "Looks 30 days ahead, or as far as `agenda.ahead` in the settings says; what was missed"
        " stays until it is done."
    ),
    examples=(
        "ledgercli agenda --until 2026-12-31",
        "ledgercli agenda --owner jule -f ics -o jule.ics",
    ),
    asked=history,
    output=printing_agenda,
)
def agenda(
    session: Session,
    *,
    until: Annotated[
        dt.date | None,
        typer.Option(metavar="DATE", parser=parse_exact_day, help=N_("Up to and with this day.")),
    ] = None,
    owner: Owner = "",
    asked: Asked,
    output: Printing,
) -> int:
    """Print the agenda, or write it as a calendar."""
    from ledgercli.desk.agenda import agenda as desk

    books = session.open(asked.known_at, with_events=True, with_orders=True)
    answer = desk.agenda(books, asked.query, until=until, owner=owner)
    if chosen_format(output) != "ics":
        return give(session, answer, output)
    from ledgercli.output.icalendar_format import render

    send(session, render(answer), "json", output)
    warn(answer, verbose=output.verbose)
    return exit_code(answer, output.fail_on or "error")


@command(
    N_(
        "The page of the morning: what is wrong, what came in, what to do today.\n\n"
        "Each line names the command that shows more. With `--mail` each of the `owners` in the"
        " settings gets theirs, once a day."
    ),
    examples=("ledgercli today", "ledgercli today --owner jule -f json", "ledgercli today --mail"),
    asked=history,
    output=printing,
)
def today(
    session: Session,
    *,
    owner: Owner = "",
    mail: Annotated[bool, typer.Option("--mail", help=N_("Send each owner theirs."))] = False,
    dry_run: DryRun = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the page of the morning, or send it."""
    if mail and asked.known_at:
        message = _("mail goes out from the books as they are now")
        raise typer.BadParameter(message, param_hint="--known-at")
    books = session.open(asked.known_at, with_events=True, with_orders=True)
    if mail:
        from ledgercli.desk.agenda import digests

        options = sending_options(session)
        answer = digests.mail_today(
            books, asked.query, options, _rendered, owner=owner, dry_run=dry_run
        )
        return give(session, answer, output)
    from ledgercli.desk.agenda import today as desk

    return give(session, desk.today(books, asked.query, owner=owner), output)


@command(
    N_(
        "Send the digests that the settings name, each once in its period.\n\n"
        "Made for cron: run it every day, it sends what is due and nothing twice."
    ),
    examples=("ledgercli digest send", "ledgercli digest send --dry-run -f json"),
    asked=selection,
    output=printing,
)
def send_digests(
    session: Session, *, dry_run: DryRun = False, asked: Asked, output: Printing
) -> int:
    """Send digests and print what became of them."""
    from ledgercli.cli.own_reports import queries
    from ledgercli.desk.agenda import digests
    from ledgercli.output.language import language

    books = session.open(with_events=True, with_orders=True)
    options = sending_options(session)
    means = digests.Means(_rendered, queries(session), language())
    answer = digests.send(books, asked.query, options, means, dry_run=dry_run)
    return give(session, answer, output)


def _rendered(answer: Answer, output_format: str) -> str | bytes:
    """Return an answer for a mail."""
    from ledgercli.output import formats

    return formats.file_content(answer, output_format)
