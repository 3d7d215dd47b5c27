"""The range in which a sum of independent receipts will be, by their probabilities.

Each receipt comes in full or not at all. The few that matter most are combined exactly, all others
by the normal distribution that their sum comes close to (central limit theorem, in the form of
Lyapunov for terms of different size). No chance is drawn: the same figures give the same range.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

#: So many receipts are combined exactly: two to this power are the sums they can make.
_EXACT = 8
_ROUNDS = 40
_DIGITS = 10

Chance = tuple[Decimal, Decimal]
"""An amount and the probability, 0 to 1, that it comes."""


def bounds(chances: Sequence[Chance], low: float = 0.1, high: float = 0.9) -> Chance:
    """Return the amounts that the sum stays at or below with probability ``low`` and ``high``.

    Both lie between zero and the sum of all amounts. Shares of that sum are what is computed with,
    to ten digits.
    """
    total = sum((amount for amount, _ in chances), Decimal(0))
    if total <= 0:
        return Decimal(0), Decimal(0)
    parts = [(float(amount / total), float(chance)) for amount, chance in chances if chance]
    parts.sort(key=lambda part: (-_spread(part), part))
    sums = _sums(parts[:_EXACT])
    rest = parts[_EXACT:]
    mean = sum(share * chance for share, chance in rest)
    deviation = math.sqrt(sum(_spread(part) for part in rest))
    found = [
        _discrete(sums, mean, wanted)
        if deviation < 10.0**-_DIGITS
        else _mixed(sums, mean, deviation, wanted)
        for wanted in (low, high)
    ]
    shares = [Decimal(str(round(min(max(share, 0.0), 1.0), _DIGITS))) for share in found]
    return total * shares[0], total * shares[1]


def variance(chances: Sequence[Chance]) -> Decimal:
    """Return the variance of the sum: Σ amount² × chance × (1 − chance)."""
    return sum((amount * amount * chance * (1 - chance) for amount, chance in chances), Decimal(0))


def _spread(part: tuple[float, float]) -> float:
    """Return the variance of a receipt."""
    share, chance = part
    return share * share * chance * (1 - chance)


def _sums(parts: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return all sums that the receipts can make, ascending, with their probabilities."""
    sums = [(0.0, 1.0)]
    for share, chance in parts:
        missed = [(reached, weight * (1 - chance)) for reached, weight in sums]
        sums = missed + [(reached + share, weight * chance) for reached, weight in sums]
    return sorted(sums)


def _discrete(sums: Sequence[tuple[float, float]], mean: float, wanted: float) -> float:
    reached = 0.0
    for value, weight in sums:
        reached += weight
        if reached >= wanted - 1e-12:
            return value + mean
    return sums[-1][0] + mean


def _mixed(
    sums: Sequence[tuple[float, float]], mean: float, deviation: float, wanted: float
) -> float:
    low, high = 0.0, 1.0
    scale = deviation * math.sqrt(2)
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        below = sum(
            weight * math.erfc((value + mean - middle) / scale) / 2 for value, weight in sums
        )
        low, high = (middle, high) if below < wanted else (low, middle)
    return (low + high) / 2
