"""The settings that tell documents and settlements from the ledger.

They stand apart from all others, so that a question about a past day need not read those.
"""

from __future__ import annotations

from typing import Literal

from ledgercli.model.record import dataclass
from ledgercli.model.terms import Terms

AllocationMode = Literal["oldest-due", "explicit", "legal"]


@dataclass(frozen=True, slots=True)
class ReceivablesSettings:
    """Which accounts are receivables and how settlements find their documents.

    Empty ``accounts`` and ``deposits`` stand for the default names under the books' own roots.
    ``banks`` are the accounts whose newest entry says how fresh the books are; empty: every asset
    account that has stood opposite to a receivable. ``tax`` likewise: empty means accounts whose
    components speak of VAT, sales tax and the like.
    """

    accounts: tuple[str, ...] = ()
    deposits: tuple[str, ...] = ()
    banks: tuple[str, ...] = ()
    tax: tuple[str, ...] = ()
    invoice_links: tuple[str, ...] = ("INT-*", "FEE-*", "INV-*")
    allocation: AllocationMode = "oldest-due"
    terms: Terms | None = None
