"""What can be asked in BQL: our own tables as rows of plain values, and Beancount's entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.currency import plain
from ledgercli.model.customer import Customer
from ledgercli.model.order import Order
from ledgercli.model.record import dataclass
from ledgercli.receivables.aging import Buckets, aging
from ledgercli.receivables.orders import total
from ledgercli.receivables.position import Item, Position, Receipt
from ledgercli.reports.receivables import item_status

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class QueryTable:
    """A table: columns with their types (str, int, bool, Decimal, date), and its rows."""

    name: str
    columns: tuple[tuple[str, type], ...]
    rows: Callable[[], Iterable[Row]]


_HEAD = (("customer", str), ("name", str), ("currency", str))
_PLACE = (("file", str), ("line", int))
_DOCUMENT = (
    ("number", str),
    *_HEAD,
    ("date", dt.date),
    ("due", dt.date),
    ("kind", str),
    ("amount", Decimal),
    ("allocated", Decimal),
    ("open", Decimal),
    ("days_overdue", int),
    ("status", str),
    ("counts_from", str),
    ("retained", str),
    *_PLACE,
)
_SETTLEMENT = (
    ("date", dt.date),
    ("kind", str),
    *_HEAD,
    ("number", str),
    ("amount", Decimal),
    ("allocated", Decimal),
    ("unallocated", Decimal),
    *_PLACE,
)
_ALLOCATION = (
    ("date", dt.date),
    ("number", str),
    *_HEAD,
    ("amount", Decimal),
    ("rule", str),
    ("assumed", bool),
    *_PLACE,
)
_AGING = (
    *_HEAD,
    ("bucket", str),
    ("amount", Decimal),
)
_CUSTOMER = (
    ("id", str),
    ("name", str),
    ("kind", str),
    ("debtor", str),
    ("status", str),
    ("tier", str),
    ("tags", set),
    ("segments", dict),
    ("parent", str),
    ("owner", str),
    ("language", str),
    ("terms", str),
    ("email", str),
    ("country", str),
    *_PLACE,
)
_ACTIVITY = (
    ("id", str),
    ("date", dt.date),
    ("kind", str),
    ("customer", str),
    ("number", str),
    ("currency", str),
    ("by", str),
    ("details", dict),
    *_PLACE,
)
_ORDER = (
    ("id", str),
    ("customer", str),
    ("date", dt.date),
    ("currency", str),
    ("status", str),
    ("contract", str),
    ("deliver_by", dt.date),
    ("amount", Decimal),
    *_PLACE,
)


def tables(books: OpenBooks, query: Query) -> Mapping[str, QueryTable]:
    """Return our tables by name, as of the day and for the customers that ``query`` asks for."""
    as_of = books.as_of(query)
    buckets = Buckets(books.settings.aging.basis, books.settings.aging.buckets)

    def position() -> Position:
        return books.selected(query)

    def chosen(identifier: str) -> bool:
        wanted = books.chosen(query)
        return wanted is None or identifier in wanted

    made = (
        QueryTable(
            "documents",
            _DOCUMENT,
            lambda: (_document(books, item, as_of) for item in position().items),
        ),
        QueryTable(
            "settlements",
            _SETTLEMENT,
            lambda: (_settlement(books, receipt) for receipt in position().receipts),
        ),
        QueryTable(
            "allocations",
            _ALLOCATION,
            lambda: (row for item in position().items for row in _allocations(books, item)),
        ),
        QueryTable("aging", _AGING, lambda: _aging(books, position(), buckets)),
        QueryTable(
            "customers",
            _CUSTOMER,
            lambda: (_customer(one) for one in books.customers if chosen(one.id)),
        ),
        QueryTable(
            "activity",
            _ACTIVITY,
            lambda: (
                (
                    event.id,
                    event.date,
                    event.kind,
                    event.customer,
                    event.number,
                    event.currency,
                    event.by,
                    dict(event.details),
                    event.file,
                    event.line,
                )
                for event in books.events
                if event.in_force(as_of) and chosen(event.customer)
            ),
        ),
        QueryTable(
            "orders",
            _ORDER,
            lambda: (_order(order) for order in books.orders if chosen(order.customer)),
        ),
    )
    return {table.name: table for table in made}


def entries(books: OpenBooks, *, safe: bool) -> tuple[list[Any], list[Any], Mapping[str, Any]]:
    """Return entries, errors and options of the ledger as Beancount has them."""
    from ledgercli.books.ledger import load_entries

    ledger = books.location.ledger or books.root / books.settings.ledger
    return load_entries(ledger, books.root, safe=safe)


def no_entries() -> tuple[list[Any], list[Any], Mapping[str, Any]]:
    """Return entries, errors and options of an empty ledger, to look at a query and not run it."""
    from ledgercli.books.ledger import no_entries as empty

    return empty()


def _amounts(currency: str, *amounts: Decimal) -> Row:
    """Return ``amounts`` with at least the usual decimals of the currency."""
    return tuple(Decimal(plain(amount, currency)) for amount in amounts)


def _head(books: OpenBooks, customer: str, currency: str) -> Row:
    return customer, books.names.get(customer, customer), currency


def _document(books: OpenBooks, item: Item, as_of: dt.date) -> Row:
    document = item.document
    return (
        document.number,
        *_head(books, document.customer, document.currency),
        document.date,
        document.due,
        document.kind,
        *_amounts(document.currency, document.amount, item.allocated, item.open),
        item.days_overdue(as_of) if item.open else None,
        item_status(item, as_of),
        document.event,
        document.retention or None,
        document.file,
        document.line,
    )


def _settlement(books: OpenBooks, receipt: Receipt) -> Row:
    settlement = receipt.settlement
    return (
        settlement.date,
        settlement.kind,
        *_head(books, settlement.customer, settlement.currency),
        settlement.number,
        *_amounts(settlement.currency, settlement.amount, receipt.allocated, receipt.unallocated),
        settlement.file,
        settlement.line,
    )


def _allocations(books: OpenBooks, item: Item) -> Iterable[Row]:
    document = item.document
    for row in item.allocations:
        yield (
            row.date,
            document.number,
            *_head(books, document.customer, document.currency),
            *_amounts(document.currency, row.amount),
            row.rule,
            row.assumed,
            row.posting.file,
            row.posting.line,
        )


def _aging(books: OpenBooks, position: Position, buckets: Buckets) -> Iterable[Row]:
    for row in aging(position, buckets):
        head = _head(books, row.customer, row.currency)
        for bucket, amount in row.amounts.items():
            if amount:
                yield (*head, bucket, *_amounts(row.currency, amount))
        for bucket, amount in (("retention", row.retention), ("due_unknown", row.due_unknown)):
            if amount:
                yield (*head, bucket, *_amounts(row.currency, amount))
        if row.unallocated:
            yield (*head, "unallocated", *_amounts(row.currency, -row.unallocated))


def _customer(record: Customer) -> Row:
    billing = record.addresses.get("billing")
    return (
        record.id,
        record.label,
        record.kind,
        record.debtor,
        record.status,
        record.tier,
        set(record.tags),
        dict(record.segments),
        record.parent,
        record.owner,
        record.language,
        str(record.terms) if record.terms else "",
        next((contact.email for contact in record.contacts if contact.email), ""),
        billing.country if billing else "",
        record.file,
        record.line,
    )


def _order(order: Order) -> Row:
    return (
        order.id,
        order.customer,
        order.date,
        order.currency,
        order.status,
        order.contract,
        order.deliver_by,
        *_amounts(order.currency, total(order)),
        order.file,
        order.line,
    )
