"""A position as columns of plain values, and back.

To match a hundred thousand postings takes seconds, and the second report about the same books asks
for the same position. Making its records of columns takes a quarter of that: what comes again is
made once, and no rule is applied anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ledgercli.model.ledger import LedgerPosting, LedgerView, Transaction
from ledgercli.model.position import Allocation, CreditUse, Document, Settlement
from ledgercli.model.record_making import maker
from ledgercli.receivables.position import Item, Position, Receipt
from ledgercli.receivables.record_columns import Fields, Known, bytes_of, places_in

if TYPE_CHECKING:
    from ledgercli.model.customer import Customer
    from ledgercli.model.receivables_settings import ReceivablesSettings
    from ledgercli.receivables.occurrences import Recorded

Made = TypeVar("Made")
TRANSACTION: Fields = (
    ("date", "day"),
    ("flag", "once"),
    ("payee", "once"),
    ("narration", "once"),
    ("links", "set"),
    ("tags", "set"),
    ("metadata", "mapping"),
    ("accounts", "once"),
    ("only_receivables", "once"),
    ("file", "once"),
    ("line", "once"),
)
POSTING: Fields = (
    ("transaction", "transaction"),
    ("account", "once"),
    ("amount", "amount"),
    ("currency", "once"),
    ("metadata", "mapping"),
    ("line", "once"),
)
DOCUMENT: Fields = (
    ("number", "each"),
    ("base", "each"),
    ("numbered", "once"),
    ("customer", "once"),
    ("currency", "once"),
    ("amount", "amount"),
    ("date", "day"),
    ("due", "day"),
    ("due_source", "once"),
    ("terms", "record"),
    ("kind", "once"),
    ("names", "set"),
    ("duplicate", "once"),
    ("discount", "record"),
    ("discount_until", "day"),
    ("posting", "posting"),
    ("retention", "once"),
    ("event", "once"),
    ("occurred", "day"),
    ("occurred_by", "once"),
    ("occurred_at", "once"),
)
ALLOCATION: Fields = (
    ("document", "document"),
    ("amount", "amount"),
    ("rule", "once"),
    ("assumed", "once"),
    ("date", "day"),
    ("posting", "posting"),
    ("ambiguous", "once"),
)
SETTLEMENT: Fields = (
    ("kind", "once"),
    ("customer", "once"),
    ("currency", "once"),
    ("amount", "amount"),
    ("date", "day"),
    ("number", "each"),
    ("names", "once"),
    ("own_links", "once"),
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


def columns_of(position: Position) -> PositionColumns:
    """Return ``position`` in columns; raise KeyError where it is of more than its own view."""
    view, known = position.view, Known()
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
        (bytes_of(len(item.allocations) for item in items), known.plain(items, ITEM)),
        (
            known.plain([row.settlement for row in receipts], SETTLEMENT),
            bytes_of(len(row.allocations) for row in receipts),
            known.refer("allocation", (one for row in receipts for one in row.allocations)),
            bytes_of(len(row.uses) for row in receipts),
            known.plain([use for row in receipts for use in row.uses], USE),
            known.plain(receipts, RECEIPT),
        ),
        (
            list(position.postings),
            bytes_of(len(rows) for rows in position.postings.values()),
            known.refer("posting", (row for rows in position.postings.values() for row in rows)),
        ),
        tuple({key: str(amount) for key, amount in one.items()} for one in sums),
        position.tie_out,
    )
    return PositionColumns((known.shared(), *plain), (records, position.findings))


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
    shared, *plain, owned, sums, tied = columns.plain
    transactions, (count, postings), documents, applied, items, receipts = plain
    known = Known()
    known.make(shared)
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
        postings=dict(
            zip(keys, _grouped(known.referred("posting", places_in("I", own)), counts), strict=True)
        ),
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


def _all(kind: type[Made], values: Sequence[Iterable[Any]]) -> list[Made]:
    return list(map(maker(kind), *values))


def _items(known: Known, counts: bytes, sums: Sequence[Any]) -> Iterator[Item]:
    applied = _grouped(known.rows["allocation"], counts)
    return map(maker(Item), known.rows["document"], applied, *known.values(sums, ITEM))


def _receipts(
    known: Known,
    settlements: Sequence[Any],
    counts: bytes,
    applied: bytes,
    use_counts: bytes,
    uses: Sequence[Any],
    sums: Sequence[Any],
) -> Iterator[Receipt]:
    return map(
        maker(Receipt),
        map(maker(Settlement), *known.values(settlements, SETTLEMENT)),
        _grouped(known.referred("allocation", places_in("I", applied)), counts),
        _grouped(map(maker(CreditUse), *known.values(uses, USE)), use_counts),
        *known.values(sums, RECEIPT),
    )


def _grouped(rows: Iterable[Made], counts: bytes) -> Iterator[tuple[Made, ...]]:
    """Return one row after the other in tuples of so many."""
    return map(tuple, map(islice, repeat(iter(rows)), places_in("I", counts)))
