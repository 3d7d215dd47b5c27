"""How old the open items are: one function for every report that speaks of age.

By due date (the default) what is due today or later is *not due* and the first bucket begins with
one day overdue; retention money that is not overdue, and what has no due date yet, is in no bucket
but shown apart. By document date every item is in a bucket. Upper bounds are inclusive, the last
bucket is open. Bounds are days, or calendar months and years after the date.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from ledgercli.model.aging_settings import Basis
from ledgercli.model.record import dataclass
from ledgercli.model.values import Duration
from ledgercli.receivables.open_columns import OpenColumns
from ledgercli.receivables.summary import UNKNOWN_DUE, Key, Standing

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

    def key_of(self, start: date, as_of: date) -> str:
        """Return the key of the bucket of what is due, or dated, ``start``."""
        keys = self.keys
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

    ``amounts`` by bucket key, ``unallocated`` as a positive amount. By due date, ``retention`` is
    what customers may still keep, ``due_unknown`` what counts from an event that has not happened;
    by document date both are zero and in the buckets. ``total`` is the sum of all less unallocated.
    ``oldest_due`` is None where no due date is known, ``max_days_overdue`` 0 where nothing is
    overdue.
    """

    customer: str
    currency: str
    amounts: Mapping[str, Decimal]
    unallocated: Decimal
    total: Decimal
    oldest_due: date | None
    max_days_overdue: int
    retention: Decimal = Decimal(0)
    due_unknown: Decimal = Decimal(0)

    @property
    def not_overdue(self) -> Decimal:
        """Return what is open and not overdue, by due date: what nobody has to pay yet."""
        return self.amounts.get(NOT_DUE, Decimal(0)) + self.retention + self.due_unknown


def aging(standing: Standing, buckets: Buckets) -> tuple[AgingRow, ...]:
    """Return a row for each customer and currency with something open or unallocated."""
    today = standing.as_of.toordinal()
    split, keys = _splitting(standing, buckets), buckets.keys
    by_due = buckets.basis == "due"
    place = _Places(buckets, standing.as_of)
    open_lines, zero = standing.open_lines, Decimal(0)
    rows = []
    for key in sorted({*open_lines, *standing.unallocated}):
        unallocated = standing.unallocated.get(key, zero)
        if found := split(key):
            oldest, (*sums, unknown, total) = found
            amounts = dict(zip(keys, reversed(sums), strict=True))
            retention = zero
        else:
            amounts = dict.fromkeys(keys, zero)
            oldest = UNKNOWN_DUE
            retention = unknown = zero
            for due, day, amount, retained in open_lines.get(key, ()):
                if due < oldest:  # noqa: PLR1730 - asked of every line, and `min` is a call
                    oldest = due
                if retained and by_due and due >= today:
                    retention += amount
                elif due == UNKNOWN_DUE and by_due:
                    unknown += amount
                else:
                    amounts[place[due if by_due else day]] += amount
            total = sum(amounts.values(), zero) + retention + unknown
        rows.append(
            AgingRow(
                key[0],
                key[1],
                amounts,
                unallocated,
                total - unallocated if unallocated else total,
                date.fromordinal(oldest) if oldest != UNKNOWN_DUE else None,
                today - oldest if oldest < today else 0,
                retention,
                unknown,
            )
        )
    return tuple(rows)


def _splitting(
    standing: Standing, buckets: Buckets
) -> Callable[[Key], tuple[int, list[Decimal]] | None]:
    """Return what splits the open lines of an account without a look at each of them.

    It gives the first due date and the open amounts: by bucket, the oldest first, without due date,
    and in all. None where that cannot be: for lines that are in no columns or in no order, and for
    accounts with retention money.
    """
    columns = standing.open_lines
    if buckets.basis != "due" or not isinstance(columns, OpenColumns):
        return lambda _key: None
    dues = [*_first_dues(buckets, standing.as_of), UNKNOWN_DUE]
    return lambda key: columns.split(key, dues)


def _first_dues(buckets: Buckets, as_of: date) -> list[int]:
    """Return the first due date of each bucket by due date but the oldest, oldest first."""
    rank = {key: -number for number, key in enumerate(buckets.keys)}
    # What is due later is in no older bucket.
    today = as_of.toordinal()
    return [
        bisect_left(
            range(today),
            rank[key],
            1,
            key=lambda day: rank[buckets.key_of(date.fromordinal(day), as_of)],
        )
        for key in reversed(buckets.keys[:-1])
    ]


class _Places(dict[int, str]):
    """The bucket of each day, an ordinal, found out once: many items share their days."""

    def __init__(self, buckets: Buckets, as_of: date) -> None:
        super().__init__()
        self._buckets = buckets
        self._as_of = as_of

    def __missing__(self, day: int) -> str:
        key = self[day] = self._buckets.key_of(date.fromordinal(day), self._as_of)
        return key


def _short(bound: Duration) -> str:
    return f"{bound.count}{bound.unit[0]}"
