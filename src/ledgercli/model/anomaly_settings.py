"""What counts as out of the ordinary: ``anomalies:`` in the settings."""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal

from ledgercli.model.record import dataclass
from ledgercli.model.score_settings import Points
from ledgercli.model.values import Duration, Percent


@dataclass(frozen=True, slots=True)
class AnomalySettings:
    """From when on something is told by ``report anomalies``.

    ``score`` is the robust z-score, ``min_documents`` how many documents make something usual,
    ``duplicate_days`` how near to each other doubles are, ``silence`` how many usual gaps make a
    silence, ``chance`` how improbable a pattern is that is told.
    """

    score: Points = field(default_factory=lambda: Points(Decimal("3.5")))
    min_documents: int = 8
    duplicate_days: Duration = field(default_factory=lambda: Duration(7))
    silence: Points = field(default_factory=lambda: Points(Decimal(3)))
    chance: Percent = field(default_factory=lambda: Percent(Decimal("0.1")))
