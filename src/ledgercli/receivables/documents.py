"""Documents in the making become documents: due dates, instalments, names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from ledgercli.model.catalogue import receivables as codes
from ledgercli.model.currency import round_money
from ledgercli.model.customer import Customer
from ledgercli.model.finding import Finding, Place
from ledgercli.model.ledger import Transaction
from ledgercli.model.position import (
    Document,
    DocumentKind,
    DueSource,
)
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import reason_of
from ledgercli.model.settings import ReceivablesSettings
from ledgercli.model.terms import Term, Terms
from ledgercli.model.values import parse_date
from ledgercli.receivables.entries import Draft

#: What is assumed where neither the ledger, nor the customer, nor the settings tell.
ASSUMED_TERMS = Terms.parse("net 30")


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
