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
    """Yield `no-price` at the record of each customer whose exposure no price converts."""
    for row in limits(position, settings, prices, {}):
        if row.status != "unknown":
            continue
        values = {
            "currency": row.missing_price,
            "limit_currency": row.currency,
            "customer": row.customer,
        }
        record = position.customers[row.customer]
        yield Finding(codes.NO_PRICE, values, Place(record.file, record.line), row.customer)
