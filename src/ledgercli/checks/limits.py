"""Credit limits that cannot be compared."""

from __future__ import annotations

from collections.abc import Iterator

from ledgercli.model.catalogue import receivables as codes
from ledgercli.model.finding import Finding, Place
from ledgercli.model.ledger import Prices
from ledgercli.model.settings import LimitSettings
from ledgercli.receivables.limits import limits
from ledgercli.receivables.position import Position


def limits_without_price(
    position: Position, settings: LimitSettings, prices: Prices
) -> Iterator[Finding]:
    """Yield `no-price` at the record of each customer whose exposure no price converts.

    Where a family's cannot be, though each one's can, the record is that of the topmost parent.
    """
    if not any(customer.credit.limit for customer in position.customers.values()):
        return  # thousands of customers without any limit are not added up
    single = limits(position, settings, prices, {})
    families = limits(position, settings, prices, {}, families=True)
    told: set[tuple[str, str]] = set()
    for row in (*single, *families):
        if row.status != "unknown" or (row.customer, row.missing_price) in told:
            continue
        told.add((row.customer, row.missing_price))
        values = {
            "currency": row.missing_price,
            "limit_currency": row.currency,
            "customer": row.customer,
        }
        record = position.customers[row.customer]
        yield Finding(codes.NO_PRICE, values, Place(record.file, record.line), row.customer)
