"""Personal data whose time is over, and what came back after it was redacted."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ledgercli.customers.privacy import has_personal_data, has_words
from ledgercli.model.catalogue import privacy as codes
from ledgercli.model.customer import Customer
from ledgercli.model.event import Event, day_of
from ledgercli.model.finding import Finding, Place
from ledgercli.model.privacy_settings import PrivacySettings
from ledgercli.model.values import Duration
from ledgercli.receivables.position import Position


def last_days(position: Position, events: Iterable[Event]) -> dict[str, dt.date]:
    """Return the day of the last document, settlement or activity of each customer.

    That they were redacted is no activity of theirs.
    """
    days: dict[str, dt.date] = {}

    def note(customer: str, day: dt.date) -> None:
        days[customer] = max(day, days.get(customer, day))

    for item in position.items:
        note(item.document.customer, item.document.date)
    for receipt in position.receipts:
        note(receipt.settlement.customer, receipt.settlement.date)
    for event in events:
        if event.kind != "redaction":
            note(event.customer, event.date)
    return days


def kept_until(
    customer: Customer, days: Mapping[str, dt.date], settings: PrivacySettings
) -> dt.date | None:
    """Return the last day on which a customer's personal data are to be kept.

    None where the settings ask for nothing, or no day is known that it could be counted from.
    """
    last = days.get(customer.id)
    return settings.keep_closed.after(last) if settings.keep_closed and last else None


def retention_findings(
    customers: Sequence[Customer],
    events: Sequence[Event],
    position: Position,
    settings: PrivacySettings,
    today: dt.date,
) -> Iterator[Finding]:
    """Yield what of personal data is kept longer than the settings say, as of ``today``."""
    if settings.keep_closed:
        days = last_days(position, events)
        for customer in customers:
            until = kept_until(customer, days, settings)
            if customer.status != "closed" or not until or until >= today:
                continue
            if has_personal_data(customer):
                values = {"customer": customer.id, "date": until.isoformat()}
                place = Place(customer.file, customer.line)
                yield Finding(codes.RETENTION_DUE, values, place, customer.id)
    if settings.keep_activity:
        yield from _old_words(events, settings.keep_activity, today)
    yield from _came_back(events)


def _old_words(events: Iterable[Event], keep: Duration, today: dt.date) -> Iterator[Finding]:
    """Yield one finding for each customer about whom the log has words older than ``keep``."""
    found: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.customer and has_words(event) and keep.after(event.date) < today:
            found[event.customer].append(event)
    for customer, own in found.items():
        values = {
            "customer": customer,
            "age": str(keep),
            "count": str(len(own)),
            # Everything before this day is old enough.
            "date": (max(event.date for event in own) + dt.timedelta(days=1)).isoformat(),
        }
        place = Place(own[0].file, own[0].line, 1)
        yield Finding(codes.ACTIVITY_RETENTION_DUE, values, place, customer)


def _came_back(events: Sequence[Event]) -> Iterator[Finding]:
    """Yield a finding for each customer with words that a redaction had taken away."""
    redactions = [event for event in events if event.kind == "redaction"]
    if not redactions:
        return
    found: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if has_words(event) and any(_covers(redaction, event) for redaction in redactions):
            found[event.customer].append(event)
    for customer, own in found.items():
        values = {"customer": customer, "count": str(len(own))}
        place = Place(own[0].file, own[0].line, 1)
        yield Finding(codes.FORGOTTEN_TEXT, values, place, customer)


def _covers(redaction: Event, event: Event) -> bool:
    """Return whether a redaction took the words of ``event`` away, had it been there."""
    if redaction.customer != event.customer or event.moment > redaction.moment:
        return False
    before = day_of(redaction.details.get("activity_before"))
    return before is None or event.date < before
