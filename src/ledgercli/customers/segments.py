"""Customers in groups: by tag, tier, status, owner, family, or a dimension of their segments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from ledgercli.model.currency import CONTEXT
from ledgercli.model.customer import UNKNOWN, Customer, fold
from ledgercli.receivables.limits import LimitRow, LimitStatus, family_tops
from ledgercli.receivables.summary import Key, OpenLine, Summary

#: What every customer can be grouped by; besides these, the dimensions of their segments.
GROUPINGS = ("tag", "tier", "status", "owner", "parent")
_WORST: tuple[LimitStatus, ...] = ("breach", "unknown", "warning", "ok", "none")


def dimensions(customers: Iterable[Customer]) -> tuple[str, ...]:
    """Return the dimensions of segments that any of ``customers`` has, sorted."""
    return tuple(sorted({key for customer in customers for key in customer.segments}))


def groups_by(customers: Mapping[str, Customer], by: str) -> dict[str, tuple[str, ...]]:
    """Return the groups of each customer, by id: the empty text for who is in none.

    A customer with several tags is in several groups. Groups that differ by upper and lower case
    alone are one, in the spelling of the first customer by id. The family is that of the topmost
    parent; who has no parent and no children is a family of one.
    """
    spelling: dict[str, str] = {}
    tops = family_tops(customers.values()) if by == "parent" else {}
    found: dict[str, tuple[str, ...]] = {}
    for identifier in sorted(customers):
        customer = customers[identifier]
        if identifier == UNKNOWN:
            words: tuple[str, ...] = ()
        elif by == "tag":
            words = customer.tags
        elif by == "parent":
            words = (tops[identifier],)
        elif by in GROUPINGS:
            words = (str(getattr(customer, by)),)
        else:
            words = (customer.segments.get(by, ""),)
        spelled = (spelling.setdefault(fold(word), word) for word in words if word)
        found[identifier] = tuple(dict.fromkeys(spelled)) or ("",)
    return found


def grouped(summary: Summary, groups: Mapping[str, tuple[str, ...]]) -> Summary:
    """Return ``summary`` by groups in place of customers; the records stand for groups then."""

    def summed(amounts: Mapping[Key, Decimal]) -> dict[Key, Decimal]:
        sums: dict[Key, Decimal] = {}
        for (customer, currency), amount in amounts.items():
            for group in groups.get(customer, ("",)):
                key = (group, currency)
                sums[key] = sums.get(key, Decimal(0)) + amount
        return sums

    lines: dict[Key, list[OpenLine]] = {}
    for (customer, currency), rows in summary.open_lines.items():
        for group in groups.get(customer, ("",)):
            lines.setdefault((group, currency), []).extend(rows)
    names = {group for row in groups.values() for group in row} | {""}
    return Summary(
        summary.as_of,
        lines,
        summed(summary.balances),
        summed(summary.deposits),
        summed(summary.unallocated),
        summary.rounding,
        {name: Customer(name) for name in names},
        summary.tie_out,
    )


def grouped_limits(
    rows: Iterable[LimitRow], groups: Mapping[str, tuple[str, ...]]
) -> tuple[LimitRow, ...]:
    """Return the sums of exposures by group and currency.

    Limit, what is available and the share in use are of the customers that have a limit; the status
    is the worst of any customer's. A sum with an unknown part is unknown.
    """
    parts: dict[Key, list[LimitRow]] = {}
    for row in rows:
        for group in groups.get(row.customer, ("",)):
            parts.setdefault((group, row.currency), []).append(row)
    return tuple(
        _sum_row(group, currency, listed) for (group, currency), listed in sorted(parts.items())
    )


def _sum_row(group: str, currency: str, rows: list[LimitRow]) -> LimitRow:
    limited = [row for row in rows if row.limit is not None]
    limit = _sum(row.limit for row in limited) if limited else None
    available = _sum(row.available for row in limited) if limited else None
    used = None
    if limit and available is not None:
        used = ((limit - available) / limit * 100).quantize(Decimal("0.01"), context=CONTEXT)
    states = [row.status for row in rows]
    return LimitRow(
        group,
        currency,
        limit,
        _sum(row.balance for row in rows),
        _sum(row.orders for row in rows),
        _sum(row.deposits for row in rows),
        _sum(row.exposure for row in rows),
        available,
        used,
        next(state for state in _WORST if state in states),
        next((row.missing_price for row in rows if row.missing_price), ""),
    )


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total
