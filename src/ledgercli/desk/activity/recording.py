"""Facts for the activity log: promises, disputes, holds, calls and so on, and taking them back.

A fact is dated, and never changed: what turns out wrong is retracted, from a day on. So the books
answer for every past day what was known, and what letters were due, on that day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ledgercli.desk.activity import activity_answers as answers
from ledgercli.desk.activity import fact_subjects as subjects
from ledgercli.desk.activity.activity_errors import (
    AlreadyRetractedError,
    ConfirmedBeforeBalanceError,
    CurrencyMissingError,
    NothingSaidError,
    OtherCurrencyError,
    RetractBeforeEntryError,
)
from ledgercli.desk.activity.closing import CASES, closed_by
from ledgercli.desk.activity.fact_writing import (
    Fact,
    amount_detail,
    check_until,
    day_of_fact,
    record,
)
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import DocumentChoice, Query, Recording, WaivedClaims
from ledgercli.model.answer import Answer
from ledgercli.model.currency import plain
from ledgercli.model.event import Event
from ledgercli.model.terms import EventName
from ledgercli.model.values import Money
from ledgercli.receivables.position import Item
from ledgercli.reminders.recipient import destination


def add(
    books: OpenBooks,
    recording: Recording,
    *,
    kind: str,
    customer: str,
    number: str = "",
    score: int | None = None,
    closes: str = "",
    follow_up: dt.date | None = None,
) -> Answer:
    """Record a call, a meeting, a complaint and the like; about a document where one is named.

    ``closes`` names what this entry closes (see ``closing``), ``follow_up`` is the day to
    come back to it. Raise CustomerNotFoundError, DocumentNotFoundError, NothingToCloseError,
    NothingSaidError, DayBeforeFactError, and what all recording raises: NoBooksError,
    FactInFutureError, and the errors of writing.
    """
    day = day_of_fact(books, recording)
    owner = books.customer_id(customer)
    if not recording.text.strip() and score is None and not closes:
        raise NothingSaidError
    details: dict[str, Any] = {}
    closed = closed_by(books, closes, kind=kind, customer=owner, day=day) if closes else ""
    if kind in CASES:
        details["status"] = "closed" if closed else "open"
    if closed:
        details["closes"] = closed
    if follow_up:
        check_until(follow_up, day)
        details["follow_up"] = follow_up.isoformat()
    if score is not None:
        details["score"] = score
    fact = Fact(kind, owner, details=details)
    if number:
        (item, *_rest) = subjects.documents(books, DocumentChoice(number, owner), day)
        fact = replace(fact, number=item.document.number, currency=item.document.currency)
    return record(books, recording, [fact])


def promise(
    books: OpenBooks,
    recording: Recording,
    choice: DocumentChoice,
    *,
    until: dt.date,
    amount: Money | None,
) -> Answer:
    """Record the promise to pay what is open, or ``amount`` of it, by ``until``.

    Raise DayBeforeFactError, NothingOpenError, AmountAboveOpenError and the other errors of the
    document and the amount (see ``amount_detail``) besides those of :func:`add`.
    """
    day = day_of_fact(books, recording)
    check_until(until, day)
    items = subjects.open_documents(books, choice, day)
    details = {"until": until.isoformat(), **amount_detail(items, choice, amount)}
    return record(books, recording, _about("promise", items, details))


def dispute(
    books: OpenBooks, recording: Recording, choice: DocumentChoice, *, amount: Money | None
) -> Answer:
    """Record that a document is disputed, or ``amount`` of it; zero settles the dispute.

    That may be after it was paid in full. Raise what :func:`promise` raises.
    """
    settled = amount is not None and not amount.amount
    found = subjects.documents if settled else subjects.open_documents
    items = found(books, choice, day_of_fact(books, recording))
    details = amount_detail(items, choice, amount, zero_allowed=True)
    return record(books, recording, _about("dispute", items, details))


def hold(
    books: OpenBooks, recording: Recording, choice: DocumentChoice, *, until: dt.date | None
) -> Answer:
    """Record that reminders pause up to and with ``until``, or until the entry is retracted.

    The subject is a document or a customer. Raise DayBeforeFactError and what :func:`add` raises.
    """
    if until:
        check_until(until, day_of_fact(books, recording))
    details = {"until": until.isoformat()} if until else {}
    return _about_subject(books, recording, "hold", choice, details)


def handed_over(books: OpenBooks, recording: Recording, choice: DocumentChoice) -> Answer:
    """Record that a document, or all of a customer, went to a lawyer or a collection agency."""
    return _about_subject(books, recording, "handed-over", choice, {})


def insolvency(books: OpenBooks, recording: Recording, *, customer: str) -> Answer:
    """Record that insolvency proceedings of a customer began."""
    day_of_fact(books, recording)
    return record(books, recording, [Fact("insolvency", books.customer_id(customer))])


def bounced(books: OpenBooks, recording: Recording, *, letter: str) -> Answer:
    """Record that a letter came back: its level counts as not sent, for all of its documents.

    Where it went is what was recorded, else what the customer's record says today: as long as that
    stays so, the level does not go there again. What came back before is not recorded again.
    Raise LetterNotFoundError besides what all recording raises.
    """
    day = day_of_fact(books, recording)
    back = {
        (event.number, event.details.get("returns"))
        for event in books.events
        if event.kind == "reminder" and event.in_force(dt.date.max)
    }
    records = {each.id: each for each in books.customers}

    def details(event: Event) -> dict[str, Any]:
        known = _of_the_letter(event)
        if event.customer in records and not known.get("to"):
            channel = str(known.get("channel") or "")
            known["to"] = destination(records[event.customer], channel)
        return {"status": "bounced", "returns": event.id, **known}

    facts = [
        Fact("reminder", event.customer, event.number, event.currency, details(event))
        for event in subjects.letter_events(books, letter, day)
        if (event.number, event.id) not in back
    ]
    return record(books, recording, facts)


def _of_the_letter(event: Event) -> dict[str, Any]:
    """Return what later entries about a letter repeat of the entry that it was sent."""
    copied = ("policy", "level", "level_name", "channel", "message_id", "letter", "letter_id", "to")
    return {key: event.details[key] for key in copied if event.details.get(key) is not None}


def delivered(
    books: OpenBooks, recording: Recording, *, letter: str, tracking: str, proof: str
) -> Answer:
    """Record that a letter arrived, with the number of its consignment or another proof.

    Raise LetterNotFoundError besides what all recording raises.
    """
    day = day_of_fact(books, recording)
    proofs = {"tracking": tracking, "proof": proof}
    facts = [
        Fact(
            "reminder",
            event.customer,
            event.number,
            event.currency,
            {
                "status": "delivered",
                "arrived": event.id,
                **_of_the_letter(event),
                **{key: text for key, text in proofs.items() if text},
            },
        )
        for event in subjects.letter_events(books, letter, day)
    ]
    return record(books, recording, facts)


def confirm(
    books: OpenBooks,
    recording: Recording,
    *,
    customer: str,
    balance_date: dt.date,
    amount: Money,
    agreed: bool,
    theirs: Money | None,
) -> Answer:
    """Record the signed reply slip of a balance confirmation, dated the day it was signed.

    ``amount`` is the balance that was stated for ``balance_date``; ``theirs`` what the customer's
    own books say where they do not agree. Raise CurrencyMissingError, OtherCurrencyError,
    ConfirmedBeforeBalanceError where the slip was signed before the balance was struck.
    """
    day = day_of_fact(books, recording)
    owner = books.customer_id(customer)
    usual = next((each.currency for each in books.customers if each.id == owner), "")
    currency = amount.currency or usual
    if not currency:
        raise CurrencyMissingError(amount=amount)
    if balance_date > day:
        raise ConfirmedBeforeBalanceError(date=day, balance_date=balance_date)
    if theirs and theirs.currency not in {"", currency}:
        raise OtherCurrencyError(number=owner, currency=currency, given=theirs.currency)
    details: dict[str, Any] = {
        "balance_date": balance_date.isoformat(),
        "amount": plain(amount.amount, currency),
        "agreed": agreed and theirs is None,
    }
    if theirs:
        details["theirs"] = plain(theirs.amount, currency)
    fact = Fact("confirmation", owner, currency=currency, details=details)
    return record(books, recording, [fact])


def occurrence(
    books: OpenBooks, recording: Recording, choice: DocumentChoice, *, event: EventName
) -> Answer:
    """Record that what a document is due from has happened: its delivery, acceptance, tax invoice.

    It is about all instalments of a number.
    """
    items = subjects.documents(books, choice, day_of_fact(books, recording))
    document = items[0].document
    fact = Fact("occurrence", document.customer, document.base, document.currency, {"event": event})
    return record(books, recording, [fact])


def waive(
    books: OpenBooks, recording: Recording, choice: DocumentChoice, *, claims: WaivedClaims
) -> Answer:
    """Record that fees, interest or both that were claimed for a document are waived.

    The document may be paid: claims outlive it.
    """
    items = subjects.documents(books, choice, day_of_fact(books, recording))
    return record(books, recording, _about("waiver", items, {"claims": claims}))


def retract(books: OpenBooks, recording: Recording, *, identifier: str) -> Answer:
    """Take an entry back, from the day of the retraction on.

    Raise EntryNotFoundError, AmbiguousEntryError, AlreadyRetractedError and
    RetractBeforeEntryError besides what all recording raises.
    """
    day = day_of_fact(books, recording)
    event = subjects.entry(books, identifier)
    earlier = [each for each in event.retracted_by if each.in_force(dt.date.max)]
    if earlier:
        raise AlreadyRetractedError(id=event.id, date=min(each.date for each in earlier))
    if day < event.date:
        raise RetractBeforeEntryError(id=event.id, fact=event.date, date=day)
    fact = Fact("retract", event.customer, event.number, event.currency, {"retracts": event.id})
    return record(books, recording, [fact])


def list_(
    books: OpenBooks,
    query: Query,
    *,
    kinds: Sequence[str],
    first: dt.date | None,
    everything: bool,
) -> Answer:
    """Return the entries dated from ``first`` to the as-of day, oldest first.

    What was taken back by then is left out unless ``everything`` is asked for.
    """
    chosen, as_of = books.chosen(query), books.as_of(query)
    events = [
        event
        for event in books.events
        if (event.in_force(as_of) or (everything and event.date <= as_of))
        and (first is None or event.date >= first)
        and (not kinds or event.kind in kinds)
        and (chosen is None or event.customer in chosen)
        and (not query.currencies or event.currency in query.currencies)
    ]
    events.sort(key=lambda event: (event.date, *event.order))
    return answers.list_answer(events, as_of, first, books.event_findings)


# --- what a fact is about ----------------------------------------------------------------------


def _about(kind: str, items: Iterable[Item], details: Mapping[str, Any]) -> list[Fact]:
    return [
        Fact(kind, item.document.customer, item.document.number, item.document.currency, details)
        for item in items
    ]


def _about_subject(
    books: OpenBooks,
    recording: Recording,
    kind: str,
    choice: DocumentChoice,
    details: Mapping[str, Any],
) -> Answer:
    day = day_of_fact(books, recording)
    if subjects.names_document(books, choice, day):
        items = subjects.documents(books, choice, day)
        return record(books, recording, _about(kind, items, details))
    return record(
        books, recording, [Fact(kind, subjects.customer(books, choice, day), details=details)]
    )
