"""Which documents had reached a level before the program came, and recording that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import nullcontext

from ledgercli.desk.errors import SubjectNotFoundError
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders import reminder_answers as answers
from ledgercli.desk.reminders.reminder_errors import (
    LevelNotFoundError,
    NoBooksError,
    SentInFutureError,
)
from ledgercli.desk.reminders.run_conditions import lock, read_again
from ledgercli.desk.reminders.sending import WRITER
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.event import Event
from ledgercli.model.position import Document
from ledgercli.model.settings import Policy
from ledgercli.receivables.position import Position
from ledgercli.reminders.history import read_history
from ledgercli.reminders.levels import policy_for, policy_of, still_there

Step = tuple[str, int, str]
"""A policy's name, a level's number (0 for a notice) and name."""


def adopt(
    books: OpenBooks,
    query: Query,
    *,
    level: str,
    sent: dt.date | None,
    documents: tuple[str, ...],
    dry_run: bool,
) -> Answer:
    """Record that overdue documents had reached ``level`` (a name or number) on the day ``sent``.

    ``documents`` are numbers; without any, all overdue documents that ``query`` leaves. What the
    log has at that level or a higher one is left out. Raise LevelNotFoundError,
    SubjectNotFoundError for a number that is not open, SentInFutureError, NoBooksError, and the
    errors of writing.
    """
    from ledgercli.books.activity import append_events

    if books.location.bare:
        raise NoBooksError
    as_of = books.as_of(query)
    day, last = sent or as_of, min(as_of, books.today)
    if day > last:
        raise SentInFutureError(date=day, today=last)
    with nullcontext() if dry_run else lock(books.root):
        read = read_again(books)
        found = adopted(read, books.selected(query), level, documents, as_of)
        events = [_event(read, document, step, day) for document, step in found]
        if not dry_run:
            append_events(books.root, events)
    return answers.adopt_answer(events, as_of, dry_run=dry_run)


def adopted(
    books: OpenBooks,
    position: Position,
    level: str,
    numbers: tuple[str, ...],
    as_of: dt.date,
) -> list[tuple[Document, Step]]:
    """Return the documents to record at ``level``, each with the level of its customer's policy.

    These are the open ones with a number in ``numbers``, or without any all overdue ones, unless
    the log has them at that level or a higher one. What the log says of levels that the policy no
    longer has gives way: here a person decides where the case stands. Customers whose policy has no
    such level are left out. Raise LevelNotFoundError and SubjectNotFoundError.
    """
    items = [
        item
        for item in position.open_items
        if item.document.numbered
        and (item.document.number in numbers if numbers else item.is_overdue(as_of))
    ]
    for number in numbers:
        if all(item.document.number != number for item in items):
            raise SubjectNotFoundError(subject=number, date=as_of)
    log = read_history(books.events, dt.date.max)
    known = any(_step(name, policy, level) for name, policy in _policies(books).items())
    if not known:
        raise LevelNotFoundError(level=level)
    adopted: list[tuple[Document, Step]] = []
    for item in items:
        document = item.document
        customer = position.customers.get(document.customer)
        name, policy = policy_for(books.settings, customer)
        step = _step(name, policy, level) if policy else None
        if step is None:
            continue
        key = (document.customer, document.currency, document.number)
        reached = log.reached(key)
        if reached and reached.level >= step[1] and policy and still_there(policy, reached):
            continue
        if step[1] == 0 and any(sent.level_name == step[2] for sent in log.letters(key)):
            continue
        adopted.append((document, step))
    return adopted


def _policies(books: OpenBooks) -> Mapping[str, Policy]:
    name, default = policy_of(books.settings, None)
    return books.settings.reminders.policies or ({name: default} if default else {})


def _step(name: str, policy: Policy, level: str) -> Step | None:
    """Return the level of ``policy`` with that name, or that number among the dunning levels."""
    for number, entry in enumerate(policy.dunning, start=1):
        if level in {entry.name, str(number)}:
            return name, number, entry.name
    return next(((name, 0, entry.name) for entry in policy.notices if entry.name == level), None)


def _event(books: OpenBooks, document: Document, step: Step, day: dt.date) -> Event:
    """Return the event that says that a document had reached ``step`` on ``day``."""
    policy, number, name = step
    details = {
        "status": "sent",
        "policy": policy,
        "level": number,
        "level_name": name,
        "channel": "",
        "deadline": None,
        "adopted": True,
    }
    return Event(
        id="",
        at=books.now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        date=day,
        by=WRITER,
        kind="reminder",
        customer=document.customer,
        number=document.number,
        currency=document.currency,
        details=details,
    )
