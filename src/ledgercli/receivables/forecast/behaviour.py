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
from itertools import accumulate
from typing import NamedTuple

from ledgercli.model.record import dataclass

_ZERO, _ONE = Decimal(0), Decimal(1)
#: Weights below it are what rounding left: shares of documents have 28 digits.
_NOTHING = Decimal("1e-18")
#: More days than any calendar has.
_FAR = 10_000_000

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


class _Stretch(NamedTuple):
    """What holds from one day on which waiting ends unobserved to the next.

    ``reached`` is the share paid by its first day, ``base`` the weight paid by then, of the
    documents seen and of the prior. ``scale`` is the share that a weight of 1 stands for, ``stuck``
    the share of which nothing further is known. ``gone`` is the weight of what has ended unobserved
    until then, ``waiting`` the share that waits at the end of the first day.
    """

    reached: Decimal
    base: Decimal
    scale: Decimal
    stuck: Decimal
    gone: Decimal
    waiting: Decimal


class Curve:
    """The shares of what is owed that are paid, and that wait, by days late.

    Both begin at 0 and 1 and never add up to more than 1; the rest has been lost. ``strength`` is
    how many pseudo-documents of ``prior`` are added. Without observations the curve is its prior,
    and without a prior nothing is known: all of it waits for ever.
    """

    __slots__ = (
        "_cuts",
        "_first",
        "_last",
        "_lost",
        "_paid",
        "_prior",
        "_stretches",
        "_told",
        "_waiting",
        "_weights",
        "_whole",
    )

    def __init__(
        self, seen: Observations, prior: Curve | None = None, strength: Decimal = _ZERO
    ) -> None:
        """Put the observations in order, and sum them up."""
        self._told: tuple[int, list[tuple[Decimal, Decimal]]] | None = None
        self._weights: dict[Decimal, tuple[int, list[Decimal], list[Decimal]]] = {}
        self._first, self._prior, self._waiting = (
            prior.weighed(strength) if prior else (0, [_ZERO], [_ZERO])
        )
        self._paid, self._lost = _running(seen.paid), _running(seen.lost)
        self._whole = self._paid[1][-1] + self._lost[1][-1] + sum(seen.waiting.values(), _ZERO)
        whole = self._whole + strength if prior else self._whole
        first = _ONE / whole if whole else _ZERO
        stuck = _ZERO if whole else _ONE
        self._stretches = [_Stretch(_ZERO, _ZERO, first, stuck, _ZERO, _ONE)]
        self._cuts: list[int] = []
        for day in sorted(seen.waiting):
            if weight := seen.waiting[day]:
                self._cut(day, weight)
        days = self._paid[0]
        last = next((day for day in reversed(days) if seen.paid[day]), -_FAR)
        self._last = max(last, prior.last_paid) if prior else last

    def _cut(self, day: int, ends: Decimal) -> None:
        """Begin a stretch: what has waited until ``day`` goes on like what waited longer."""
        reached, base, scale, stuck, gone, _ = self._stretches[-1]
        paid, alive = self._until(day)
        reached += scale * (paid - base)
        gone += ends
        after = alive - gone
        if after > _NOTHING:
            scale = scale * (after + ends) / after
        else:
            scale, stuck = _ZERO, stuck + scale * (after + ends)
        self._cuts.append(day)
        self._stretches.append(_Stretch(reached, paid, scale, stuck, gone, stuck + scale * after))

    def _until(self, day: int) -> tuple[Decimal, Decimal]:
        """Return the weight that is paid by the end of ``day`` days late, and what is left then.

        Left is what was neither paid nor lost, with what has ended unobserved.
        """
        place = day - self._first
        place = min(max(place, 0), len(self._prior) - 1)
        days, sums = self._paid
        paid = sums[bisect_right(days, day)]
        left = self._whole - paid + self._waiting[place]
        if self._lost[0]:
            days, sums = self._lost
            left -= sums[bisect_right(days, day)]
        return paid + self._prior[place], left

    @property
    def last_paid(self) -> int:
        """Return the most days late that anything has been paid."""
        return self._last

    def grid(self) -> tuple[int, list[tuple[Decimal, Decimal]]]:
        """Return a day, and what :meth:`at` tells of it and each day after, until nothing changes.

        Before that day it tells the same as of that day.
        """
        if self._told is None:
            days = sorted({*self._paid[0], *self._lost[0], *self._cuts})
            first, last = (days[0] - 1, days[-1]) if days else (0, 0)
            self._told = first, [self.at(day) for day in range(first, last + 1)]
        return self._told

    def weighed(self, weight: Decimal) -> tuple[int, list[Decimal], list[Decimal]]:
        """Return the first day of :meth:`grid`, and shares paid and waiting times ``weight``."""
        if weight not in self._weights:
            first, told = self.grid()
            paid, waiting = ([weight * row[place] for row in told] for place in (0, 1))
            self._weights[weight] = first, paid, waiting
        return self._weights[weight]

    def at(self, day: int) -> tuple[Decimal, Decimal]:
        """Return the share that is paid by the end of ``day`` days late, and that which waits."""
        reached, base, scale, stuck, gone, _ = self._stretches[bisect_right(self._cuts, day)]
        paid, left = self._until(day)
        return reached + scale * (paid - base), stuck + scale * (left - gone)

    def ahead(self, waited: int, steps: Sequence[int]) -> list[Decimal]:
        """Return the shares that are paid by each of ``steps`` of what waited ``waited`` days late.

        Steps are days from then, ascending; the shares ascend from 0 to at most 1. Nothing is
        returned where nobody has ever paid as late.
        """
        if waited >= self._last:
            return []
        cuts, stretches = self._cuts, self._stretches
        place = bisect_right(cuts, waited)
        if place and cuts[place - 1] == waited:
            # It is one of the documents seen that wait: what holds then has been computed.
            paid, waiting = stretches[place].reached, stretches[place].waiting
        else:
            paid, waiting = self.at(waited)
        if waiting <= _NOTHING:
            return []
        # As in `at`, written out: tens of thousands of documents are asked for.
        (days, sums), prior, first = self._paid, self._prior, self._first
        last, over, shares = len(prior) - 1, _ONE / waiting, []
        for step in steps:
            day = waited + step
            reached, base, scale, _, _, _ = stretches[bisect_right(cuts, day)]
            at = day - first
            known = prior[last if at > last else max(0, at)]
            seen = sums[bisect_right(days, day)] + known
            shares.append((reached + scale * (seen - base) - paid) * over)
        if shares[0] < _ZERO or shares[-1] > _ONE:
            # What rounding left in the last of 28 digits.
            shares = [min(max(share, _ZERO), _ONE) for share in shares]
        return shares


def _running(weights: Weights) -> tuple[list[int], list[Decimal]]:
    """Return the days of ``weights``, ascending, and the sums before and by the end of each."""
    days = sorted(weights)
    return days, [_ZERO, *accumulate(map(weights.__getitem__, days))]
