"""How late somebody pays, as a curve: which share is paid, and which still waits, after how long.

The estimator is that of Kaplan and Meier (Nonparametric Estimation from Incomplete Observations,
Journal of the American Statistical Association 53, 1958), with write-offs as a competing way to
end: open documents count for as long as they have waited, so that the slow ones are not left out
for not being paid yet. A customer's curve is shrunk towards that of the whole books by adding
pseudo-documents that behave as those do.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import field
from decimal import Decimal

from ledgercli.model.record import dataclass

_ZERO, _ONE = Decimal(0), Decimal(1)
#: Weights below it are what rounding left: shares of documents have 28 digits.
_NOTHING = Decimal("1e-18")
#: More days than any calendar has.
_FAR = 10_000_000
_NO_GRID = (0, [(_ZERO, _ZERO)])

Weights = dict[int, Decimal]
"""Weights by days late, negative where early."""


@dataclass(slots=True)
class Observations:
    """What is known of documents, each of weight 1: its parts by how and when they ended.

    ``paid`` and ``lost`` (written off) are by the days late on which that happened, ``waiting`` by
    the days late that are over: what is open has not been paid until then.
    """

    paid: Weights = field(default_factory=dict)
    lost: Weights = field(default_factory=dict)
    waiting: Weights = field(default_factory=dict)

    @property
    def weight(self) -> Decimal:
        """Return the weight of all parts."""
        parts = (self.paid, self.lost, self.waiting)
        return sum((sum(part.values(), _ZERO) for part in parts), _ZERO)


_Stretch = tuple[Decimal, Decimal, Decimal, Decimal, Decimal]
"""What holds from one day on which waiting ends unobserved to the next.

The share paid by its first day; the weights paid by then, of the documents seen and of one of the
prior; the share that a weight of 1 stands for; the share of which nothing further is known. A plain
tuple: hundreds of thousands are made.
"""


class Curve:
    """The shares of what is owed that are paid, and that wait, by days late.

    Both begin at 0 and 1 and never add up to more than 1; the rest has been lost. ``strength`` is
    how many pseudo-documents of ``prior`` are added. Without observations the curve is its prior,
    and without a prior nothing is known: all of it waits for ever.
    """

    __slots__ = (
        "_alive",
        "_cuts",
        "_days",
        "_grid",
        "_last",
        "_paid",
        "_strength",
        "_stretches",
        "_told",
    )

    def __init__(
        self, seen: Observations, prior: Curve | None = None, strength: Decimal = _ZERO
    ) -> None:
        """Put the observations in order, and sum them up."""
        self._told: tuple[int, list[tuple[Decimal, Decimal]]] | None = None
        self._strength = strength if prior else _ZERO
        self._grid = prior.grid() if prior else _NO_GRID
        self._days = sorted({*seen.paid, *seen.lost, *seen.waiting})
        whole = seen.weight
        self._alive, self._paid = [whole], [_ZERO]
        whole += self._strength
        first = _ONE / whole if whole else _ZERO
        self._stretches = [(_ZERO, _ZERO, _ZERO, first, _ZERO if whole else _ONE)]
        self._cuts: list[int] = []
        self._walk(seen)
        last = max((day for day, weight in seen.paid.items() if weight), default=-_FAR)
        self._last = max(last, prior.last_paid) if prior else last

    def _walk(self, seen: Observations) -> None:
        """Sum up what was paid and what waits by each day; note where waiting ends unobserved."""
        paid_on, lost_on, waiting_on = seen.paid.get, seen.lost.get, seen.waiting.get
        paid, alive = _ZERO, self._alive[0]
        for day in self._days:
            came, lost, gone = paid_on(day), lost_on(day), waiting_on(day)
            if came is not None:
                paid += came
                alive -= came
            if lost is not None:
                alive -= lost
            if gone is not None:
                alive -= gone
            self._alive.append(alive)
            self._paid.append(paid)
            if gone:
                self._cut(day, paid, alive, gone)

    def _cut(self, day: int, paid: Decimal, alive: Decimal, gone: Decimal) -> None:
        """Begin a stretch: what has waited until ``day`` goes on like what waited longer."""
        reached, own, prior, scale, stuck = self._stretches[-1]
        prior_paid, prior_waiting = self._of_prior(day)
        after = alive + self._strength * prior_waiting
        reached += scale * (paid - own + self._strength * (prior_paid - prior))
        if after > _NOTHING:
            scale = scale * (after + gone) / after
        else:
            scale, stuck = _ZERO, stuck + scale * (after + gone)
        self._cuts.append(day)
        self._stretches.append((reached, paid, prior_paid, scale, stuck))

    @property
    def last_paid(self) -> int:
        """Return the most days late that anything has been paid."""
        return self._last

    def grid(self) -> tuple[int, list[tuple[Decimal, Decimal]]]:
        """Return a day, and what :meth:`at` tells of it and each day after, until nothing changes.

        Before that day it tells the same as of that day.
        """
        if self._told is None:
            first, last = (self._days[0] - 1, self._days[-1]) if self._days else (0, 0)
            self._told = first, [self.at(day) for day in range(first, last + 1)]
        return self._told

    def _of_prior(self, day: int) -> tuple[Decimal, Decimal]:
        first, told = self._grid
        place = day - first
        return told[place] if 0 <= place < len(told) else told[0 if place < 0 else -1]

    def at(self, day: int) -> tuple[Decimal, Decimal]:
        """Return the share that is paid by the end of ``day`` days late, and that which waits."""
        place = bisect_right(self._days, day)
        reached, own, prior, scale, stuck = self._stretches[bisect_right(self._cuts, day)]
        gained, waiting = self._paid[place] - own, self._alive[place]
        if self._strength:
            prior_paid, prior_waiting = self._of_prior(day)
            gained += self._strength * (prior_paid - prior)
            waiting += self._strength * prior_waiting
        return reached + scale * gained, stuck + scale * waiting

    def ahead(self, waited: int, steps: Sequence[int]) -> list[Decimal]:
        """Return the shares that are paid by each of ``steps`` of what waited ``waited`` days late.

        Steps are days from then, ascending; the shares ascend from 0 to at most 1. Nothing is
        returned where nobody has ever paid as late.
        """
        if waited >= self._last:
            return []
        paid, waiting = self.at(waited)
        if waiting <= _NOTHING:
            return []
        # As in `at`, written out: tens of thousands of documents are asked for.
        days, cuts, stretches, seen = self._days, self._cuts, self._stretches, self._paid
        first, told = self._grid
        strength, last, over, shares = self._strength, len(told) - 1, _ONE / waiting, []
        for step in steps:
            day = waited + step
            reached, own, prior, scale, _ = stretches[bisect_right(cuts, day)]
            gained = seen[bisect_right(days, day)] - own
            if strength:
                place = day - first
                place = last if place > last else max(place, 0)
                gained += strength * (told[place][0] - prior)
            shares.append((reached + scale * gained - paid) * over)
        if shares[0] < _ZERO or shares[-1] > _ONE:
            # What rounding left in the last of 28 digits.
            shares = [min(max(share, _ZERO), _ONE) for share in shares]
        return shares
