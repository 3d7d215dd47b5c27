"""How metrics are rounded: days, percentages and indices half-up, once, at the end."""

from __future__ import annotations

from decimal import Decimal

from ledgercli.model.currency import CONTEXT


def divide(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Return the quotient with the digits of the house; the divisor is not zero."""
    return CONTEXT.divide(dividend, divisor)


def rounded(value: Decimal, decimals: int = 1) -> Decimal:
    """Return ``value`` rounded half-up to ``decimals`` places."""
    return value.quantize(Decimal(1).scaleb(-decimals), context=CONTEXT)
