"""Aliases and accounts that fit two customers; policies and accounts that do not exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ledgercli.model.catalogue import receivables as codes
from ledgercli.model.customer import Customer
from ledgercli.model.finding import Finding, Place
from ledgercli.model.ledger import AccountOpen
from ledgercli.model.settings import ReminderSettings
from ledgercli.receivables.identity import Directory


def shared_aliases(
    customers: Sequence[Customer], opens: Mapping[str, AccountOpen]
) -> Iterator[Finding]:
    """Yield `ambiguous-alias` at each record that has an alias of somebody else."""
    records = {customer.id: customer for customer in customers}
    for alias, ids in sorted(Directory(customers, opens).shared_aliases().items()):
        for identifier in ids:
            values = {"alias": alias, "customers": ", ".join(ids)}
            yield Finding(codes.AMBIGUOUS_ALIAS, values, _place(records[identifier]), identifier)


def shared_accounts(
    customers: Sequence[Customer], opens: Mapping[str, AccountOpen]
) -> Iterator[Finding]:
    """Yield `ambiguous-account` at each record that claims an account of somebody else."""
    records = {customer.id: customer for customer in customers}
    for account, ids in sorted(Directory(customers, opens).shared_accounts().items()):
        for identifier in ids:
            values = {"account": account, "customers": ", ".join(ids)}
            yield Finding(codes.AMBIGUOUS_ACCOUNT, values, _place(records[identifier]), identifier)


def unknown_receivable_accounts(unmatched: Mapping[str, str], file: str) -> Iterator[Finding]:
    """Yield `unknown-receivable-account` for each account that ``file`` names and no ledger has."""
    for account, nearest in unmatched.items():
        values = {"account": account, "nearest": f"`{nearest}`" if nearest else "—"}
        yield Finding(codes.UNKNOWN_RECEIVABLE_ACCOUNT, values, Place(file))


def unknown_policies(
    customers: Sequence[Customer], reminders: ReminderSettings
) -> Iterator[Finding]:
    """Yield `unknown-policy` at each record that names a policy the settings do not have."""
    for customer in customers:
        policy = customer.reminders.policy
        if policy is not None and policy not in reminders.policies:
            values = {"policy": policy, "policies": ", ".join(sorted(reminders.policies)) or "—"}
            yield Finding(codes.UNKNOWN_POLICY, values, _place(customer), customer.id)


def _place(customer: Customer) -> Place:
    return Place(customer.file, customer.line)
