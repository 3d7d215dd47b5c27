"""Which claims are in the ledger already, and what they are about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal

from ledgercli.model.record import dataclass
from ledgercli.model.settings import ClaimKind
from ledgercli.model.values import Money
from ledgercli.receivables.position import Item

#: Customer, currency and number.
DocumentKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Booked:
    """A claim that is in the ledger under ``number``; ``amount`` is without tax."""

    kind: ClaimKind
    date: dt.date
    amount: Decimal
    number: str = ""


def booked_claims(items: Sequence[Item]) -> dict[DocumentKey, tuple[Booked, ...]]:
    """Return the claims that are documents of the ledger, by the document that they are about.

    They say so by ``claim-for:``, else by the link of that document. ``claim-amount:`` is the claim
    without the tax that was added to it.
    """
    found: dict[DocumentKey, list[Booked]] = {}
    for item, about in _subjects(items):
        document = item.document
        if not about:
            continue
        kind: ClaimKind = "fee" if document.kind == "fee" else "interest"
        amount = _stated(document.posting.says("claim-amount"), document.currency)
        amount = document.amount if amount is None else amount
        row = Booked(kind, document.date, amount, document.number)
        found.setdefault((document.customer, document.currency, about), []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}


def about_nothing(items: Sequence[Item]) -> tuple[Item, ...]:
    """Return the claims in the ledger that do not say which document they are about.

    Nothing of theirs counts as booked, so that what they charge may be claimed again.
    """
    return tuple(item for item, about in _subjects(items) if not about)


def _subjects(items: Sequence[Item]) -> Iterator[tuple[Item, str]]:
    """Yield each claim in the ledger with the number it is about, empty where it does not say."""
    claims = [item for item in items if not bears_claims(item)]
    # Of most customers nobody claims anything.
    claimed = {item.document.customer for item in claims}
    numbers = {
        key_of(item)
        for item in (items if claims else ())
        if item.document.customer in claimed and bears_claims(item)
    }
    for item in claims:
        document = item.document
        links = [
            name
            for name in document.names - {document.number}
            if (document.customer, document.currency, name) in numbers
        ]
        yield item, document.posting.says("claim-for") or (links[0] if len(links) == 1 else "")


def _stated(text: str | None, currency: str) -> Decimal | None:
    try:
        money = Money.parse(text) if text else None
    except ValueError:
        return None
    return money.amount if money and money.currency in {currency, ""} else None


def bears_claims(item: Item) -> bool:
    """Return whether fees and interest may be charged: never on fees or interest themselves."""
    return item.document.kind not in {"fee", "interest"}


def key_of(item: Item) -> DocumentKey:
    """Return the key under which the log has a document."""
    return item.document.customer, item.document.currency, item.document.number
