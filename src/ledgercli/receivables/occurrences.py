"""When what terms count from has happened: delivery, acceptance, tax invoice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from ledgercli.model.ledger import LedgerPosting
from ledgercli.model.position import OccurredBy
from ledgercli.model.terms import EVENT_KEYS, EventName
from ledgercli.model.values import parse_date


class Occurrence(NamedTuple):
    """The day of an event, what told it, and where that stands (``FILE:LINE``)."""

    date: dt.date
    by: OccurredBy
    place: str


def told_in_ledger(postings: Sequence[LedgerPosting], event: EventName) -> Occurrence | None:
    """Return what the first posting that tells the day of ``event`` says, else the transaction."""
    key = EVENT_KEYS[event]
    for line in postings:
        if told := line.metadata.get(key):
            return Occurrence(parse_date(told), "posting", f"{line.file}:{line.line}")
    transaction = postings[0].transaction
    if told := transaction.metadata.get(key):
        place = f"{transaction.file}:{transaction.line}"
        return Occurrence(parse_date(told), "transaction", place)
    return None
