"""Figures of receivables at the end of each month, of all customers by currency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from ledgercli.model.record import dataclass
from ledgercli.model.values import month_end
from ledgercli.receivables.aging import Buckets, aging
from ledgercli.receivables.metrics.flows import (
    SALES,
    SETTLING,
    Flow,
    Monthly,
    by_currency,
    by_month,
    until,
)
from ledgercli.receivables.metrics.periods import Period, months_before
from ledgercli.receivables.metrics.sales_outstanding import not_overdue
from ledgercli.receivables.summary import Standing

_BY_DUE = Buckets("due", ())


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """What stood in the books at the end of a period, in one currency.

    ``balance`` is the ledger's balance at its end, ``not_due`` what was open and not overdue then,
    retention money and what is not known to be due with it, ``current`` the part of the balance
    that was not overdue. The others are of the months ``over`` which one looks, up to the period:
    ``opening`` is the balance before them, ``billed`` what they added to the receivables, all
    documents and reversals, less credit notes, ``received`` their payments, positive. ``earlier``
    are the sales of each month with its days, newest first, the period itself first of all.
    """

    period: Period
    currency: str
    opening: Decimal
    balance: Decimal
    not_due: Decimal
    billed: Decimal
    received: Decimal
    earlier: tuple[tuple[Decimal, int], ...]

    @property
    def current(self) -> Decimal:
        """Return the part of the balance that is not overdue."""
        return not_overdue(self.balance, self.not_due)

    def sales_over(self, months: int) -> tuple[Decimal, int]:
        """Return sales and calendar days of the last ``months`` months, this one included."""
        part = self.earlier[:months]
        return sum((sales for sales, _ in part), Decimal(0)), sum(days for _, days in part)


def month_ends(
    moved: Iterable[Flow], standings: Mapping[Period, Standing], back: int, over: int = 1
) -> tuple[MonthEnd, ...]:
    """Return a row for each currency and period, by currency and then time.

    ``standings`` are the positions at the end of each period, for the customers of the flows;
    ``back`` is how many months of sales to look at, at most back to the first flow; ``over`` how
    many months opening, billed and received are of.
    """
    sums = by_month(moved)
    totals, sales = by_currency(sums), by_currency(sums, SALES)
    settled, payments = by_currency(sums, SETTLING), by_currency(sums, frozenset({"payment"}))
    rows = []
    for currency in sorted(totals):
        own = totals[currency]
        first = min(own)
        sold = sales.get(currency, {})
        for period, standing in standings.items():
            balance = until(own, period.start)
            within = months_before(period.start, over)
            change = _sum_of(own, within)
            months = [key for key in months_before(period.start, back) if key >= first]
            rows.append(
                MonthEnd(
                    period,
                    currency,
                    opening=balance - change,
                    balance=balance,
                    not_due=_not_due(standing, currency),
                    billed=change - _sum_of(settled.get(currency, {}), within),
                    received=-_sum_of(payments.get(currency, {}), within),
                    earlier=tuple(_with_days(months, sold, period)),
                )
            )
    return tuple(rows)


def _sum_of(months: Monthly, within: Iterable[date]) -> Decimal:
    return sum((months.get(month, Decimal(0)) for month in within), Decimal(0))


def _with_days(
    months: Iterable[date], sold: Monthly, period: Period
) -> Iterator[tuple[Decimal, int]]:
    """Yield the sales of each month with its days; the period itself may end before its month."""
    for month in months:
        end = period.end if month == period.start else month_end(month)
        yield sold.get(month, Decimal(0)), (end - month).days + 1


def _not_due(standing: Standing, currency: str) -> Decimal:
    return sum(
        (row.not_overdue for row in aging(standing, _BY_DUE) if row.currency == currency),
        Decimal(0),
    )
