"""Fees and interest that a letter claims, by the policy, the law that applies, and the debtor.

They are claims until the bookkeeper books them (``remind book``) or waives them (a ``waiver`` in
the activity log). Which fee and which rate may be claimed from whom is what the policy says; the
law adds lump sums where the policy asks for them (``amount: statutory``), and caps.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ledgercli.model.currency import round_money
from ledgercli.model.customer import Customer, Debtor
from ledgercli.model.law import LawProfile, country_of, law_of
from ledgercli.model.rates import Interest, RateTable
from ledgercli.model.record import dataclass
from ledgercli.model.settings import ClaimKind, Fee, Policy
from ledgercli.receivables.booked_claims import Booked, bears_claims, key_of
from ledgercli.receivables.interest import (
    Accrual,
    Rate,
    item_interest,
    principal_steps,
)
from ledgercli.receivables.position import Item
from ledgercli.reminders.history import DocumentKey, History, Sent

if TYPE_CHECKING:
    from ledgercli.reminders.planned import LetterDocument

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Claim:
    """What fees and interest of one letter depend on.

    ``booked`` are the claims in the ledger, by the document that they are about, that count.
    """

    policy: Policy
    customer: Customer
    currency: str
    as_of: dt.date
    rates: Mapping[str, RateTable]
    history: History
    laws: Mapping[str, LawProfile] = field(default_factory=dict)
    booked: Mapping[DocumentKey, tuple[Booked, ...]] = field(default_factory=dict)

    @property
    def debtor(self) -> Debtor:
        """Return the kind of the debtor."""
        return self.customer.debtor

    @property
    def law(self) -> str:
        """Return the name of the law that applies, ``agreed`` for none."""
        return law_of(self.policy.law, self.customer, self.laws)

    @property
    def ground(self) -> str:
        """Return the law that applies, empty where neither policy nor address says which."""
        return self.law if self.says_which else ""

    @property
    def says_which(self) -> bool:
        """Return whether policy or address say which law applies."""
        return bool(self.policy.law or (self.laws and country_of(self.customer)))

    @property
    def profile(self) -> LawProfile | None:
        """Return the profile of the law that applies."""
        return self.laws.get(self.law)


# --- interest ----------------------------------------------------------------------------------


def rate_of(rule: Interest, rates: Mapping[str, RateTable]) -> Rate | None:
    """Return the rate of a policy, None where it names a table that is not there."""
    rate = rule.rate
    if not rule.table:
        return Rate(rate.value, per_day=rate.per_day)
    table = rates.get(rule.table)
    return Rate(rate.value, table, rate.factor) if table else None


def accrued(
    item: Item, claim: Claim, level: int, as_of: dt.date, disputed: Decimal = _NOTHING
) -> Accrual | None:
    """Return the interest of a document at ``level`` up to ``as_of``, before anything is booked.

    None where the policy claims none: for this kind of debtor, at this level, on fees and interest.
    An accrual without segments and amount stands for a table that is not there.
    """
    rule = claim.policy.interest
    if rule is None or not bears_claims(item) or level < max(rule.from_level, 1):
        return None
    if rule.debtor and rule.debtor != claim.debtor:
        return None
    rate = rate_of(rule, claim.rates)
    if rate is None:
        return Accrual((), None)
    return item_interest(item, as_of, rate, rule.day_count, disputed)


def interest_left(
    item: Item, claim: Claim, level: int, disputed: Decimal = _NOTHING
) -> Decimal | None:
    """Return the interest that is still to be claimed: less what was booked, and what was waived.

    ``level`` is the document's own, after the letter. None where a rate is unknown. A waiver covers
    the interest up to its day.
    """
    found = accrued(item, claim, level, claim.as_of, disputed)
    if found is None:
        return _NOTHING
    if found.amount is None:
        return None
    if not claim.history.waivers and not claim.booked:
        return max(found.amount, _NOTHING)
    waived_on = claim.history.waived(key_of(item), "interest")
    taken = sum(
        (
            row.amount
            for row in booked_of(item, claim, "interest")
            if waived_on is None or row.date > waived_on
        ),
        _NOTHING,
    )
    if waived_on is not None:
        waived = accrued(item, claim, level, min(waived_on, claim.as_of), disputed)
        if waived is None or waived.amount is None:
            return None
        taken += waived.amount
    return max(found.amount - taken, _NOTHING)


# --- fees --------------------------------------------------------------------------------------


def with_fees(
    documents: tuple[LetterDocument, ...], fee: Fee | None, claim: Claim
) -> tuple[LetterDocument, ...]:
    """Return the documents with the fee of each that this letter brings to its own level."""
    if fee is None or fee.per != "document" or not _applies(fee, claim):
        return documents
    return tuple(
        replace(document, fee=fee_amount(fee, _base(document, fee), claim))
        if document.main
        and bears_claims(document.item)
        and not (fee.once and _charged(document.item, claim))
        else document
        for document in documents
    )


def _base(document: LetterDocument, fee: Fee) -> Decimal:
    """Return what the fee is of: what is asked for, or what was open when it became late.

    The lump sum of the Act of 1998 (s. 5A (1)) is due as soon as interest begins to run.
    """
    if not fee.amount.statutory:
        return document.open
    record = document.item.document
    return principal_steps(record.amount, document.item.allocations, document.due)[0][1]


def letter_fee(documents: tuple[LetterDocument, ...], fee: Fee | None, claim: Claim) -> Decimal:
    """Return the fee for the letter as a whole, zero where fees are per document or not due.

    ``once`` means: not if a fee was claimed before for any document of the letter. A percentage
    is of what the documents at the letter's level ask for. A letter about nothing but fees and
    interest bears no fee.
    """
    if fee is None or fee.per != "letter" or not _applies(fee, claim):
        return _NOTHING
    if fee.once and any(_charged(document.item, claim) for document in documents):
        return _NOTHING
    bearing = [each for each in documents if each.main and bears_claims(each.item)]
    if not bearing:
        return _NOTHING
    base = sum((document.open for document in bearing), _NOTHING)
    return fee_amount(fee, base, claim)


def _applies(fee: Fee, claim: Claim) -> bool:
    return fee.debtor is None or fee.debtor == claim.debtor


def fee_amount(fee: Fee, base: Decimal, claim: Claim) -> Decimal:
    """Return the fee for what ``base`` is asked for, within the caps of the policy and the law."""
    if fee.amount.statutory:
        recovery = claim.profile.recovery if claim.profile else None
        found = recovery.sum_for(base, claim.currency, claim.debtor) if recovery else None
        amount = found or _NOTHING
    elif fee.amount.percent is not None:
        amount = round_money(fee.amount.percent.of(base), claim.currency)
    else:
        amount = fee.amount.amounts.of(claim.currency) or _NOTHING
    caps = (fee.maximum.of(claim.currency), _legal_cap(claim))
    return min((amount, *(cap for cap in caps if cap is not None)))


def _legal_cap(claim: Claim) -> Decimal | None:
    """Return the most that a reminder may cost this debtor where the customer is."""
    country = country_of(claim.customer)
    for law in claim.laws.values():
        cap = law.caps.get(country)
        if cap and claim.debtor in cap.debtors:
            return cap.maximum.of(claim.currency)
    return None


def _charged(item: Item, claim: Claim) -> bool:
    """Return whether an earlier letter claimed a fee for the document.

    A letter whose fee was not recorded (sent before the tool came) is taken to have claimed what
    the policy says for its level, so that nothing is claimed twice.
    """
    for sent in claim.history.letters(key_of(item)):
        if sent.fee is not None:
            if sent.fee > 0:
                return True
        elif (fee := fee_of_level(sent, claim)) and _applies(fee, claim):
            return True
    return False


def fee_of_level(sent: Sent, claim: Claim) -> Fee | None:
    """Return the fee that the policy has at the level of a letter."""
    if 0 < sent.level <= len(claim.policy.dunning):
        return claim.policy.dunning[sent.level - 1].fee
    return None


def booked_of(item: Item, claim: Claim, kind: ClaimKind) -> Iterable[Booked]:
    """Return the claims of ``kind`` about a document that are in the ledger."""
    return (row for row in claim.booked.get(key_of(item), ()) if row.kind == kind)
