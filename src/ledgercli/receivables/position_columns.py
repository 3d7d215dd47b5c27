"""A position as columns of plain values, and back.

To match a hundred thousand postings takes seconds, and the second report about the same books asks
for the same position. Making its records of columns takes a quarter of that: what comes again is
made once, and no rule is applied anew.
"""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain, islice, repeat
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ledgercli.model.ledger import LedgerPosting, LedgerView, Transaction
from ledgercli.model.position import Allocation, CreditUse, Document, Settlement
from ledgercli.receivables.position import Item, Position, Receipt

if TYPE_CHECKING:
    from ledgercli.model.customer import Customer
    from ledgercli.model.receivables_settings import ReceivablesSettings
    from ledgercli.receivables.occurrences import Recorded

Made = TypeVar("Made")
Fields = Sequence[tuple[str, str]]
"""The fields of a record in the order of its parameters, and the way in which each is kept: one of
``_WAYS``, or the records that it refers to."""

_NOTHING: Mapping[str, str] = {}

TRANSACTION: Fields = (
    ("date", "day"),
    ("flag", "text"),
    ("payee", "text"),
    ("narration", "text"),
    ("links", "set"),
    ("tags", "set"),
    ("metadata", "mapping"),
    ("accounts", "text"),
    ("only_receivables", "each"),
    ("file", "text"),
    ("line", "each"),
)
POSTING: Fields = (
    ("transaction", "transaction"),
    ("account", "text"),
    ("amount", "amount"),
    ("currency", "text"),
    ("metadata", "mapping"),
    ("line", "each"),
)
DOCUMENT: Fields = (
    ("number", "each"),
    ("base", "each"),
    ("numbered", "each"),
    ("customer", "text"),
    ("currency", "text"),
    ("amount", "amount"),
    ("date", "day"),
    ("due", "day"),
    ("due_source", "text"),
    ("terms", "record"),
    ("kind", "text"),
    ("names", "set"),
    ("duplicate", "each"),
    ("discount", "record"),
    ("discount_until", "day"),
    ("posting", "posting"),
    ("retention", "text"),
    ("event", "text"),
    ("occurred", "day"),
    ("occurred_by", "text"),
    ("occurred_at", "text"),
)
ALLOCATION: Fields = (
    ("document", "document"),
    ("amount", "amount"),
    ("rule", "text"),
    ("assumed", "each"),
    ("date", "day"),
    ("posting", "posting"),
    ("ambiguous", "each"),
)
SETTLEMENT: Fields = (
    ("kind", "text"),
    ("customer", "text"),
    ("currency", "text"),
    ("amount", "amount"),
    ("date", "day"),
    ("number", "each"),
    ("names", "each"),
    ("own_links", "each"),
    ("posting", "posting"),
)
USE: Fields = (("amount", "amount"), ("date", "day"), ("posting", "posting"))
#: Sums of items and receipts; the records in them come before.
ITEM: Fields = (("allocated", "amount"), ("open", "amount"), ("rounding", "amount"))
RECEIPT: Fields = (("allocated", "amount"), ("used", "amount"), ("unallocated", "amount"))


class PositionColumns(NamedTuple):
    """A position without customers, settings and facts: ``plain`` values, ``records`` of the model.

    Plain are texts, numbers, bytes and None, and lists, tuples and mappings of them.
    """

    plain: tuple[Any, ...]
    records: tuple[Any, ...]


class _Way(NamedTuple):
    """How the values of a field become plain ones, and what makes them of these."""

    plain: Callable[[Iterable[Any]], Any]
    made: Callable[[Any], Iterable[Any]]


def _once(
    plain: Callable[[Any], Any] | None = None,
    made: Callable[[Any], Any] | None = None,
    alike: Callable[[Any], Any] | None = None,
) -> _Way:
    """Return the way of values that come again: each once, and of each row the place of its.

    ``alike`` makes values equal that are alike in all of what they say.
    """

    def pack(values: Iterable[Any]) -> tuple[list[Any], bytes]:
        rows = list(map(alike, values) if alike else values)
        places = {value: place for place, value in enumerate(dict.fromkeys(rows))}
        column = _bytes(map(places.__getitem__, rows))
        return list(map(plain, places) if plain else places), column

    def unpack(kept: tuple[list[Any], bytes]) -> Iterable[Any]:
        values, column = kept
        known = list(map(made, values)) if made else values
        return map(known.__getitem__, _array(column))

    return _Way(pack, unpack)


def _ordinal(day: dt.date | None) -> int:
    return day.toordinal() if day else 0


def _day(ordinal: int) -> dt.date | None:
    return dt.date.fromordinal(ordinal) if ordinal else None


_WAYS: Mapping[str, _Way] = {
    "each": _Way(list, iter),
    "mapping": _Way(
        lambda values: [dict(value) if value else None for value in values],
        lambda kept: (value or _NOTHING for value in kept),
    ),
    "text": _once(),
    "amount": _once(made=Decimal, alike=str),
    "day": _once(_ordinal, _day),
    "set": _once(lambda texts: tuple(sorted(texts)), frozenset),
}


def _bytes(places: Iterable[int]) -> bytes:
    return array("I", places).tobytes()


def _array(column: bytes) -> array[int]:
    found = array("I")
    found.frombytes(column)
    return found


class _Known:
    """Records that others refer to by their places, of one kind after the other."""

    def __init__(self) -> None:
        self.places: dict[str, dict[int, int]] = {}
        self.rows: dict[str, Sequence[Any]] = {}

    def name(self, kind: str, rows: Iterable[object]) -> list[Any]:
        """Let records be referred to as ``kind``, each once; return them."""
        once = {id(row): row for row in rows}
        self.places[kind] = {identity: place for place, identity in enumerate(once)}
        return list(once.values())

    def refer(self, kind: str, rows: Iterable[object]) -> bytes:
        """Return the places of records; raise KeyError for one that has none."""
        return _bytes(map(self.places[kind].__getitem__, map(id, rows)))

    def plain(self, rows: Sequence[object], fields: Fields) -> tuple[Any, ...]:
        """Return the columns of records."""
        found = []
        for name, way in fields:
            values = map(attrgetter(name), rows)
            known = way in self.places
            found.append(self.refer(way, values) if known else _WAYS[way].plain(values))
        return tuple(found)

    def referred(self, kind: str, column: bytes) -> Iterator[Any]:
        """Return the records at some places."""
        return map(self.rows[kind].__getitem__, _array(column))

    def values(self, columns: Sequence[Any], fields: Fields) -> list[Iterable[Any]]:
        """Return the values of each column."""
        return [
            self.referred(way, column) if way in self.rows else _WAYS[way].made(column)
            for (_, way), column in zip(fields, columns, strict=True)
        ]


def columns_of(position: Position) -> PositionColumns:
    """Return ``position`` in columns; raise KeyError where it is of more than its own view."""
    view, known = position.view, _Known()
    items, receipts = position.items, position.receipts
    postings = known.name("posting", (*view.receivables, *view.deposits))
    transactions = known.name("transaction", (row.transaction for row in postings))
    documents = known.name("document", (item.document for item in items))
    records = known.name(
        "record", chain.from_iterable((row.terms, row.discount) for row in documents)
    )
    applied = known.name("allocation", (row for item in items for row in item.allocations))
    sums = (position.balances, position.deposits, position.unallocated, position.rounding)
    plain = (
        known.plain(transactions, TRANSACTION),
        (len(view.receivables), known.plain(postings, POSTING)),
        known.plain(documents, DOCUMENT),
        known.plain(applied, ALLOCATION),
        (_bytes(len(item.allocations) for item in items), known.plain(items, ITEM)),
        (
            known.plain([row.settlement for row in receipts], SETTLEMENT),
            _bytes(len(row.allocations) for row in receipts),
            known.refer("allocation", (one for row in receipts for one in row.allocations)),
            _bytes(len(row.uses) for row in receipts),
            known.plain([use for row in receipts for use in row.uses], USE),
            known.plain(receipts, RECEIPT),
        ),
        (
            list(position.postings),
            _bytes(len(rows) for rows in position.postings.values()),
            known.refer("posting", (row for rows in position.postings.values() for row in rows)),
        ),
        tuple({key: str(amount) for key, amount in one.items()} for one in sums),
        position.tie_out,
    )
    return PositionColumns(plain, (records, position.findings))


def position_of(
    columns: PositionColumns,
    facts: LedgerView,
    customers: Mapping[str, Customer],
    settings: ReceivablesSettings,
    as_of: dt.date,
    recorded: Recorded | None,
) -> Position:
    """Return the position that :func:`columns_of` made ``columns`` of, as of ``as_of``.

    ``facts`` are those of its view; what else is given is as in
    :func:`ledgercli.receivables.position.position`.
    """
    transactions, (count, postings), documents, applied, items, receipts, owned, sums, tied = (
        columns.plain
    )
    known, rows = _Known(), {}
    rows = known.rows
    rows["record"], findings = columns.records
    rows["transaction"] = _all(Transaction, known.values(transactions, TRANSACTION))
    rows["posting"] = _all(LedgerPosting, known.values(postings, POSTING))
    rows["document"] = _all(Document, known.values(documents, DOCUMENT))
    rows["allocation"] = _all(Allocation, known.values(applied, ALLOCATION))
    keys, counts, own = owned
    view = replace(
        facts,
        receivables=tuple(rows["posting"][:count]),
        deposits=tuple(rows["posting"][count:]),
    )
    balances, deposits, unallocated, rounding = (
        {key: Decimal(amount) for key, amount in one.items()} for one in sums
    )
    return Position(
        as_of=as_of,
        items=tuple(_items(known, *items)),
        receipts=tuple(_receipts(known, *receipts)),
        postings=dict(zip(keys, _grouped(known.referred("posting", own), counts), strict=True)),
        balances=balances,
        deposits=deposits,
        unallocated=unallocated,
        rounding=rounding,
        customers=customers,
        findings=findings,
        tie_out=tied,
        view=view,
        settings=settings,
        recorded=recorded,
    )


def _all(kind: Callable[..., Made], values: Sequence[Iterable[Any]]) -> list[Made]:
    return list(map(kind, *values))


def _items(known: _Known, counts: bytes, sums: Sequence[Any]) -> Iterator[Item]:
    applied = _grouped(known.rows["allocation"], counts)
    return map(Item, known.rows["document"], applied, *known.values(sums, ITEM))


def _receipts(
    known: _Known,
    settlements: Sequence[Any],
    counts: bytes,
    applied: bytes,
    use_counts: bytes,
    uses: Sequence[Any],
    sums: Sequence[Any],
) -> Iterator[Receipt]:
    return map(
        Receipt,
        map(Settlement, *known.values(settlements, SETTLEMENT)),
        _grouped(known.referred("allocation", applied), counts),
        _grouped(map(CreditUse, *known.values(uses, USE)), use_counts),
        *known.values(sums, RECEIPT),
    )


def _grouped(rows: Iterable[Made], counts: bytes) -> Iterator[tuple[Made, ...]]:
    """Return one row after the other in tuples of so many."""
    return map(tuple, map(islice, repeat(iter(rows)), _array(counts)))
