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
    "call",
    "mail",
    "meeting",
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
    ``number`` and ``currency`` name a document, empty for facts about the customer as a whole.
    ``details`` are all other keys of the line, by kind: ``status``, ``policy``, ``level``,
    ``level_name``, ``channel``, ``deadline`` of a reminder; ``until`` of a promise or hold;
    ``amount`` of a promise or dispute; ``retracts`` (an event's id) of a retract.
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
