"""Activity about payment: promises, disputes, what documents are due from, balances, waivers."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, cast

import typer

from ledgercli.cli.activity_options import (
    Amount,
    CustomerId,
    Entry,
    Number,
    Owner,
    entry,
    owner,
    parse_amount,
)
from ledgercli.cli.command import command
from ledgercli.cli.option_values import one_of, parse_exact_day
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.terms import EVENT_KEYS

if TYPE_CHECKING:
    from ledgercli.desk.request import WaivedClaims
    from ledgercli.model.terms import EventName
    from ledgercli.model.values import Money


@command(
    N_(
        "Record a promise to pay; reminders of that amount wait until its day has passed.\n\n"
        "Without an amount all that is open is promised."
    ),
    examples=("ledgercli activity promise INV-2026-0042 2026-12-05 500 EUR",),
    which=owner,
    entry=entry,
)
def promise(
    session: Session,
    *,
    number: Number,
    until: Annotated[
        dt.date,
        typer.Argument(metavar="DATE", parser=parse_exact_day, help=N_("Promised by this day.")),
    ],
    amount: Amount = None,
    which: Owner,
    entry: Entry,
) -> int:
    """Record a promise and print it."""
    from ledgercli.desk.activity import recording as desk

    money = parse_amount(amount)
    return entry.record(
        session,
        lambda books, facts: desk.promise(
            books, facts, which.document(number), until=until, amount=money
        ),
    )


@command(
    N_(
        "Record a dispute; what is disputed is not reminded of.\n\n"
        "Without an amount all that is open is disputed; the amount 0 settles the dispute."
    ),
    examples=('ledgercli activity dispute INV-2026-0042 80 EUR --text "Two boxes broken"',),
    which=owner,
    entry=entry,
)
def dispute(
    session: Session,
    *,
    number: Number,
    amount: Amount = None,
    which: Owner,
    entry: Entry,
) -> int:
    """Record a dispute and print it."""
    from ledgercli.desk.activity import recording as desk

    money = parse_amount(amount)
    return entry.record(
        session,
        lambda books, facts: desk.dispute(books, facts, which.document(number), amount=money),
    )


@command(
    N_(
        "Record that what a document is due from has happened.\n\n"
        "Events: delivery, acceptance, tax-invoice. Terms such as `net 30 from acceptance` count"
        " from that day."
    ),
    examples=("ledgercli activity occurrence INV-2026-0042 acceptance --date 2026-11-18",),
    which=owner,
    entry=entry,
)
def occurrence(
    session: Session,
    *,
    number: Number,
    event: Annotated[
        str,
        typer.Argument(
            metavar="EVENT", parser=one_of(tuple(EVENT_KEYS)), help=N_("What has happened.")
        ),
    ],
    which: Owner,
    entry: Entry,
) -> int:
    """Record a delivery, acceptance or tax invoice, and print it."""
    from ledgercli.desk.activity import recording as desk

    return entry.record(
        session,
        lambda books, facts: desk.occurrence(
            books, facts, which.document(number), event=cast("EventName", event)
        ),
    )


@command(
    N_(
        "Record the signed reply slip of a balance confirmation.\n\n"
        "`--date` is the day it was signed, `--theirs` the balance in the customer's own books."
    ),
    examples=("ledgercli activity confirm C001 2026-10-31 1200 EUR --date 2026-11-16",),
    entry=entry,
)
def confirm(
    session: Session,
    *,
    customer: CustomerId,
    balance_date: Annotated[
        dt.date,
        typer.Argument(
            metavar="BALANCE-DATE", parser=parse_exact_day, help=N_("The day of the balance.")
        ),
    ],
    amount: Annotated[
        list[str],
        typer.Argument(metavar="AMOUNT", help=N_("The balance that was stated, such as 500 EUR.")),
    ],
    disagreed: Annotated[
        bool, typer.Option("--disagreed", help=N_("The customer does not agree with it."))
    ] = False,
    theirs: Annotated[
        str, typer.Option(metavar="AMOUNT", help=N_("What the customer's books say instead."))
    ] = "",
    entry: Entry,
) -> int:
    """Record a reply slip and print it."""
    from ledgercli.desk.activity import recording as desk

    stated, other = parse_amount(amount), parse_amount([theirs] if theirs else None)
    return entry.record(
        session,
        lambda books, facts: desk.confirm(
            books,
            facts,
            customer=customer,
            balance_date=balance_date,
            amount=cast("Money", stated),
            agreed=not disagreed,
            theirs=other,
        ),
    )


@command(
    N_("Record that fees and interest claimed for a document are waived, also for a paid one."),
    examples=("ledgercli activity waive INV-2026-0042 --claims interest",),
    which=owner,
    entry=entry,
)
def waive(
    session: Session,
    *,
    number: Number,
    claims: Annotated[
        str,
        typer.Option(
            metavar="CLAIMS",
            parser=one_of(("all", "fees", "interest")),
            help=N_("Which claims: all (default), fees or interest."),
        ),
    ] = "all",
    which: Owner,
    entry: Entry,
) -> int:
    """Record a waiver and print it."""
    from ledgercli.desk.activity import recording as desk

    waived = cast("WaivedClaims", claims)
    return entry.record(
        session,
        lambda books, facts: desk.waive(books, facts, which.document(number), claims=waived),
    )
