"""How wrong forecasts were, and the columns that all forecasts have."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Column
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.receivables.forecast.measures import Told, bias, coverage, weighted_error
from ledgercli.receivables.metrics.rounding import rounded

EXPECTED = Column("expected", N_("expected"), "money")
LOW = Column("low", N_("low"), "money")
HIGH = Column("high", N_("high"), "money")
ACTUAL = Column("actual", N_("actual"), "money")
RANGE = N_("In one case of ten it is below the range, in one above.")


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How wrong forecasts of one currency were: percentages, None where they cannot be told."""

    currency: str
    count: int
    error: Decimal | None
    bias: Decimal | None
    coverage: Decimal | None

    @classmethod
    def of(cls, currency: str, told: Sequence[Told]) -> Accuracy:
        """Return the measures of ``told``."""
        pairs = [(one.expected, one.actual) for one in told]
        return cls(currency, len(told), weighted_error(pairs), bias(pairs), coverage(told))

    def cells(self) -> dict[str, Any]:
        """Return the cells of the measures, with one decimal."""
        figures = {"error": self.error, "bias": self.bias, "coverage": self.coverage}
        return {
            "currency": self.currency,
            "count": self.count,
            **{key: None if figure is None else rounded(figure) for key, figure in figures.items()},
        }


ACCURACY_COLUMNS = (
    Column("error", N_("error %"), "percent"),
    Column("bias", N_("bias"), "percent"),
    Column("coverage", N_("within range"), "percent"),
)


def money(amount: Decimal, currency: str) -> Money:
    """Return an amount as a cell."""
    return Money(amount, currency)


def share_of_error(told: Told) -> Decimal | None:
    """Return (forecast − actual) ÷ actual × 100 with one decimal; None where nothing came."""
    found = bias([(told.expected, told.actual)])
    return None if found is None else rounded(found)
