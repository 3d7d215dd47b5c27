"""Accounts of customer records that the ledger does not have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ledgercli.model.catalogue import receivables as codes
from ledgercli.model.customer import Customer
from ledgercli.model.finding import Finding, FindingCode, Place
from ledgercli.model.ledger import AccountOpen
from ledgercli.receivables.identity import Directory

#: Nothing is booked for them yet, or no more.
_WITHOUT_ACCOUNT = frozenset({"lead", "prospect", "closed"})
#: Names are compared so often at most: one wrong line, repeated in all records, must not take long.
_COMPARED_MAX = 50_000
_CLOSE = 0.7


def unopened_accounts(
    customers: Sequence[Customer], opens: Mapping[str, AccountOpen]
) -> Iterator[Finding]:
    """Yield `unopened-account` for each account of a record that the ledger has no account for.

    Not where nobody can have booked anything on it by its status, nor where one is told as
    mistyped. The day on which an account is opened does not matter.
    """
    missing = _missing(customers, opens)
    near = _nearest(missing, customers, opens) if missing else {}
    for customer, account in missing:
        if account not in near and customer.status not in _WITHOUT_ACCOUNT:
            yield _finding(codes.UNOPENED_ACCOUNT, customer, account)


def mistyped_accounts(
    customers: Sequence[Customer], opens: Mapping[str, AccountOpen]
) -> Iterator[Finding]:
    """Yield `mistyped-account` for each that differs a little from one that nobody has."""
    missing = _missing(customers, opens)
    near = _nearest(missing, customers, opens) if missing else {}
    for customer, account in missing:
        if account in near:
            yield _finding(codes.MISTYPED_ACCOUNT, customer, account, nearest=near[account])


def _missing(
    customers: Sequence[Customer], opens: Mapping[str, AccountOpen]
) -> list[tuple[Customer, str]]:
    """Return the accounts of records that no opened account is or is below, each with its record.

    A ledger without any says nothing about names.
    """
    named = [
        (customer, account)
        for customer in customers
        for account in customer.accounts
        if account not in opens
    ]
    if not named or not opens:
        return []
    known = _with_parents(opens)
    return [(customer, account) for customer, account in named if account not in known]


def _with_parents(opens: Mapping[str, AccountOpen]) -> set[str]:
    """Return all opened accounts and what they are below."""
    known: set[str] = set()
    for opened in opens:
        account = opened
        while account and account not in known:
            known.add(account)
            account = account.rpartition(":")[0]
    return known


def _nearest(
    missing: Sequence[tuple[Customer, str]],
    customers: Sequence[Customer],
    opens: Mapping[str, AccountOpen],
) -> dict[str, str]:
    """Return the nearest account of those that are nobody's, by each that has one.

    What is another customer's is not meant, however much it looks alike: accounts that are numbered
    all do. Either the last component differs or what stands before it; comparing accounts as a
    whole would find all those below one parent alike.
    """
    from difflib import get_close_matches

    directory = Directory(customers, opens)
    leaves: dict[str, dict[str, str]] = defaultdict(dict)
    parents: dict[str, dict[str, str]] = defaultdict(dict)
    for name in sorted(_with_parents(opens)):
        parent, _, leaf = name.rpartition(":")
        if parent and directory.identify(None, None, name, "").evidence == "none":
            leaves[parent][leaf] = parents[leaf][parent] = name
    found: dict[str, str] = {}
    compared = 0
    for account in dict.fromkeys(account for _, account in missing):
        parent, _, leaf = account.rpartition(":")
        for text, choices in ((leaf, leaves.get(parent, {})), (parent, parents.get(leaf, {}))):
            compared += len(choices)
            if compared > _COMPARED_MAX:
                return found
            if near := get_close_matches(text, choices, n=1, cutoff=_CLOSE):
                found[account] = choices[near[0]]
                break
    return found


def _finding(code: FindingCode, customer: Customer, account: str, **more: str) -> Finding:
    values = {"account": account, **more}
    return Finding(code, values, Place(customer.file, customer.line), customer.id)
