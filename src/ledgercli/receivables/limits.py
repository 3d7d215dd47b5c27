"""Exposure against credit limits.

Exposure is the balance, plus open orders not yet invoiced, less deposits. A warning is given from
``warn_at`` of the limit on, a breach strictly above the limit; exposure of zero or less is always
in order. A list of limits covers each its own currency; a single limit covers the customer as a
whole, other currencies converted at the last price.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from ledgercli.model.currency import CONTEXT
from ledgercli.model.customer import UNKNOWN, Customer
from ledgercli.model.ledger import Prices
from ledgercli.model.record import dataclass
from ledgercli.model.settings import LimitSettings
from ledgercli.model.values import Money, Percent
from ledgercli.receivables.conversion import convert_sum
from ledgercli.receivables.summary import Standing

if TYPE_CHECKING:
    from ledgercli.model.customer_head import CustomerHead

LimitStatus = Literal["none", "ok", "warning", "breach", "unknown"]


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A customer's exposure in one currency beside the limit (None = no limit).

    ``balance``, ``exposure`` and ``available`` are None where a price is missing; then
    ``missing_price`` names the currency without one. ``used_percent`` is None without a limit, at
    limit 0, and at an unknown exposure; it is rounded half-up to two decimals.
    """

    customer: str
    currency: str
    limit: Decimal | None
    balance: Decimal | None
    orders: Decimal | None
    deposits: Decimal | None
    exposure: Decimal | None
    available: Decimal | None
    used_percent: Decimal | None
    status: LimitStatus
    missing_price: str = ""


@dataclass(slots=True)
class _Sums:
    """What counts towards the exposure of a customer or family, by currency."""

    balances: dict[str, Decimal]
    orders: dict[str, Decimal]
    deposits: dict[str, Decimal]

    def currencies(self) -> set[str]:
        """Return the currencies with a balance or an order."""
        return _with_amounts(self.balances, self.orders)


def _with_amounts(*mappings: Mapping[str, Decimal]) -> set[str]:
    return {currency for mapping in mappings for currency, amount in mapping.items() if amount}


def limits(
    position: Standing,
    settings: LimitSettings,
    prices: Prices,
    orders: Mapping[tuple[str, str], Decimal],
    *,
    families: bool = False,
) -> tuple[LimitRow, ...]:
    """Return a row for whoever has a limit, a balance or an order, by id and currency.

    ``orders`` are the open orders not yet invoiced by customer and currency. With ``families`` the
    sum of parent and children is compared with the limit of the topmost parent.
    """
    sums: dict[str, _Sums] = defaultdict(lambda: _Sums({}, {}, {}))
    tops = family_tops(position.customers.values()) if families else {}
    counted = orders if settings.count_orders else {}
    for name, amounts in (
        ("balances", position.balances),
        ("orders", counted),
        ("deposits", position.deposits),
    ):
        for (owner, currency), amount in amounts.items():
            mapping = getattr(sums[tops.get(owner, owner)], name)
            mapping[currency] = mapping.get(currency, Decimal(0)) + amount
    rows: list[LimitRow] = []
    for identifier in sorted(position.customers):
        customer = position.customers[identifier]
        if tops.get(identifier, identifier) != identifier:
            continue
        limit = customer.credit.limit
        amounts_now = limit.at(position.as_of) if limit else ()
        if not amounts_now and not sums[identifier].currencies():
            continue
        warn_at = customer.credit.warn_at or settings.warn_at
        rows.extend(
            _rows(identifier, sums[identifier], amounts_now, warn_at, prices, position.as_of)
        )
    return tuple(rows)


def family_tops(customers: Iterable[Customer | CustomerHead]) -> dict[str, str]:
    """Return the topmost parent of each customer, itself without one.

    Of parents in a circle the first by id is the top, so that nobody's balance is lost.
    """
    by_id = {customer.id: customer for customer in customers}
    tops = {}
    for identifier in by_id:
        seen = [identifier]
        while (parent := by_id[seen[-1]].parent) in by_id and parent not in seen:
            seen.append(parent)
        tops[identifier] = min(seen[seen.index(parent) :]) if parent in seen else seen[-1]
    return tops


def _rows(
    customer: str,
    sums: _Sums,
    amounts: tuple[Money, ...],
    warn_at: Percent,
    prices: Prices,
    as_of: date,
) -> list[LimitRow]:
    if len(amounts) == 1:
        return [_converted_row(customer, sums, amounts[0], warn_at, prices, as_of)]
    by_currency = {money.currency: money.amount for money in amounts}
    return [
        _row(
            customer,
            currency,
            by_currency.get(currency),
            (
                sums.balances.get(currency, Decimal(0)),
                sums.orders.get(currency, Decimal(0)),
                sums.deposits.get(currency, Decimal(0)),
            ),
            warn_at,
        )
        for currency in sorted({*by_currency, *sums.currencies()})
    ]


def _converted_row(
    customer: str, sums: _Sums, limit: Money, warn_at: Percent, prices: Prices, as_of: date
) -> LimitRow:
    """Return the row of a customer with a single limit: everything in the limit's currency."""
    totals = [
        convert_sum(
            (Money(amount, currency) for currency, amount in mapping.items()),
            limit.currency,
            prices,
            as_of,
        )
        for mapping in (sums.balances, sums.orders, sums.deposits)
    ]
    balance, orders, deposits = totals
    if balance is not None and orders is not None and deposits is not None:
        return _row(customer, limit.currency, limit.amount, (balance, orders, deposits), warn_at)
    missing = next(
        currency
        for currency in sorted(_with_amounts(sums.balances, sums.orders, sums.deposits))
        if prices.rate(currency, limit.currency, as_of) is None
    )
    return LimitRow(
        customer,
        limit.currency,
        limit.amount,
        balance,
        orders,
        deposits,
        None,
        None,
        None,
        "unknown",
        missing,
    )


def _row(
    customer: str,
    currency: str,
    limit: Decimal | None,
    amounts: tuple[Decimal, Decimal, Decimal],
    warn_at: Percent,
) -> LimitRow:
    balance, orders, deposits = amounts
    exposure = balance + orders - deposits
    used = None
    if limit:
        used = (exposure / limit * 100).quantize(Decimal("0.01"), context=CONTEXT)
    return LimitRow(
        customer,
        currency,
        limit,
        balance,
        orders,
        deposits,
        exposure,
        None if limit is None else limit - exposure,
        used,
        limit_status(exposure, limit, warn_at),
    )


def limit_status(exposure: Decimal, limit: Decimal | None, warn_at: Percent) -> LimitStatus:
    """Return how an exposure stands to a limit."""
    if limit is None:
        return "none"
    if exposure <= 0:
        return "ok"
    if exposure > limit:
        return "breach"
    return "warning" if exposure >= warn_at.of(limit) else "ok"


def with_extra(
    orders: Mapping[tuple[str, str], Decimal], customers: Iterable[str], extra: Money
) -> dict[tuple[str, str], Decimal]:
    """Return ``orders`` as if each of ``customers`` had ordered ``extra`` more."""
    result = dict(orders)
    for customer in customers:
        if customer != UNKNOWN:
            key = (customer, extra.currency)
            result[key] = result.get(key, Decimal(0)) + extra.amount
    return result
