"""Approving letters whose level wants a person to look: by git identity, for exactly this text."""

from __future__ import annotations

import datetime as dt

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders.carrying_out import CarryingOut
from ledgercli.desk.reminders.letter_facts import Obstacle
from ledgercli.desk.reminders.letter_names import Named, letter_named
from ledgercli.desk.reminders.messages import LetterReader, Written
from ledgercli.desk.reminders.send_options import SendOptions
from ledgercli.desk.reminders.sendings import SendLog, stamp
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.event import Event

_COLUMNS = (
    Column("customer", N_("customer"), "code"),
    Column("currency", N_("cur."), "code"),
    Column("level", N_("level"), "number", optional=2),
    Column("level_name", N_("level name"), "code"),
    Column("claimed", N_("claimed"), "money"),
    Column("state", N_("approval"), "code", words="approval"),
    Column("by", N_("by"), "code", flexible=True, optional=1),
    Column("letter", N_("letter"), "code", flexible=True),
    Column("detail", N_("detail"), flexible=True, wraps=True, sparse=True),
)


def approve(
    books: OpenBooks, day: dt.date, names: tuple[str, ...], *, by: str, dry_run: bool
) -> Answer:
    """Record that ``by`` approves the letters ``names``; without any, all that wait for it.

    An approval is for the files, the channel, the address and the subject as they are now: who
    changes one of them has the letter approved again. Raise
    UnknownLetterError and the errors of writing.
    """
    from ledgercli.books.activity import append_events

    work = CarryingOut(books, day, SendOptions(), dry_run=True)
    chosen = [letter_named(books.root, name, work.log) for name in names] or _waiting(work)
    rows, events = [], []
    for named in chosen:
        read = LetterReader(books, named.folder).read(named.letter)
        state, event = _judge(books, work.log, named, read, by, day)
        if event:
            events.append(event)
        before = None
        if isinstance(read, Written):
            before = work.log.approved(named.path, read.digest)
        rows.append(
            {
                "customer": named.letter.customer,
                "currency": named.letter.currency,
                "level": named.letter.level,
                "level_name": named.letter.level_name,
                "claimed": named.letter.claimed,
                "state": state,
                "by": before.by if before else by,
                "letter": named.path,
                "detail": read.text if isinstance(read, Obstacle) else _withdrawn(work.log, named),
            }
        )
    if not dry_run:
        append_events(books.root, events)
    notes: list[Text | str] = [Text(N_("As of {date}, end of day."), {"date": day})]
    if dry_run:
        notes.append(N_("Dry run: nothing was written."))
    return Answer(
        "remind-approve/1",
        facts={"as_of": day, "dry_run": dry_run},
        tables=(Table("letters", _COLUMNS, rows, empty=N_("No letter waits for approval.")),),
        notes=tuple(notes),
    )


def _withdrawn(log: SendLog, named: Named) -> Text | str:
    event = log.withdrawn.get(named.path)
    words = N_("it goes out no more since {date}: the books have changed")
    return Text(words, {"date": event.date}) if event else ""


def _waiting(work: CarryingOut) -> list[Named]:
    """Return the letters that only lack approval, oldest first."""
    from ledgercli.books.plan_file import read_plan

    found = []
    on_the_way = work.carried_over("")
    for result in on_the_way.others:
        if result.obstacle and result.obstacle.reason == "review":
            plan, _findings = read_plan(work.books.root, result.folder)
            if plan:
                found.append(Named(result.folder, plan, result.letter))
    return found


def _judge(
    books: OpenBooks,
    log: SendLog,
    named: Named,
    read: Written | Obstacle,
    by: str,
    day: dt.date,
) -> tuple[str, Event | None]:
    """Return what becomes of an approval, and the entry for the log where there is one."""
    letter = named.letter
    if isinstance(read, Obstacle) or named.path in log.withdrawn:
        return "impossible", None
    if letter.review != "required":
        return "not-needed", None
    if any(sending.sent for sending in log.of_letter(named.path)):
        return "already-sent", None
    if log.approved(named.path, read.digest):
        return "approved-before", None
    details = {
        "status": "approved",
        "level": letter.level,
        "level_name": letter.level_name,
        "channel": letter.channel,
        "letter": read.first[0],
        "letter_number": letter.number,
        "sha256": read.digest,
    }
    return "approved", Event(
        id="",
        at=stamp(books.now),
        date=day,
        by=by,
        kind="reminder",
        customer=letter.customer,
        currency=letter.currency,
        details=details,
    )
