"""Contracts over time: when they end, until when notice can be given, what is due for a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from ledgercli.model.contract_values import fixed, recurring
from ledgercli.model.currency import round_money
from ledgercli.model.customer import Contract
from ledgercli.model.record import dataclass
from ledgercli.model.values import Duration, Money, add_days

#: More periods than these no contract has: eighty years of months, three of days.
_PERIODS_MAX = 1000


@dataclass(frozen=True, slots=True)
class Period:
    """A period of a contract: its first and last day, and what is due for it, without tax.

    ``on`` is the day on which it is to be invoiced: its first one, or the day after its last.
    """

    first: dt.date
    last: dt.date
    on: dt.date
    price: Money


def last_day_of(contract: Contract, as_of: dt.date) -> dt.date | None:
    """Return the last day of a contract as it looks on ``as_of``; None where it has no end.

    A contract that renews has the first end after ``as_of``, or the first one for which notice
    was given in time.
    """
    for end in _ends(contract):
        if end >= as_of or _notice_given(contract, end):
            return end
    return contract.end


def final_day(contract: Contract) -> dt.date | None:
    """Return the last day of a contract that ends for good, None where none is settled."""
    if contract.renews is None:
        return contract.end
    return next((end for end in _ends(contract) if _notice_given(contract, end)), None)


def _ends(contract: Contract) -> Iterator[dt.date]:
    """Yield the days on which a contract ends or could end, earliest first."""
    if contract.end is None:
        return
    yield contract.end
    renews = contract.renews
    if renews is None or renews.rough_days <= 0:
        return
    for count in range(1, _PERIODS_MAX):
        # Counted from the first end, so that a 31st stays the last of its month.
        yield Duration(renews.count * count, renews.unit).after(contract.end)


def notice_by(contract: Contract, as_of: dt.date) -> dt.date | None:
    """Return the last day to give notice for the next end; None where none is needed or left."""
    end = last_day_of(contract, as_of)
    if end is None or contract.terminated:
        return None
    return _latest_notice(contract, end) if contract.notice or contract.renews else None


def _latest_notice(contract: Contract, end: dt.date) -> dt.date:
    notice = contract.notice or Duration(0)
    return Duration(-notice.count, notice.unit).after(end)


def _notice_given(contract: Contract, end: dt.date) -> bool:
    return contract.terminated is not None and contract.terminated <= _latest_notice(contract, end)


def periods(contract: Contract, until: dt.date) -> Iterator[Period]:
    """Yield the periods to be invoiced up to ``until``, earliest first.

    The price is that in force on the first day. A last period that the end of the contract cuts
    short costs its share of days, rounded half-up.
    """
    yield from _periods(contract, until, final_day(contract))


def _periods(contract: Contract, until: dt.date, end: dt.date | None) -> Iterator[Period]:
    rate = recurring(contract.value)
    if rate is None or contract.start is None:
        return
    for count in range(_PERIODS_MAX):
        first = _step(contract.start, rate.every, count)
        following = _step(contract.start, rate.every, count + 1)
        if first > until or (end is not None and first > end):
            return
        full = (following - first).days
        last = add_days(following, -1)
        price = contract.index.price(rate.price, first) if contract.index else rate.price
        if end is not None and last > end:
            days = (end - first).days + 1
            share = round_money(price.amount * Decimal(days) / Decimal(full), price.currency)
            last, price = end, Money(share, price.currency)
        on = add_days(last, 1) if contract.arrears else first
        if on <= until:
            yield Period(first, last, on, price)


def _step(start: dt.date, every: Duration, count: int) -> dt.date:
    return Duration(every.count * count, every.unit).after(start)


@dataclass(frozen=True, slots=True)
class ContractPart:
    """A part of what a contract comes to: ``price`` of all, a ``period``, or ``tax`` on the sum.

    ``first`` and ``last`` are the days that it is for, None where the contract does not say.
    """

    kind: Literal["price", "period", "tax"]
    price: Money
    first: dt.date | None = None
    last: dt.date | None = None


def contract_parts(contract: Contract, as_of: dt.date) -> tuple[ContractPart, ...]:
    """Return what a contract comes to up to its end, in parts; none where that is open."""
    end = last_day_of(contract, as_of)
    total = fixed(contract.value)
    if total is not None:
        parts = [ContractPart("price", total, contract.start, end)]
    elif end is None:
        return ()
    else:
        found = _periods(contract, add_days(end, 1), end)
        parts = [ContractPart("period", row.price, row.first, row.last) for row in found]
    if contract.tax and parts:
        currency = parts[0].price.currency
        net = sum((part.price.amount for part in parts), Decimal(0))
        tax = Money(round_money(contract.tax.of(net), currency), currency)
        parts.append(ContractPart("tax", tax, contract.start, end))
    return tuple(parts)
