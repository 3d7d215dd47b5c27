"""The reminders that the activity log tells of."""

from __future__ import annotations

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders import reminder_answers as answers
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.event import Event


def history(books: OpenBooks, query: Query) -> Answer:
    """Return the reminders in the log by the end of the day, oldest first."""
    chosen, as_of = books.chosen(query), books.as_of(query)
    ended = {_attempt(event) for event in books.events if _status(event) in {"sent", "failed"}}
    events = [
        event
        for event in books.events
        if event.kind == "reminder"
        and event.in_force(as_of)
        and not (_status(event) == "sending" and _attempt(event) in ended)
        and (chosen is None or event.customer in chosen)
        and (not query.currencies or event.currency in query.currencies)
    ]
    events.sort(key=lambda event: (event.date, event.at, event.customer, event.number))
    return answers.history_answer(events, as_of, books.event_findings)


def is_sent(event: Event) -> bool:
    """Return whether an event says that a reminder was sent."""
    return event.kind == "reminder" and _status(event) == "sent"


def _status(event: Event) -> str:
    return str(event.details.get("status"))


def _attempt(event: Event) -> tuple[str, str]:
    # As text: a log may hold anything.
    return str(event.details.get("message_id")), str(event.details.get("attempt"))
