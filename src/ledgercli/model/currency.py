"""The usual number of decimals of a currency (ISO 4217, list one, amended to 2026)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

_ZERO = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
_THREE = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])

# House rule: 60 digits carry every sum of amounts exactly.
CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP)


def usual_decimals(currency: str) -> int:
    """Return the decimals in which ``currency`` is usually written: 2 unless ISO says else."""
    if currency in _ZERO:
        return 0
    if currency in _THREE:
        return 3
    return 4 if currency in {"CLF", "UYW"} else 2


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Return ``amount`` rounded half-up to the usual decimals of ``currency``."""
    return amount.quantize(_smallest_unit(currency), context=CONTEXT)


@cache
def _smallest_unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-usual_decimals(currency))


@cache
def half_unit(currency: str) -> Decimal:
    """Return half the smallest unit of ``currency``: what is open below it counts as settled."""
    return Decimal(5).scaleb(-usual_decimals(currency) - 1)


def displayed(amount: Decimal, currency: str) -> Decimal:
    """Return ``amount`` with at least the usual decimals of ``currency``.

    Digits beyond the usual decimals are kept where they are not zero, so no figure is rounded
    for display.
    """
    unit = _smallest_unit(currency)
    if amount.same_quantum(unit):
        return amount
    rounded = amount.quantize(unit, context=CONTEXT)
    return rounded if rounded == amount else amount.normalize(CONTEXT)


def plain(amount: Decimal, currency: str) -> str:
    """Return ``amount`` in plain notation with the decimals of :func:`displayed`.

    Zero has no sign.
    """
    text = f"{displayed(amount, currency):f}"
    return text.removeprefix("-") if not amount else text
