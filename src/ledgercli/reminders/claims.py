"""Fees and interest that a letter claims, by the policy and the kind of debtor.

They are claims until the bookkeeper books them. No law is applied here: which fee and which rate
may be claimed from whom is what the policy says; the letters name the ground.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ledgercli.model.currency import round_money
from ledgercli.model.customer import Debtor
from ledgercli.model.settings import Fee, Interest, Policy, RateTable
from ledgercli.receivables.interest import Rate, interest
from ledgercli.reminders.history import History

if TYPE_CHECKING:
    from ledgercli.reminders.plan import LetterDocument


@dataclass(frozen=True, slots=True)
class Claim:
    """What fees and interest of one letter depend on."""

    policy: Policy
    debtor: Debtor
    currency: str
    as_of: date
    rates: Mapping[str, RateTable]
    history: History


def rate_of(rule: Interest, rates: Mapping[str, RateTable]) -> Rate | None:
    """Return the rate of a policy, None where it names a table that is not there."""
    if not rule.above:
        return Rate(rule.rate.value)
    table = rates.get(rule.above)
    return Rate(rule.rate.value, table) if table else None


def with_interest(document: LetterDocument, claim: Claim) -> LetterDocument:
    """Return the document with its interest, from the policy's ``from_level`` on.

    The level that counts is the document's own after this letter. None where a rate is unknown.
    """
    rule = claim.policy.interest
    if rule is None or not _bears_claims(document) or document.level < max(rule.from_level, 1):
        return document
    if rule.debtor and rule.debtor != claim.debtor:
        return document
    rate = rate_of(rule, claim.rates)
    if rate is None:
        return replace(document, interest=None)
    due = document.item.document.due
    amount = interest(document.open, claim.currency, due, claim.as_of, rate)
    return replace(document, interest=amount)


def with_fees(
    documents: tuple[LetterDocument, ...], fee: Fee | None, claim: Claim
) -> tuple[LetterDocument, ...]:
    """Return the documents with the fee of each that this letter brings to its own level."""
    if fee is None or fee.per != "document" or not _applies(fee, claim):
        return documents
    return tuple(
        replace(document, fee=_amount(fee, document.open, claim))
        if document.main
        and _bears_claims(document)
        and not (fee.once and _charged(document, claim))
        else document
        for document in documents
    )


def letter_fee(documents: tuple[LetterDocument, ...], fee: Fee | None, claim: Claim) -> Decimal:
    """Return the fee for the letter as a whole, zero where fees are per document or not due.

    ``once`` means: not if a fee was claimed before for any document of the letter. A percentage
    is of what the documents at the letter's level ask for. A letter about nothing but fees and
    interest bears no fee.
    """
    nothing = Decimal(0)
    if fee is None or fee.per != "letter" or not _applies(fee, claim):
        return nothing
    if fee.once and any(_charged(document, claim) for document in documents):
        return nothing
    bearing = [each for each in documents if each.main and _bears_claims(each)]
    if not bearing:
        return nothing
    base = sum((document.open for document in bearing), nothing)
    return _amount(fee, base, claim)


def _bears_claims(document: LetterDocument) -> bool:
    """Return whether fees and interest may be charged: never on fees or interest themselves."""
    return document.item.document.kind not in {"fee", "interest"}


def _applies(fee: Fee, claim: Claim) -> bool:
    return fee.debtor is None or fee.debtor == claim.debtor


def _amount(fee: Fee, base: Decimal, claim: Claim) -> Decimal:
    if fee.amount.percent is not None:
        return round_money(fee.amount.percent.of(base), claim.currency)
    return fee.amount.amounts.of(claim.currency) or Decimal(0)


def _charged(document: LetterDocument, claim: Claim) -> bool:
    """Return whether an earlier letter claimed a fee for the document.

    A letter whose fee was not recorded (sent before the tool came) is taken to have claimed what
    the policy says for its level, so that nothing is claimed twice.
    """
    record = document.item.document
    for sent in claim.history.letters((record.customer, record.currency, record.number)):
        if sent.fee is not None:
            if sent.fee > 0:
                return True
        elif 0 < sent.level <= len(claim.policy.dunning):
            fee = claim.policy.dunning[sent.level - 1].fee
            if fee and _applies(fee, claim):
                return True
    return False
