"""Fees and interest in the ledger that do not say what they are about."""

from __future__ import annotations

from collections.abc import Iterator

from ledgercli.model.catalogue import receivables as codes
from ledgercli.model.finding import Finding, Place
from ledgercli.receivables.booked_claims import about_nothing
from ledgercli.receivables.position import Position


def claims_about_nothing(position: Position) -> Iterator[Finding]:
    """Yield `claim-about-nothing` for each fee and interest that may be claimed once more."""
    for item in about_nothing(position.items):
        document = item.document
        place = Place(document.file, document.line)
        values = {"number": document.number}
        yield Finding(codes.CLAIM_ABOUT_NOTHING, values, place, document.customer)
