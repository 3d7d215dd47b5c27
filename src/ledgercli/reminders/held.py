"""Why a reminder that would be due is not sent: a closed list of reasons, and the checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Literal

from ledgercli.model.answer import Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import round_money
from ledgercli.model.customer import UNKNOWN, Customer
from ledgercli.model.position import Document
from ledgercli.model.record import dataclass
from ledgercli.model.settings import Policy
from ledgercli.model.terms import EVENT_NAMES
from ledgercli.model.values import Money
from ledgercli.receivables.position import Item
from ledgercli.reminders.history import DocumentKey, History
from ledgercli.reminders.working_days import WorkingCalendar

Reason = Literal[
    "ledger-errors",
    "not-fresh",
    "errors",
    "unknown-customer",
    "unknown-policy",
    "insolvency",
    "handed-over",
    "paused",
    "duplicate-number",
    "opening",
    "no-number",
    "unreviewed",
    "due-unknown",
    "retention",
    "policy-changed",
    "discount-taken",
    "promised",
    "promised-part",
    "disputed",
    "minimum",
    "final",
    "wait",
    "returned",
    "no-address",
    "covered",
    "pending",
    "review",
    "retry-later",
    "undeliverable",
    "uncertain",
    "log-lost",
]

#: Reasons that hold a letter that was written, and with it the next one to the same customer.
OF_A_LETTER: frozenset[Reason] = frozenset(
    ["pending", "review", "retry-later", "undeliverable", "uncertain", "log-lost", "no-address"]
)
#: The sentence of each reason, with ``{name}`` for the values of a held row.
REASONS: Mapping[Reason, str] = {
    "ledger-errors": N_("errors in the ledger, the settings or the activity log"),
    "not-fresh": N_("no entry on a bank account since {last}, wanted within {wanted}"),
    "errors": N_("errors in this customer's records: {what}"),
    "unknown-customer": N_("no customer record"),
    "unknown-policy": N_("there is no reminder policy `{policy}`"),
    "insolvency": N_("insolvent since {since}"),
    "handed-over": N_("handed over on {since}"),
    "paused": N_("reminders are paused"),
    "duplicate-number": N_("the number `{number}` is used twice"),
    "opening": N_("an opening balance, no document"),
    "no-number": N_("the document has no number"),
    "unreviewed": N_("the transaction is flagged `!`"),
    "due-unknown": N_("the {event} that it is due from is not recorded"),
    "retention": N_("retention money until {until}"),
    "policy-changed": N_("level {level} was `{was}` when it was sent, the policy has changed"),
    "discount-taken": N_("paid in time less the discount, which is what is left"),
    "promised": N_("promised until {until}"),
    "promised-part": N_("{amount} promised until {until}"),
    "disputed": N_("disputed: {amount}"),
    "minimum": N_("{amount} is below the minimum of {minimum}"),
    "final": N_("every level was sent, the last on {sent}: decide what comes next"),
    "wait": N_("the last letter went out on {last}"),
    "returned": N_("the letter by post came back on {back}: correct the address"),
    "no-address": N_("there is no address to send it to: {remedy}"),
    "covered": N_("covered by {credit} of unallocated credit and deposits"),
    "pending": N_("`{letter}` is to be sent first"),
    "review": N_("`{letter}` waits for approval: `ledgercli remind approve`"),
    "retry-later": N_("the last attempt failed: {failure}; the next one is due {next}"),
    "undeliverable": N_("it cannot be delivered: {failure}; correct the address or the channel"),
    "uncertain": N_(
        "`{letter}` may have been sent {count} times: ask, then `remind adopt` the level if it"
        " came, or `activity retract` the attempts if not"
    ),
    "log-lost": N_(
        "sent on {day} at level {level}, says {file}, but not the log: get the lost entries back"
        " (`git pull`, `git reflog`), or `remind adopt` that level"
    ),
}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A reason with the values of its sentence."""

    reason: Reason
    values: Mapping[str, Money | Text | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Held:
    """A document whose reminder is held back. ``level`` is the step it would have taken."""

    customer: str
    currency: str
    number: str
    level: int
    level_name: str
    reason: Reason
    values: Mapping[str, Money | Text | str]
    item: Item

    @property
    def text(self) -> str:
        """Return the message id of the sentence; ``values`` fill it."""
        return REASONS[self.reason]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What holds letters beyond the documents themselves, as of a day.

    ``addresses_known``: there are records of customers, which say where letters go.
    """

    as_of: date
    history: History
    ledger_errors: bool
    customer_errors: Mapping[str, str]
    last_bank_day: date | None
    duplicates: Mapping[str, str]
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    addresses_known: bool = True


def customer_obstacle(
    customer: Customer, policy_name: str, policy: Policy | None, now: Circumstances
) -> Obstacle | None:
    """Return the first thing that holds every letter to a customer, None where nothing does."""
    return next(_customer_obstacles(customer, policy_name, policy, now), None)


def _customer_obstacles(
    customer: Customer, policy_name: str, policy: Policy | None, now: Circumstances
) -> Iterator[Obstacle]:
    if now.ledger_errors:
        yield Obstacle("ledger-errors")
    if customer.id == UNKNOWN:
        yield Obstacle("unknown-customer")
    if policy is None:
        yield Obstacle("unknown-policy", {"policy": policy_name})
    elif stale := _stale(policy, now):
        yield stale
    if customer.id in now.duplicates:
        yield Obstacle("duplicate-number", {"number": now.duplicates[customer.id]})
    if customer.id in now.customer_errors:
        yield Obstacle("errors", {"what": now.customer_errors[customer.id]})
    if insolvent := now.history.insolvent.get(customer.id):
        yield Obstacle("insolvency", {"since": insolvent.date.isoformat()})
    if customer.reminders.never:
        yield Obstacle("paused")


def _stale(policy: Policy, now: Circumstances) -> Obstacle | None:
    """Hold letters from books where nobody has entered what the bank received."""
    wanted, last = policy.require_fresh, now.last_bank_day
    if wanted is None or (last and wanted.after(last) >= now.as_of):
        return None
    return Obstacle("not-fresh", {"last": last.isoformat() if last else "–", "wanted": str(wanted)})


def document_obstacle(item: Item, key: DocumentKey, now: Circumstances) -> Obstacle | None:
    """Return the first thing that holds letters about a whole document, None where nothing does."""
    waits = _not_due(item.document, now.as_of)
    if waits or _is_usual(item, now.history):
        return waits
    return next(_document_obstacles(item, key, now), None)


def _is_usual(item: Item, history: History) -> bool:
    """Return whether nothing is to be said about a document, which is so of nearly all."""
    document = item.document
    return (
        document.customer not in history.spoken_of
        and document.kind != "opening"
        and document.numbered
        and document.discount is None
        and document.posting.transaction.flag != "!"
        and item.open > 0
    )


def _document_obstacles(item: Item, key: DocumentKey, now: Circumstances) -> Iterator[Obstacle]:
    document, history = item.document, now.history
    if given_away := history.given_away(key):
        yield Obstacle("handed-over", {"since": given_away.date.isoformat()})
    if document.kind == "opening":
        yield Obstacle("opening")
    if not document.numbered:
        yield Obstacle("no-number")
    if document.posting.transaction.flag == "!":
        yield Obstacle("unreviewed")
    if history.hold(key):
        yield Obstacle("paused")
    if _discount_taken(item):
        yield Obstacle("discount-taken")
    promise, promised = history.promise(key), promised_part(item, key, history)
    if promise and promise.until and promised >= item.open:
        yield Obstacle("promised", {"until": promise.until.isoformat()})
    disputed = history.disputed(key, item.open)
    if disputed >= item.open:
        yield Obstacle("disputed", {"amount": Money(item.open, document.currency)})
    if promise and promise.until and promised + disputed >= item.open:
        yield Obstacle("promised", {"until": promise.until.isoformat()})


def _not_due(document: Document, as_of: date) -> Obstacle | None:
    """Return what holds retention money, and what is due from an event that has not happened."""
    if document.due is None and document.event:
        return Obstacle("due-unknown", {"event": Text(EVENT_NAMES[document.event])})
    if not document.is_retained(as_of):
        return None
    until = document.due.isoformat() if document.due else document.retention
    return Obstacle("retention", {"until": until})


def promised_part(item: Item, key: DocumentKey, history: History) -> Decimal:
    """Return how much of what is open a running promise holds, between zero and all of it.

    A promise without an amount, or one of the customer as a whole, is of all that is open. What
    was paid since, from the day after the promise on, counts towards the amount promised.
    """
    promise = history.promise(key)
    if promise is None:
        return Decimal(0)
    if promise.amount is None or not promise.event.number:
        return item.open
    paid = sum(
        (each.amount for each in item.allocations if each.date > promise.event.date), Decimal(0)
    )
    return min(max(promise.amount - max(paid, Decimal(0)), Decimal(0)), item.open)


def _discount_taken(item: Item) -> bool:
    """Return whether what is open is no more than the discount earned by paying in time.

    Whether it is granted is for the bookkeeper, who books it; until then nobody is reminded of it.
    The day that counts is that of the payment, not of its allocation.
    """
    document = item.document
    if document.discount is None or document.discount_until is None:
        return False
    paid = sum(
        (
            allocation.amount
            for allocation in item.allocations
            if allocation.posting.transaction.date <= document.discount_until
        ),
        Decimal(0),
    )
    discount = round_money(document.discount.of(document.amount), document.currency)
    return 0 < document.amount - paid <= discount


def minimum_obstacle(policy: Policy, amount: Decimal, currency: str) -> Obstacle | None:
    """Return the obstacle of an amount below the policy's minimum in its currency."""
    minimum = policy.minimum.of(currency)
    if minimum is None or amount >= minimum:
        return None
    return Obstacle(
        "minimum",
        {"amount": Money(amount, currency), "minimum": Money(minimum, currency)},
    )
