# ruff: noqa: ANN401 - the factories take whatever field a test changes
"""Builds positions, settings and events by hand, without a ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ledgercli.model.customer import Address, Contact, Customer
from ledgercli.model.event import Event
from ledgercli.model.ledger import LedgerPosting, Transaction
from ledgercli.model.position import Allocation, Document, DocumentKind
from ledgercli.model.rates import Interest, InterestRate
from ledgercli.model.settings import (
    After,
    Fee,
    FeeAmount,
    Level,
    Policy,
    ReminderSettings,
    Settings,
)
from ledgercli.model.values import Duration, MoneyList, Percent
from ledgercli.receivables.position import Item, Position
from ledgercli.reminders.plan import plan
from ledgercli.reminders.planned import Plan

DUE = dt.date(2026, 3, 1)


def day(offset: int) -> dt.date:
    """Return the day that many days after the usual due date."""
    return DUE + dt.timedelta(days=offset)


def item(
    number: str = "INV-1",
    amount: str = "100.00",
    *,
    open_amount: str | None = None,
    customer: str = "C1",
    currency: str = "EUR",
    due: dt.date = DUE,
    flag: str = "*",
    account: str = "Assets:Receivable:C1",
    kind: DocumentKind = "invoice",
    numbered: bool = True,
    duplicate: bool = False,
    discount: str = "",
    discount_until: dt.date | None = None,
    paid: Sequence[tuple[dt.date, str]] = (),
) -> Item:
    """Return an item; ``paid`` are payments by day."""
    booked = due - dt.timedelta(days=30)

    def posting(day: dt.date, value: Decimal) -> LedgerPosting:
        transaction = Transaction(
            date=day,
            flag=flag,
            payee="",
            narration="",
            links=frozenset(),
            tags=frozenset(),
            metadata={},
            accounts=(account,),
            only_receivables=False,
            file="main.beancount",
            line=1,
        )
        return LedgerPosting(transaction, account, value, currency, {}, 2)

    total = Decimal(amount)
    document = Document(
        number=number,
        base=number.partition("~")[0],
        numbered=numbered,
        customer=customer,
        currency=currency,
        amount=total,
        date=booked,
        due=due,
        due_source="transaction",
        terms=None,
        kind=kind,
        names=frozenset([number]),
        duplicate=duplicate,
        discount=Percent.parse(discount) if discount else None,
        discount_until=discount_until,
        posting=posting(booked, total),
    )
    allocations = tuple(
        Allocation(document, Decimal(part), "named", False, on, posting(on, -Decimal(part)))
        for on, part in paid
    )
    allocated = sum((each.amount for each in allocations), Decimal(0))
    left = total - allocated if open_amount is None else Decimal(open_amount)
    return Item(document, allocations, allocated, left, Decimal(0))


def reachable(customer: Customer) -> Customer:
    """Return the customer with a street at the first address, and an address if there is none."""
    addresses = dict(customer.addresses) or {"billing": Address()}
    first = next(iter(addresses))
    if not addresses[first].lines:
        addresses[first] = replace(addresses[first], lines=("1 Market Square",))
    return replace(customer, addresses=addresses)


def position(
    *items: Item,
    customers: Sequence[Customer] = (),
    unallocated: Mapping[tuple[str, str], str] | None = None,
    deposits: Mapping[tuple[str, str], str] | None = None,
) -> Position:
    """Return a position of these items; customers that have no record are made up.

    All can be written to: who has no postal address gets one.
    """
    records = {each.document.customer: Customer(each.document.customer) for each in items}
    records |= {customer.id: customer for customer in customers}
    records = {customer.id: reachable(customer) for customer in records.values()}
    return Position(
        as_of=dt.date(2026, 12, 31),
        items=items,
        receipts=(),
        postings={},
        balances={},
        deposits={key: Decimal(value) for key, value in (deposits or {}).items()},
        unallocated={key: Decimal(value) for key, value in (unallocated or {}).items()},
        rounding={},
        customers=records,
        findings=(),
        tie_out=True,
    )


def policy(**changes: Any) -> Policy:
    """Return the usual policy: notice, friendly at 5, firm at 30, final 14 days later."""
    usual = Policy(
        levels=(
            Level("notice", After.parse("-3 days"), "due-soon"),
            Level("friendly", After.parse("5 days"), "reminder"),
            Level("firm", After.parse("30 days"), "reminder-firm"),
            Level("final", After.parse("14 days since previous"), "final-notice"),
        ),
        deadline=Duration(10),
    )
    return replace(usual, **changes)


def with_fee(
    amount: str | list[str] = "40 EUR",
    *,
    level: str = "firm",
    base: Policy | None = None,
    **more: Any,
) -> Policy:
    """Return the usual policy with a fee at one level."""
    base = base or policy()
    fee = Fee(FeeAmount.parse(amount), **more)
    levels = tuple(replace(each, fee=fee) if each.name == level else each for each in base.levels)
    return replace(base, levels=levels)


def with_interest(rate: str = "8%", **more: Any) -> Policy:
    """Return the usual policy with interest."""
    return policy(interest=Interest(InterestRate.parse(rate), **more))


def settings(standard: Policy | None = None, **changes: Any) -> Settings:
    """Return settings with one policy."""
    reminders = ReminderSettings("standard", {"standard": standard or policy()})
    return replace(Settings(reminders=reminders), **changes)


def event(kind: str, on: dt.date, number: str = "INV-1", **details: Any) -> Event:
    """Return an event about C1 in EUR, unless the details say otherwise."""
    customer = details.pop("customer", "C1")
    currency = details.pop("currency", "EUR" if number else "")
    at = f"{on.isoformat()}T06:00:00Z"
    return Event(
        id=f"{kind}-{on}-{number}-{details.get('level', '')}-{details.get('status', '')}",
        at=at,
        date=on,
        by="test",
        kind=kind,
        customer=customer,
        number=number,
        currency=currency,
        details=details,
    )


NAMES = ("notice", "friendly", "firm", "final")


def sent(level: int, on: dt.date, number: str = "INV-1", **details: Any) -> Event:
    """Return the event of a reminder that was sent, with the usual deadline of 10 days."""
    usual = {
        "status": "sent",
        "policy": "standard",
        "level": level,
        "level_name": NAMES[level],
        "channel": "post",
        "deadline": (on + dt.timedelta(days=10)).isoformat() if level else None,
    }
    return event("reminder", on, number, **(usual | details))


def planned(
    books: Position,
    as_of: dt.date,
    events: Sequence[Event] = (),
    standard: Policy | None = None,
    **options: Any,
) -> Plan:
    """Return the plan of the usual settings."""
    return plan(books, settings(standard), events, as_of, **options)


def raised(result: Plan) -> list[tuple[str, int]]:
    """Return the numbers that letters raise, with their new level."""
    return [
        (document.item.document.number, document.level)
        for letter in result.letters
        for document in letter.documents
        if document.raised
    ]


def reasons(result: Plan) -> list[tuple[str, str]]:
    """Return the numbers held, with the reason."""
    return [(row.number, row.reason) for row in result.held]


def email_customer(**changes: Any) -> Customer:
    """Return a customer with an address for bills."""
    contact = Contact(name="Ute Maier", role="billing", email="ap@acme.example")
    return replace(Customer("C1", name="Acme GmbH", contacts=(contact,)), **changes)


def minimum(*amounts: str) -> MoneyList:
    """Return a minimum per currency."""
    return MoneyList.parse(list(amounts))
