"""Statistics that single values out of line do not move."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from statistics import median
from typing import Self

from ledgercli.model.record import dataclass
from ledgercli.receivables.metrics.rounding import divide

_ZERO = Decimal(0)
#: Φ⁻¹(0.75): the median absolute deviation of a normal distribution in standard deviations.
_MAD = Decimal("0.6745")
#: √(π/2): a standard deviation in mean absolute deviations of a normal distribution.
_MEAN = Decimal("1.253314")


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual: the median, and what one unit of the modified z-score is; 0 where all agree.

    M = 0.6745 × (value − median) ÷ MAD, where MAD is the median of |other − median|; one above 3.5
    is an outlier (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993). Where more than
    half of them are equal MAD is zero; then 1.253314 × their mean absolute deviation is the divisor
    instead.
    """

    median: Decimal
    unit: Decimal

    @classmethod
    def of(cls, values: Sequence[Decimal], least: Decimal = _ZERO) -> Self:
        """Return what is usual of ``values``, at least one; MAD is ``least`` or more."""
        middle = median(values)
        away = [abs(value - middle) for value in values]
        spread = max(median(away), least)
        mean = divide(sum(away, _ZERO), Decimal(len(away)))
        return cls(middle, divide(spread, _MAD) if spread else _MEAN * mean)

    def score(self, value: Decimal) -> Decimal:
        """Return the modified z-score of ``value``, 0 where all are equal."""
        return divide(value - self.median, self.unit) if self.unit else _ZERO


def binomial_tail(count: int, of: int, chance: float) -> float:
    """Return how probable ``count`` or more hits of ``of`` are, each with ``chance``.

    The exact test of a share, one-sided (Clopper and Pearson, Biometrika 26, 1934): the sum of the
    binomial distribution from ``count`` on.
    """
    if count <= 0:
        return 1.0
    if chance <= 0:
        return 0.0
    if chance >= 1:
        return 1.0
    whole = math.lgamma(of + 1)
    logs = (
        whole
        - math.lgamma(hits + 1)
        - math.lgamma(of - hits + 1)
        + hits * math.log(chance)
        + (of - hits) * math.log1p(-chance)
        for hits in range(count, of + 1)
    )
    return min(math.fsum(math.exp(one) for one in logs), 1.0)
