"""Exponential smoothing with a damped trend and the season of months, after Holt and Winters.

The additive form with error correction: ETS(A,Ad,A), and without season ETS(A,Ad,N), in Hyndman,
Koehler, Ord, Snyder, Forecasting with Exponential Smoothing (2008), chapters 2, 3 and 6; also
Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, sections 8.2 to 8.7.
With the error e = y − (l + φb + s) of each month:

    l ← l + φb + αe        b ← φb + βe        s ← s + γe
    y(h) = l + (φ + … + φʰ)b + s        variance(h) = σ² (1 + Σ c²) over j = 1 … h − 1,
    c = α + β(φ + … + φʲ), and γ more where 12 divides j
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Decimal

from ledgercli.model.record import dataclass

#: Fewer months tell nothing of a trend.
MONTHS_MIN = 6
#: From so many months on there is a season: every month has come twice.
MONTHS_SEASON = 24
YEAR = 12
_ZERO, _ONE = Decimal(0), Decimal(1)
_ALPHAS = tuple(map(Decimal, ("0.05", "0.1", "0.2", "0.4")))
_BETAS = tuple(map(Decimal, ("0", "0.02", "0.1")))
_GAMMAS = tuple(map(Decimal, ("0", "0.05", "0.2")))
_PHIS = tuple(map(Decimal, ("0.9", "1")))


@dataclass(frozen=True, slots=True)
class Weights:
    """How much an error changes level, trend and season, and how much of a trend lasts a month."""

    alpha: Decimal
    beta: Decimal
    gamma: Decimal
    phi: Decimal


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is known after the last month: ``season`` is that of the next twelve, or empty.

    ``variance`` is that of a forecast of one month; ``errors`` are those of each month.
    """

    weights: Weights
    level: Decimal
    trend: Decimal
    season: tuple[Decimal, ...]
    variance: Decimal
    errors: tuple[Decimal, ...]

    def ahead(self, months: int) -> list[tuple[Decimal, Decimal]]:
        """Return expected value and standard deviation of each of the next ``months``."""
        weights, found = self.weights, []
        damped = power = _ZERO
        factor = _ONE
        for step in range(1, months + 1):
            power = weights.phi if step == 1 else power * weights.phi
            damped += power
            seasonal = self.season[(step - 1) % YEAR] if self.season else _ZERO
            expected = self.level + damped * self.trend + seasonal
            found.append((expected, (self.variance * factor).sqrt()))
            effect = weights.alpha + weights.beta * damped
            effect += weights.gamma if self.season and step % YEAR == 0 else _ZERO
            factor += effect * effect
        return found


def fitted(values: Sequence[Decimal]) -> Fitted | None:
    """Return what fits ``values``, one a month without gaps, best; None of too few of them.

    Weights are those of a grid with the least sum of squared errors, the smallest of equal ones.
    """
    if len(values) < MONTHS_MIN:
        return None
    seasonal = len(values) >= MONTHS_SEASON
    begin = _with_season(values) if seasonal else _line(values[:YEAR])
    gammas = _GAMMAS if seasonal else _GAMMAS[:1]
    grid = (
        Weights(*row)
        for row in itertools.product(_ALPHAS, _BETAS, gammas, _PHIS)
        if row[1] <= row[0] and row[2] <= 1 - row[0]
    )
    tried = (_smoothed(values, begin, weights) for weights in grid)
    return min(tried, key=lambda one: sum(error * error for error in one.errors))


_Begin = tuple[Decimal, Decimal, tuple[Decimal, ...]]


def _line(values: Sequence[Decimal]) -> _Begin:
    """Return level before the first month and trend of the line of least squares."""
    count = Decimal(len(values))
    middle, mean = (count + 1) / 2, sum(values, _ZERO) / count
    places = [Decimal(place) - middle for place in range(1, len(values) + 1)]
    slope = sum((place * value for place, value in zip(places, values, strict=True)), _ZERO)
    slope /= sum((place * place for place in places), _ZERO)
    return mean - middle * slope, slope, ()


def _with_season(values: Sequence[Decimal]) -> _Begin:
    """Return level, trend and season of the first two years.

    The trend is a twelfth of the difference of the years' means, the season of a month the mean
    difference from that line.
    """
    first, second = (sum(values[at : at + YEAR], _ZERO) / YEAR for at in (0, YEAR))
    trend = (second - first) / YEAR
    level = first - trend * (YEAR + 1) / 2
    above = [value - level - trend * place for place, value in enumerate(values[: 2 * YEAR], 1)]
    return level, trend, tuple((above[at] + above[at + YEAR]) / 2 for at in range(YEAR))


def _smoothed(values: Sequence[Decimal], begin: _Begin, weights: Weights) -> Fitted:
    level, trend, first = begin
    season = list(first)
    errors = []
    for place, value in enumerate(values):
        going = level + weights.phi * trend
        error = value - going - (season[place % YEAR] if season else _ZERO)
        level = going + weights.alpha * error
        trend = weights.phi * trend + weights.beta * error
        if season:
            season[place % YEAR] += weights.gamma * error
        errors.append(error)
    # What the beginning was made of is no longer free: a line, or a line and the season.
    free = max(len(values) - (YEAR + 1 if season else 2), 1)
    variance = sum((error * error for error in errors), _ZERO) / free
    turn = len(values) % YEAR
    return Fitted(
        weights, level, trend, tuple(season[turn:] + season[:turn]), variance, tuple(errors)
    )
