"""What customers bring: revenue, the costs that are theirs, and what is left.

Contribution = revenue − the costs that can be traced to the customer (Horngren, *Cost Accounting*:
contribution margin, here with the costs the ledger names a customer for as the variable ones).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from ledgercli.model.general_ledger import BookPosting
from ledgercli.model.record import dataclass

#: Names the groups of a customer: none, one, or (by tag) several.
Groups = Callable[[str, date], tuple[str, ...]]


@dataclass(slots=True)
class Contribution:
    """Sums of one group in one currency, positive as they are read: revenue and costs."""

    revenue: Decimal = Decimal(0)
    costs: Decimal = Decimal(0)

    @property
    def amount(self) -> Decimal:
        """Return what is left of the revenue after the costs."""
        return self.revenue - self.costs


@dataclass(frozen=True, slots=True)
class Contributions:
    """Sums by group and currency, and what of all income and expenses names no customer."""

    groups: dict[tuple[str, str], Contribution]
    nobody: dict[str, Contribution]


def contributions(
    postings: Iterable[BookPosting], start: date, end: date, groups: Groups
) -> Contributions:
    """Return what customers brought from ``start`` to ``end``.

    An income or expense posting is of the customer that it, or its transaction, names, else of the
    one whose receivable the transaction posts to. What is of nobody is summed apart, so that both
    together are the income statement. A posting of several groups counts in each.
    """
    found = Contributions({}, {})
    for row in postings:
        if row.kind not in {"income", "expense"} or not start <= row.date <= end:
            continue
        if row.customer:
            names = groups(row.customer, row.date)
            sums = [found.groups.setdefault((name, row.currency), Contribution()) for name in names]
        else:
            sums = [found.nobody.setdefault(row.currency, Contribution())]
        for each in sums:
            if row.kind == "income":
                each.revenue -= row.amount
            else:
                each.costs += row.amount
    return found
