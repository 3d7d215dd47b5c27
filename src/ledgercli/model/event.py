"""Activity: dated facts about a customer that are no money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from ledgercli.model.record import dataclass

EventKind = Literal[
    "reminder",
    "promise",
    "dispute",
    "hold",
    "insolvency",
    "handed-over",
    "confirmation",
    "waiver",
    "occurrence",
    "call",
    "mail",
    "meeting",
    "visit",
    "campaign",
    "complaint",
    "service",
    "feedback",
    "note",
    "survey",
    "notice",
    "digest",
    "redaction",
    "retract",
]
EVENT_KINDS: tuple[str, ...] = EventKind.__args__  # type: ignore[attr-defined]
#: Being in touch with a customer, in whatever way; other kinds have rules of their own.
CONTACT_KINDS = (
    "call",
    "mail",
    "meeting",
    "visit",
    "campaign",
    "complaint",
    "service",
    "feedback",
    "note",
)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of ``activity/YYYY-MM.jsonl``.

    ``at`` is the UTC time of writing as in the file, ``date`` the day the fact is about.
    ``number`` and ``currency`` name a document; a currency alone means all that is owed in it, and
    both are empty for facts about the customer as a whole.
    ``details`` are all other keys of the line, by kind: ``status``, ``policy``, ``level``,
    ``level_name``, ``channel``, ``deadline`` of a reminder; ``until`` of a promise or hold;
    ``amount`` of a promise or dispute; ``balance_date``, ``amount`` (the balance as we stated it),
    ``agreed`` and ``theirs`` of a confirmation; ``event`` (``delivery``, ``acceptance`` or
    ``tax-invoice`` of a document) of an occurrence; ``claims`` (``all``, ``fees`` or ``interest``)
    of a waiver; ``status`` (``open``, ``closed``) of a complaint or service request; ``closes``
    (the id of an event, or of a line of the agenda) and ``follow_up`` (a day) of any contact;
    ``score`` (0 to 10) of a feedback; ``to``, ``what`` and ``period`` of a digest, which is about
    no customer; ``retracts`` (an event's id) of a retract; ``text`` of any.
    ``retracted_by`` are the events that take this one back, filled by the reader.
    """

    id: str
    at: str
    date: dt.date
    by: str
    kind: str
    customer: str
    number: str = ""
    currency: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    line: int = 0
    retracted_by: tuple[Event, ...] = ()

    @property
    def moment(self) -> str:
        """Return the time of writing for comparison: fractions of a second sort in their place."""
        return self.at.removesuffix("Z")

    @property
    def order(self) -> tuple[str, str]:
        """Return the key by which a log is sorted: time of writing, then id."""
        return self.moment, self.id

    def in_force(self, as_of: dt.date) -> bool:
        """Return whether the event is known at the end of ``as_of``, and not taken back by then.

        A retraction counts from its own day on: what was believed before stays to be seen there.
        """
        if self.date > as_of:
            return False
        return not any(event.in_force(as_of) for event in self.retracted_by)


def day_of(raw: object) -> dt.date | None:
    """Return the date of an ISO text or a date in an event's details, None for anything else."""
    if isinstance(raw, dt.date):
        return raw
    try:
        return dt.date.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        return None


def amount_of(raw: object) -> Decimal | None:
    """Return the amount of ``100.00``, ``100.00 EUR`` or a whole number; None for anything else."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | Decimal):
        return None
    words = str(raw).split()
    try:
        amount = Decimal(words[0]) if words else None
    except InvalidOperation:
        return None
    return amount if amount is not None and amount.is_finite() else None
