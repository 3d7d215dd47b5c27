"""Documents in the making become documents: due dates, instalments, names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from ledgercli.model.catalogue import receivables as codes
from ledgercli.model.currency import round_money
from ledgercli.model.customer import Customer
from ledgercli.model.finding import Finding, Place
from ledgercli.model.ledger import LedgerPosting
from ledgercli.model.position import (
    Document,
    DueSource,
)
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import reason_of
from ledgercli.model.terms import EventName, Term, Terms
from ledgercli.model.values import parse_date
from ledgercli.receivables.drafts import document_kind, place_of, split, start_of, told_due
from ledgercli.receivables.entries import Draft

if TYPE_CHECKING:
    from ledgercli.model.retention_term import RetentionTerm
    from ledgercli.receivables.occurrences import Occurrence, Recorded

#: What is assumed where neither the ledger, nor the customer, nor the settings tell.
ASSUMED_TERMS = Terms.parse("net 30")


@dataclass(frozen=True, slots=True)
class _Due:
    """A due date, what told it, the terms that apply, and the day they count from.

    ``day`` and ``start`` are None as long as ``event`` has not happened.
    """

    day: dt.date | None
    source: DueSource
    terms: Terms | None
    term: Term | None
    start: dt.date | None
    retention: str = ""
    event: EventName | None = None
    happened: Occurrence | None = None


class _Piece(NamedTuple):
    """What becomes a document: its place among the instalments, and what is due of it when."""

    place: int
    draft: Draft
    amount: Decimal
    due: _Due


class DocumentMaker:
    """Makes documents of drafts: due dates, instalments, names. Collects findings on the way."""

    def __init__(
        self,
        customers: Mapping[str, Customer],
        settings: ReceivablesSettings,
        as_of: dt.date,
        recorded: Recorded | None = None,
    ) -> None:
        """Keep the terms to fall back to; parsed terms of the ledger are remembered.

        Of events it is known what had happened at the end of ``as_of``; ``recorded`` is asked for
        those that the ledger does not tell.
        """
        self._customers = customers
        self._books_terms = settings.terms
        self._as_of = as_of
        self._recorded = recorded
        self._parsed: dict[str, Terms | str] = {}
        self._retention_terms: dict[str, RetentionTerm | str] = {}
        self.findings: list[Finding] = []

    def make(self, draft: Draft, suffix: str = "") -> list[Document]:
        """Return the document of ``draft``, or its instalments by due date, retention money last.

        ``suffix`` (``~2``) marks a number that was taken. Raises nothing: what the terms or dates
        fail to say is assumed, with a finding.
        """
        ordinary, retained = split(draft)
        pieces = self._pieces(ordinary, suffix) if ordinary else []
        if retained:
            pieces += self._retained(draft, retained, len(pieces))
        single = len(pieces) == 1
        base = (draft.base or place_of(draft)) + suffix
        return [
            self._document(piece, base, "" if single else f"/{piece.place}", bool(suffix))
            for piece in pieces
            # A share may be too small for one cent.
            if piece.amount or single
        ]

    def first_due(self, draft: Draft) -> dt.date:
        """Return the earliest due date that ``draft`` will have, the last day where none."""
        found = (row.due for row in DocumentMaker.make(self._silent(), draft))
        return min((due for due in found if due), default=dt.date.max)

    def _silent(self) -> DocumentMaker:
        """Return a maker that knows the same and keeps its findings to itself."""
        maker = copy(self)
        maker.findings = []
        return maker

    def _pieces(self, draft: Draft, suffix: str) -> list[_Piece]:
        """Return what is not retention money, by due date; no place is left out."""
        if draft.is_in_instalments:
            return _own_instalments(draft)
        told = told_due(draft)
        source, terms = self._terms(draft)
        if told is not None:
            term = terms.parts[0] if len(terms.parts) == 1 else None
            start = start_of(draft)
            if term and term.event:
                happened = self._happened(draft, term.event)
                counted = happened.date if happened else None
                return [_Piece(1, draft, draft.amount, _Due(told, "due", terms, term, counted))]
            return [_Piece(1, draft, draft.amount, _Due(told, "due", terms, term, start))]
        if source == "assumed":
            self._assume_due(draft, suffix)
        if len(terms.parts) == 1:
            return [_Piece(1, draft, draft.amount, self._due(draft, source, terms, terms.parts[0]))]
        left = draft.amount
        made = []
        for index, part in enumerate(terms.parts, start=1):
            share = round_money(draft.amount * part.share / 100, draft.currency)
            amount = left if index == len(terms.parts) else min(share, left)
            left -= amount
            made.append(_Piece(index, draft, amount, self._due(draft, source, terms, part)))
        return made

    def _due(self, draft: Draft, source: DueSource, terms: Terms, term: Term) -> _Due:
        start = start_of(draft)
        if term.event is None:
            return _Due(term.due(start), source, terms, term, start)
        happened = self._happened(draft, term.event)
        if happened is None:
            return _Due(None, source, terms, term, None, event=term.event)
        day = happened.date
        return _Due(term.due(day), source, terms, term, day, event=term.event, happened=happened)

    def _retained(self, draft: Draft, lines: Sequence[LedgerPosting], before: int) -> list[_Piece]:
        """Return retention money, by due date; ``before`` is how many places are taken."""
        start = start_of(draft)
        found = []
        for line in lines:
            own = replace(draft, postings=(line, *draft.postings))
            words = line.says("retention") or ""
            term = self._retention_term(words, line, draft.customer)
            happened = self._happened(own, term.event) if term and term.event else None
            day = term.due(happened.date if happened else None) if term else None
            event = term.event if term else None
            due = _Due(day, "retention", None, None, start, words, event, happened)
            # Of a refund there may be less left than was posted.
            amount = line.amount if len(draft.postings) > 1 else draft.amount
            found.append(_Piece(0, own, amount, due))
        found.sort(
            key=lambda row: (row.due.day or dt.date.max, -row.amount, row.draft.postings[0].line)
        )
        return [row._replace(place=place) for place, row in enumerate(found, before + 1)]

    def _retention_term(
        self, words: str, line: LedgerPosting, customer: str
    ) -> RetentionTerm | None:
        """Return when retention money is due; None with a finding where the words do not tell."""
        from ledgercli.model.retention_term import RetentionTerm

        if words not in self._retention_terms:
            try:
                self._retention_terms[words] = RetentionTerm.parse(words)
            except ValueError as error:
                self._retention_terms[words] = reason_of(error)
        found = self._retention_terms[words]
        if isinstance(found, RetentionTerm):
            return found
        place = Place(line.file, line.line)
        self.findings.append(Finding(codes.BAD_RETENTION, {"reason": found}, place, customer))
        return None

    def _happened(self, draft: Draft, event: EventName) -> Occurrence | None:
        """Return when ``event`` happened to a document, None where it had not by the day asked."""
        from ledgercli.receivables.occurrences import told_in_ledger

        found = told_in_ledger(draft.postings, event)
        if found is None and self._recorded and draft.base:
            key = (draft.customer, draft.currency)
            found = self._recorded(key, draft.base, event, self._as_of)
        return found if found and found.date <= self._as_of else None

    @staticmethod
    def _document(piece: _Piece, base: str, part: str, duplicate: bool) -> Document:  # noqa: FBT001
        """Return the record; ``part`` is ``/1`` for the first instalment of ``base``."""
        draft, due = piece.draft, piece.due
        posting = draft.postings[0]
        transaction = posting.transaction
        number = base + part
        names = {number, base, *transaction.links} if draft.base else {*transaction.links}
        term = due.term
        return Document(
            number=number,
            base=base,
            numbered=bool(draft.base),
            customer=draft.customer,
            currency=draft.currency,
            amount=piece.amount,
            date=transaction.date,
            due=due.day,
            due_source=due.source,
            terms=None if due.source == "assumed" else due.terms,
            kind=document_kind(draft),
            names=frozenset(names),
            duplicate=duplicate,
            discount=term.discount if term else None,
            discount_until=term.discount_until(due.start) if term and due.start else None,
            posting=posting,
            retention=due.retention,
            event=due.event,
            occurred=due.happened.date if due.happened else None,
            occurred_by=due.happened.by if due.happened else None,
            occurred_at=due.happened.place if due.happened else "",
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


def _own_instalments(draft: Draft) -> list[_Piece]:
    lines = sorted(
        draft.postings,
        key=lambda line: (parse_date(line.metadata["due"]), -line.amount, line.line),
    )
    start = start_of(draft)
    return [
        _Piece(
            index,
            replace(draft, postings=(line, *draft.postings)),
            line.amount,
            _Due(parse_date(line.metadata["due"]), "due", None, None, start),
        )
        for index, line in enumerate(lines, start=1)
    ]
