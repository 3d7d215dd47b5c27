"""Activity: record what happened with a customer, list it, take it back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Annotated

import typer

from ledgercli.cli.activity_options import CustomerId, Entry, Threaded, entry, parse_score, thread
from ledgercli.cli.command import command
from ledgercli.cli.option_values import one_of, parse_exact_day
from ledgercli.cli.options import Asked, Printing, history, printing
from ledgercli.cli.parameters import wrong_value
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.event import CONTACT_KINDS, EVENT_KINDS
from ledgercli.output.language import _

#: Kinds of facts that are recorded by commands of their own, which know what else they need.
_OWN_COMMANDS = frozenset(["promise", "dispute", "hold", "insolvency", "handed-over", "waive"])


def _contact_kind(text: str) -> str:
    """Return a kind of contact; raise Typer's error for any other word."""
    if text in _OWN_COMMANDS:
        message = _("`{kind}` has a command of its own, `ledgercli activity {kind}`")
        raise wrong_value(message.format(kind=text))
    return _one_of_the_kinds(text)


_one_of_the_kinds = one_of(CONTACT_KINDS)
_contact_kind.choices = CONTACT_KINDS  # type: ignore[attr-defined]


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
        str, typer.Argument(metavar="KIND", parser=_contact_kind, help=N_("What happened."))
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
