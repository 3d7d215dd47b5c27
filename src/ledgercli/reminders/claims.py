"""Fees and interest that a letter claims, by the policy, the law that applies, and the debtor.

They are claims until the bookkeeper books them (``remind book``) or waives them (a ``waiver`` in
the activity log). Which fee and which rate may be claimed from whom is what the policy says; the
law adds lump sums where the policy asks for them (``amount: statutory``), and caps.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ledgercli.model.currency import round_money
from ledgercli.model.customer import Customer, Debtor
from ledgercli.model.law import LawProfile, country_of, law_of
from ledgercli.model.settings import ClaimKind, Fee, Interest, Policy, RateTable
from ledgercli.model.values import Money
from ledgercli.receivables.claim_account import ClaimAccount, ClaimEntry
from ledgercli.receivables.interest import (
    Accrual,
    Rate,
    item_interest,
    never_owed,
    principal_steps,
)
from ledgercli.receivables.position import Item
from ledgercli.receivables.summary import Key
from ledgercli.reminders.history import DocumentKey, History, Sent

if TYPE_CHECKING:
    from ledgercli.reminders.plan import LetterDocument

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Booked:
    """A claim that is in the ledger under ``number``; ``amount`` is without tax."""

    kind: ClaimKind
    date: dt.date
    amount: Decimal
    number: str = ""


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
        told = self.policy.law or (self.laws and country_of(self.customer))
        return self.law if told else ""

    @property
    def profile(self) -> LawProfile | None:
        """Return the profile of the law that applies."""
        return self.laws.get(self.law)


@dataclass(frozen=True, slots=True)
class Carried:
    """A claim of an earlier letter that is neither booked nor waived, and is claimed again.

    ``since`` is the day of the letter that claimed a fee first, or on which the document was
    settled whose interest this is. ``settled`` says that nothing else is open on the document.
    Interest whose rate is not ``known`` stands with an amount of zero.
    """

    kind: ClaimKind
    number: str
    amount: Decimal
    since: dt.date
    settled: bool
    known: bool = True


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

    None where a rate is unknown. A waiver covers the interest up to its day.
    """
    found = accrued(item, claim, level, claim.as_of, disputed)
    if found is None:
        return _NOTHING
    if found.amount is None:
        return None
    waived_on = claim.history.waived(_key(item), "interest")
    taken = sum(
        (
            row.amount
            for row in _booked(item, claim, "interest")
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


def with_interest(document: LetterDocument, claim: Claim) -> LetterDocument:
    """Return the document with its interest, from the policy's ``from_level`` on.

    The level that counts is the document's own after this letter. None where a rate is unknown.
    """
    amount = interest_left(document.item, claim, document.level, document.disputed)
    return replace(document, interest=amount)


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
    return principal_steps(record.amount, document.item.allocations, record.due)[0][1]


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


def bears_claims(item: Item) -> bool:
    """Return whether fees and interest may be charged: never on fees or interest themselves."""
    return item.document.kind not in {"fee", "interest"}


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
    for sent in claim.history.letters(_key(item)):
        if sent.fee is not None:
            if sent.fee > 0:
                return True
        elif (fee := _fee_of_level(sent, claim)) and _applies(fee, claim):
            return True
    return False


def _fee_of_level(sent: Sent, claim: Claim) -> Fee | None:
    if 0 < sent.level <= len(claim.policy.dunning):
        return claim.policy.dunning[sent.level - 1].fee
    return None


# --- what earlier letters claimed --------------------------------------------------------------


def carried_claims(
    documents: Iterable[Item], settled: Iterable[Item], claim: Claim
) -> list[Carried]:
    """Return the claims of earlier letters that this one has to repeat, by document number.

    ``documents`` are those of this letter, whose interest it counts anew; ``settled`` those of the
    customer on which nothing is open. Of them the interest up to their payment is owed still.
    """
    here = {id(item) for item in documents}
    rows: list[Carried] = []
    for item in (*documents, *settled):
        if not item.document.numbered or not bears_claims(item):
            continue
        is_settled = id(item) not in here
        fee, since = fees_left(item, claim)
        if fee and since:
            rows.append(Carried("fee", item.document.number, fee, since, is_settled))
        reached = claim.history.reached(_key(item))
        if is_settled and reached:
            left = interest_left(item, claim, reached.level)
            paid = max((row.date for row in item.allocations), default=item.document.due)
            if left is None or left:
                rows.append(
                    Carried(
                        "interest",
                        item.document.number,
                        left or _NOTHING,
                        paid,
                        settled=True,
                        known=left is not None,
                    )
                )
    return sorted(rows, key=lambda row: (row.number, row.kind))


def settled_items(items: Sequence[Item], history: History) -> dict[Key, list[Item]]:
    """Return the documents with nothing open about which dunning letters went out, by account."""
    found: dict[Key, list[Item]] = {}
    for item in items:
        if not item.open and item.document.numbered and history.reached(_key(item)):
            found.setdefault(item.document.key, []).append(item)
    return found


def fees_left(item: Item, claim: Claim) -> tuple[Decimal, dt.date | None]:
    """Return the fees that letters claimed for a document and that are neither booked nor waived.

    The day is that of the first of those letters. A fee for a letter as a whole counts with the
    first of its documents. There is none for what was never owed: credited as a whole.
    """
    if never_owed(item.allocations) >= item.document.amount:
        return _NOTHING, None
    key = _key(item)
    waived_on = claim.history.waived(key, "fee")
    sent = [
        entry
        for entry in claim.history.letters(key)
        if entry.fee and (waived_on is None or entry.date > waived_on)
        if not _belongs_elsewhere(entry, key, claim)
    ]
    booked = sum(
        (
            row.amount
            for row in _booked(item, claim, "fee")
            if waived_on is None or row.date > waived_on
        ),
        _NOTHING,
    )
    claimed = sum((entry.fee or _NOTHING for entry in sent), _NOTHING)
    left = max(claimed - booked, _NOTHING)
    return left, min((entry.date for entry in sent), default=None) if left else None


def _belongs_elsewhere(sent: Sent, key: DocumentKey, claim: Claim) -> bool:
    """Return whether a fee for a whole letter is noted with another of its documents, too."""
    fee = _fee_of_level(sent, claim)
    if fee is None or fee.per != "letter":
        return False
    letter = _letter_of(sent)
    return any(
        other < key
        and any(entry.fee and _letter_of(entry) == letter for entry in claim.history.letters(other))
        for other in claim.history.of_account.get(key[:2], ())
    )


def _letter_of(sent: Sent) -> tuple[str, dt.date, int]:
    return str(sent.event.details.get("letter") or ""), sent.date, sent.level


def _key(item: Item) -> DocumentKey:
    return item.document.customer, item.document.currency, item.document.number


def account_of(item: Item, claim: Claim) -> ClaimAccount:
    """Return fees and interest of a document as of the day of ``claim``, at the level reached."""
    key, rule = _key(item), claim.policy.interest
    reached = claim.history.reached(key) if item.document.numbered else None
    level = reached.level if reached else 0
    needed = max(rule.from_level, 1) if rule else 1
    disputed = claim.history.disputed(key, item.open)
    letters = claim.history.letters(key) if item.document.numbered else ()
    return ClaimAccount(
        rule=rule,
        accrual=accrued(item, claim, max(level, needed), claim.as_of, disputed),
        level=level,
        claimed=rule is not None and level >= needed,
        fees=tuple(
            ClaimEntry("fee", sent.date, sent.level_name, sent.fee)
            for sent in letters
            if sent.fee and not _belongs_elsewhere(sent, key, claim)
        ),
        booked=tuple(
            ClaimEntry(row.kind, row.date, row.number, row.amount)
            for row in claim.booked.get(key, ())
        ),
        interest_left=interest_left(item, claim, level, disputed),
        fee_left=fees_left(item, claim)[0] if item.document.numbered else _NOTHING,
        interest_waived=claim.history.waived(key, "interest"),
        fee_waived=claim.history.waived(key, "fee"),
    )


# --- what is in the ledger ---------------------------------------------------------------------


def booked_claims(items: Sequence[Item]) -> dict[DocumentKey, tuple[Booked, ...]]:
    """Return the claims that are documents of the ledger, by the document that they are about.

    They say so by ``claim-for:``, else by the link of that document. ``claim-amount:`` is the claim
    without the tax that was added to it.
    """
    numbers = {_key(item) for item in items if bears_claims(item)}
    found: dict[DocumentKey, list[Booked]] = {}
    for item in items:
        document = item.document
        if document.kind not in {"fee", "interest"}:
            continue
        links = [
            name
            for name in document.names - {document.number}
            if (document.customer, document.currency, name) in numbers
        ]
        about = document.posting.says("claim-for") or (links[0] if len(links) == 1 else "")
        if not about:
            continue
        kind: ClaimKind = "fee" if document.kind == "fee" else "interest"
        amount = _stated(document.posting.says("claim-amount"), document.currency)
        amount = document.amount if amount is None else amount
        row = Booked(kind, document.date, amount, document.number)
        found.setdefault((document.customer, document.currency, about), []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}


def _stated(text: str | None, currency: str) -> Decimal | None:
    try:
        money = Money.parse(text) if text else None
    except ValueError:
        return None
    return money.amount if money and money.currency in {currency, ""} else None


def _booked(item: Item, claim: Claim, kind: ClaimKind) -> Iterable[Booked]:
    return (row for row in claim.booked.get(_key(item), ()) if row.kind == kind)
