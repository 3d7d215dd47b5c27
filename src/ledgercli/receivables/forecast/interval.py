"""The range in which a sum of independent receipts will be, by their probabilities.

Each receipt comes in full or not at all. The few that matter most are combined exactly, all others
by the normal distribution that their sum comes close to (central limit theorem, in the form of
Lyapunov for terms of different size). No chance is drawn: the same figures give the same range.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from operator import mul

from ledgercli.model.record import dataclass

#: So many receipts are combined exactly: two to this power are the sums they can make.
_EXACT = 8
#: Of more than that, those with no larger part of the variance are left to the normal distribution.
_WEIGHTY = 0.01
_ROUNDS = 40
_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Range:
    """The amounts that a sum stays at or below with two probabilities, and its variance."""

    low: Decimal
    high: Decimal
    variance: Decimal


class Amounts:
    """Amounts of which each comes in full or not at all, independent of the others."""

    __slots__ = ("_shares", "_total")

    def __init__(self, amounts: Sequence[Decimal]) -> None:
        """Turn the amounts into shares of their sum, which is all that is computed with."""
        self._total = sum(amounts, Decimal(0))
        self._shares = [float(amount / self._total) for amount in amounts] if self._total else []

    def range(self, chances: Sequence[Decimal], low: float = 0.1, high: float = 0.9) -> Range:
        """Return the range of the sum of the amounts, which come with ``chances``.

        Its bounds lie between zero and the sum of all amounts; they have ten digits.
        """
        shares, likely = self._shares, list(map(float, chances))
        spreads = [
            share * share * chance * (1 - chance)
            for share, chance in zip(shares, likely, strict=True)
        ]
        variance = math.fsum(spreads)
        exact = [at for at, chance in enumerate(likely) if chance]
        if len(exact) > _EXACT:
            bound = variance * _WEIGHTY
            heavy = [
                (-spread, shares[at], likely[at], at)
                for at, spread in enumerate(spreads)
                if spread > bound
            ]
            exact = [at for *_, at in sorted(heavy)[:_EXACT]]
        sums = _sums([(shares[at], likely[at]) for at in exact])
        # What is left is spread like a normal distribution.
        for at in exact:
            likely[at] = spreads[at] = 0.0
        mean = math.fsum(map(mul, shares, likely))
        deviation = math.sqrt(math.fsum(spreads))
        found = [
            _discrete(sums, mean, wanted)
            if deviation < 10.0**-_DIGITS
            else _mixed(sums, mean, deviation, wanted)
            for wanted in (low, high)
        ]
        bottom, top = (self._total * _exact(min(max(share, 0.0), 1.0)) for share in found)
        return Range(bottom, top, self._total * self._total * _exact(max(variance, 0.0)))


def _exact(share: float) -> Decimal:
    return Decimal(str(round(share, _DIGITS)))


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
