"""What a customer's documents and activity say about how they pay, summed up for a score.

Each document whose due date has passed is cut into pieces, one for each payment, and one for what
is still open. A piece was late by the days from its due date to its payment, or to the day of the
question. All sums are linear, so that those of all other customers are the sums of the books less
the customer's own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from functools import lru_cache

from ledgercli.model.currency import CONTEXT
from ledgercli.model.event import Event, amount_of, day_of
from ledgercli.model.position import SettlementKind
from ledgercli.model.record import dataclass
from ledgercli.receivables.limitation import settlement_kinds
from ledgercli.receivables.position import Item, Position

#: Later than this many days is as bad as it gets; see ``HALF_LIFE_RECENT`` for why not more.
DAYS_MAX = 90
#: Half of the way to the worst (before it is cut at ``DAYS_MAX``) is reached after so many days.
DAYS_HALF = 30
#: After so many days a piece weighs half.
HALF_LIFE = 365
#: The same for the recent past. A piece gets heavier by a factor q each day that it is paid later;
#: this never helps the average while DAYS_MAX + DAYS_HALF < 1 / (q - 1), which is 129 days here.
HALF_LIFE_RECENT = 90


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a document: ``end`` is the day it was paid, or that of the question if it was not.

    ``lost`` says that it was written off.
    """

    amount: Decimal
    end: dt.date
    lost: bool = False


@dataclass(slots=True)
class Sums:
    """Weighted sums over pieces: the weights, and the weights times what they were late.

    ``days`` and ``recent`` are of demerits (:func:`lateness`), the plain ones of days.
    """

    documents: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)
    late_weight: Decimal = Decimal(0)
    late: Decimal = Decimal(0)
    days_weight: Decimal = Decimal(0)
    days: Decimal = Decimal(0)
    plain_days: Decimal = Decimal(0)
    recent_weight: Decimal = Decimal(0)
    recent: Decimal = Decimal(0)
    plain_recent: Decimal = Decimal(0)

    def add(self, other: Sums) -> None:
        """Add the sums of ``other``."""
        # Written out: it is done for every document.
        self.documents += other.documents
        self.amount += other.amount
        self.late_weight += other.late_weight
        self.late += other.late
        self.days_weight += other.days_weight
        self.days += other.days
        self.plain_days += other.plain_days
        self.recent_weight += other.recent_weight
        self.recent += other.recent
        self.plain_recent += other.plain_recent


@dataclass(slots=True)
class Observed:
    """What is known of a customer.

    ``by_amount`` are sums by currency in which a piece weighs its amount, ``documents`` those of
    each document. ``past_due`` counts the documents, ``recency`` counts them with
    the weight of their age. ``broken`` and ``disputed`` are counts with the weight of their age,
    ``promises_broken`` and ``disputes`` plain ones. ``first`` is the date of the first document.
    """

    by_amount: dict[str, Sums] = field(default_factory=dict)
    documents: dict[str, list[Sums]] = field(default_factory=dict)
    past_due: int = 0
    recency: Decimal = Decimal(0)
    promises: int = 0
    promises_broken: int = 0
    broken: Decimal = Decimal(0)
    disputes: int = 0
    disputed: Decimal = Decimal(0)
    first: dt.date | None = None
    insolvent: dt.date | None = None


@lru_cache(maxsize=8192)
def weight(age_days: int, half_life: int) -> Decimal:
    """Return 2 to the power of −age / half-life, to 28 digits, the same on every machine."""
    return _DIGITS.power(Decimal(2), _DIGITS.divide(Decimal(-age_days), Decimal(half_life)))


def lateness(days: int) -> Decimal:
    """Return the demerit of ``days`` late, from 0 to 1: quick at first, full at ``DAYS_MAX``."""
    late = Decimal(min(days, DAYS_MAX))
    return late / (late + DAYS_HALF) * (DAYS_MAX + DAYS_HALF) / DAYS_MAX


_DIGITS = CONTEXT.copy()
_DIGITS.prec = 28


def observe(position: Position, events: Sequence[Event], grace_days: int) -> dict[str, Observed]:
    """Return what the position and the activity log tell of each customer, by id.

    Nothing after ``position.as_of`` counts. Invoices count once their due date has passed: then it
    is known whether they were paid in time.
    """
    as_of = position.as_of
    kinds = settlement_kinds(position)
    found: dict[str, Observed] = {}
    invoices: dict[str, list[Item]] = {}
    for item in position.items:
        document = item.document
        if document.kind != "invoice":
            continue
        invoices.setdefault(document.customer, []).append(item)
        observed = found.setdefault(document.customer, Observed())
        observed.first = min(observed.first or document.date, document.date)
        if document.due and document.due < as_of:
            parts = list(pieces(item, kinds, as_of))
            key = (document.currency, document.due)
            _observe_document(observed, key, parts, grace_days, as_of)
    for event in events:
        if event.kind == "insolvency" and event.in_force(as_of):
            observed = found.setdefault(event.customer, Observed())
            observed.insolvent = min(observed.insolvent or event.date, event.date)
    for event, broken in judged_promises(invoices, events, as_of):
        observed = found.setdefault(event.customer, Observed())
        until = day_of(event.details.get("until")) or event.date
        observed.promises += 1
        if broken:
            observed.promises_broken += 1
            observed.broken += weight((as_of - until).days, HALF_LIFE)
    for event in _disputes(events, as_of):
        observed = found.setdefault(event.customer, Observed())
        observed.disputes += 1
        observed.disputed += weight((as_of - event.date).days, HALF_LIFE)
    return found


def pieces(item: Item, kinds: Mapping[int, SettlementKind], as_of: dt.date) -> Iterator[Piece]:
    """Yield the parts of a document by how they ended.

    What was credited says nothing about how somebody pays, and is left out. What a bounced payment
    takes back is the part that was paid last; it counts as open until it is paid again.
    """
    paid: list[Piece] = []
    credited = Decimal(0)
    for row in sorted(item.allocations, key=lambda row: (row.date, row.amount < 0)):
        kind = kinds.get(id(row.posting), "payment")
        if row.amount > 0:
            if kind == "credit-note":
                credited += row.amount
            else:
                paid.append(Piece(row.amount, row.date, kind == "write-off"))
            continue
        back = -row.amount
        while back > 0 and paid:
            last = paid.pop()
            taken = min(back, last.amount)
            back -= taken
            if last.amount > taken:
                paid.append(Piece(last.amount - taken, last.end, last.lost))
    yield from paid
    if item.open > 0:
        yield Piece(item.open, as_of)


def _observe_document(
    observed: Observed,
    key: tuple[str, dt.date],
    parts: Sequence[Piece],
    grace_days: int,
    as_of: dt.date,
) -> None:
    """Note how an invoice, by its currency and due date, was paid."""
    currency, due = key
    whole = sum((part.amount for part in parts), Decimal(0))
    if not whole:
        return
    observed.past_due += 1
    observed.recency += weight((as_of - due).days, HALF_LIFE)
    sums = Sums(Decimal(1), whole)
    for part in parts:
        days = max((part.end - due).days, 0)
        is_late = part.lost or days > grace_days
        late_age = (as_of - (part.end if is_late and days else due)).days
        age = (as_of - (part.end if days else due)).days
        share = Decimal(1) if part.lost else lateness(days)
        late_weight = part.amount * weight(late_age, HALF_LIFE)
        sums.late_weight += late_weight
        sums.late += late_weight if is_late else 0
        days_weight = part.amount * weight(age, HALF_LIFE)
        sums.days_weight += days_weight
        sums.days += days_weight * share
        sums.plain_days += days_weight * days
        recent_weight = part.amount * weight(age, HALF_LIFE_RECENT)
        sums.recent_weight += recent_weight
        sums.recent += recent_weight * share
        sums.plain_recent += recent_weight * days
    observed.by_amount.setdefault(currency, Sums()).add(sums)
    observed.documents.setdefault(currency, []).append(sums)


def judged_promises(
    invoices: Mapping[str, Sequence[Item]], events: Iterable[Event], as_of: dt.date
) -> Iterator[tuple[Event, bool]]:
    """Yield the promises whose day is over, and whether they were broken.

    Broken: of what was promised something was missing at the end of the last day, whatever came
    later. Without an amount all that was open then was promised. A promise that another one
    replaced before its day is not judged.
    """
    said: dict[tuple[str, str, str], list[Event]] = {}
    known = (event for event in events if event.kind == "promise" and event.in_force(as_of))
    for event in sorted(known, key=lambda event: (event.date, event.order)):
        said.setdefault((event.customer, event.currency, event.number), []).append(event)
    for (customer, currency, number), promises in said.items():
        about = [
            item
            for item in invoices.get(customer, ())
            if currency in {"", item.document.currency}
            and (not number or item.document.number == number)
        ]
        for index, event in enumerate(promises):
            until = day_of(event.details.get("until"))
            replaced = until and any(later.date <= until for later in promises[index + 1 :])
            if until is None or until >= as_of or replaced:
                continue
            yield event, _was_missing(about, event, until)


def _was_missing(about: Iterable[Item], event: Event, until: dt.date) -> bool:
    items = [item for item in about if item.document.date <= event.date]
    still_open = sum((open_at(item, until) for item in items), Decimal(0))
    promised = amount_of(event.details.get("amount"))
    if promised is None:
        return still_open > 0
    paid = sum(
        (
            row.amount
            for item in items
            for row in item.allocations
            if event.date < row.date <= until
        ),
        Decimal(0),
    )
    return min(promised - paid, still_open) > 0


def open_at(item: Item, day: dt.date) -> Decimal:
    """Return what was open of a document at the end of ``day``, as far as known now."""
    if item.document.date > day:
        return Decimal(0)
    return item.document.amount - sum(
        (row.amount for row in item.allocations if row.date <= day), Decimal(0)
    )


def _disputes(events: Iterable[Event], as_of: dt.date) -> Iterator[Event]:
    """Yield the last opening of each dispute; an amount of zero says that one is settled."""
    opened: dict[tuple[str, str, str], Event] = {}
    known = (event for event in events if event.kind == "dispute" and event.in_force(as_of))
    for event in sorted(known, key=lambda event: (event.date, event.order)):
        amount = amount_of(event.details.get("amount"))
        if amount is None or amount > 0:
            opened[event.customer, event.currency, event.number] = event
    yield from opened.values()
