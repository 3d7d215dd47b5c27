"""Findings about the join of ledger and customers, and about documents and settlements."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.finding import FindingCode

UNKNOWN_CUSTOMER = FindingCode(
    "unknown-customer",
    "error",
    N_("no customer fits the posting on `{account}` ({named})"),
    N_("add a customer with this account, id or alias, or `customer:` to the posting"),
    "No rule of identity gave the posting to a customer. Its amount is shown under `?`, so that the"
    " totals still tie.",
)

CODES: tuple[FindingCode, ...] = (UNKNOWN_CUSTOMER,)
