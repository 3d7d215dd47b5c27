"""Writes facts to the activity log, with what is the same for all of them, and checks them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal
from typing import Any

from ledgercli.desk.activity import activity_answers as answers
from ledgercli.desk.activity.activity_errors import (
    AmountAboveOpenError,
    AmountNotPositiveError,
    AmountTooFineError,
    DayBeforeFactError,
    FactInFutureError,
    InstalmentsError,
    OtherCurrencyError,
)
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders.reminder_errors import NoBooksError
from ledgercli.desk.request import DocumentChoice, Recording
from ledgercli.model.answer import Answer
from ledgercli.model.currency import CONTEXT, plain, usual_decimals
from ledgercli.model.event import Event
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.receivables.position import Item


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact without what is the same for all: who records it, and when."""

    kind: str
    customer: str
    number: str = ""
    currency: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def day_of_fact(books: OpenBooks, recording: Recording) -> dt.date:
    """Return the day of the fact; raise FactInFutureError and NoBooksError."""
    if books.location.bare:
        raise NoBooksError
    today = recording.as_of or books.today
    day = recording.day or today
    if day > today:
        raise FactInFutureError(date=day, today=today)
    return day


def check_until(until: dt.date, day: dt.date) -> None:
    """Raise DayBeforeFactError where a promise or hold ends before the day it begins."""
    if until < day:
        raise DayBeforeFactError(until=until, date=day)


def amount_detail(
    items: Sequence[Item],
    choice: DocumentChoice,
    amount: Money | None,
    *,
    zero_allowed: bool = False,
) -> dict[str, str]:
    """Return the detail ``amount`` in the document's currency, empty where none was given.

    Raise OtherCurrencyError, AmountNotPositiveError, InstalmentsError, AmountAboveOpenError, and
    AmountTooFineError where a letter would ask for what nobody can pay.
    """
    if amount is None:
        return {}
    document, currency = items[0].document, items[0].document.currency
    if amount.currency not in {"", currency}:
        raise OtherCurrencyError(number=document.number, currency=currency, given=amount.currency)
    if amount.amount < 0 or (amount.amount == 0 and not zero_allowed):
        raise AmountNotPositiveError(amount=amount)
    if len(items) > 1 and amount.amount:
        parts = ", ".join(item.document.number for item in items)
        raise InstalmentsError(number=choice.number, parts=parts)
    whole = sum((item.open for item in items), Decimal(0))
    if amount.amount > whole:
        shown = Money(amount.amount, currency)
        raise AmountAboveOpenError(
            amount=shown, number=document.number, open=Money(whole, currency)
        )
    decimals = max(usual_decimals(currency), _decimals(whole))
    if _decimals(amount.amount) > decimals:
        rounded = amount.amount.quantize(Decimal(1).scaleb(-decimals), context=CONTEXT)
        raise AmountTooFineError(amount=amount, currency=currency, rounded=rounded)
    return {"amount": plain(amount.amount, currency)}


def _decimals(amount: Decimal) -> int:
    """Return how many decimals ``amount`` needs."""
    exponent = amount.normalize(CONTEXT).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def record(books: OpenBooks, recording: Recording, facts: Sequence[Fact]) -> Answer:
    """Append the facts to the log, unless it is a dry run, and return what was written.

    Raise the errors of :func:`day_of_fact` and of writing.
    """
    from ledgercli.books.activity import append_events, event_id
    from ledgercli.books.text import REPLACEMENT, UNWANTED
    from ledgercli.desk.author import author

    def clean(text: str) -> str:
        return UNWANTED.sub(REPLACEMENT, " ".join(text.split()))

    day = day_of_fact(books, recording)
    writer = clean(author(books.root, recording.environment))
    text = clean(recording.text)
    events = [
        Event(
            id="",
            # With its fraction, so that of two facts of one second the later one is known.
            at=books.now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            date=day,
            by=writer,
            kind=fact.kind,
            customer=fact.customer,
            number=fact.number,
            currency=fact.currency,
            details={**fact.details, **({"text": text} if text else {})},
        )
        for fact in facts
    ]
    written = (
        [replace(event, id=event_id(event)) for event in events]
        if recording.dry_run
        else append_events(books.root, events)
    )
    return answers.recorded_answer(written, day, dry_run=recording.dry_run)
