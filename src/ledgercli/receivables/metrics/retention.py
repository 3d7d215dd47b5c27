"""Which customers come, stay away and come back, told by the invoices they get."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from ledgercli.model.record import dataclass
from ledgercli.model.values import add_months
from ledgercli.receivables.metrics.flows import Flow
from ledgercli.receivables.metrics.periods import month_of
from ledgercli.receivables.metrics.rounding import divide

#: Opening items tell of invoices before the books began.
_BUYING = frozenset({"invoice", "opening"})

Active = Mapping[str, Sequence[date]]
"""The months in which each customer was invoiced, ascending, by the customer's id."""


@dataclass(frozen=True, slots=True)
class Movement:
    """Customers in one month: ``opening + new + returning − lost = closing``."""

    month: date
    opening: int
    new: int
    returning: int
    lost: int
    closing: int

    @property
    def retention(self) -> Decimal | None:
        """Return (opening − lost) ÷ opening × 100, in percent; None where there was nobody.

        The same as (closing − new − returning) ÷ opening, the usual form (customers at the end less
        those who came, by customers at the beginning; Farris, Bendle, Pfeifer and Reibstein,
        Marketing Metrics, chapter on customers, recency and retention).
        """
        if not self.opening:
            return None
        return divide(Decimal(100 * (self.opening - self.lost)), Decimal(self.opening))


@dataclass(frozen=True, slots=True)
class Cohort:
    """The customers whose first invoice was in one period, and how many came again.

    ``invoiced`` tells for each period from the first on how many of the ``size`` were invoiced.
    """

    start: date
    size: int
    invoiced: tuple[int, ...]


def active_months(moved: Iterable[Flow]) -> dict[str, list[date]]:
    """Return in which months each customer was invoiced."""
    months: dict[str, set[date]] = {}
    for flow in moved:
        if flow.kind in _BUYING:
            months.setdefault(flow.customer, set()).add(month_of(flow.date))
    return {customer: sorted(own) for customer, own in months.items()}


def movements(active: Active, months: Sequence[date], lost_after: int) -> tuple[Movement, ...]:
    """Return who came and went in each of ``months``, which are keys of months, ascending.

    A customer counts from the first invoice on, is lost in the month that makes it ``lost_after``
    months without one, and returns with the next.
    """
    rows = []
    for month in months:
        before = add_months(month, -1)
        counts = {"opening": 0, "new": 0, "returning": 0, "lost": 0, "closing": 0}
        for own in active.values():
            was, is_now = (is_active(own, at, lost_after) for at in (before, month))
            counts["opening"] += was
            counts["closing"] += is_now
            counts["lost"] += was and not is_now
            if is_now and not was:
                counts["new" if own[0] == month else "returning"] += 1
        rows.append(Movement(month, **counts))
    return tuple(rows)


def is_active(own: Sequence[date], month: date, lost_after: int) -> bool:
    """Return whether there was an invoice in the ``lost_after`` months up to ``month``."""
    since = add_months(month, -lost_after)
    return any(since < one <= month for one in own)


def cohorts(active: Active, start: date, end: date, length: int) -> tuple[Cohort, ...]:
    """Return the cohorts from the period of ``start`` to that of ``end``, oldest first.

    ``length`` is that of a period in months: 1, 3 or 12. Periods without a first invoice have no
    cohort.
    """
    last = _index(end, length)
    members: dict[int, list[set[int]]] = {}
    for own in active.values():
        periods = {_index(month, length) for month in own}
        members.setdefault(min(periods), []).append(periods)
    return tuple(
        Cohort(
            start=_start(first, length),
            size=len(members[first]),
            invoiced=tuple(
                sum(period in own for own in members[first]) for period in range(first, last + 1)
            ),
        )
        for first in sorted(members)
        if _index(start, length) <= first <= last
    )


def _index(month: date, length: int) -> int:
    return (month.year * 12 + month.month - 1) // length


def _start(index: int, length: int) -> date:
    year, month = divmod(index * length, 12)
    return date(year, month + 1, 1)
