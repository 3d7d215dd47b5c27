"""Days sales outstanding (DSO): how many days of sales the receivables are worth.

Simple, as in Oracle's manual of JD Edwards EnterpriseOne ("Current Balance Divided by Sales", with
"Days Credit Granted", which others call the best possible DSO); by counting back, as in Oracle's
manual of Hyperion Financial Management ("DSO", the exhaustion method). All in days, unrounded.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from ledgercli.model.record import dataclass
from ledgercli.receivables.metrics.rounding import divide


@dataclass(frozen=True, slots=True)
class CountBack:
    """Days by counting back; ``exhausted`` False where sales did not use up the receivables.

    Then ``days`` are all the days looked at: the true figure is not below.
    """

    days: Decimal
    exhausted: bool


def sales_outstanding(receivables: Decimal, sales: Decimal, days: int) -> Decimal | None:
    """Return receivables ÷ credit sales × days; None without sales, 0 where nothing is owed.

    With the receivables that are not overdue it is the best possible DSO: what there would be if
    everybody paid when due.
    """
    if sales <= 0:
        return None
    return divide(max(receivables, Decimal(0)) * days, sales)


def counted_back(
    receivables: Decimal, months: Iterable[tuple[Decimal, int | Decimal]]
) -> CountBack:
    """Return the days by counting back over months, newest first, each its sales and its days.

    Each month's sales are taken from the receivables, and its days counted; the month that uses
    them up counts in proportion: remaining ÷ sales × days. A month without sales, or with more
    credit notes than invoices, takes nothing away and counts in full.
    """
    remaining = max(receivables, Decimal(0))
    days = Decimal(0)
    if not remaining:
        return CountBack(days, exhausted=True)
    for sales, length in months:
        if sales >= remaining:
            return CountBack(days + divide(remaining * length, sales), exhausted=True)
        remaining -= max(sales, Decimal(0))
        days += length
    return CountBack(days, exhausted=False)


def not_overdue(balance: Decimal, not_due: Decimal) -> Decimal:
    """Return the part of the balance that is not overdue, never below zero nor above the balance.

    ``not_due`` is the open amount that is not yet due. What is unallocated is set against overdue
    documents first.
    """
    return min(max(balance, Decimal(0)), not_due)
