"""Reminders: plan them, write them, record them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.option_values import one_of, parse_day
from ledgercli.cli.options import Asked, AsOf, DryRun, Printing, printing, selection
from ledgercli.cli.options import history as history_options
from ledgercli.cli.printing import give
from ledgercli.cli.sending import conclude, give_file, sending_options, tell
from ledgercli.cli.session import Session
from ledgercli.desk.request import Query
from ledgercli.model.catalogue.mark import N_

LetterTypes = Annotated[
    list[str] | None,
    typer.Option(
        "--type",
        metavar="TYPE",
        parser=one_of(("txt", "md", "html", "pdf", "eml")),
        help=N_("Kind of letter: txt (default), md, html, pdf or eml; may be repeated."),
    ),
]


Commit = Annotated[
    bool,
    typer.Option("--commit", help=N_("Commit the letters and the log to git, and nothing else.")),
]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help=N_("No table; nothing at all when nothing was due.")),
]


@command(
    N_(
        "Who would be reminded, at which level, and why; who would not, and why not.\n\n"
        "Nothing is written."
    ),
    examples=("ledgercli remind plan --as-of 2026-11-21", "ledgercli remind plan --summary"),
    asked=history_options,
    output=printing,
)
def plan(
    session: Session,
    *,
    summary: Annotated[
        bool,
        typer.Option(
            "--summary",
            help=N_("Counts and sums alone: letters by level, held documents by reason."),
        ),
    ] = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Print the plan of reminders."""
    from ledgercli.desk.reminders import reminding

    books = session.open(asked.known_at, with_events=True)
    ask = reminding.plan_summary if summary else reminding.plan
    answer = ask(books, asked.query, sending_options(session))
    return give(session, answer, output)


@command(
    N_(
        "Write the letters that are due to `letters/DATE/`, with the plan of sending them.\n\n"
        "A letter that a person has edited is never overwritten. In `plan.yaml` letters can be"
        " skipped or sent another way. Nothing is recorded as sent."
    ),
    examples=("ledgercli remind write --type html",),
    asked=selection,
    output=printing,
)
def write(
    session: Session,
    *,
    types: LetterTypes = None,
    dry_run: DryRun = False,
    commit: Commit = False,
    quiet: Quiet = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Write letters and print which."""
    from ledgercli.desk.reminders import reminding

    books = session.open(with_events=True)
    answer = reminding.write(
        books,
        asked.query,
        types=tuple(dict.fromkeys(types or ())),
        dry_run=dry_run,
        options=sending_options(session, commit=commit),
    )
    return conclude(session, answer, output, quiet=quiet)


@command(
    N_(
        "Send the letters that `remind write` wrote, as they and their plan stand now.\n\n"
        "Each is checked against the books once more: who has paid meanwhile is not reminded."
        " Letters whose level says `review: required` wait for `remind approve`."
    ),
    examples=("ledgercli remind send 2026-11-21 --dry-run",),
    asked=selection,
    output=printing,
)
def send(
    session: Session,
    *,
    folder: Annotated[
        str,
        typer.Argument(
            metavar="[DATE|FOLDER]", help=N_("The letters of that day; default: the latest.")
        ),
    ] = "",
    dry_run: DryRun = False,
    commit: Commit = False,
    quiet: Quiet = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Send letters and print what became of each."""
    from ledgercli.desk.reminders import reminding

    books = session.open(with_events=True)
    options = sending_options(session, commit=commit)
    answer = reminding.send(books, asked.query, folder, dry_run=dry_run, options=options)
    return conclude(session, answer, output, quiet=quiet)


@command(
    N_(
        "Write the letters that are due and send them, after those that are still on their way.\n\n"
        "The next run takes the next step; running twice changes nothing."
    ),
    examples=("ledgercli remind run --dry-run", "ledgercli remind run --quiet --commit"),
    asked=selection,
    output=printing,
)
def run(
    session: Session,
    *,
    types: LetterTypes = None,
    dry_run: DryRun = False,
    commit: Commit = False,
    quiet: Quiet = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Write letters, send them, and print what became of each."""
    from ledgercli.desk.reminders import reminding

    books = session.open(with_events=True)
    answer = reminding.run(
        books,
        asked.query,
        types=tuple(dict.fromkeys(types or ())),
        dry_run=dry_run,
        options=sending_options(session, commit=commit),
    )
    return conclude(session, answer, output, quiet=quiet)


Letter = Annotated[
    str,
    typer.Argument(
        metavar="LETTER", help=N_("Its path, its name, its message id, or its customer.")
    ),
]


@command(
    N_(
        "Approve letters of levels with `review: required`, as they are now.\n\n"
        "Who approves is the identity of git. A letter that is edited later needs it again."
    ),
    examples=("ledgercli remind approve --dry-run", "ledgercli remind approve C1012-EUR-final"),
    output=printing,
)
def approve(
    session: Session,
    *,
    letters: Annotated[
        list[str] | None,
        typer.Argument(metavar="[LETTER]...", help=N_("Only these; default: all that wait.")),
    ] = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    output: Printing,
) -> int:
    """Record approvals, and print of which letters."""
    from ledgercli.desk.reminders import reminding

    books = session.open(with_events=True)
    query = Query(as_of=as_of)
    answer = reminding.approve(books, query, tuple(letters or ()), dry_run=dry_run)
    return give(session, answer, output)


@command(
    N_(
        "Print a letter as it was sent, byte for byte; of a PDF, where it is.\n\n"
        "With `--output` it is written to a file, a PDF too."
    ),
    examples=("ledgercli remind show C1012",),
)
def show(
    session: Session,
    *,
    letter: Letter,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help=N_("Write the letter to this file.")),
    ] = None,
) -> int:
    """Print a letter."""
    from ledgercli.desk.reminders import verifying

    books = session.open(with_events=True)
    content, path, findings = verifying.show(books, letter)
    give_file(session, content, path, output)
    return tell(findings)


@command(
    N_(
        "Compute a letter again at the revision of the books that it names, figure by figure.\n\n"
        "Ends with 1 when one does not follow."
    ),
    examples=("ledgercli remind verify C1012",),
    output=printing,
)
def verify(session: Session, *, letter: Letter, output: Printing) -> int:
    """Print each figure beside what the books give for it."""
    from ledgercli.desk.reminders import verifying

    books = session.open(with_events=True)
    return give(session, verifying.verify(books, session.request(), letter), output)


@command(
    N_("Which reminders were written and sent, newest last."),
    examples=("ledgercli remind history --customer C001",),
    asked=history_options,
    output=printing,
)
def history(session: Session, *, asked: Asked, output: Printing) -> int:
    """Print the reminders of the activity log."""
    from ledgercli.desk.reminders import reminder_log

    books = session.open(asked.known_at, with_events=True)
    return give(session, reminder_log.history(books, asked.query), output)


@command(
    N_(
        "Record a level that was reached before this program, so that the next run goes on"
        " there.\n\n"
        "It applies to all overdue documents that the filters and `--document` leave."
    ),
    examples=("ledgercli remind adopt friendly --customer C001 --sent 2026-10-01",),
    asked=selection,
    output=printing,
)
def adopt(
    session: Session,
    *,
    level: Annotated[
        str, typer.Argument(metavar="LEVEL", help=N_("The level's name or number in the policy."))
    ],
    sent: Annotated[
        dt.date | None,
        typer.Option(metavar="DATE", parser=parse_day, help=N_("When it was sent (as-of date).")),
    ] = None,
    document: Annotated[
        list[str] | None,
        typer.Option(metavar="NUMBER", help=N_("Only this document; may be repeated.")),
    ] = None,
    dry_run: DryRun = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Record a level as sent, and print for which documents."""
    from ledgercli.desk.reminders import adopting

    books = session.open(with_events=True)
    answer = adopting.adopt(
        books,
        asked.query,
        level=level,
        sent=sent,
        documents=tuple(document or ()),
        dry_run=dry_run,
    )
    return give(session, answer, output)
