"""The documents and settlements that an explanation is about, as tables for programs."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledgercli.model.answer import Column
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.values import Money
from ledgercli.receivables.claim_account import ClaimAccount
from ledgercli.receivables.position import Item, Receipt
from ledgercli.reports.claims import CLAIM_COLUMNS, claim_cells
from ledgercli.reports.common import CURRENCY, CUSTOMER, PLACE
from ledgercli.reports.explain_words import text_of
from ledgercli.reports.receivables import item_status

DOCUMENT_COLUMNS = (
    Column("number", N_("number"), "code"),
    CUSTOMER,
    Column("customer_by", N_("customer by"), "code"),
    CURRENCY,
    Column("date", N_("date"), "date"),
    Column("due", N_("due"), "date"),
    Column("due_by", N_("due by"), "code"),
    Column("terms", N_("terms")),
    Column("retention", N_("retention money")),
    Column("event", N_("counts from"), "code", words="terms-event"),
    Column("event_date", N_("event on"), "date"),
    Column("amount", N_("amount"), "money"),
    Column("open", N_("open"), "money"),
    Column("status", N_("status"), "code", words="status"),
    Column(
        "allocations",
        N_("allocations"),
        "table",
        columns=(
            Column("date", N_("date"), "date"),
            Column("amount", N_("amount"), "money"),
            Column("rule", N_("rule"), "code", words="rule"),
            Column("assumed", N_("assumed"), "flag"),
            Column("text", N_("text")),
            *PLACE,
        ),
    ),
    *CLAIM_COLUMNS,
    *PLACE,
)
UNALLOCATED_COLUMNS = (
    Column("date", N_("date"), "date"),
    Column("kind", N_("kind"), "code", words="settlement"),
    CURRENCY,
    Column("amount", N_("amount"), "money"),
    Column("unallocated", N_("unallocated"), "money"),
    Column("names", N_("names"), "strings"),
    *PLACE,
)


def unallocated_row(receipt: Receipt) -> dict[str, Any]:
    """Return the row of a settlement with something unallocated."""
    settlement = receipt.settlement
    return {
        "date": settlement.date,
        "kind": settlement.kind,
        "currency": settlement.currency,
        "amount": Money(settlement.amount, settlement.currency),
        "unallocated": Money(receipt.unallocated, settlement.currency),
        "names": list(settlement.names),
        "file": settlement.file,
        "line": settlement.line,
    }


def document_row(
    item: Item, evidence: str, as_of: date, claims: ClaimAccount | None
) -> dict[str, Any]:
    """Return the row of a document at the end of ``as_of``; ``evidence`` told its customer.

    ``claims`` are its fees and interest, None where they are not asked for.
    """
    document = item.document
    currency = document.currency
    return {
        "number": document.number,
        "customer": document.customer,
        "customer_by": evidence,
        "currency": currency,
        "date": document.date,
        "due": document.due,
        "due_by": document.due_source,
        "terms": str(document.terms) if document.terms else None,
        "retention": document.retention or None,
        "event": document.event,
        "event_date": document.occurred,
        "amount": Money(document.amount, currency),
        "open": Money(item.open, currency),
        "status": item_status(item, as_of),
        "allocations": [
            {
                "date": row.date,
                "amount": Money(row.amount, currency),
                "rule": row.rule,
                "assumed": row.assumed,
                "text": text_of(row.posting),
                "file": row.posting.file,
                "line": row.posting.line,
            }
            for row in item.allocations
        ],
        **claim_cells(claims, currency),
        "file": document.file,
        "line": document.line,
    }
