"""How customers are scored: ``score:`` in the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Self

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import WrongValueError
from ledgercli.model.values import Duration, Parsed, parse_number, text_of


@dataclass(frozen=True, slots=True, order=True)
class Points(Parsed):
    """A number of points from 0 to 100."""

    value: Decimal

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the points of ``70`` or ``12.5``; raise ``ValueError`` for others."""
        value = parse_number(text_of(raw))
        if not 0 <= value <= 100:
            raise WrongValueError(N_("`{text}` is not between 0 and 100"), text=str(raw)[:40])
        return cls(value)

    def __str__(self) -> str:
        """Return the number as a user writes it."""
        return f"{self.value:f}"


def _points(value: int) -> Points:
    """Return a default, which records of the settings share: it cannot change."""
    return Points(Decimal(value))


_5, _10, _15, _20, _35 = (_points(value) for value in (5, 10, 15, 20, 35))
_STRENGTH, _GRACE = _points(3), Duration(3)


@dataclass(frozen=True, slots=True)
class ScoreWeights:
    """How many of 100 points each input can take away; they are scaled to 100 together."""

    late_share: Points = _20
    days_late: Points = _35
    recent: Points = _15
    utilisation: Points = _10
    promises: Points = _10
    disputes: Points = _5
    length: Points = _5


def _classes() -> dict[str, Points]:
    return {"A": _points(85), "B": _points(70), "C": _points(55), "D": _points(40), "E": _points(0)}


@dataclass(frozen=True, slots=True)
class ScoreSettings:
    """How customers are scored, see ``docs/concepts/score.md``.

    ``strength`` is how many documents of a customer's own weigh as much as the mean of the books.
    ``grace`` are the days after the due date that still count as paid in time in the share paid
    late. ``classes`` are rating classes by the lowest score of each.
    """

    weights: ScoreWeights = field(default_factory=ScoreWeights)
    strength: Points = _STRENGTH
    grace: Duration = _GRACE
    classes: Mapping[str, Points] = field(default_factory=_classes)
