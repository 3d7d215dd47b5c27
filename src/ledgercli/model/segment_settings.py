"""Rules that give tiers and tags, and targets for segments: ``tiers:`` and ``targets:``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Literal, Self

from ledgercli.model.any_of import AnyOf
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import WrongValueError
from ledgercli.model.values import Duration, Money, Parsed, Percent, parse_number, text_of

Relation = Literal["at least", "at most", "over", "under"]
Measure = Literal["repurchase-rate", "buyers", "invoices", "revenue"]

_BOUND = re.compile(r"(at least|at most|over|under)\s+(.+)", re.IGNORECASE)
_YEAR = Duration(12, "months")


def _holds(relation: Relation, value: Decimal, bound: Decimal) -> bool:
    match relation:
        case "at least":
            return value >= bound
        case "at most":
            return value <= bound
        case "over":
            return value > bound
        case "under":
            return value < bound


def _split(raw: object, example: str) -> tuple[Relation, str]:
    found = _BOUND.fullmatch(" ".join(text_of(raw).split()))
    if not found:
        wrong = N_("`{text}` is not a bound such as `{example}`")
        raise WrongValueError(wrong, text=text_of(raw)[:40], example=example)
    relation: Relation = found[1].lower()  # type: ignore[assignment]
    return relation, found[2]


@dataclass(frozen=True, slots=True)
class NumberBound(Parsed):
    """A bound of a number, such as ``at most 10``."""

    relation: Relation
    value: Decimal

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the bound of ``at least 5``, ``at most 5``, ``over 5`` or ``under 5``."""
        relation, rest = _split(raw, "at most 10")
        return cls(relation, parse_number(rest))

    def holds(self, value: Decimal) -> bool:
        """Return whether ``value`` is within the bound."""
        return _holds(self.relation, value, self.value)


@dataclass(frozen=True, slots=True)
class MoneyBound(Parsed):
    """A bound of an amount, such as ``at least 50000 EUR``."""

    relation: Relation
    money: Money

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the bound of ``at least 50000 EUR`` and the like."""
        relation, rest = _split(raw, "at least 50000 EUR")
        money = Money.parse(rest)
        if not money.currency:
            wrong = N_("`{text}` is not an amount such as `100.00 EUR`")
            raise WrongValueError(wrong, text=rest[:40])
        return cls(relation, money)

    def holds(self, value: Decimal) -> bool:
        """Return whether ``value``, in the currency of the bound, is within it."""
        return _holds(self.relation, value, self.money.amount)


@dataclass(frozen=True, slots=True)
class TierRule:
    """A tier or a tag, and the facts that give it: all that is said must hold.

    ``revenue`` is invoiced less credit notes and ``invoices`` their number, both ``within`` the
    time before the day; ``days_late`` and ``score`` are those of ``customer score``. The first
    rule for a tier that fits counts; each rule for a tag gives or takes it.
    """

    tier: str = ""
    tag: str = ""
    revenue: MoneyBound | None = None
    invoices: NumberBound | None = None
    days_late: NumberBound | None = None
    score: NumberBound | None = None
    within: Duration = _YEAR


@dataclass(frozen=True, slots=True)
class Goal(Parsed):
    """What is to be reached: a change against the same time before, or a bound.

    ``change`` is in percent of the earlier figure, of shares too: +20 % takes 40 % to 48 %.
    """

    change: Percent | None = None
    relation: Relation = "at least"
    value: Decimal = Decimal(0)
    currency: str = ""
    is_share: bool = False

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the goal of ``+20%``, ``at least 40%``, ``at least 90000 EUR``, ``at most 3``."""
        text = text_of(raw)
        if text.startswith(("+", "-")):
            return cls(Percent.parse(text), "at most" if text[0] == "-" else "at least")
        relation, rest = _split(raw, "+20%")
        if rest.endswith("%"):
            return cls(None, relation, Percent.parse(rest).value, "", is_share=True)
        money = Money.parse(rest)
        return cls(None, relation, money.amount, money.currency)

    def wanted(self, before: Decimal | None) -> Decimal | None:
        """Return the figure to reach; None for a change against nothing."""
        if self.change is None:
            return self.value
        return None if not before else before * (100 + self.change.value) / 100

    def reached(self, value: Decimal | None, before: Decimal | None) -> bool | None:
        """Return whether ``value`` reaches it, None where that cannot be said."""
        wanted = self.wanted(before)
        if value is None or wanted is None:
            return None
        return _holds(self.relation, value, wanted)


@dataclass(frozen=True, slots=True)
class Target:
    """A goal for a segment. ``repurchase-rate`` is the share of buyers with two invoices or more.

    ``within`` is the time up to the day; a change is against the same time before. ``currency`` is
    that of revenue. What says which customers must all fit; nothing means all of them.
    """

    measure: Measure
    goal: Goal
    name: str = ""
    currency: str = ""
    within: Duration = _YEAR
    tag: AnyOf | None = None
    tier: AnyOf | None = None
    status: AnyOf | None = None
    owner: AnyOf | None = None
    segment: Mapping[str, AnyOf] = field(default_factory=dict)
