"""Activity: dated facts about a customer that are no money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

EventKind = Literal[
    "reminder",
    "promise",
    "dispute",
    "hold",
    "insolvency",
    "handed-over",
    "confirmation",
    "waiver",
    "call",
    "mail",
    "meeting",
    "visit",
    "campaign",
    "complaint",
    "service",
    "feedback",
    "note",
    "retract",
]
EVENT_KINDS: tuple[str, ...] = EventKind.__args__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of ``activity/YYYY-MM.jsonl``.

    ``at`` is the UTC time of writing as in the file, ``date`` the day the fact is about.
    ``number`` and ``currency`` name a document; a currency alone means all that is owed in it, and
    both are empty for facts about the customer as a whole.
    ``details`` are all other keys of the line, by kind: ``status``, ``policy``, ``level``,
    ``level_name``, ``channel``, ``deadline`` of a reminder; ``until`` of a promise or hold;
    ``amount`` of a promise or dispute; ``balance_date``, ``amount`` (the balance as we stated it),
    ``agreed`` and ``theirs`` of a confirmation; ``claims`` (``all``, ``fees`` or ``interest``) of a
    waiver; ``status`` (``open``, ``closed``) and ``closes`` (an event's id) of a complaint;
    ``score`` (0 to 10) of a feedback; ``retracts`` (an event's id) of a retract; ``text`` of any.
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
