"""Discounts against their terms, and the tax that discounts and write-offs should correct."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from ledgercli.model.catalogue import receivables as codes
from ledgercli.model.currency import plain, round_money
from ledgercli.model.finding import Finding, FindingCode, Place
from ledgercli.model.position import Allocation, Document, Settlement
from ledgercli.receivables.position import Position
from ledgercli.receivables.tax_accounts import is_tax_account


def discounts_too_late(position: Position) -> Iterator[Finding]:
    """Yield `late-discount` for discounts after the days that the terms allow."""
    for settlement, allocation in _allocations(position, "discount"):
        document = allocation.document
        until = document.discount_until
        if until is not None and settlement.date > until:
            values = {
                "number": document.number,
                "date": settlement.date.isoformat(),
                "until": until.isoformat(),
            }
            yield _finding(codes.LATE_DISCOUNT, values, settlement)


def discounts_too_high(position: Position) -> Iterator[Finding]:
    """Yield `high-discount` where discounts exceed the percentage of the terms.

    Without a discount in the terms nothing is allowed.
    """
    taken: dict[int, list[tuple[Settlement, Allocation]]] = defaultdict(list)
    for settlement, allocation in _allocations(position, "discount"):
        taken[id(allocation.document)].append((settlement, allocation))
    for rows in taken.values():
        document = rows[0][1].document
        amount = sum((allocation.amount for _, allocation in rows), Decimal(0))
        allowed = allowed_discount(document)
        if amount > allowed:
            values = {
                "number": document.number,
                "amount": _money(amount, document.currency),
                "allowed": _money(allowed, document.currency),
            }
            yield _finding(codes.HIGH_DISCOUNT, values, rows[-1][0])


def allowed_discount(document: Document) -> Decimal:
    """Return the discount that a document's terms allow, rounded half-up to its currency."""
    if document.discount is None:
        return Decimal(0)
    return round_money(document.discount.of(document.amount), document.currency)


def settlements_without_tax(position: Position, accounts: Sequence[str]) -> Iterator[Finding]:
    """Yield `no-tax-posting` for discounts and write-offs that leave the document's tax alone.

    ``accounts`` are the tax accounts; empty means those whose names speak of a sales tax.
    """
    for kind in ("discount", "write-off"):
        for settlement, allocation in _allocations(position, kind):
            document = allocation.document
            if not _has_tax(document.posting.transaction.accounts, accounts):
                continue
            if _has_tax(settlement.posting.transaction.accounts, accounts):
                continue
            values = {"kind": kind, "number": document.number}
            yield _finding(codes.NO_TAX_POSTING, values, settlement)


def _has_tax(posted: Iterable[str], accounts: Sequence[str]) -> bool:
    if accounts:
        return any(
            name == account or name.startswith(account + ":")
            for name in posted
            for account in accounts
        )
    return any(is_tax_account(name) for name in posted)


def _allocations(position: Position, kind: str) -> Iterator[tuple[Settlement, Allocation]]:
    for receipt in position.receipts:
        if receipt.settlement.kind == kind:
            for allocation in receipt.allocations:
                yield receipt.settlement, allocation


def _finding(code: FindingCode, values: dict[str, str], settlement: Settlement) -> Finding:
    place = Place(settlement.file, settlement.line)
    return Finding(code, values, place, settlement.customer)


def _money(amount: Decimal, currency: str) -> str:
    return f"{plain(amount, currency)} {currency}"
