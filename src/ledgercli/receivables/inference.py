"""Customers of a ledger that has no records: sub-accounts, or payees where there are none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from ledgercli.model.customer import Customer, fold
from ledgercli.model.ledger import LedgerPosting, LedgerView

_NOT_IN_ID = re.compile(r"[^\w.-]+")


def infer_customers(view: LedgerView) -> tuple[Customer, ...]:
    """Return a customer for each that the receivable and deposit postings speak of, by id.

    In this order: ``customer:`` of the posting, the transaction or the account; the account below a
    receivable account; the payee. Postings without any of these stay with nobody.
    """
    found: dict[str, Customer] = {}
    for posting in (*view.receivables, *view.deposits):
        customer = _infer(posting, view)
        if customer is None:
            continue
        key = fold(customer.id)
        known = found.setdefault(key, customer)
        found[key] = _joined(known, customer)
    return tuple(sorted(found.values(), key=lambda customer: customer.id))


def named_by_payees(customers: Iterable[Customer], view: LedgerView) -> tuple[Customer, ...]:
    """Return inferred ``customers`` under the name that all invoices on their accounts give them.

    An account is called what Beancount allows, the payee what the customer is called. Where the
    payees differ, or there is none, the name stays that of the account.
    """
    payees: dict[str, dict[str, None]] = {}
    for posting in view.receivables:
        if posting.amount > 0 and (payee := posting.transaction.payee.strip()):
            payees.setdefault(posting.account, {})[unicodedata.normalize("NFC", payee)] = None
    named = []
    for customer in customers:
        names = {name for account in customer.accounts for name in payees.get(account, ())}
        named.append(replace(customer, name=names.pop()) if len(names) == 1 else customer)
    return tuple(named)


def _infer(posting: LedgerPosting, view: LedgerView) -> Customer | None:
    opened = view.opens.get(posting.account)
    named = posting.says("customer") or (opened.customer if opened else None)
    if named:
        return _customer(named)
    below = _below_root(posting.account, view.roots)
    if below:
        return replace(_customer(below.replace(":", "-")), accounts=(posting.account,))
    payee = posting.transaction.payee
    return _customer(payee) if payee.strip() else None


def _below_root(account: str, roots: tuple[str, ...]) -> str:
    """Return what follows the longest receivable account that contains ``account``."""
    above = [root for root in roots if account.startswith(root + ":")]
    return account[len(max(above, key=len)) + 1 :] if above else ""


def _customer(name: str) -> Customer:
    words = unicodedata.normalize("NFC", name)
    identifier = _NOT_IN_ID.sub("-", words).strip("-.")[:64] or "customer"
    aliases = () if fold(words) == fold(identifier) else (words,)
    return Customer(id=identifier, name=words, aliases=aliases)


def _joined(known: Customer, other: Customer) -> Customer:
    accounts = dict.fromkeys((*known.accounts, *other.accounts))
    aliases = dict.fromkeys((*known.aliases, *other.aliases))
    return replace(known, accounts=tuple(accounts), aliases=tuple(aliases))
