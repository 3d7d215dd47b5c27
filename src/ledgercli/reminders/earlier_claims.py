"""What earlier letters claimed, and the account of fees and interest on one document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from ledgercli.model.record import dataclass
from ledgercli.model.settings import ClaimKind
from ledgercli.receivables.booked_claims import bears_claims, key_of
from ledgercli.receivables.claim_account import ClaimAccount, ClaimEntry
from ledgercli.receivables.interest import never_owed
from ledgercli.receivables.position import Item
from ledgercli.receivables.summary import Key
from ledgercli.reminders.claims import Claim, accrued, booked_of, fee_of_level, interest_left
from ledgercli.reminders.history import DocumentKey, History, Sent

_NOTHING = Decimal(0)


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
        reached = claim.history.reached(key_of(item))
        if is_settled and reached:
            left = interest_left(item, claim, reached.level)
            due = item.document.due or claim.as_of
            paid = max((row.date for row in item.allocations), default=due)
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
        if not item.open and item.document.numbered and history.reached(key_of(item)):
            found.setdefault(item.document.key, []).append(item)
    return found


def fees_left(item: Item, claim: Claim) -> tuple[Decimal, dt.date | None]:
    """Return the fees that letters claimed for a document and that are neither booked nor waived.

    The day is that of the first of those letters. A fee for a letter as a whole counts with the
    first of its documents. There is none for what was never owed: credited as a whole.
    """
    key = key_of(item)
    if not claim.history.letters(key) or never_owed(item.allocations) >= item.document.amount:
        return _NOTHING, None
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
            for row in booked_of(item, claim, "fee")
            if waived_on is None or row.date > waived_on
        ),
        _NOTHING,
    )
    claimed = sum((entry.fee or _NOTHING for entry in sent), _NOTHING)
    left = max(claimed - booked, _NOTHING)
    return left, min((entry.date for entry in sent), default=None) if left else None


def _belongs_elsewhere(sent: Sent, key: DocumentKey, claim: Claim) -> bool:
    """Return whether a fee for a whole letter is noted with another of its documents, too."""
    fee = fee_of_level(sent, claim)
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


def account_of(item: Item, claim: Claim) -> ClaimAccount:
    """Return fees and interest of a document as of the day of ``claim``, at the level reached."""
    key, rule = key_of(item), claim.policy.interest
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
