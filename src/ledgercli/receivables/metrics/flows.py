"""What moved the receivables: every document, settlement and reversal with its day.

For each customer and currency the flows add up to the ledger's balance, on every day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal

from ledgercli.model.ledger import LedgerPosting
from ledgercli.model.position import Rule
from ledgercli.model.record import dataclass
from ledgercli.model.record_making import maker
from ledgercli.receivables.metrics.periods import month_of
from ledgercli.receivables.position import Position

_TAKEN_BACK: Mapping[Rule, str] = {"reopened": "re-opening", "refunded": "refund"}

#: What counts as sales: invoices less credit notes. Interest, fees, opening items and refunds
#: are no sales; what is sold for cash never touches a receivable account.
SALES = frozenset({"invoice", "credit-note"})
#: What settles; everything else adds to what there is to collect, credit notes taking from it.
SETTLING = frozenset({"payment", "discount", "write-off"})


@dataclass(frozen=True, slots=True)
class Flow:
    """An amount that raised (positive) or lowered (negative) the receivables on ``date``.

    ``kind`` is that of the document or settlement, or what a positive posting did that opened no
    document: ``re-opening``, ``re-allocation``, ``refund``. ``name`` is the number of the document,
    else what a settlement names; ``posting`` is where it stands in the ledger.
    """

    date: date
    customer: str
    currency: str
    kind: str
    amount: Decimal
    name: str = field(default="", compare=False)
    posting: LedgerPosting | None = field(default=None, compare=False)


def flows(position: Position) -> Iterator[Flow]:
    """Yield all flows up to the position's day, in no order."""
    flow = maker(Flow)
    for item in position.items:
        document = item.document
        owner, unit, number = document.customer, document.currency, document.number
        posting = document.posting
        yield flow(document.date, owner, unit, document.kind, document.amount, number, posting)
        for row in item.allocations:
            if row.amount < 0:
                kind = _TAKEN_BACK.get(row.rule, "re-allocation")
                day = row.posting.transaction.date
                yield flow(day, owner, unit, kind, -row.amount, number, row.posting)
    for receipt in position.receipts:
        settlement = receipt.settlement
        owner, unit, amount = settlement.customer, settlement.currency, -settlement.amount
        named, posting = ", ".join(settlement.names), settlement.posting
        yield flow(settlement.date, owner, unit, settlement.kind, amount, named, posting)
        for use in receipt.uses:
            transaction = use.posting.transaction
            kind = "refund" if "refund" in transaction.tags else "re-allocation"
            yield flow(transaction.date, owner, unit, kind, use.amount, named, use.posting)


Monthly = Mapping[date, Decimal]
"""Amounts by the first day of their month."""


def by_month(moved: Iterable[Flow]) -> dict[tuple[str, str], dict[date, Decimal]]:
    """Return the sums of all customers by currency and kind, then by month; one walk for all."""
    sums: dict[tuple[str, str], dict[date, Decimal]] = {}
    months: dict[date, date] = {}
    for flow in moved:
        day, key = flow.date, (flow.currency, flow.kind)
        month = months.get(day)
        if month is None:
            month = months[day] = month_of(day)
        own = sums.get(key)
        if own is None:
            own = sums[key] = {}
        own[month] = own[month] + flow.amount if month in own else flow.amount
    return sums


def by_currency(
    sums: Mapping[tuple[str, str], Monthly], kinds: frozenset[str] | None = None
) -> dict[str, dict[date, Decimal]]:
    """Return the sums of :func:`by_month` by currency; ``kinds`` None takes all."""
    totals: dict[str, dict[date, Decimal]] = {}
    for (currency, kind), months in sums.items():
        if kinds is None or kind in kinds:
            own = totals.setdefault(currency, {})
            for month, amount in months.items():
                own[month] = own.get(month, Decimal(0)) + amount
    return totals


def until(months: Monthly, month: date) -> Decimal:
    """Return the sum up to the end of ``month``."""
    return sum((amount for day, amount in months.items() if day <= month), Decimal(0))
