"""Fees and interest of single documents of open books, as letters of the day would claim them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from ledgercli.desk.open_books import OpenBooks
from ledgercli.model.customer import Customer
from ledgercli.model.settings import Policy
from ledgercli.receivables.booked_claims import booked_claims
from ledgercli.receivables.claim_account import ClaimAccount
from ledgercli.receivables.position import Item, Position
from ledgercli.reminders.claims import Claim
from ledgercli.reminders.earlier_claims import account_of as claim_account
from ledgercli.reminders.history import read_history
from ledgercli.reminders.levels import policy_for, policy_of
from ledgercli.reminders.plan import covers


def claims_of(position: Position, books: OpenBooks, as_of: dt.date) -> Callable[[Item], Claim]:
    """Return what tells the circumstances of the claims on a document of ``position``, as of a day.

    Events are those that the books were opened with.
    """
    from ledgercli.books.packaged import law_profiles

    history = read_history(books.events, as_of)
    booked = booked_claims(position.items)

    def found(item: Item) -> Claim:
        document = item.document
        customer = position.customers.get(document.customer) or Customer(document.customer)
        chosen = policy_for(books.settings, customer)[1] or policy_of(books.settings, None)[1]
        policy = chosen or Policy()
        if not covers(policy, item):
            policy = replace(policy, interest=None)
        return Claim(
            policy=policy,
            customer=customer,
            currency=document.currency,
            as_of=as_of,
            rates=books.settings.rates,
            history=history,
            laws=law_profiles(),
            booked=booked,
        )

    return found


def account_of(
    position: Position, books: OpenBooks, as_of: dt.date
) -> Callable[[Item], ClaimAccount]:
    """Return what tells fees and interest of a document of ``position`` as of a day."""
    circumstances = claims_of(position, books, as_of)
    return lambda item: claim_account(item, circumstances(item))
