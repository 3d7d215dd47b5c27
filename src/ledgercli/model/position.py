"""Documents, settlements and allocations: the records a position is made of."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from ledgercli.model.ledger import LedgerPosting
from ledgercli.model.record import dataclass
from ledgercli.model.terms import EventName, Terms
from ledgercli.model.values import Percent

DocumentKind = Literal["invoice", "interest", "fee", "opening", "refund"]
SettlementKind = Literal["payment", "credit-note", "discount", "write-off", "re-allocation"]
#: What told when a document is due; ``assumed`` where nothing did.
DueSource = Literal["due", "retention", "posting", "transaction", "customer", "books", "assumed"]
#: What told that an event has happened.
OccurredBy = Literal["posting", "transaction", "activity", "order"]
#: How an allocation came about; the wording for people is in the output room.
Rule = Literal[
    "named",  # 5a: the settlement names this document alone
    "exact-sum",  # 5b: it names several and pays all of them
    "exact-subset",  # 5b, 5d: one subset of the open documents fits exactly
    "equal-amount",  # 5d: the one document with this open amount
    "oldest-due",  # 5b, 5d: oldest due first
    "legal",  # 5d: costs, interest, principal
    "reopened",  # 4: a bounced payment takes back what was paid
    "re-allocated",  # 4: a re-allocation takes back what was allocated
    "refunded",  # 4: a refund takes back what was allocated
]


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """What a positive receivable posting opens.

    ``number`` is what people see (``INV-1``, ``INV-1/2``, ``INV-1~2``, or ``PATH:LINE`` where
    ``numbered`` is False). ``base`` is the number that instalments share. ``date`` is the
    transaction's; an ``invoice-date:`` only counts the terms. ``terms`` are those that apply, also
    where a ``due:`` goes before them. ``due`` is None as long as it is unknown: it counts from
    ``event``, which had not happened at the end of the day that was asked about; else ``occurred``
    is its day, told by ``occurred_by`` at ``occurred_at`` (``FILE:LINE``). ``retention`` are the
    words of ``retention:`` where it is retention money, which the customer may keep until then.
    """

    number: str
    base: str
    numbered: bool
    customer: str
    currency: str
    amount: Decimal
    date: dt.date
    due: dt.date | None
    due_source: DueSource
    terms: Terms | None
    kind: DocumentKind
    names: frozenset[str]
    duplicate: bool
    discount: Percent | None
    discount_until: dt.date | None
    posting: LedgerPosting
    retention: str = ""
    event: EventName | None = None
    occurred: dt.date | None = None
    occurred_by: OccurredBy | None = None
    occurred_at: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Return the customer's id and the currency."""
        return self.customer, self.currency

    def is_retained(self, as_of: dt.date) -> bool:
        """Return whether it is retention money that may still be kept at the end of ``as_of``."""
        return bool(self.retention) and (self.due is None or as_of <= self.due)

    @property
    def file(self) -> str:
        """Return the file of the document's posting, relative to the books."""
        return self.posting.file

    @property
    def line(self) -> int:
        """Return the line of the document's posting."""
        return self.posting.line

    @property
    def order(self) -> tuple[dt.date, dt.date, str, Decimal, str, str, tuple[str, ...]]:
        """Return the key of the order everywhere: due, date, number; the rest for equal ones.

        What is not known to be due comes last.
        """
        transaction = self.posting.transaction
        number = self.number if self.numbered else ""
        return (
            self.due or dt.date.max,
            self.date,
            number,
            -self.amount,
            transaction.payee,
            transaction.narration,
            tuple(sorted(self.names)),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Settlement:
    """What a negative receivable posting brings; ``amount`` is positive.

    ``names`` are the numbers and links it names, sorted; empty when it names nothing.
    ``own_links`` are its links that number a settlement or deposit (``PAY-…``): they name a
    document only where one carries the same link.
    """

    kind: SettlementKind
    customer: str
    currency: str
    amount: Decimal
    date: dt.date
    number: str
    names: tuple[str, ...]
    own_links: tuple[str, ...]
    posting: LedgerPosting

    @property
    def key(self) -> tuple[str, str]:
        """Return the customer's id and the currency."""
        return self.customer, self.currency

    @property
    def file(self) -> str:
        """Return the file of the settlement's posting, relative to the books."""
        return self.posting.file

    @property
    def line(self) -> int:
        """Return the line of the settlement's posting."""
        return self.posting.line

    @property
    def order(self) -> tuple[dt.date, Decimal, str, str, str, tuple[str, ...], str]:
        """Return the key of the order everywhere: date, larger first, number, payee, narration.

        Names and kind decide between those that are equal in all of it.
        """
        transaction = self.posting.transaction
        label = self.number or (self.names[0] if self.names else "")
        return (
            self.date,
            -self.amount,
            label,
            transaction.payee,
            transaction.narration,
            (*self.names, *self.own_links),
            self.kind,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Allocation:
    """An amount applied to a document, or taken back from it (negative), on ``date``.

    ``posting`` is the ledger line that did it: a settlement's, or the positive line of a
    re-opening, re-allocation or refund. ``assumed`` says that the ledger does not name the
    document, ``ambiguous`` that another document would have fitted as well.
    """

    document: Document
    amount: Decimal
    rule: Rule
    assumed: bool
    date: dt.date
    posting: LedgerPosting
    ambiguous: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class CreditUse:
    """An amount of a settlement that no document took but a refund, re-allocation or re-opening.

    ``posting`` is the positive posting that used it up.
    """

    amount: Decimal
    date: dt.date
    posting: LedgerPosting

    @property
    def number(self) -> str:
        """Return what the using posting names, else its place."""
        return self.posting.says("invoice") or f"{self.posting.file}:{self.posting.line}"
