"""What differs between two positions of the same books: the figures of documents, and limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Literal

from ledgercli.model.currency import plain
from ledgercli.model.customer import Customer
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.receivables.position import Item, Position

Figure = Literal["amount", "open", "date", "due", "allocations", "unallocated", "deposits", "limit"]
ChangeKind = Literal[
    "new",
    "gone",
    "moved",
    "amount",
    "paid",
    "open-again",
    "re-dated",
    "re-allocated",
    "unallocated",
    "deposits",
    "limit",
]
#: An amount, a day, or the settlements that a document got, one text each.
Value = Money | dt.date | tuple[str, ...] | str | None
#: Which figure it is, of which customer, in which currency, of which document (empty for none).
FigureKey = tuple[Figure, str, str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """The figures of one state of the books, and where in the ledger a document stands."""

    figures: Mapping[FigureKey, Value]
    places: Mapping[FigureKey, tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that changed; ``key`` is the one to look at to find out when.

    ``file`` and ``line`` are where the document stands now, or stood before it went.
    """

    kind: ChangeKind
    customer: str
    currency: str
    number: str
    before: Value
    after: Value
    key: FigureKey
    file: str = ""
    line: int = 0


def known(position: Position) -> Known:
    """Return the figures of ``position``: documents, what is unallocated, limits in force."""
    figures: dict[FigureKey, Value] = {}
    places: dict[FigureKey, tuple[str, int]] = {}
    for item in position.items:
        document = item.document
        subject = (document.customer, document.currency, document.number)
        figures["amount", *subject] = Money(document.amount, document.currency)
        figures["open", *subject] = Money(item.open, document.currency)
        figures["date", *subject] = document.date
        figures["due", *subject] = document.due
        figures["allocations", *subject] = _sources(item)
        places["amount", *subject] = (document.file, document.line)
    for (customer, currency), amount in position.unallocated.items():
        if amount:
            figures["unallocated", customer, currency, ""] = Money(amount, currency)
    for (customer, currency), amount in position.deposits.items():
        if amount:
            figures["deposits", customer, currency, ""] = Money(amount, currency)
    figures |= _limits(position.customers.values(), position.as_of)
    return Known(figures, places)


def _sources(item: Item) -> tuple[str, ...]:
    """Return day, amount and name of each settlement of a document, sorted.

    Not its file and line: they move when other entries are written.
    """
    currency = item.document.currency
    return tuple(
        sorted(
            " ".join(
                (
                    row.date.isoformat(),
                    plain(row.amount, currency),
                    row.posting.says("invoice")
                    or ", ".join(sorted(row.posting.transaction.links))
                    or row.posting.transaction.payee
                    or row.posting.transaction.narration,
                )
            ).strip()
            for row in item.allocations
        )
    )


def _limits(customers: Iterable[Customer], as_of: dt.date) -> Iterator[tuple[FigureKey, Value]]:
    for record in customers:
        for limit in record.credit.limit.at(as_of) if record.credit.limit else ():
            yield ("limit", record.id, limit.currency, ""), limit


def changes(before: Known, after: Known) -> tuple[Change, ...]:
    """Return what changed from ``before`` to ``after``, by customer, currency and number."""
    subjects = sorted({key[1:] for key in (*before.figures, *after.figures)})
    found = [change for subject in subjects for change in _Subject(before, after, *subject)]
    return tuple(_with_moves(found))


@dataclass(frozen=True, slots=True)
class _Subject:
    """One document in two states of the books, or a customer and currency (``number`` empty)."""

    before: Known
    after: Known
    customer: str
    currency: str
    number: str

    def __iter__(self) -> Iterator[Change]:
        """Yield what changed."""
        for figure in ("unallocated", "deposits", "limit"):
            if self.differs(figure):
                yield self.change(figure, figure)
        old, new = self.was("amount"), self.now("amount")
        if old is None and new is None:
            return
        if new is None:
            yield self.change("gone", "amount")
        elif old is None:
            yield self.change("new", "amount")
            if self.now("open") != new:
                yield self.change("paid", "open", old=new)
        else:
            yield from self._of_document()

    def _of_document(self) -> Iterator[Change]:
        """Yield what changed of a document that was there before, and still is."""
        changed_amount = self.differs("amount")
        if changed_amount:
            yield self.change("amount", "amount")
        for figure in ("date", "due"):
            if self.differs(figure):
                yield self.change("re-dated", figure)
        if self.differs("allocations"):
            if not self.differs("open") or changed_amount:
                yield self.change("re-allocated", "allocations")
            else:
                old, new = self.was("open"), self.now("open")
                less = isinstance(old, Money) and isinstance(new, Money) and new.amount < old.amount
                yield self.change("paid" if less else "open-again", "open")

    def was(self, figure: Figure) -> Value:
        """Return what a figure was, None where there was none."""
        return self.before.figures.get(self._key(figure))

    def now(self, figure: Figure) -> Value:
        """Return what a figure is, None where there is none."""
        return self.after.figures.get(self._key(figure))

    def differs(self, figure: Figure) -> bool:
        """Return whether a figure changed."""
        return self.was(figure) != self.now(figure)

    def change(self, kind: ChangeKind, figure: Figure, *, old: Value = None) -> Change:
        """Return the change of a figure, from ``old`` where it had no value of its own."""
        place = self._key("amount")
        file, line = self.after.places.get(place) or self.before.places.get(place) or ("", 0)
        was = self.was(figure) if old is None else old
        subject = (self.customer, self.currency, self.number)
        return Change(kind, *subject, was, self.now(figure), self._key(figure), file, line)

    def _key(self, figure: Figure) -> FigureKey:
        return figure, self.customer, self.currency, self.number


def _with_moves(found: list[Change]) -> Iterator[Change]:
    """Yield the changes; a document that went to another customer is one change, not two."""
    gone: dict[tuple[str, str, Value], list[Change]] = {}
    for change in found:
        if change.kind == "gone":
            gone.setdefault((change.number, change.currency, change.before), []).append(change)
    moved: dict[Change, Change] = {}
    for change in found:
        same = gone.get((change.number, change.currency, change.after), [])
        if change.kind == "new" and same:
            moved[change] = same.pop()
    left = set(moved.values())
    for change in found:
        if change in moved:
            before = moved[change].customer
            yield replace(change, kind="moved", before=before, after=change.customer)
        elif change not in left:
            yield change
