"""Whether a customer can be forgotten, and what in the ledger only a name tells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from ledgercli.customers.privacy import is_running
from ledgercli.customers.retention import kept_until, last_days
from ledgercli.desk.customers.privacy_errors import RetentionRunningError, StillOpenError
from ledgercli.desk.open_books import OpenBooks
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Customer, fold
from ledgercli.model.ledger import AccountOpen
from ledgercli.model.sentence import Sentence
from ledgercli.receivables.identity import Directory
from ledgercli.receivables.orders import total


def refuse(books: OpenBooks, record: Customer, reason: str) -> None:
    """Raise StillOpenError or RetentionRunningError while the customer cannot be forgotten."""
    position, identifier = books.position(dt.date.max), record.id
    sums = (position.balances, position.deposits, position.unallocated)
    documents = [item for item in position.open_items if item.document.customer == identifier]
    orders = [
        order.id
        for order in books.orders
        if order.customer == identifier
        and order.status == "open"
        and sum(invoice.amount.amount for invoice in order.invoices) < total(order)
    ]
    running = [each.id for each in record.contracts if is_running(each, books.today)]
    why = None
    if documents:
        why = Sentence(N_("documents are open ({count})"), count=str(len(documents)))
    elif any(amount for part in sums for key, amount in part.items() if key[0] == identifier):
        why = Sentence(N_("the ledger has a balance, a deposit or unallocated payments of it"))
    elif orders:
        why = Sentence(N_("orders are open: {orders}"), orders=", ".join(orders))
    elif running:
        why = Sentence(N_("contracts run: {contracts}"), contracts=", ".join(running))
    if why:
        raise StillOpenError(customer=identifier, reason=why)
    until = kept_until(record, last_days(position, books.events), books.settings.privacy)
    if until and until >= books.today and not reason:
        raise RetentionRunningError(customer=identifier, date=until)


def needing(books: OpenBooks, record: Customer, *, renamed: bool) -> dict[str, set[int]]:
    """Return the lines of postings, by file, that are the customer's by a name that goes.

    ``renamed``: the ledger's ``customer:`` name the id instead of an alias by then.
    """
    names = {fold(name) for name in record.aliases} if renamed else set()

    def now(text: str | None) -> str | None:
        return record.id if text is not None and fold(text) in names else text

    opens: Mapping[str, AccountOpen] = {
        account: replace(opened, customer=now(opened.customer))
        for account, opened in books.view.opens.items()
    }
    without = [
        replace(each, name="", aliases=()) if each.id == record.id else each
        for each in books.customers
    ]
    before, after = Directory(books.customers, books.view.opens), Directory(without, opens)
    found: dict[str, set[int]] = {}
    for posting in (*books.view.receivables, *books.view.deposits):
        if before.match(posting).customer != record.id:
            continue
        own, shared = posting.metadata.get("customer"), posting.transaction.metadata.get("customer")
        payee = posting.transaction.payee
        match = after.identify(now(own), now(shared), posting.account, payee)
        if match.customer != record.id:
            found.setdefault(posting.file, set()).add(posting.line)
    return found
