"""Postings become documents in the making, settlements, and postings that take back.

The rules of sign: a positive posting opens a document and a negative one is a settlement, except in
re-allocations and refunds, whose positive side takes back (see ``subledger``).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

from ledgercli.model.catalogue import receivables as codes
from ledgercli.model.currency import round_money
from ledgercli.model.customer import Customer
from ledgercli.model.finding import Finding, Place
from ledgercli.model.ledger import LedgerPosting, Transaction
from ledgercli.model.position import (
    Document,
    DocumentKind,
    DueSource,
    Settlement,
    SettlementKind,
)
from ledgercli.model.sentence import reason_of
from ledgercli.model.settings import ReceivablesSettings
from ledgercli.model.terms import Term, Terms
from ledgercli.model.values import parse_date
from ledgercli.receivables.numbers import (
    names_of,
    number_of,
    own_links,
    settlement_number,
)

#: What is assumed where neither the ledger, nor the customer, nor the settings tell.
ASSUMED_TERMS = Terms.parse("net 30")


@dataclass(frozen=True, slots=True, eq=False)
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


@dataclass(frozen=True, slots=True)
class _Due:
    """A due date, what told it, the terms that apply, and the day they count from."""

    day: dt.date
    source: DueSource
    terms: Terms | None
    term: Term | None
    start: dt.date


class DocumentMaker:
    """Makes documents of drafts: due dates, instalments, names. Collects findings on the way."""

    def __init__(self, customers: Mapping[str, Customer], settings: ReceivablesSettings) -> None:
        """Keep the terms to fall back to; parsed terms of the ledger are remembered."""
        self._customers = customers
        self._books_terms = settings.terms
        self._parsed: dict[str, Terms | str] = {}
        self.findings: list[Finding] = []

    def make(self, draft: Draft, suffix: str = "") -> list[Document]:
        """Return the document of ``draft``, or its instalments by due date.

        ``suffix`` (``~2``) marks a number that was taken. Raises nothing: what the terms or dates
        fail to say is assumed, with a finding.
        """
        if draft.is_in_instalments:
            return self._own_instalments(draft, suffix)
        start = _start(draft)
        told = _told_due(draft)
        source, terms = self._terms(draft)
        if told is not None:
            term = terms.parts[0] if len(terms.parts) == 1 else None
            due = _Due(told, "due", terms, term, start)
            return [self._document(draft, suffix, "", draft.amount, due)]
        if source == "assumed":
            self._assume_due(draft, suffix)
        if len(terms.parts) == 1:
            due = _Due(terms.parts[0].due(start), source, terms, terms.parts[0], start)
            return [self._document(draft, suffix, "", draft.amount, due)]
        return self._instalments(draft, suffix, source, terms, start)

    def first_due(self, draft: Draft) -> dt.date:
        """Return the earliest due date that ``draft`` will have."""
        told = _told_due(draft)
        start = _start(draft)
        return told or min(part.due(start) for part in self._terms(draft)[1].parts)

    def _instalments(
        self, draft: Draft, suffix: str, source: DueSource, terms: Terms, start: dt.date
    ) -> list[Document]:
        left = draft.amount
        made = []
        for index, part in enumerate(terms.parts, start=1):
            share = round_money(draft.amount * part.share / 100, draft.currency)
            amount = left if index == len(terms.parts) else min(share, left)
            left -= amount
            if amount:
                due = _Due(part.due(start), source, terms, part, start)
                made.append(self._document(draft, suffix, f"/{index}", amount, due))
        return made

    def _own_instalments(self, draft: Draft, suffix: str) -> list[Document]:
        lines = sorted(
            draft.postings,
            key=lambda line: (parse_date(line.metadata["due"]), -line.amount, line.line),
        )
        start = _start(draft)
        return [
            self._document(
                replace(draft, postings=(line, *draft.postings)),
                suffix,
                f"/{index}",
                line.amount,
                _Due(parse_date(line.metadata["due"]), "due", None, None, start),
            )
            for index, line in enumerate(lines, start=1)
        ]

    def _document(
        self, draft: Draft, suffix: str, part: str, amount: Decimal, due: _Due
    ) -> Document:
        """Return the record; ``part`` is ``/1`` for the first instalment."""
        posting = draft.postings[0]
        transaction = posting.transaction
        base = draft.base or f"{posting.file}:{min(line.line for line in draft.postings)}"
        number = base + suffix + part
        names = {number, base + suffix, *transaction.links} if draft.base else {*transaction.links}
        term = due.term
        return Document(
            number=number,
            base=base + suffix,
            numbered=bool(draft.base),
            customer=draft.customer,
            currency=draft.currency,
            amount=amount,
            date=transaction.date,
            due=due.day,
            due_source=due.source,
            terms=None if due.source == "assumed" else due.terms,
            kind=_document_kind(draft),
            names=frozenset(names),
            duplicate=bool(suffix),
            discount=term.discount if term else None,
            discount_until=term.discount_until(due.start) if term else None,
            posting=posting,
        )

    def _terms(self, draft: Draft) -> tuple[DueSource, Terms]:
        """Return the terms of the posting, transaction, customer or books, and whose they are."""
        transaction = draft.postings[0].transaction
        for line in draft.postings:
            if terms := self._parse(line.metadata.get("terms"), draft, line.line):
                return "posting", terms
        if terms := self._parse(transaction.metadata.get("terms"), draft, transaction.line):
            return "transaction", terms
        customer = self._customers.get(draft.customer)
        if customer and customer.terms:
            return "customer", customer.terms
        return ("books", self._books_terms) if self._books_terms else ("assumed", ASSUMED_TERMS)

    def _parse(self, words: str | None, draft: Draft, line: int) -> Terms | None:
        if words is None:
            return None
        parsed = self._parsed.get(words)
        if parsed is None:
            try:
                parsed = Terms.parse(words)
            except ValueError as error:
                parsed = reason_of(error)
            self._parsed[words] = parsed
        if isinstance(parsed, Terms):
            return parsed
        place = Place(draft.postings[0].file, line)
        self.findings.append(Finding(codes.BAD_TERMS, {"reason": parsed}, place, draft.customer))
        return None

    def _assume_due(self, draft: Draft, suffix: str) -> None:
        first = draft.postings[0]
        if first.transaction.is_pad:
            return
        number = (draft.base or f"{first.file}:{first.line}") + suffix
        place = Place(first.file, first.line)
        self.findings.append(Finding(codes.DUE_ASSUMED, {"number": number}, place, draft.customer))


def _told_due(draft: Draft) -> dt.date | None:
    """Return the earliest ``due:`` of the postings, else that of the transaction."""
    own = [parse_date(line.metadata["due"]) for line in draft.postings if "due" in line.metadata]
    if own:
        return min(own)
    told = draft.postings[0].transaction.metadata.get("due")
    return None if told is None else parse_date(told)


def _start(draft: Draft) -> dt.date:
    """Return the day that terms count from: ``invoice-date:``, else the transaction's date."""
    for line in draft.postings:
        told = line.says("invoice-date")
        if told is not None:
            return parse_date(told)
    return draft.date


def _document_kind(draft: Draft) -> DocumentKind:
    transaction: Transaction = draft.postings[0].transaction
    if transaction.is_pad:
        return "opening"
    if draft.refund:
        return "refund"
    if draft.base.startswith("INT-"):
        return "interest"
    return "fee" if draft.base.startswith("FEE-") else "invoice"


def _ambiguous(posting: LedgerPosting, customer: str, rivals: tuple[str, ...]) -> Finding:
    values = {"links": " ".join(f"^{link}" for link in rivals)}
    place = Place(posting.file, posting.transaction.line)
    return Finding(codes.AMBIGUOUS_NUMBER, values, place, customer)
