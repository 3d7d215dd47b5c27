"""Activity: record what happened with a customer, list it, take it back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, cast

import typer

from ledgercli.cli.activity_options import (
    Amount,
    CustomerId,
    Entry,
    Number,
    Owner,
    Subject,
    Threaded,
    entry,
    owner,
    parse_amount,
    parse_score,
    thread,
)
from ledgercli.cli.command import command
from ledgercli.cli.options import (
    Asked,
    Printing,
    history,
    one_of,
    parse_exact_day,
    printing,
)
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.event import CONTACT_KINDS, EVENT_KINDS
from ledgercli.model.terms import EVENT_KEYS

if TYPE_CHECKING:
    from ledgercli.desk.request import WaivedClaims
    from ledgercli.model.terms import EventName
    from ledgercli.model.values import Money


@command(
    N_(
        "Record a call, a meeting, a complaint and the like.\n\n"
        "Kinds: call, mail, meeting, visit, campaign, complaint, service, feedback, note."
    ),
    examples=(
        'ledgercli activity add call C001 "Pays on Friday"',
        'ledgercli activity add call C001 "Wants an offer" --follow-up 2026-12-01',
        "ledgercli activity add feedback C001 --score 9",
    ),
    thread=thread,
    entry=entry,
)
def add(
    session: Session,
    *,
    kind: Annotated[
        str, typer.Argument(metavar="KIND", parser=one_of(CONTACT_KINDS), help=N_("What happened."))
    ],
    customer: CustomerId,
    words: Annotated[str, typer.Argument(metavar="[TEXT]", help=N_("The same as `--text`."))] = "",
    document: Annotated[
        str, typer.Option(metavar="NUMBER", help=N_("The document that it was about."))
    ] = "",
    score: Annotated[
        int | None,
        typer.Option(metavar="N", parser=parse_score, help=N_("A score from 0 to 10.")),
    ] = None,
    thread: Threaded,
    entry: Entry,
) -> int:
    """Record a contact and print it."""
    from ledgercli.desk.activity import recording as desk

    said = " ".join(filter(None, (words, entry.said.text)))
    return entry.record(
        session,
        lambda books, facts: desk.add(
            books,
            replace(facts, text=said),
            kind=kind,
            customer=customer,
            number=document,
            score=score,
            closes=thread.closes,
            follow_up=thread.follow_up,
        ),
        with_orders=bool(thread.closes),
    )


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


@command(
    N_(
        "Take an entry back, from the day of the retraction on.\n\n"
        "Days before it keep what was known then; with `--date` of the entry's own day nothing is"
        " left of it."
    ),
    examples=("ledgercli activity retract 2ebd",),
    entry=entry,
)
def retract(
    session: Session,
    *,
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help=N_("The entry, or how its id begins."))
    ],
    entry: Entry,
) -> int:
    """Record a retraction and print it."""
    from ledgercli.desk.activity import recording as desk

    return entry.record(
        session,
        lambda books, facts: desk.retract(books, facts, identifier=identifier),
    )


@command(
    N_("What happened with customers, oldest first."),
    examples=("ledgercli activity list --customer C001 --kind promise",),
    asked=history,
    output=printing,
)
def list_(
    session: Session,
    *,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND", parser=one_of(EVENT_KINDS), help=N_("Only this kind; may be repeated.")
        ),
    ] = None,
    first: Annotated[
        dt.date | None,
        typer.Option(
            "--from", metavar="DATE", parser=parse_exact_day, help=N_("From this day on.")
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help=N_("What was retracted, too."))] = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Print entries of the activity log."""
    from ledgercli.desk.activity import recording as desk

    books = session.open(asked.known_at, with_events=True)
    answer = desk.list_(
        books, asked.query, kinds=tuple(kind or ()), first=first, everything=everything
    )
    return give(session, answer, output)
