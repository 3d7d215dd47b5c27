"""What documents in the making say of themselves: their due date, what is retained, their kind."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from ledgercli.model.ledger import LedgerPosting, Transaction
from ledgercli.model.position import DocumentKind
from ledgercli.model.values import parse_date
from ledgercli.receivables.entries import Draft


def told_due(draft: Draft) -> dt.date | None:
    """Return the earliest ``due:`` of the postings, else that of the transaction."""
    own = [parse_date(line.metadata["due"]) for line in draft.postings if "due" in line.metadata]
    if own:
        return min(own)
    told = draft.postings[0].transaction.metadata.get("due")
    return None if told is None else parse_date(told)


def split(draft: Draft) -> tuple[Draft | None, list[LedgerPosting]]:
    """Return the part of a draft that is due by terms, None for none, and its retention money."""
    if len(draft.postings) == 1:
        line = draft.postings[0]
        return (draft, []) if line.says("retention") is None else (None, [line])
    retained = [line for line in draft.postings if line.says("retention") is not None]
    if not retained:
        return draft, []
    rest = tuple(line for line in draft.postings if line.says("retention") is None)
    if draft.amount != sum(line.amount for line in draft.postings):
        # A refund has used part of it, and nobody can say of which.
        return draft, []
    if not rest:
        return None, retained
    amount = sum((line.amount for line in rest), Decimal(0))
    return replace(draft, postings=rest, amount=amount), retained


def place_of(draft: Draft) -> str:
    """Return what a document without a number is called by."""
    return f"{draft.postings[0].file}:{min(line.line for line in draft.postings)}"


def start_of(draft: Draft) -> dt.date:
    """Return the day that terms count from: ``invoice-date:``, else the transaction's date."""
    for line in draft.postings:
        told = line.says("invoice-date")
        if told is not None:
            return parse_date(told)
    return draft.date


def document_kind(draft: Draft) -> DocumentKind:
    """Return what kind of document it becomes."""
    transaction: Transaction = draft.postings[0].transaction
    if transaction.is_pad:
        return "opening"
    if draft.refund:
        return "refund"
    if draft.base.startswith("INT-"):
        return "interest"
    return "fee" if draft.base.startswith("FEE-") else "invoice"
