"""What the activity log says about reminders by a day: letters sent, promises, disputes, holds.

Events dated after the day are invisible, and so is what was retracted by then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal
from typing import Any, TypeVar

from ledgercli.model.event import Event, amount_of, day_of
from ledgercli.model.record import dataclass
from ledgercli.model.settings import ClaimKind

Fact = TypeVar("Fact")

DocumentKey = tuple[str, str, str]
"""Customer, currency and number of a document; empty texts where a fact is about more than one."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One reminder that reached the customer, as far as we know, for one document.

    ``level`` is 0 for a notice. ``deadline`` is the date to pay by that the letter printed, None
    where it printed none; ``fee`` what it claimed for the document, None where not recorded.
    ``adopted`` says that a person recorded it; ``to`` is where it went, empty where not recorded.
    """

    date: dt.date
    level: int
    level_name: str
    policy: str
    channel: str
    deadline: dt.date | None
    fee: Decimal | None
    message_id: str
    event: Event
    adopted: bool = False
    to: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise to pay by ``until``; ``amount`` is None where none was named."""

    until: dt.date | None
    amount: Decimal | None
    event: Event


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute; ``amount`` None means the whole document, zero that it is settled."""

    amount: Decimal | None
    event: Event


@dataclass(frozen=True, slots=True)
class History:
    """What is known at the end of ``as_of``, by document key.

    ``sent`` holds the letters of each document, oldest first; ``came_back`` those that came back,
    with the day on which they did, as long as no other of their level was sent. Promises,
    disputes, holds and hand-overs may stand under a whole customer, (id, "", ""), or its currency,
    (id, cur, ""); ``spoken_of`` are all customers with one of these. ``of_account`` are the
    documents in ``sent``, by customer and currency.
    """

    as_of: dt.date
    sent: Mapping[DocumentKey, tuple[Sent, ...]] = field(default_factory=dict)
    promises: Mapping[DocumentKey, Promise] = field(default_factory=dict)
    disputes: Mapping[DocumentKey, Dispute] = field(default_factory=dict)
    holds: Mapping[DocumentKey, Event] = field(default_factory=dict)
    handed_over: Mapping[DocumentKey, Event] = field(default_factory=dict)
    insolvent: Mapping[str, Event] = field(default_factory=dict)
    waivers: Mapping[DocumentKey, tuple[Event, ...]] = field(default_factory=dict)
    came_back: Mapping[DocumentKey, tuple[Sent, ...]] = field(default_factory=dict)
    of_account: Mapping[tuple[str, str], tuple[DocumentKey, ...]] = field(default_factory=dict)
    last_letter: Mapping[str, dt.date] = field(default_factory=dict)
    last_contact: Mapping[tuple[str, str], dt.date] = field(default_factory=dict)
    spoken_of: frozenset[str] = frozenset()

    def letters(self, key: DocumentKey) -> tuple[Sent, ...]:
        """Return the reminders sent for a document, oldest first, notices included."""
        return self.sent.get(key, ())

    def returned(self, key: DocumentKey, level: int, level_name: str) -> tuple[Sent, ...]:
        """Return the last letters of a level that came back; of level 0 by the notice's name."""
        back = self.came_back.get(key)
        if not back:
            return ()
        return tuple(
            entry
            for entry in back
            if entry.level == level and (level or entry.level_name == level_name)
        )

    def reached(self, key: DocumentKey) -> Sent | None:
        """Return the latest letter of the highest dunning level of a document, None before any.

        A level that a person adopted says where the case stands: what the log had before that
        was written counts no more.
        """
        sent = self.letters(key)
        if not sent:
            return None
        decided = max((entry.event.moment for entry in sent if entry.adopted), default="")
        dunning = [entry for entry in sent if entry.level > 0 and entry.event.moment >= decided]
        return max(dunning, key=lambda sent: (sent.level, sent.date), default=None)

    def hold(self, key: DocumentKey) -> Event | None:
        """Return the hold in force on a document; its last day is ``until``, if it has one."""
        for event in _about(self.holds, key):
            until = day_of(event.details.get("until"))
            if until is None or until >= self.as_of:
                return event
        return None

    def promise(self, key: DocumentKey) -> Promise | None:
        """Return the promise that still runs: its day has not passed."""
        for promise in _about(self.promises, key):
            if promise.until is not None and promise.until >= self.as_of:
                return promise
        return None

    def disputed(self, key: DocumentKey, open_amount: Decimal) -> Decimal:
        """Return how much of ``open_amount`` is disputed, between zero and all of it.

        What is said about the document itself counts before what is said about the customer.
        """
        dispute = next(iter(_about(self.disputes, key)), None)
        if dispute is None:
            return Decimal(0)
        if dispute.amount is None:
            return open_amount
        return min(max(dispute.amount, Decimal(0)), open_amount)

    def waived(self, key: DocumentKey, kind: ClaimKind) -> dt.date | None:
        """Return the last day on which claims of ``kind`` were waived, None where none were.

        A waiver covers what had been claimed, or had accrued, by its day.
        """
        words = {"all", "fees" if kind == "fee" else "interest"}
        return max(
            (
                event.date
                for events in _about(self.waivers, key)
                for event in events
                if event.details.get("claims", "all") in words
            ),
            default=None,
        )

    def given_away(self, key: DocumentKey) -> Event | None:
        """Return the event that handed the document, or the customer, to somebody else."""
        return next(iter(_about(self.handed_over, key)), None)


def _about(facts: Mapping[DocumentKey, Fact], key: DocumentKey) -> Sequence[Fact]:
    # Of most kinds there are few facts, and tens of thousands of documents are asked about.
    if not facts:
        return ()
    customer, currency, number = key
    names = ((customer, currency, number), (customer, currency, ""), (customer, "", ""))
    return [facts[name] for name in names if name in facts]


def read_history(events: Sequence[Event], as_of: dt.date) -> History:
    """Return what ``events`` say by the end of ``as_of``; the latest of a kind counts.

    Latest is by date, then time of writing, then id; a letter comes back after it was sent.
    """
    sent: dict[DocumentKey, list[Sent]] = {}
    back: dict[DocumentKey, list[Sent]] = {}
    promises: dict[DocumentKey, Promise] = {}
    disputes: dict[DocumentKey, Dispute] = {}
    holds: dict[DocumentKey, Event] = {}
    handed_over: dict[DocumentKey, Event] = {}
    insolvent: dict[str, Event] = {}
    waivers: dict[DocumentKey, list[Event]] = {}
    visible = (event for event in events if event.in_force(as_of))
    for event in sorted(visible, key=_order):
        key = (event.customer, event.currency, event.number)
        match event.kind:
            case "reminder":
                _note_reminder(sent.setdefault(key, []), back.setdefault(key, []), event)
            case "promise":
                until, amount = event.details.get("until"), event.details.get("amount")
                promises[key] = Promise(day_of(until), amount_of(amount), event)
            case "dispute":
                disputes[key] = Dispute(amount_of(event.details.get("amount")), event)
            case "hold":
                holds[key] = event
            case "handed-over":
                handed_over[key] = event
            case "insolvency":
                insolvent[event.customer] = event
            case "waiver":
                waivers.setdefault(key, []).append(event)
    history = History(as_of, promises=promises, disputes=disputes, holds=holds)
    letters, contacts = _last_days(sent)
    return replace(
        history,
        sent={key: tuple(entries) for key, entries in sent.items()},
        handed_over=handed_over,
        insolvent=insolvent,
        waivers={key: tuple(entries) for key, entries in waivers.items()},
        came_back={key: tuple(entries) for key, entries in back.items() if entries},
        of_account=_by_account(sent),
        last_letter=letters,
        last_contact=contacts,
        spoken_of=frozenset(
            customer
            for facts in (promises, disputes, holds, handed_over)
            for customer, _, _ in facts
        ),
    )


def _by_account(
    sent: Mapping[DocumentKey, Sequence[Sent]],
) -> dict[tuple[str, str], tuple[DocumentKey, ...]]:
    """Return the documents that letters went out about, by customer and currency."""
    accounts: dict[tuple[str, str], list[DocumentKey]] = {}
    for key, entries in sent.items():
        if entries:
            accounts.setdefault(key[:2], []).append(key)
    return {account: tuple(keys) for account, keys in accounts.items()}


def _order(event: Event) -> tuple[dt.date, str, bool, str]:
    """Return the key by which events follow each other; what comes back was sent before."""
    comes_back = str(event.details.get("status")) in {"failed", "bounced"}
    return event.date, event.moment, comes_back, event.id


def _note_reminder(entries: list[Sent], back: list[Sent], event: Event) -> None:
    """Add what was sent; take back what failed or bounced, and keep what bounced apart."""
    entry = _sent_of(event)
    match event.details.get("status"):
        case "sent":
            entries.append(entry)
            back[:] = [each for each in back if not _same_step(each, entry)]
        case "failed" | "bounced" as status:
            for known in reversed(entries):
                if _same_step(known, entry) and _same_letter(known, entry):
                    entries.remove(known)
                    if status == "bounced":
                        there = entry.to or known.to
                        back.append(replace(known, date=entry.date, to=there))
                    return


def _same_step(one: Sent, other: Sent) -> bool:
    """Return whether two letters are of one level; notices are told apart by their names."""
    return one.level == other.level and (
        one.level > 0 or not other.level_name or one.level_name == other.level_name
    )


def _same_letter(known: Sent, other: Sent) -> bool:
    """Return whether the later event speaks of the letter ``known``, as far as it says which.

    It may name the entry that it takes back, a message, or a letter's file.
    """
    entry = other.event.details.get("returns")
    if entry:
        return known.event.id == str(entry)
    if other.message_id:
        return known.message_id == other.message_id
    file = other.event.details.get("letter")
    return not file or str(known.event.details.get("letter")) == str(file)


def _sent_of(event: Event) -> Sent:
    details: Mapping[str, Any] = event.details
    level = details.get("level")
    return Sent(
        date=event.date,
        level=level if isinstance(level, int) else 0,
        level_name=str(details.get("level_name") or ""),
        policy=str(details.get("policy") or ""),
        channel=str(details.get("channel") or ""),
        deadline=day_of(details.get("deadline")),
        fee=amount_of(details.get("fee")),
        message_id=str(details.get("message_id") or ""),
        event=event,
        adopted=details.get("adopted") is True,
        to=str(details.get("to") or ""),
    )


def _last_days(
    sent: Mapping[DocumentKey, Sequence[Sent]],
) -> tuple[dict[str, dt.date], dict[tuple[str, str], dt.date]]:
    """Return the day of the last dunning letter by customer, of any letter by its currency."""
    letters: dict[str, dt.date] = {}
    contacts: dict[tuple[str, str], dt.date] = {}
    for (customer, currency, _), entries in sent.items():
        for entry in entries:
            pair = (customer, currency)
            contacts[pair] = max(entry.date, contacts.get(pair, entry.date))
            if entry.level > 0:
                letters[customer] = max(entry.date, letters.get(customer, entry.date))
    return letters, contacts
