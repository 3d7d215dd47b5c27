"""What the activity log says of relations: cases opened and closed, and scores."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from ledgercli.model.event import Event
from ledgercli.model.record import dataclass

CASE_KINDS = ("complaint", "service")
_PROMOTER_MIN = 9
_DETRACTOR_MAX = 6


@dataclass(frozen=True, slots=True)
class Case:
    """A complaint or service request; ``closed`` is None while it is open.

    ``days`` are the calendar days from opening to closing, or to the as-of day.
    """

    event: Event
    closed: Event | None
    days: int


def cases(events: Sequence[Event], as_of: dt.date) -> tuple[Case, ...]:
    """Return the cases known at the end of ``as_of``, in the order of their opening.

    A case is closed by an entry of its kind that names it; the first one counts. A service entry
    that says nothing of its status tells what was done, and is closed on its day.
    """
    visible = sorted(
        (event for event in events if event.in_force(as_of)),
        key=lambda event: (event.date, event.order),
    )
    closings: dict[str, Event] = {}
    for event in visible:
        if event.kind in CASE_KINDS and event.details.get("closes"):
            closings.setdefault(str(event.details["closes"]), event)
    found = []
    for event in visible:
        if event.kind not in CASE_KINDS or event.details.get("closes"):
            continue
        told = event.kind == "service" and "status" not in event.details
        closed = event if told else closings.get(event.id)
        days = ((closed.date if closed else as_of) - event.date).days
        found.append(Case(event, closed, days))
    return tuple(found)


def mean_days(days: Sequence[int]) -> Decimal | None:
    """Return the mean, rounded half-up to one decimal; None of nothing."""
    if not days:
        return None
    return (Decimal(sum(days)) / len(days)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def score_of(event: Event) -> int | None:
    """Return the score from 0 to 10 of a feedback, None where it has none."""
    score = event.details.get("score")
    sound = isinstance(score, int) and not isinstance(score, bool) and 0 <= score <= 10
    return score if sound and event.kind == "feedback" else None


@dataclass(frozen=True, slots=True)
class NetPromoter:
    """How many answers were given by promoters (9–10), passives (7–8) and detractors (0–6).

    After F. F. Reichheld, "The One Number You Need to Grow", Harvard Business Review 12/2003.
    """

    promoters: int = 0
    passives: int = 0
    detractors: int = 0

    @classmethod
    def of(cls, scores: Iterable[int]) -> NetPromoter:
        """Return the counts of ``scores``; each answer counts once."""
        listed = list(scores)
        promoters = sum(1 for score in listed if score >= _PROMOTER_MIN)
        detractors = sum(1 for score in listed if score <= _DETRACTOR_MAX)
        return cls(promoters, len(listed) - promoters - detractors, detractors)

    @property
    def answers(self) -> int:
        """Return how many answers there are."""
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> Decimal | None:
        """Return the share of promoters less that of detractors in percent points, -100 to 100.

        Rounded half-up (away from zero) to a whole number; None without an answer.
        """
        if not self.answers:
            return None
        points = Decimal(100 * (self.promoters - self.detractors)) / self.answers
        return points.quantize(Decimal(1), ROUND_HALF_UP)
