"""Who may let an order through: the rules, a person within their cap, or nobody.

An order is approved by the rules while the customer stays within the credit limit, nothing is
overdue for too long, and what nobody has looked at stays below an amount. That amount is compared
with all that the customer has open without a person's approval, so that an order in two parts is
judged like one. An approval is worth what it was given for: more in the order, a later day than the
last one, or a higher exposure make it be judged anew.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Literal

from ledgercli.model.customer import fold
from ledgercli.model.order import Decision, Order
from ledgercli.model.order_rules import Approver, OrderSettings
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money

#: Why the rules do not approve an order. The wording for people is in the output room.
Reason = Literal[
    "over-limit", "unknown-exposure", "overdue", "above-automatic", "no-automatic-amount"
]
#: What an approval is worth now.
Standing = Literal["approved", "held", "rejected", "expired", "raised", "outgrown"]

_ADDRESS = re.compile(r"<([^<>]*)>\s*$")


@dataclass(frozen=True, slots=True)
class Risk:
    """What a customer would owe with the order in it, beside the limit.

    ``exposure`` is None where a price is missing, ``limit`` None where there is no limit; both in
    ``currency``. ``automatic`` is what the customer has open in the order's currency without a
    person's approval, the order itself included. ``days_overdue`` is that of the oldest open item.
    """

    currency: str
    limit: Decimal | None
    exposure: Decimal | None
    automatic: Decimal
    days_overdue: int

    @property
    def over(self) -> Decimal:
        """Return the amount above the limit, zero where there is none; the exposure is known."""
        if self.limit is None or self.exposure is None or self.exposure <= 0:
            return Decimal(0)
        return max(self.exposure - self.limit, Decimal(0))

    @property
    def exposure_money(self) -> Money | None:
        """Return the exposure, None where it is unknown."""
        return None if self.exposure is None else Money(self.exposure, self.currency)

    @property
    def limit_money(self) -> Money | None:
        """Return the limit, None where there is none."""
        return None if self.limit is None else Money(self.limit, self.currency)


def risk_reasons(risk: Risk, rules: OrderSettings) -> list[Reason]:
    """Return what speaks against an order whatever its amount; nothing: it is within the rules."""
    reasons: list[Reason] = []
    if risk.limit is not None and risk.exposure is None:
        reasons.append("unknown-exposure")
    elif risk.over > 0:
        reasons.append("over-limit")
    if risk.days_overdue > rules.max_days_overdue:
        reasons.append("overdue")
    return reasons


def held_reasons(risk: Risk, rules: OrderSettings, currency: str) -> list[Reason]:
    """Return why an order in ``currency`` is not approved by the rules; nothing: it is."""
    reasons = risk_reasons(risk, rules)
    if rules.auto_up_to is not None:
        bound = rules.auto_up_to.of(currency)
        if bound is None:
            reasons.append("no-automatic-amount")
        elif risk.automatic > bound:
            reasons.append("above-automatic")
    return reasons


def approver_of(rules: OrderSettings, identity: str) -> Approver | None:
    """Return the approver that a git identity ``Name <address>`` is, None where it is none.

    ``who`` is the address, the name, or both as git has them; upper and lower case are the same.
    """
    found = _ADDRESS.search(identity)
    names = {fold(identity), fold(_ADDRESS.sub("", identity)), fold(found[1]) if found else ""}
    return next((row for row in rules.approvers if fold(row.who) in names - {""}), None)


def may_approve(approver: Approver, risk: Risk) -> bool:
    """Return whether the exposure stays within the limit and this person's cap above it."""
    if risk.limit is None:
        return True
    if risk.exposure is None:
        return False
    return risk.over <= approver.above_limit.above(risk.limit, risk.currency)


def standing(
    order: Order, total: Decimal, risk: Risk, rules: OrderSettings, day: dt.date
) -> Standing:
    """Return what the last decision about an order is worth on ``day``.

    ``total`` is what the order comes to now, ``risk`` is with the order in it. ``raised``: the
    order is worth more than was approved; ``outgrown``: the exposure is, and whoever approved
    could not approve it now.
    """
    decision = order.decided(day)
    if decision is None or decision.decision == "held":
        return "held"
    if decision.decision == "rejected":
        return "rejected"
    if decision.expires is not None and day > decision.expires:
        return "expired"
    if total > decision.amount.amount or decision.amount.currency != order.currency:
        return "raised"
    return "approved" if _still_holds(decision, risk, rules) else "outgrown"


def _still_holds(decision: Decision, risk: Risk, rules: OrderSettings) -> bool:
    if decision.decision == "automatic":
        return not risk_reasons(risk, rules)
    if risk.limit is None:
        return True
    if risk.exposure is None:
        return False
    before, limit = decision.exposure, decision.limit
    if (
        before is not None
        and limit is not None
        and before.currency == limit.currency == risk.currency
        and risk.exposure <= before.amount
        and risk.limit >= limit.amount
    ):
        return True
    approver = approver_of(rules, decision.by)
    return risk.over == 0 or (approver is not None and may_approve(approver, risk))


def last_day(rules: OrderSettings, day: dt.date) -> dt.date | None:
    """Return the last day of an approval given on ``day``, None where it holds for ever."""
    return rules.expires.after(day) if rules.expires else None
