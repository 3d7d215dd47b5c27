"""Which customers a list shows, by what stands in their records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from ledgercli.model.customer import Customer, fold
from ledgercli.model.customer_head import CustomerHead
from ledgercli.model.record import dataclass

One = TypeVar("One", Customer, CustomerHead)


@dataclass(frozen=True, slots=True)
class Traits:
    """What customers must be like; empty fields do not filter, of several values one must fit.

    Tiers and owners are compared without regard to case; ``parents`` are ids, of customers
    themselves and of all below them.
    """

    statuses: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()


def with_traits(customers: Iterable[One], traits: Traits) -> list[One]:
    """Return those of ``customers`` that are like ``traits``, in their order."""
    records = list(customers)
    family = _family(records, traits.parents)
    tiers = {fold(tier) for tier in traits.tiers}
    owners = {fold(owner) for owner in traits.owners}
    return [
        record
        for record in records
        if (not traits.statuses or record.status in traits.statuses)
        and (not traits.kinds or record.kind in traits.kinds)
        and (not tiers or fold(record.tier) in tiers)
        and (not owners or fold(record.owner) in owners)
        and (not traits.parents or record.id in family)
    ]


def tagged(customers: Iterable[One], tags: Iterable[str]) -> list[One]:
    """Return those of ``customers`` that have all of ``tags``, in their order, ignoring case."""
    wanted = {fold(tag) for tag in tags}
    # Thousands of customers share a few lists of tags.
    fits: dict[tuple[str, ...], bool] = {}
    found = []
    for one in customers:
        if one.tags not in fits:
            fits[one.tags] = wanted <= {fold(tag) for tag in one.tags}
        if fits[one.tags]:
            found.append(one)
    return found


def _family(
    records: Iterable[Customer] | Iterable[CustomerHead], parents: Iterable[str]
) -> frozenset[str]:
    """Return the ids of ``parents`` and of all customers below them."""
    below: dict[str, list[str]] = {}
    for record in records:
        if record.parent:
            below.setdefault(record.parent, []).append(record.id)
    family: set[str] = set()
    waiting = list(parents)
    while waiting:
        identifier = waiting.pop()
        if identifier not in family:
            family.add(identifier)
            waiting += below.get(identifier, [])
    return frozenset(family)
