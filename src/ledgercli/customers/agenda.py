"""The agenda: what is due for whom when, from records, activity, orders and the position.

Selection is by state: what was missed stays, with its day in the past, until it is done. An entry
of the activity log that ``closes`` a line of the agenda takes it off. Every line has an id made
of what it is about, so that it is the same tomorrow, and in a calendar.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from typing import Literal

from ledgercli.customers.promises import StandingPromise
from ledgercli.model.agenda_settings import AgendaSettings
from ledgercli.model.answer import Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Contract, Customer
from ledgercli.model.event import CONTACT_KINDS, Event, day_of
from ledgercli.model.order import Order
from ledgercli.model.record import dataclass
from ledgercli.model.terms import EVENT_NAMES
from ledgercli.model.values import Duration, Money
from ledgercli.receivables.contracts import final_day, last_day_of, notice_by, periods
from ledgercli.receivables.orders import amount_of, delivered, invoiced, is_committed, ordered
from ledgercli.receivables.position import Item

DutyKind = Literal[
    "follow-up",
    "next-step",
    "promise",
    "hold-end",
    "notice",
    "contract-end",
    "order-due",
    "approve",
    "deliver",
    "invoice",
    "limit-review",
    "review",
    "paper",
    "retention",
    "occurrence",
]
#: Contacts that say that somebody was in touch; a campaign goes to many.
_IN_TOUCH = frozenset(CONTACT_KINDS) - {"campaign"}
#: Lines that pass by themselves once their day is over; others wait until somebody acts.
_PASSING = frozenset(["hold-end", "notice", "contract-end", "retention"])


@dataclass(frozen=True, slots=True)
class Duty:
    """A line of the agenda. ``subject`` is a document, contract or order; ``about`` makes the id.

    ``date`` is the day it is due; ``amount`` what is at stake, None where there is no figure.
    """

    kind: DutyKind
    date: dt.date
    customer: str
    text: Text | str = ""
    subject: str = ""
    amount: Money | None = None
    about: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Return 16 hex digits that stand for what the line is about, whatever its day."""
        return self.id_under(self.customer)

    def id_under(self, customer: str) -> str:
        """Return the id that the line had when its customer was called ``customer``."""
        joined = "\0".join((self.kind, customer, *self.about))
        return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Sources:
    """What the agenda is made from; ``promises`` are those that something is missing of.

    ``looked_at`` are the days on which the records' files were last changed, by path;
    ``without_paper`` the documents (customer, number, date) that no file is known of; ``items`` are
    the documents with something left to pay.
    """

    customers: Sequence[Customer] = ()
    events: Sequence[Event] = ()
    promises: Sequence[StandingPromise] = ()
    orders: Sequence[Order] = ()
    looked_at: Mapping[str, dt.date] = field(default_factory=dict)
    without_paper: Sequence[tuple[str, str, dt.date]] = ()
    items: Sequence[Item] = ()


def agenda(
    sources: Sources, settings: AgendaSettings, as_of: dt.date, until: dt.date
) -> tuple[Duty, ...]:
    """Return what is due up to and with ``until``, as known at the end of ``as_of``.

    By day, then customer; what passes by itself is left out ``settings.keep`` after its day.
    """
    events = [event for event in sources.events if event.in_force(as_of)]
    done = {str(event.details.get("closes")) for event in events if event.details.get("closes")}
    found = [
        *_follow_ups(events),
        *_promised(sources.promises),
        *_hold_ends(events),
        *_of_records(sources.customers, as_of),
        *_orders(sources.orders, as_of),
        *_orders_of_contracts(sources, until),
        *_limit_reviews(sources.customers, settings.limit_review_after, as_of),
        *_reviews(sources, events, settings.review_after, as_of),
        *_papers(sources.without_paper),
        *_retention(sources.items),
        *_occurrences(sources.items, settings.events_after),
    ]
    # A record that got another id keeps the old one as an alias; what was closed stays closed.
    names = {record.id: (record.id, *record.aliases) for record in sources.customers}
    kept = {
        duty.id: duty
        for duty in found
        if duty.date <= until
        and not any(
            duty.id_under(name) in done for name in names.get(duty.customer, (duty.customer,))
        )
        and not (duty.kind in _PASSING and settings.keep.after(duty.date) < as_of)
    }
    return tuple(sorted(kept.values(), key=lambda duty: (duty.date, duty.customer, duty.id)))


def _follow_ups(events: Sequence[Event]) -> Iterator[Duty]:
    """Yield the follow-ups that nobody has seen to: no contact on its day or later, none closed."""
    last: dict[str, dt.date] = {}
    closed = {str(event.details.get("closes")) for event in events}
    for event in events:
        if event.kind in _IN_TOUCH:
            last[event.customer] = max(event.date, last.get(event.customer, event.date))
    for event in events:
        day = day_of(event.details.get("follow_up"))
        if day is None or event.id in closed:
            continue
        if last.get(event.customer, dt.date.min) >= day > event.date:
            continue
        text = str(event.details.get("text") or "")
        yield Duty("follow-up", day, event.customer, text, event.number, about=(event.id,))


def _promised(promises: Iterable[StandingPromise]) -> Iterator[Duty]:
    for promise in promises:
        yield Duty(
            "promise",
            promise.until,
            promise.event.customer,
            str(promise.event.details.get("text") or ""),
            promise.number,
            Money(promise.missing, promise.currency),
            (promise.event.id, promise.currency, promise.number),
        )


def _hold_ends(events: Sequence[Event]) -> Iterator[Duty]:
    """Yield the last days of pauses; of several about one thing the latest counts."""
    holds: dict[tuple[str, str, str], Event] = {}
    for event in sorted(events, key=lambda event: (event.date, event.order)):
        if event.kind == "hold":
            holds[event.customer, event.currency, event.number] = event
    for event in holds.values():
        if until := day_of(event.details.get("until")):
            text = str(event.details.get("text") or "")
            yield Duty("hold-end", until, event.customer, text, event.number, about=(event.id,))


def _of_records(customers: Sequence[Customer], as_of: dt.date) -> Iterator[Duty]:
    """Yield what the records themselves name a day for: contracts, and next steps."""
    for customer in customers:
        if customer.status == "closed":
            continue
        if step := customer.next_step:
            about = (step.date.isoformat(), step.text)
            yield Duty("next-step", step.date, customer.id, step.text, about=about)
        for contract in customer.contracts:
            yield from _of_contract(customer.id, contract, as_of)


def _of_contract(customer: str, contract: Contract, as_of: dt.date) -> Iterator[Duty]:
    """Yield the last day for notice, and the day on which a contract ends for good."""
    end, last = last_day_of(contract, as_of), final_day(contract)
    title = contract.title or contract.id
    if end and (day := notice_by(contract, as_of)):
        goes_on = contract.renews is not None
        words = N_("{title}, renews after {date}") if goes_on else N_("{title}, ends {date}")
        text = Text(words, {"title": title, "date": end})
        about = (contract.id, end.isoformat())
        yield Duty("notice", day, customer, text, contract.id, about=about)
    if last:
        about = (contract.id, last.isoformat())
        yield Duty("contract-end", last, customer, contract.title, contract.id, about=about)


def _orders(orders: Sequence[Order], as_of: dt.date) -> Iterator[Duty]:
    """Yield the orders that wait for a decision, a delivery, an invoice.

    To be delivered is an approved order by its ``deliver_by``, else from the day of approval on;
    to be invoiced what was delivered, from the day of the last delivery on.
    """
    for order in orders:
        decision = order.decided(as_of)
        if order.status == "cancelled" or decision is None:
            continue
        if order.status == "open" and decision.decision == "held":
            yield _order_duty("approve", decision.date, order, ordered(order))
        done, billed = delivered(order, as_of), invoiced(order, as_of)
        if is_committed(order, as_of):
            left = _less(ordered(order), done)
            if left:
                yield _order_duty("deliver", order.deliver_by or decision.date, order, left)
        if to_bill := _less(done, billed):
            day = max(row.date for row in order.deliveries if row.date <= as_of)
            yield _order_duty("invoice", day, order, to_bill)


def _orders_of_contracts(sources: Sources, until: dt.date) -> Iterator[Duty]:
    """Yield the periods of contracts that have no order yet.

    A contract counts from its first order on: before that it was invoiced in another way.
    """
    ordered_periods: dict[tuple[str, str], set[dt.date]] = {}
    for order in sources.orders:
        if order.contract and order.period:
            key = (order.customer, order.contract)
            ordered_periods.setdefault(key, set()).add(order.period)
    for customer in sources.customers:
        for contract in customer.contracts if customer.status != "closed" else ():
            known = ordered_periods.get((customer.id, contract.id))
            for period in periods(contract, until) if known else ():
                if known and period.first > min(known) and period.first not in known:
                    words = Text(
                        N_("{title}, {first} – {last}"),
                        {
                            "title": contract.title or contract.id,
                            "first": period.first,
                            "last": period.last,
                        },
                    )
                    about = (contract.id, period.first.isoformat())
                    yield Duty(
                        "order-due", period.on, customer.id, words, contract.id, period.price, about
                    )


def _less(whole: Mapping[int, Decimal], part: Mapping[int, Decimal]) -> dict[int, Decimal]:
    rest = {place: amount - part.get(place, Decimal(0)) for place, amount in whole.items()}
    return {place: amount for place, amount in rest.items() if amount > 0}


def _order_duty(
    kind: DutyKind, day: dt.date, order: Order, quantities: Mapping[int, Decimal]
) -> Duty:
    amount = Money(amount_of(order, quantities), order.currency)
    return Duty(kind, day, order.customer, "", order.id, amount, (order.id,))


def _limit_reviews(
    customers: Sequence[Customer], after: Duration | None, as_of: dt.date
) -> Iterator[Duty]:
    """Yield the limits that were set so long ago; of one without a day nobody knows since when."""
    for customer in customers:
        limit = customer.credit.limit
        if after is None or limit is None or customer.status == "closed":
            continue
        days = [first for first, _amounts in limit.steps if first and first <= as_of]
        amounts = limit.at(as_of)
        if days and amounts:
            since = max(days)
            words = Text(
                N_("limit {amounts} since {date}"),
                {"amounts": [str(amount) for amount in amounts], "date": since.isoformat()},
            )
            about = (since.isoformat(),)
            yield Duty("limit-review", after.after(since), customer.id, words, about=about)


def last_looked_at(
    customer: Customer, events: Sequence[Event], looked_at: Mapping[str, dt.date], as_of: dt.date
) -> dt.date | None:
    """Return the day of the last contact or the last change of the record's file, None for none."""
    days = [event.date for event in events if event.kind in _IN_TOUCH]
    changed = looked_at.get(customer.file)
    if changed is not None:
        days.append(changed)
    return max((day for day in days if day <= as_of), default=None)


def _reviews(
    sources: Sources, events: Sequence[Event], after: Duration | None, as_of: dt.date
) -> Iterator[Duty]:
    """Yield the records that nobody has looked at for so long; never looked at is due today."""
    if after is None:
        return
    own: dict[str, list[Event]] = {}
    for event in events:
        own.setdefault(event.customer, []).append(event)
    for customer in sources.customers:
        if customer.status == "closed":
            continue
        last = last_looked_at(customer, own.get(customer.id, ()), sources.looked_at, as_of)
        if last is None:
            yield Duty("review", as_of, customer.id, Text(N_("no contact is known")))
        else:
            words = Text(N_("not looked at since {date}"), {"date": last.isoformat()})
            yield Duty("review", after.after(last), customer.id, words)


def _papers(documents: Iterable[tuple[str, str, dt.date]]) -> Iterator[Duty]:
    for customer, number, day in documents:
        yield Duty(
            "paper", day, customer, Text(N_("no file is named after it")), number, about=(number,)
        )


def _retention(items: Iterable[Item]) -> Iterator[Duty]:
    """Yield the days on which customers have to pay back retention money."""
    for item in items:
        document = item.document
        if document.retention and document.due:
            amount = Money(item.open, document.currency)
            about = (document.currency, document.number)
            yield Duty(
                "retention", document.due, document.customer, "", document.number, amount, about
            )


def _occurrences(items: Iterable[Item], after: Duration | None) -> Iterator[Duty]:
    """Yield what documents are due from and nobody has recorded, ``after`` their date."""
    found: dict[tuple[str, ...], list[Item]] = {}
    for item in items:
        document = item.document
        if after and document.event and document.due is None:
            key = (document.customer, document.event, document.currency, document.base)
            found.setdefault(key, []).append(item)
    for (customer, event, *which), parts in found.items():
        document = parts[0].document
        words = N_("{event} not recorded since {date}")
        text = Text(words, {"event": Text(EVENT_NAMES[event]), "date": document.date.isoformat()})
        amount = Money(sum((item.open for item in parts), Decimal(0)), document.currency)
        day, about = (after or Duration(0)).after(document.date), (event, *which)
        yield Duty("occurrence", day, customer, text, document.base, amount, about)
