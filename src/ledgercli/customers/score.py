"""A score from 0 to 100 from the ledger and the activity log alone.

Method: 100 points less what each input takes away. An input is a demerit from 0 to 1, times its
weight. Shares and averages are shrunk towards the mean of the books, as the posterior mean of a
beta-binomial model does it (Gelman et al., Bayesian Data Analysis, 3rd ed., 2.4-2.5:
(sum + strength x mean) / (weight + strength)), so that few documents say little; and the mean of
the books likewise towards neutral figures. What a typical invoice is comes from the *other*
customers: what one customer does never changes the unit it is measured in.

The trend is the difference between the lateness of the recent past (half-life 90 days) and that of
the long run (365 days). The score takes points for the recent lateness itself, which comes to the
same as points for both the level and the trend, and no late payment can ever make it look better.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Literal

from ledgercli.customers.score_inputs import Observed, Sums, observe
from ledgercli.model.currency import CONTEXT
from ledgercli.model.customer import UNKNOWN
from ledgercli.model.event import Event
from ledgercli.model.record import dataclass
from ledgercli.model.score_settings import ScoreSettings, ScoreWeights
from ledgercli.receivables.limits import LimitRow
from ledgercli.receivables.position import Position

FactorKey = Literal[
    "late_share", "days_late", "recent", "utilisation", "promises", "disputes", "length"
]
FACTORS: tuple[FactorKey, ...] = (
    "late_share",
    "days_late",
    "recent",
    "utilisation",
    "promises",
    "disputes",
    "length",
)
#: What the mean of the books itself is drawn towards, where there are few documents.
NEUTRAL: Mapping[FactorKey, Decimal] = {
    "late_share": Decimal("0.25"),
    "days_late": Decimal("0.20"),
    "recent": Decimal("0.20"),
    "utilisation": Decimal(0),
    "promises": Decimal(0),
    "disputes": Decimal(0),
    "length": Decimal("0.50"),
}
#: One broken promise weighs as much as so many documents, and so does one dispute.
PROMISE_WEIGHT = Decimal(4)
DISPUTE_WEIGHT = Decimal(2)
#: Up to this share of the limit its use takes nothing off.
FREE_USE = Decimal("0.5")
#: Who has been a customer for so long has no points taken for being new.
YEARS_FULL = Decimal(3)
_YEAR = Decimal("365.25")
_ONE, _ZERO = Decimal(1), Decimal(0)
_FINE = Decimal("1e-20")


@dataclass(frozen=True, slots=True)
class Factor:
    """What an input takes away.

    ``own`` is the customer's own figure (a share from 0 to 1, days, a count, or years), None where
    there is none; ``mean`` and ``demerit`` are from 0 to 1, the demerit after shrinkage; ``lost``
    is in points.
    """

    key: FactorKey
    own: Decimal | None
    mean: Decimal
    demerit: Decimal
    weight: Decimal
    lost: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a customer: ``points`` rounded half-up from ``exact``, and its class.

    ``documents`` counts the invoices past their due date, ``own_share`` says how much the
    customer's own documents weigh against the mean (0 to 1). ``mean`` is the mean it was shrunk
    towards, in points. ``trend`` is the recent lateness less the long-run one, in days, None
    without documents. ``insolvent`` is the day of an insolvency: then the score is 0.
    """

    customer: str
    points: int
    exact: Decimal
    rating: str
    factors: tuple[Factor, ...]
    documents: int
    own_share: Decimal
    mean: Decimal
    trend: Decimal | None
    insolvent: dt.date | None = None

    @property
    def has_history(self) -> bool:
        """Return whether anything is known of how this customer pays."""
        return self.documents > 0

    def factor(self, key: FactorKey) -> Factor:
        """Return the factor with that key."""
        return next(factor for factor in self.factors if factor.key == key)


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores by customer id, and the mean of the books, in points."""

    by_customer: Mapping[str, Score]
    mean: Decimal


def scores(
    position: Position,
    events: Sequence[Event],
    limit_rows: Iterable[LimitRow],
    settings: ScoreSettings,
) -> Scores:
    """Return the scores of all customers at the end of ``position.as_of``.

    ``position`` is that of all customers. ``limit_rows`` are their exposures at the same day.
    """
    with localcontext(CONTEXT):
        observed = observe(position, events, settings.grace.rough_days)
        used = _used(limit_rows)
        marker = _Marker(observed, used, position.as_of, settings)
        found = {
            identifier: marker.score(identifier)
            for identifier in sorted({*position.customers, *observed})
            if identifier != UNKNOWN
        }
        return Scores(found, marker.points(marker.means(Observed())))


def rating_of(points: int, settings: ScoreSettings) -> str:
    """Return the class of a score: that with the highest bound not above it, else the lowest."""
    ordered = sorted(settings.classes.items(), key=lambda row: (-row[1].value, row[0]))
    reached = (name for name, bound in ordered if points >= bound.value)
    return next(reached, ordered[-1][0] if ordered else "")


def _used(rows: Iterable[LimitRow]) -> dict[str, Decimal]:
    """Return the share of the limit in use, the highest of several; without a limit nothing."""
    used: dict[str, Decimal] = {}
    for row in rows:
        if row.limit is None or row.exposure is None:
            continue
        share = row.exposure / row.limit if row.limit else Decimal(int(row.exposure > 0))
        used[row.customer] = max(used.get(row.customer, _ZERO), share)
    return used


class _Marker:
    """Gives scores; holds the sums of the books."""

    def __init__(
        self,
        observed: Mapping[str, Observed],
        used: Mapping[str, Decimal],
        as_of: dt.date,
        settings: ScoreSettings,
    ) -> None:
        self.observed = {key: row for key, row in observed.items() if key != UNKNOWN}
        self.used, self.as_of, self.settings = used, as_of, settings
        self.amounts: dict[str, Sums] = {}
        self.recency = self.broken = self.disputed = self.newness = _ZERO
        self.seen = 0
        for row in self.observed.values():
            for currency, sums in row.by_amount.items():
                self.amounts.setdefault(currency, Sums()).add(sums)
            self.recency += row.recency
            self.broken += row.broken
            self.disputed += row.disputed
            if row.first:
                self.newness += self._newness(row)
                self.seen += 1
        weights = settings.weights
        if not sum(getattr(weights, key).value for key in FACTORS):
            weights = ScoreWeights()
        total = sum((getattr(weights, field.name).value for field in fields(weights)), _ZERO)
        self.weights: dict[FactorKey, Decimal] = {
            key: getattr(weights, key).value * 100 / total for key in FACTORS
        }

    def _newness(self, row: Observed) -> Decimal:
        return max(_ZERO, _ONE - self._years(row) / YEARS_FULL)

    def _years(self, row: Observed) -> Decimal:
        return Decimal((self.as_of - row.first).days) / _YEAR if row.first else _ZERO

    def _scaled(self, by_amount: Mapping[str, Sums], own: Observed) -> Sums:
        """Return sums over all currencies, for who has ``own``: a typical document weighs 1.

        Typical is the mean amount of the other customers' documents in that currency; where no
        other customer has any, each document weighs 1.
        """
        scaled = Sums()
        for currency, sums in by_amount.items():
            whole, mine = self.amounts.get(currency, Sums()), own.by_amount.get(currency, Sums())
            count = whole.documents - mine.documents
            if count:
                typical = (whole.amount - mine.amount) / count
                _add_scaled(scaled, sums, typical)
            else:
                for document in own.documents[currency]:
                    _add_scaled(scaled, document, document.amount)
        return scaled

    def means(self, own: Observed) -> dict[FactorKey, Decimal]:
        """Return the mean demerits of the books, as the one who has ``own`` is measured.

        The neutral figures count like ``strength`` documents, so that a book of few says little.
        Only the mean of the years leaves out ``own``: a first document would raise it.
        """
        strength = self.settings.strength.value
        sums = self._scaled(self.amounts, own)

        def mean(total: Decimal, weight: Decimal, key: FactorKey) -> Decimal:
            known = weight + strength
            return min((total + strength * NEUTRAL[key]) / known, _ONE) if known else NEUTRAL[key]

        seen = self.seen - int(own.first is not None)
        newness = self.newness - (self._newness(own) if own.first else _ZERO)
        return {
            "late_share": mean(sums.late, sums.late_weight, "late_share"),
            "days_late": mean(sums.days, sums.days_weight, "days_late"),
            "recent": mean(sums.recent, sums.recent_weight, "recent"),
            "utilisation": NEUTRAL["utilisation"],
            "promises": mean(PROMISE_WEIGHT * self.broken, self.recency, "promises"),
            "disputes": mean(DISPUTE_WEIGHT * self.disputed, self.recency, "disputes"),
            "length": newness / seen if seen else NEUTRAL["length"],
        }

    def points(self, demerits: Mapping[FactorKey, Decimal]) -> Decimal:
        """Return the score that demerits come to, without the last digits of the arithmetic."""
        lost = sum((self.weights[key] * demerits[key] for key in FACTORS), _ZERO)
        return (100 - lost).quantize(_FINE)

    def score(self, identifier: str) -> Score:
        """Return the score of one customer."""
        own = self.observed.get(identifier, Observed())
        means, sums = self.means(own), self._scaled(own.by_amount, own)
        strength = self.settings.strength.value
        own_figures = self._own_figures(identifier, own, sums)

        def shrunk(total: Decimal, weight: Decimal, key: FactorKey) -> Decimal:
            known = weight + strength
            return min((total + strength * means[key]) / known, _ONE) if known else means[key]

        share = self.used.get(identifier, _ZERO)
        demerits: dict[FactorKey, Decimal] = {
            "late_share": shrunk(sums.late, sums.late_weight, "late_share"),
            "days_late": shrunk(sums.days, sums.days_weight, "days_late"),
            "recent": shrunk(sums.recent, sums.recent_weight, "recent"),
            "utilisation": min(max(share - FREE_USE, _ZERO) / (1 - FREE_USE), _ONE),
            "promises": shrunk(PROMISE_WEIGHT * own.broken, own.recency, "promises"),
            "disputes": shrunk(DISPUTE_WEIGHT * own.disputed, own.recency, "disputes"),
            # Being new is lack of data, no fault: it never costs more than the mean.
            "length": min(self._newness(own), means["length"]) if own.first else means["length"],
        }
        exact = _ZERO if own.insolvent else self.points(demerits)
        points = int(exact.to_integral_value(ROUND_HALF_UP))
        days, recent = own_figures["days_late"], own_figures["recent"]
        known = sums.days_weight + strength
        return Score(
            customer=identifier,
            points=points,
            exact=exact,
            rating=rating_of(points, self.settings),
            factors=tuple(
                Factor(
                    key,
                    own_figures[key],
                    means[key],
                    demerits[key],
                    self.weights[key],
                    self.weights[key] * demerits[key],
                )
                for key in FACTORS
            ),
            documents=own.past_due,
            own_share=sums.days_weight / known if known else _ZERO,
            mean=self.points(means),
            trend=None if days is None or recent is None else recent - days,
            insolvent=own.insolvent,
        )

    def _own_figures(
        self, identifier: str, own: Observed, sums: Sums
    ) -> dict[FactorKey, Decimal | None]:
        """Return what the customer's own documents come to, before any shrinkage."""
        has = bool(sums.documents)
        return {
            "late_share": sums.late / sums.late_weight if has else None,
            "days_late": sums.plain_days / sums.days_weight if has else None,
            "recent": sums.plain_recent / sums.recent_weight if has else None,
            "utilisation": self.used.get(identifier),
            "promises": Decimal(own.promises_broken),
            "disputes": Decimal(own.disputes),
            "length": self._years(own) if own.first else None,
        }


def _add_scaled(target: Sums, sums: Sums, unit: Decimal) -> None:
    """Add ``sums``, its amounts in units; documents stay counts."""
    for name in Sums.__slots__:
        value = getattr(sums, name)
        setattr(
            target, name, getattr(target, name) + (value if name == "documents" else value / unit)
        )
