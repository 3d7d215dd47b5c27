"""Promises to pay as a forecast takes them: how much, until when, and how probable it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from ledgercli.model.event import Event, amount_of, day_of
from ledgercli.receivables.forecast.past import Exposure
from ledgercli.receivables.forecast.receipts import Promised

#: So many promises of a customer weigh as much as those of all others.
_STRENGTH = 2


def reliability(outcomes: Iterable[tuple[Event, bool]]) -> tuple[Mapping[str, Decimal], Decimal]:
    """Return how probable it is that a promise is kept, by customer, and for all others.

    ``outcomes`` are promises and whether they were broken. For the books it is
    (kept + 1) ÷ (all + 2), Laplace's rule of succession; for a customer (kept + 2 × that of the
    books) ÷ (all + 2).
    """
    counts: dict[str, list[int]] = {}
    for event, broken in outcomes:
        counts.setdefault(event.customer, [0, 0])[broken] += 1
    kept = sum(own[0] for own in counts.values())
    whole = Decimal(kept + 1) / Decimal(sum(map(sum, counts.values())) + 2)
    return {
        customer: (own[0] + _STRENGTH * whole) / (sum(own) + _STRENGTH)
        for customer, own in counts.items()
    }, whole


def promised(
    exposures: Sequence[Exposure],
    events: Iterable[Event],
    as_of: dt.date,
    kept: tuple[Mapping[str, Decimal], Decimal],
) -> dict[int, Promised]:
    """Return the promises that run beyond ``as_of``, by the place of the exposure they are about.

    The latest promise about a document counts. A promised amount, less what was paid since, goes to
    the documents that are due first; ``kept`` is that of :func:`reliability`.
    """
    latest: dict[tuple[str, str, str], Event] = {}
    mine = (event for event in events if event.kind == "promise" and event.in_force(as_of))
    for event in sorted(mine, key=lambda event: (event.date, event.order)):
        latest[event.customer, event.currency, event.number] = event
    places: dict[str, list[int]] = {}
    for place, exposure in enumerate(exposures if latest else ()):
        places.setdefault(exposure.document.customer, []).append(place)
    found: dict[int, Promised] = {}
    # Promises about one document go before those about all that is owed.
    for (customer, currency, number), event in sorted(
        latest.items(), key=lambda pair: not pair[0][2]
    ):
        until = day_of(event.details.get("until"))
        if until is None or until <= as_of:
            continue
        about = [
            place
            for place in places.get(customer, ())
            if place not in found
            and currency in {"", exposures[place].document.currency}
            and (
                exposures[place].document.number == number
                if number
                else exposures[place].document.date <= event.date
            )
        ]
        chance = kept[0].get(customer, kept[1])
        left = _left(event, [exposures[place] for place in about], as_of)
        for place in about:
            part = exposures[place].amount if left is None else min(left, exposures[place].amount)
            left = None if left is None else left - part
            if part > 0:
                found[place] = Promised(until, part, chance)
    return found


def _left(event: Event, about: Sequence[Exposure], as_of: dt.date) -> Decimal | None:
    """Return what is left of a promised amount; None where all was promised."""
    amount = amount_of(event.details.get("amount"))
    if amount is None:
        return None
    paid = (
        row.amount
        for exposure in about
        for row in exposure.item.allocations
        if event.date < row.date <= as_of
    )
    return amount - sum(paid, Decimal(0))
