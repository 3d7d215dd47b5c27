"""Promises to pay against what came in: which still run, which were broken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from ledgercli.model.event import Event, amount_of, day_of
from ledgercli.model.record import dataclass
from ledgercli.receivables.position import Item, Position


@dataclass(frozen=True, slots=True)
class StandingPromise:
    """A promise that something is still missing of; ``number`` is empty for all that is owed."""

    event: Event
    until: dt.date
    currency: str
    number: str
    missing: Decimal

    def is_broken(self, as_of: dt.date) -> bool:
        """Return whether its day is over at the end of ``as_of``; it could be kept on that day."""
        return self.until < as_of


def standing_promises(
    position: Position, events: Sequence[Event], as_of: dt.date
) -> tuple[StandingPromise, ...]:
    """Return the promises that something is missing of, earliest day first.

    The latest promise about a document counts. Of a promised amount is missing what was not paid on
    the document after the day of the promise, of a promise without one all that is open; never more
    than what is open.
    """
    latest: dict[tuple[str, str, str], Event] = {}
    mine = (event for event in events if event.kind == "promise" and event.in_force(as_of))
    for event in sorted(mine, key=lambda event: (event.date, event.order)):
        latest[event.customer, event.currency, event.number] = event
    found: list[StandingPromise] = []
    open_items = position.open_items
    for (customer, currency, number), event in latest.items():
        until = day_of(event.details.get("until"))
        if until is None:
            continue
        about = [
            item
            for item in open_items
            if item.document.customer == customer
            and currency in {"", item.document.currency}
            and (item.document.number == number if number else item.document.date <= event.date)
        ]
        for unit in sorted({item.document.currency for item in about}):
            items = [item for item in about if item.document.currency == unit]
            missing = _missing(items, amount_of(event.details.get("amount")), event.date)
            if missing > 0:
                found.append(StandingPromise(event, until, unit, number, missing))
    return tuple(sorted(found, key=lambda one: (one.until, one.event.customer, one.number)))


def _missing(items: Iterable[Item], promised: Decimal | None, day: dt.date) -> Decimal:
    listed = list(items)
    still_open = sum((item.open for item in listed), Decimal(0))
    if promised is None:
        return still_open
    paid = sum(
        (
            allocation.amount
            for item in listed
            for allocation in item.allocations
            if allocation.date > day
        ),
        Decimal(0),
    )
    return min(promised - paid, still_open)
