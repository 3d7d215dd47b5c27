"""Activity that holds reminders: pauses, insolvency, cases handed over, letters that came back."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from ledgercli.cli.activity_options import CustomerId, Entry, Owner, Subject, entry, owner
from ledgercli.cli.command import command
from ledgercli.cli.option_values import parse_exact_day
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_


@command(
    N_(
        "Pause reminders of a document or to a customer.\n\n"
        "Without a day they pause until the entry is retracted."
    ),
    examples=("ledgercli activity hold C001 2026-12-31",),
    which=owner,
    entry=entry,
)
def hold(
    session: Session,
    *,
    subject: Subject,
    until: Annotated[
        dt.date | None,
        typer.Argument(
            metavar="[UNTIL]", parser=parse_exact_day, help=N_("The last day of the pause.")
        ),
    ] = None,
    which: Owner,
    entry: Entry,
) -> int:
    """Record a hold and print it."""
    from ledgercli.desk.activity import recording as desk

    return entry.record(
        session,
        lambda books, facts: desk.hold(books, facts, which.document(subject), until=until),
    )


@command(
    N_("Record that insolvency proceedings of a customer began; no letter goes there any more."),
    examples=("ledgercli activity insolvency C001 --date 2026-11-18",),
    entry=entry,
)
def insolvency(
    session: Session,
    *,
    customer: CustomerId,
    entry: Entry,
) -> int:
    """Record an insolvency and print it."""
    from ledgercli.desk.activity import recording as desk

    return entry.record(
        session,
        lambda books, facts: desk.insolvency(books, facts, customer=customer),
    )


@command(
    N_(
        "Record that a document, or all of a customer, went to a lawyer or an agency.\n\n"
        "No letter is written about it any more."
    ),
    examples=("ledgercli activity handed-over INV-2026-0042",),
    which=owner,
    entry=entry,
)
def handed_over(
    session: Session,
    *,
    subject: Subject,
    which: Owner,
    entry: Entry,
) -> int:
    """Record a hand-over and print it."""
    from ledgercli.desk.activity import recording as desk

    return entry.record(
        session,
        lambda books, facts: desk.handed_over(books, facts, which.document(subject)),
    )


@command(
    N_(
        "Record that a letter came back, so that its level counts as not sent.\n\n"
        "A letter is named by its file, its message id, or the id of its entry."
    ),
    examples=("ledgercli activity bounced C1028-EUR-firm",),
    entry=entry,
)
def bounced(
    session: Session,
    *,
    letter: Annotated[str, typer.Argument(metavar="LETTER", help=N_("The letter that came back."))],
    entry: Entry,
) -> int:
    """Record a bounce and print it."""
    from ledgercli.desk.activity import recording as desk

    return entry.record(session, lambda books, facts: desk.bounced(books, facts, letter=letter))
