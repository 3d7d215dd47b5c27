"""Tiers and tags from facts: which rule fits, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from ledgercli.customers.sales import Sales, first_day, sales
from ledgercli.customers.score import Score
from ledgercli.model.currency import CONTEXT
from ledgercli.model.customer import UNKNOWN, Customer, fold
from ledgercli.model.ledger import Prices
from ledgercli.model.record import dataclass
from ledgercli.model.segment_settings import Relation, TierRule
from ledgercli.model.values import Duration
from ledgercli.receivables.position import Position

FactKey = Literal["revenue", "invoices", "days_late", "score"]


@dataclass(frozen=True, slots=True)
class Ground:
    """A fact beside its bound. ``value`` None is unknown; ``currency`` is empty for numbers."""

    fact: FactKey
    value: Decimal | None
    relation: Relation
    bound: Decimal
    currency: str = ""
    holds: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say about one value of a customer's record.

    ``kind`` is ``tier``, ``tag`` or ``untag``; ``now`` what the record says (for tags empty),
    ``value`` what it should. ``rule`` counts from 1, ``grounds`` are its bounds: all hold, but for
    ``untag``, where those stand that do not.
    """

    customer: str
    kind: Literal["tier", "tag", "untag"]
    now: str
    value: str
    rule: int
    grounds: tuple[Ground, ...]

    @property
    def changes(self) -> bool:
        """Return whether the record says something else."""
        return self.kind != "tier" or self.now != self.value


def verdicts(
    position: Position,
    prices: Prices,
    scores: Mapping[str, Score],
    rules: Sequence[TierRule],
    customers: Iterable[Customer],
) -> tuple[Verdict, ...]:
    """Return what the rules say about the active ones of ``customers``, by id.

    Nothing is said of a customer that no rule for a tier fits, and of tags that stand already.
    """
    as_of = position.as_of
    periods: dict[Duration, dict[str, Sales]] = {}
    for rule in rules:
        if rule.within not in periods:
            periods[rule.within] = sales(position, first_day(as_of, rule.within), as_of)
    found: list[Verdict] = []
    for customer in sorted(customers, key=lambda one: one.id):
        if customer.status != "active" or customer.id == UNKNOWN:
            continue
        score = scores.get(customer.id)

        def grounds_of(
            rule: TierRule, customer: Customer = customer, score: Score | None = score
        ) -> tuple[Ground, ...]:
            bought = periods[rule.within].get(customer.id, Sales())
            return tuple(_grounds(rule, bought, score, prices, as_of))

        found.extend(_of_customer(customer, rules, grounds_of))
    return tuple(found)


def _of_customer(
    customer: Customer,
    rules: Sequence[TierRule],
    grounds_of: Callable[[TierRule], tuple[Ground, ...]],
) -> Iterable[Verdict]:
    own = {fold(tag) for tag in customer.tags}
    decided = False
    given = {
        fold(rule.tag) for rule in rules if rule.tag and all(row.holds for row in grounds_of(rule))
    }
    told: set[str] = set()
    for number, rule in enumerate(rules, start=1):
        grounds = grounds_of(rule)
        fits = all(row.holds for row in grounds)
        if rule.tier and fits and not decided:
            decided = True
            yield Verdict(customer.id, "tier", customer.tier, rule.tier, number, grounds)
        tag = fold(rule.tag)
        if not tag or tag in told:
            continue
        if fits and tag not in own:
            told.add(tag)
            yield Verdict(customer.id, "tag", "", rule.tag, number, grounds)
        elif tag in own and tag not in given:
            told.add(tag)
            failing = tuple(row for row in grounds if not row.holds)
            yield Verdict(customer.id, "untag", "", rule.tag, number, failing)


def _grounds(
    rule: TierRule, bought: Sales, score: Score | None, prices: Prices, as_of: dt.date
) -> Iterable[Ground]:
    if rule.revenue:
        money = rule.revenue.money
        revenue = bought.in_currency(money.currency, prices, as_of)
        holds = revenue is not None and rule.revenue.holds(revenue)
        yield Ground("revenue", revenue, rule.revenue.relation, money.amount, money.currency, holds)
    late = score.factor("days_late").own if score and score.has_history else None
    if late is not None:
        # As it is shown, so that nobody reads that 20.0 is over 20.
        late = late.quantize(Decimal("0.1"), context=CONTEXT)
    numbers: tuple[tuple[FactKey, Decimal | None], ...] = (
        ("invoices", Decimal(bought.invoices)),
        ("days_late", late),
        ("score", Decimal(score.points) if score else None),
    )
    for fact, value in numbers:
        bound = getattr(rule, fact)
        if bound:
            holds = value is not None and bound.holds(value)
            yield Ground(fact, value, bound.relation, bound.value, "", holds)
