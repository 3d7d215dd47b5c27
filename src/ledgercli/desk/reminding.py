"""Reminders: plan them, write the letters, record what was sent, adopt what happened before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

from ledgercli.desk import reminder_answers as answers
from ledgercli.desk.adopting import Step, adopted
from ledgercli.desk.checking import all_findings
from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.letter_writing import Outcome, write_letters
from ledgercli.desk.opening import OpenBooks
from ledgercli.desk.reminder_errors import LetterTypeError, NoBooksError, RunInThePastError
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.currency import plain
from ledgercli.model.event import Event
from ledgercli.model.finding import Finding
from ledgercli.model.position import Document
from ledgercli.reminders import plan as planning
from ledgercli.reminders.letters import KINDS, LetterKind
from ledgercli.reminders.plan import Plan

#: Who writes events that no person typed.
WRITER = "ledgercli"


def plan(books: OpenBooks, query: Query) -> Answer:
    """Return who would be reminded as of the day, at which level, and who not and why."""
    answer = answers.plan_answer(_plan(books, query, books.events), _findings(books))
    return with_circumstances(books, answer, query)


def write(books: OpenBooks, query: Query, *, types: tuple[str, ...], dry_run: bool) -> Answer:
    """Write the letters that are due, in each of ``types`` (txt if none); record nothing as sent.

    Raise LetterTypeError, NoBooksError, and the errors of writing.
    """
    kinds = _kinds(books, types)
    with nullcontext() if dry_run else _lock(books.root):
        planned = _plan(books, query, books.events)
        outcomes, findings = write_letters(
            books, planned, kinds, dry_run=dry_run, whole=_is_whole(query)
        )
    answer = answers.letters_answer(
        "remind-write", planned, outcomes, _findings(books), dry_run=dry_run
    )
    return replace(answer, task_findings=tuple(findings))


def run(books: OpenBooks, query: Query, *, types: tuple[str, ...], dry_run: bool) -> Answer:
    """Write the letters that are due and record those that go by post as sent.

    The log is read again under the lock, so that two runs at once do not send a letter twice.
    Letters by e-mail are written and wait for delivery. Raise RunInThePastError besides what
    :func:`write` raises.
    """
    from ledgercli.books.activity import append_events, read_events

    kinds = _kinds(books, types)
    as_of = books.as_of(query)
    with nullcontext() if dry_run else _lock(books.root):
        events, event_findings = read_events(books.root)
        fresh = replace(books, events=events, event_findings=event_findings)
        last = max((event.date for event in events if _is_sent(event)), default=as_of)
        if last > as_of:
            raise RunInThePastError(last=last, day=as_of)
        planned = _plan(fresh, query, events)
        outcomes, findings = write_letters(
            fresh, planned, kinds, dry_run=dry_run, whole=_is_whole(query)
        )
        outcomes = [
            replace(outcome, recorded=bool(outcome.files) and outcome.letter.channel == "post")
            for outcome in outcomes
        ]
        sent = [
            event
            for outcome in outcomes
            if outcome.recorded
            for event in _sent_events(fresh, outcome, as_of)
        ]
        if not dry_run:
            append_events(books.root, sent)
    answer = answers.letters_answer(
        "remind-run", planned, outcomes, _findings(fresh), dry_run=dry_run
    )
    return replace(answer, task_findings=tuple(findings))


def history(books: OpenBooks, query: Query) -> Answer:
    """Return the reminders in the log by the end of the day, oldest first."""
    chosen, as_of = books.chosen(query), books.as_of(query)
    events = [
        event
        for event in books.events
        if event.kind == "reminder"
        and event.in_force(as_of)
        and (chosen is None or event.customer in chosen)
        and (not query.currencies or event.currency in query.currencies)
    ]
    events.sort(key=lambda event: (event.date, event.at, event.customer, event.number))
    return answers.history_answer(events, as_of, books.event_findings)


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
    SubjectNotFoundError for a number that is not open, NoBooksError, and the errors of writing.
    """
    from ledgercli.books.activity import append_events, read_events

    if books.location.bare:
        raise NoBooksError
    as_of = books.as_of(query)
    day = sent or as_of
    with nullcontext() if dry_run else _lock(books.root):
        fresh = replace(books, events=read_events(books.root)[0])
        found = adopted(fresh, books.selected(query), level, documents, as_of)
        events = [_adopted_event(fresh, document, step, day) for document, step in found]
        if not dry_run:
            append_events(books.root, events)
    return answers.adopt_answer(events, as_of, dry_run=dry_run)


# --- planning ----------------------------------------------------------------------------------


def _plan(books: OpenBooks, query: Query, events: Sequence[Event]) -> Plan:
    as_of = books.as_of(query)
    return planning.plan(
        books.selected(query),
        books.settings,
        events,
        as_of,
        ledger_errors=any(finding.severity == "error" for finding in _findings(books)),
        customer_errors=_customer_errors(books, as_of),
        bank_days=books.facts.bank_days,
    )


def _is_whole(query: Query) -> bool:
    return not (query.customers or query.tags or query.segments or query.currencies)


def _findings(books: OpenBooks) -> tuple[Finding, ...]:
    """Return the errors that hold every letter: of the ledger, the settings, the activity log.

    A settings file that was not understood may have meant another policy, and a line of the log
    that cannot be read may be a letter that was sent.
    """
    file = books.location.settings_file
    in_settings = (
        finding
        for finding in books.record_findings
        if file and not finding.customer and finding.place.file == file.name
    )
    everything = (*books.ledger_errors, *in_settings, *books.event_findings)
    return tuple(finding for finding in everything if finding.severity == "error")


def _customer_errors(books: OpenBooks, as_of: dt.date) -> Mapping[str, str]:
    """Return the codes of the errors about each customer."""
    found: dict[str, set[str]] = {}
    for finding in all_findings(books, as_of):
        if finding.severity == "error" and finding.customer:
            found.setdefault(finding.customer, set()).add(finding.code)
    return {customer: ", ".join(sorted(names)) for customer, names in found.items()}


def _kinds(books: OpenBooks, types: tuple[str, ...]) -> tuple[LetterKind, ...]:
    if books.location.bare:
        raise NoBooksError
    for name in types:
        if name not in KINDS:
            raise LetterTypeError(kind=name)
    return tuple(kind for kind in KINDS if kind in types) or ("txt",)


def _lock(root: Path) -> AbstractContextManager[None]:
    from ledgercli.books.files import books_lock

    return books_lock(root)


# --- recording ---------------------------------------------------------------------------------


def _is_sent(event: Event) -> bool:
    return event.kind == "reminder" and event.details.get("status") == "sent"


def _sent_events(books: OpenBooks, outcome: Outcome, day: dt.date) -> Iterator[Event]:
    """Yield an event for each document that the letter raises, at the document's own level."""
    letter = outcome.letter
    per_letter = letter.fee - sum(document.fee for document in letter.documents)
    for document in letter.documents:
        if not document.raised:
            continue
        record = document.item.document
        fee = document.fee + (per_letter if document.main else 0)
        details = {
            "status": "sent",
            "policy": letter.policy_name,
            "level": document.level,
            "level_name": document.level_name,
            "channel": letter.channel,
            "deadline": letter.deadline.isoformat() if letter.deadline else None,
            "amount": plain(document.open, letter.currency),
            "fee": plain(fee, letter.currency),
            "letter": outcome.files[0],
            "letter_number": outcome.sequence,
        }
        yield _event(books, day, record, details)


def _event(
    books: OpenBooks, day: dt.date, document: Document, details: Mapping[str, object]
) -> Event:
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


def _adopted_event(books: OpenBooks, document: Document, step: Step, day: dt.date) -> Event:
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
    return _event(books, day, document, details)
