"""Postings become documents in the making, settlements, and postings that take back.

The rules of sign: a positive posting opens a document and a negative one is a settlement, except in
re-allocations and refunds, whose positive side takes back (see ``subledger``).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal
from typing import Any, Literal

from ledgercli.model.catalogue import receivables as codes
from ledgercli.model.finding import Finding, Place
from ledgercli.model.ledger import LedgerPosting
from ledgercli.model.position import (
    Settlement,
    SettlementKind,
)
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.model.record import dataclass
from ledgercli.receivables.numbers import (
    names_of,
    number_of,
    own_links,
    settlement_number,
)


@dataclass(slots=True, eq=False)
class Draft:
    """A document in the making: its number may turn out to be taken.

    ``base`` is empty where nothing numbers it. ``amount`` is the sum of ``postings``, or less where
    a refund has used part of it.
    """

    base: str
    customer: str
    currency: str
    amount: Decimal
    postings: tuple[LedgerPosting, ...]
    refund: bool = False

    @property
    def date(self) -> dt.date:
        """Return the day it is booked."""
        return self.postings[0].transaction.date

    @property
    def is_in_instalments(self) -> bool:
        """Return whether each of several postings has its own ``due:``, and nothing was used up."""
        return (
            len(self.postings) > 1
            and all("due" in line.metadata for line in self.postings)
            and self.amount == sum(line.amount for line in self.postings)
        )

    @property
    def order(self) -> tuple[str, Decimal, str, str, tuple[str, ...], str, int]:
        """Return the key among the drafts of one day; the place only keeps the result stable."""
        first = self.postings[0]
        transaction = first.transaction
        return (
            self.base,
            -self.amount,
            transaction.payee,
            transaction.narration,
            tuple(sorted(transaction.links)),
            first.file,
            first.line,
        )


@dataclass(frozen=True, slots=True, eq=False)
class TakeBack:
    """The positive side of a re-allocation or refund; ``named`` is its own ``invoice:``.

    ``moved`` are amounts and numbers of the whole transaction, which tell equal ones apart.
    """

    kind: Literal["re-allocation", "refund"]
    customer: str
    currency: str
    posting: LedgerPosting
    named: str
    moved: tuple[tuple[Decimal, str], ...]

    @property
    def order(self) -> tuple[Any, ...]:
        """Return the key among the take-backs of one day."""
        transaction = self.posting.transaction
        return (
            -self.posting.amount,
            self.named,
            transaction.payee,
            transaction.narration,
            tuple(sorted(transaction.links)),
            self.moved,
            sorted(self.posting.metadata.items()),
        )


@dataclass(slots=True)
class Entries:
    """What one customer's postings in one currency bring, in the order of the ledger."""

    drafts: list[Draft] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)
    take_backs: list[TakeBack] = field(default_factory=list)


Owned = tuple[str, LedgerPosting]
"""A customer's id and a posting of theirs."""


def read_transaction(
    owned: Iterable[Owned],
    settings: ReceivablesSettings,
    entries: Mapping[tuple[str, str], Entries],
) -> list[Finding]:
    """Put the receivable postings of one transaction into ``entries``; return what is wrong."""
    postings = list(owned)
    if len(postings) == 1 and not postings[0][1].transaction.only_receivables:
        customer, posting = postings[0]
        if posting.amount < 0 or "refund" not in posting.transaction.tags:
            return _read_single(customer, posting, settings, entries[customer, posting.currency])
    findings: list[Finding] = []
    own_numbers = any("invoice" in posting.metadata for _, posting in postings)
    moves = _is_re_allocation(postings)
    moved = tuple(sorted((row.amount, row.says("invoice") or "") for _, row in postings))
    drafts: dict[tuple[str, str, str], list[LedgerPosting]] = defaultdict(list)
    for customer, posting in postings:
        target = entries[customer, posting.currency]
        if posting.amount < 0:
            kind = "re-allocation" if moves else settlement_kind(posting)
            target.settlements.append(
                _settlement(customer, posting, kind, posting_level_used=own_numbers)
            )
        elif moves or "refund" in posting.transaction.tags:
            named = posting.metadata.get("invoice", "").strip()
            target.take_backs.append(
                TakeBack(
                    "re-allocation" if moves else "refund",
                    customer,
                    posting.currency,
                    posting,
                    named,
                    moved,
                )
            )
        else:
            base, rivals = number_of(posting, settings.invoice_links)
            if rivals:
                findings.append(_ambiguous(posting, customer, rivals))
            drafts[customer, posting.currency, base].append(posting)
    for (customer, currency, base), lines in drafts.items():
        amount = sum((line.amount for line in lines), Decimal(0))
        entries[customer, currency].drafts.append(
            Draft(base, customer, currency, amount, tuple(lines))
        )
    return findings


def _read_single(
    customer: str, posting: LedgerPosting, settings: ReceivablesSettings, target: Entries
) -> list[Finding]:
    """Put the one receivable posting of a transaction into ``target``: the plain case, quickly."""
    if posting.amount < 0:
        own_number = "invoice" in posting.metadata
        kind = settlement_kind(posting)
        target.settlements.append(
            _settlement(customer, posting, kind, posting_level_used=own_number)
        )
        return []
    base, rivals = number_of(posting, settings.invoice_links)
    target.drafts.append(Draft(base, customer, posting.currency, posting.amount, (posting,)))
    return [_ambiguous(posting, customer, rivals)] if rivals else []


def refund_draft(take: TakeBack, amount: Decimal, settings: ReceivablesSettings) -> Draft:
    """Return the document in the making that ``amount`` of a refund opens beyond all credit."""
    base, _ = number_of(take.posting, settings.invoice_links)
    return Draft(base, take.customer, take.currency, amount, (take.posting,), refund=True)


def joined(parts: Sequence[Draft]) -> Draft:
    """Return the one document in the making of drafts with one number in one transaction."""
    amount = sum((part.amount for part in parts), Decimal(0))
    postings = tuple(line for part in parts for line in part.postings)
    return replace(parts[0], amount=amount, postings=postings)


def _is_re_allocation(postings: list[Owned]) -> bool:
    """Return whether only receivables move and net to zero per customer and currency."""
    transaction = postings[0][1].transaction
    if not transaction.only_receivables:
        return False
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for customer, posting in postings:
        sums[customer, posting.currency] += posting.amount
    return not any(sums.values())


def _settlement(
    customer: str, posting: LedgerPosting, kind: SettlementKind, *, posting_level_used: bool
) -> Settlement:
    transaction = posting.transaction
    told = (posting.says("invoice") or "").strip()
    return Settlement(
        kind=kind,
        customer=customer,
        currency=posting.currency,
        amount=-posting.amount,
        date=transaction.date,
        number=settlement_number(transaction, posting.says("credit-note")),
        names=names_of(posting, posting_level_used=posting_level_used),
        own_links=() if posting_level_used or told else own_links(transaction.links),
        posting=posting,
    )


def settlement_kind(posting: LedgerPosting) -> SettlementKind:
    """Return what a negative posting is: a credit note, write-off or discount, else a payment."""
    transaction = posting.transaction
    if (
        posting.says("credit-note") is not None
        or "credit-note" in transaction.tags
        or any(link.startswith("CN-") for link in transaction.links)
    ):
        return "credit-note"
    if "write-off" in transaction.tags:
        return "write-off"
    return "discount" if "discount" in transaction.tags else "payment"


def _ambiguous(posting: LedgerPosting, customer: str, rivals: tuple[str, ...]) -> Finding:
    values = {"links": " ".join(f"^{link}" for link in rivals)}
    place = Place(posting.file, posting.transaction.line)
    return Finding(codes.AMBIGUOUS_NUMBER, values, place, customer)
