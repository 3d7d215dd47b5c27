"""The receivables of a position day by day, in one pass: what was open then, who had paid how late.

On each day only what is dated by then is known. Which document a payment without a name was for is
what the position says of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple

from ledgercli.model.currency import half_unit
from ledgercli.model.position import Document, SettlementKind
from ledgercli.model.record import dataclass
from ledgercli.receivables.forecast.behaviour import Observations, Weights
from ledgercli.receivables.limitation import settlement_kinds
from ledgercli.receivables.position import Item, Position
from ledgercli.receivables.summary import Key

_ZERO, _ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Exposure:
    """What was open of a document on a day, less what the customer had unallocated."""

    item: Item
    amount: Decimal

    @property
    def document(self) -> Document:
        """Return the document."""
        return self.item.document


_Event = tuple[int, int, int, Decimal]
"""Day as an ordinal, what it is, the index of an item or key, and the amount."""
_BALANCE, _OPENED, _PAID, _LOST, _CREDITED, _TAKEN_BACK = range(6)
_KINDS: Mapping[SettlementKind, int] = {"payment": _PAID, "write-off": _LOST}


class _Known(NamedTuple):
    """What is asked of a document again and again.

    ``due`` is an ordinal, None where nothing is learnt from how the document is paid; less than
    ``half`` a unit counts as nothing.
    """

    key: Key
    due: int | None
    half: Decimal

    @classmethod
    def of(cls, document: Document, keys: Mapping[Key, Key]) -> _Known:
        """Return it of a document, with its key from ``keys`` where it is there."""
        learnt = document.due if document.kind == "invoice" else None
        due = learnt.toordinal() if learnt else None
        key = document.key
        return cls(keys.get(key, key), due, half_unit(document.currency))


class Past:
    """Walks through a position from its first day on; :meth:`advance` never goes back."""

    def __init__(self, position: Position) -> None:
        """Put everything that happened in order."""
        self._items = position.items
        self._keys = list(position.postings)
        keys = {key: key for key in self._keys}
        self._known = [_Known.of(item.document, keys) for item in position.items]
        # The next one is the last: what is walked through is held no longer.
        self._events = sorted(_events(position, self._keys), reverse=True)
        self._returning = {index for _, what, index, _ in self._events if what == _TAKEN_BACK}
        self._day = 0
        self._open: dict[int, Decimal] = {}
        self._owed: dict[Key, Decimal] = {}
        self._balances: dict[Key, Decimal] = {}
        self._parts: dict[int, list[tuple[Weights, int, Decimal]]] = {}
        self._customers: dict[str, Observations] = {}
        self.settled = 0

    def traces(self, days: Sequence[dt.date]) -> list[bytes]:
        """Return a hash of all that happened up to the end of each of ``days``, ascending.

        Where it is the same, so is what this tells of the day: what comes later is not in it, not
        even as a place in the order of documents. To be asked before anything is walked through.
        """
        names = [_name(item.document) for item in self._items]
        keys = [repr(key) for key in self._keys]
        found, known, place = sha256(), [], len(self._events)
        for day in days:
            last, lines = day.toordinal(), []
            while place and self._events[place - 1][0] <= last:
                place -= 1
                on, what, index, amount = self._events[place]
                name = (keys if what == _BALANCE else names)[index]
                lines.append(f"{on} {what} {amount} {name}\n")
            found.update("".join(lines).encode("utf-8", "surrogatepass"))
            known.append(found.digest())
        return known

    def advance(self, day: dt.date) -> None:
        """Take in what happened up to the end of ``day``."""
        self._day = day.toordinal()
        events = self._events
        while events and events[-1][0] <= self._day:
            self._take(*events.pop())

    def _take(self, day: int, what: int, index: int, amount: Decimal) -> None:
        if what == _BALANCE:
            key = self._keys[index]
            self._balances[key] = self._balances.get(key, _ZERO) + amount
            return
        key, due, half = self._known[index]
        self._open[index] = left = self._open.get(index, _ZERO) + amount
        self._owed[key] = self._owed.get(key, _ZERO) + amount
        if abs(left) < half:
            del self._open[index]
            self._owed[key] -= left
        if due is None or what in {_OPENED, _CREDITED}:
            return
        whole = self._items[index].document.amount
        if what == _TAKEN_BACK:
            self._take_back(index, amount / whole)
            return
        seen = self._customers.get(key[0])
        if seen is None:
            seen = self._customers[key[0]] = Observations()
        weights = seen.paid if what == _PAID else seen.lost
        late, weight = day - due, -amount / whole
        weights[late] = weights.get(late, _ZERO) + weight
        if index in self._returning:
            self._parts.setdefault(index, []).append((weights, late, weight))
        self.settled += what == _PAID

    def _take_back(self, index: int, weight: Decimal) -> None:
        """Forget what was paid last: what a bounced payment takes back has not been paid."""
        parts = self._parts.get(index, [])
        while weight > 0 and parts:
            weights, late, had = parts.pop()
            taken = min(weight, had)
            weight -= taken
            weights[late] -= taken
            if had > taken:
                parts.append((weights, late, had - taken))

    def observations(self) -> dict[str, Observations]:
        """Return what is known of each customer on the day that has been reached."""
        waiting: dict[str, Weights] = {}
        for index, amount in self._open.items():
            (customer, _), due, _ = self._known[index]
            if due is not None and amount > 0:
                own = waiting.get(customer)
                if own is None:
                    own = waiting[customer] = {}
                late, whole = self._day - due, self._items[index].document.amount
                weight = _ONE if amount == whole else amount / whole
                own[late] = own[late] + weight if late in own else weight
        return {
            customer: Observations(
                (seen := self._customers.get(customer, Observations())).paid,
                seen.lost,
                waiting.get(customer, {}),
            )
            for customer in sorted({*self._customers, *waiting})
        }

    def exposures(self) -> list[Exposure]:
        """Return what is open on the day that has been reached, in the order everywhere.

        What a customer has unallocated is taken off the documents that are due first.
        """
        credit: dict[Key, Decimal] = {}
        for key, owed in self._owed.items():
            left = owed - self._balances.get(key, _ZERO)
            if left > 0:
                credit[key] = left
        found = []
        for index in sorted(self._open):
            amount, key = self._open[index], self._known[index].key
            if unused := credit.get(key):
                covered = min(unused, amount)
                credit[key] = unused - covered
                amount -= covered
            if amount > 0:
                found.append(Exposure(self._items[index], amount))
        return found


def _name(document: Document) -> str:
    """Return what a document is told by, with all of it that matters to a forecast."""
    return repr(
        (
            document.customer,
            document.currency,
            document.number,
            document.kind,
            document.due and document.due.toordinal(),
            str(document.amount),
        )
    )


def _events(position: Position, keys: Iterable[Key]) -> Iterator[_Event]:
    kinds = settlement_kinds(position)
    for place, key in enumerate(keys):
        for posting in position.postings[key]:
            yield posting.transaction.date.toordinal(), _BALANCE, place, posting.amount
    for index, item in enumerate(position.items):
        yield item.document.date.toordinal(), _OPENED, index, item.document.amount
        for row in item.allocations:
            kind = kinds.get(id(row.posting))
            what = _KINDS.get(kind, _CREDITED) if kind else _CREDITED
            what = what if row.amount > 0 else _TAKEN_BACK
            yield row.date.toordinal(), what, index, -row.amount


def receipts_on(
    items: Iterable[Item], kinds: Mapping[int, SettlementKind]
) -> list[tuple[int, int, str, str, Decimal]]:
    """Return what payments brought: day, day of the document, customer, currency, amount.

    What bounced is taken off again on the day that it did. Sorted by day.
    """
    found = []
    for item in items:
        document = item.document
        for row in item.allocations:
            kind = kinds.get(id(row.posting))
            if kind == "payment" if row.amount > 0 else row.rule == "reopened":
                made = document.date.toordinal()
                found.append((row.date.toordinal(), made, *document.key, row.amount))
    return sorted(found)
