"""How wrong forecasts were: error, bias, and how often the range held."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ledgercli.model.record import dataclass
from ledgercli.receivables.metrics.rounding import divide


@dataclass(frozen=True, slots=True)
class Told:
    """A forecast with its range, and what came; ``variance`` is that of the forecast alone."""

    expected: Decimal
    low: Decimal
    high: Decimal
    actual: Decimal
    variance: Decimal = Decimal(0)

    @property
    def held(self) -> bool:
        """Return whether what came was within the range."""
        return self.low <= self.actual <= self.high


def weighted_error(told: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Return the weighted absolute percentage error of (forecast, actual), in percent.

    Σ |forecast − actual| ÷ Σ |actual| × 100 (Kolassa and Schütz, Advantages of the MAD/MEAN ratio
    over the MAPE, Foresight 6, 2007): the mean of single percentages has no meaning where what came
    is near zero. None where nothing came.
    """
    came = sum((abs(actual) for _, actual in told), Decimal(0))
    missed = sum((abs(expected - actual) for expected, actual in told), Decimal(0))
    return divide(missed * 100, came) if came else None


def bias(told: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Return (Σ forecast − Σ actual) ÷ Σ |actual| × 100: above zero where too much was expected."""
    came = sum((abs(actual) for _, actual in told), Decimal(0))
    missed = sum((expected - actual for expected, actual in told), Decimal(0))
    return divide(missed * 100, came) if came else None


def coverage(told: Sequence[Told]) -> Decimal | None:
    """Return how often what came was within the range, in percent; 80 is what it is made for."""
    if not told:
        return None
    return divide(Decimal(100 * sum(one.held for one in told)), Decimal(len(told)))
