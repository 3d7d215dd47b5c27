"""Targets of segments beside what was reached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

from ledgercli.customers.sales import Sales, first_day, sales, usual_currency
from ledgercli.model.any_of import AnyOf
from ledgercli.model.currency import CONTEXT
from ledgercli.model.customer import UNKNOWN, Customer
from ledgercli.model.ledger import Prices
from ledgercli.model.record import dataclass
from ledgercli.model.segment_settings import Target
from ledgercli.receivables.position import Position


@dataclass(frozen=True, slots=True)
class TargetResult:
    """A target with its figures: shares in percent, revenue in ``currency``, else counts.

    ``wanted`` is the figure to reach, None for a change against nothing; ``reached`` None where it
    cannot be said. ``start`` is the first day of the time, ``before`` the figure of that before.
    """

    target: Target
    customers: int
    start: dt.date
    actual: Decimal | None
    before: Decimal | None
    wanted: Decimal | None
    reached: bool | None
    currency: str = ""


def results(
    position: Position, prices: Prices, targets: Iterable[Target]
) -> tuple[TargetResult, ...]:
    """Return what was reached of each target at the end of ``position.as_of``."""
    return tuple(_result(position, prices, target) for target in targets)


def times(
    target: Target, as_of: dt.date
) -> tuple[tuple[dt.date, dt.date], tuple[dt.date, dt.date]]:
    """Return first and last day of the time of a target that ends with ``as_of``, and before it."""
    start = first_day(as_of, target.within)
    day_before = start - dt.timedelta(days=1)
    return (start, as_of), (first_day(day_before, target.within), day_before)


def members(customers: Mapping[str, Customer], target: Target) -> frozenset[str]:
    """Return the ids of the customers that a target is about."""
    return frozenset(
        identifier
        for identifier, customer in customers.items()
        if identifier != UNKNOWN
        and _fits(target.tag, *customer.tags)
        and _fits(target.tier, customer.tier)
        and _fits(target.status, customer.status)
        and _fits(target.owner, customer.owner)
        and all(
            _fits(words, customer.segments.get(key, "")) for key, words in target.segment.items()
        )
    )


def _fits(words: AnyOf | None, *texts: str) -> bool:
    return words is None or words.fits(*texts)


def _result(position: Position, prices: Prices, target: Target) -> TargetResult:
    as_of = position.as_of
    (start, _), time_before = times(target, as_of)
    chosen = members(position.customers, target)
    now = _of(sales(position, start, as_of), chosen)
    earlier = _of(sales(position, *time_before), chosen)
    currency = ""
    if target.measure == "revenue":
        currency = target.currency or target.goal.currency or usual_currency({**earlier, **now})
    actual = _measured(target, now, currency, prices, as_of)
    # Both times at the rates of today: the change is one of sales, not of rates.
    before = _measured(target, earlier, currency, prices, as_of)
    wanted = target.goal.wanted(before)
    reached = target.goal.reached(actual, before)
    return TargetResult(target, len(chosen), start, actual, before, wanted, reached, currency)


def _of(found: Mapping[str, Sales], chosen: frozenset[str]) -> dict[str, Sales]:
    return {key: bought for key, bought in found.items() if key in chosen}


def _measured(
    target: Target, found: Mapping[str, Sales], currency: str, prices: Prices, as_of: dt.date
) -> Decimal | None:
    buyers = [bought for bought in found.values() if bought.invoices]
    match target.measure:
        case "buyers":
            return Decimal(len(buyers))
        case "invoices":
            return Decimal(sum(bought.invoices for bought in buyers))
        case "repurchase-rate":
            if not buyers:
                return None
            again = sum(bought.invoices > 1 for bought in buyers)
            return (Decimal(100 * again) / len(buyers)).quantize(Decimal("0.01"), context=CONTEXT)
        case "revenue":
            total = Decimal(0)
            for bought in found.values():
                amount = bought.in_currency(currency, prices, as_of)
                if amount is None:
                    return None
                total += amount
            return total
