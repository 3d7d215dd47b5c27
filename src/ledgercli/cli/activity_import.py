"""Activity from elsewhere: a mailbox, a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ledgercli.cli.activity_options import Entry, entry
from ledgercli.cli.command import command
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_


@command(
    N_(
        "Take mails with customers from an mbox file or a Maildir, or contacts from a table.\n\n"
        "A mail belongs to the customers whose contacts have its addresses; only the subject is"
        " kept. A table (CSV, XLSX) has the columns date, kind, customer, text, score, follow_up"
        " and ref. What was taken before is not taken again."
    ),
    examples=(
        "ledgercli activity import ~/Mail/customers.mbox --dry-run",
        "ledgercli activity import visits.csv",
    ),
    entry=entry,
)
def import_(
    session: Session,
    *,
    source: Annotated[Path, typer.Argument(metavar="FILE", help=N_("A mailbox, or a table."))],
    bodies: Annotated[
        bool, typer.Option("--bodies", help=N_("Keep the text of mails, not only the subject."))
    ] = False,
    entry: Entry,
) -> int:
    """Take activity over, and print what is new."""
    from ledgercli.desk.activity import activity_import as desk

    path = session.start / source.expanduser()
    return entry.record(
        session, lambda books, said: desk.import_activity(books, said, path, bodies=bodies)
    )
