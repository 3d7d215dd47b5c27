"""How old the open items are: one function for every report that speaks of age.

By due date (the default) what is due today or later is *not due* and the first bucket begins with
one day overdue; by document date every item is in a bucket. Upper bounds are inclusive, the last
bucket is open. Bounds are days, or calendar months and years after the date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledgercli.model.settings import Basis
from ledgercli.model.values import Duration
from ledgercli.receivables.position import Item, Position

NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class Buckets:
    """The buckets of an aging; ``keys`` name them in order, as in JSON."""

    basis: Basis
    bounds: tuple[Duration, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Return ``not_due`` (by due date), then a key for each bucket: ``1-30``, ``91+``."""
        first = 1 if self.basis == "due" else 0
        keys = [NOT_DUE] if self.basis == "due" else []
        if all(bound.unit == "days" for bound in self.bounds):
            for bound in self.bounds:
                keys.append(f"{first}-{bound.count}")
                first = bound.count + 1
            return (*keys, f"{first}+")
        previous = str(first)
        for bound in self.bounds:
            keys.append(f"{previous}-{_short(bound)}")
            previous = _short(bound)
        return (*keys, f"{previous}+")

    def key_of(self, item: Item, as_of: date) -> str:
        """Return the key of the bucket of ``item``."""
        keys = self.keys
        document = item.document
        start = document.due if self.basis == "due" else document.date
        if self.basis == "due":
            if as_of <= start:
                return NOT_DUE
            keys = keys[1:]
        for key, bound in zip(keys, self.bounds, strict=False):
            if as_of <= bound.after(start):
                return key
        return keys[-1]


@dataclass(frozen=True, slots=True)
class AgingRow:
    """The open items of one customer in one currency.

    ``amounts`` by bucket key, ``unallocated`` as a positive amount, ``total`` the amounts less
    unallocated. ``oldest_due`` is None, ``max_days_overdue`` 0 where nothing is open or overdue.
    """

    customer: str
    currency: str
    amounts: Mapping[str, Decimal]
    unallocated: Decimal
    total: Decimal
    oldest_due: date | None
    max_days_overdue: int


def aging(position: Position, buckets: Buckets) -> tuple[AgingRow, ...]:
    """Return a row for each customer and currency with something open or unallocated."""
    open_by_key: dict[tuple[str, str], list[Item]] = {}
    for item in position.open_items:
        open_by_key.setdefault(item.document.key, []).append(item)
    rows = []
    for key in sorted({*open_by_key, *position.unallocated}):
        items = open_by_key.get(key, [])
        amounts = age(items, buckets, position.as_of)
        unallocated = position.unallocated.get(key, Decimal(0))
        dues = [item.document.due for item in items]
        rows.append(
            AgingRow(
                *key,
                amounts=amounts,
                unallocated=unallocated,
                total=sum(amounts.values(), Decimal(0)) - unallocated,
                oldest_due=min(dues, default=None),
                max_days_overdue=max((0, *((position.as_of - due).days for due in dues))),
            )
        )
    return tuple(rows)


def age(items: Iterable[Item], buckets: Buckets, as_of: date) -> dict[str, Decimal]:
    """Return the open amounts of ``items``, all of one currency, by bucket key."""
    amounts = dict.fromkeys(buckets.keys, Decimal(0))
    for item in items:
        amounts[buckets.key_of(item, as_of)] += item.open
    return amounts


def _short(bound: Duration) -> str:
    return f"{bound.count}{bound.unit[0]}"
