"""Words for documents and settlements, and for what is done with them."""

from __future__ import annotations

from collections.abc import Mapping

from ledgercli.model.catalogue.mark import N_

_SETTLEMENTS: Mapping[str, str] = {
    "payment": N_("payment"),
    "credit-note": N_("credit note"),
    "discount": N_("discount"),
    "write-off": N_("bad debt written off"),
    "re-allocation": N_("re-allocation"),
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "status": {
        "written-off": N_("written off"),
        "paid": N_("paid"),
        "overdue": N_("overdue"),
        "partial": N_("partly paid"),
        "open": N_("open"),
    },
    "settlement": _SETTLEMENTS,
    "document-kind": {
        "invoice": N_("invoice"),
        "interest": N_("interest note"),
        "fee": N_("fee note"),
        "opening": N_("opening item"),
        "refund": N_("refund"),
        # The lines of a statement are documents and settlements.
        **_SETTLEMENTS,
    },
    "terms-event": {
        "delivery": N_("delivery"),
        "acceptance": N_("acceptance"),
        "tax-invoice": N_("tax invoice"),
    },
    "basis": {"due": N_("due date"), "date": N_("document date")},
    "rule": {
        "named": N_("named"),
        "exact-sum": N_("pays all it names"),
        "exact-subset": N_("fits exactly"),
        "equal-amount": N_("equal amount"),
        "oldest-due": N_("oldest due first"),
        "legal": N_("costs, interest, principal"),
        "reopened": N_("re-opened"),
        "re-allocated": N_("re-allocated"),
        "refunded": N_("refunded"),
    },
    "change": {
        "new": N_("new"),
        "gone": N_("gone"),
        "moved": N_("other customer"),
        "amount": N_("amount"),
        "paid": N_("payment"),
        "open-again": N_("open again"),
        "re-dated": N_("re-dated"),
        "re-allocated": N_("re-allocated"),
        "unallocated": N_("unallocated"),
        "deposits": N_("deposits"),
        "limit": N_("credit limit"),
    },
    "limit-status": {
        "none": N_("no limit"),
        "ok": N_("ok"),
        "warning": N_("near the limit"),
        "breach": N_("over the limit"),
        "unknown": N_("unknown"),
    },
}
