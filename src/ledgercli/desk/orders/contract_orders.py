"""Contracts that recur: an order is drafted for each period that is due and has none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.orders.order_desk import Desk
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_, NC_
from ledgercli.model.customer import Contract, Customer
from ledgercli.model.order import Order, OrderLine
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.receivables.contracts import Period, periods
from ledgercli.receivables.orders import total


@dataclass(frozen=True, slots=True)
class Draft:
    """An order for a period of a contract."""

    order: Order
    period: Period


def due(
    desk: Desk,
    query: Query,
    *,
    since: dt.date | None,
    until: dt.date | None,
    write: bool,
) -> Answer:
    """Return the orders for periods up to ``until`` (None: today); with ``write``, enter them.

    Periods that begin before ``since`` are passed over: they were invoiced in another way.

    A period that an order names, whatever became of it, is not drafted again. Each order is
    decided about by the rules like any other.
    """
    day = until or desk.today
    drafts = [
        draft
        for customer in sorted(desk.books.customers, key=lambda one: one.id)
        for draft in _drafts(desk, customer, query, day)
        if since is None or draft.period.first >= since
    ]
    numbered: list[Draft] = []
    taken = [order.id for order in desk.orders]
    for draft in sorted(drafts, key=lambda row: (row.order.date, row.order.customer)):
        series = desk.books.settings.orders.series.orders
        number = series.next(taken, draft.order.date.year)
        taken.append(number)
        order = replace(draft.order, id=number)
        if write:
            order = desk.by_rules(order)
            # One after the other: each is decided about with those before it.
            desk.write((None, order))
        numbered.append(Draft(order, draft.period))
    return _answer(desk.books, numbered, day, written=write, notes=tuple(desk.notes))


def _drafts(desk: Desk, customer: Customer, query: Query, day: dt.date) -> Iterator[Draft]:
    chosen = desk.books.chosen(query)
    if customer.status == "closed" or (chosen is not None and customer.id not in chosen):
        return
    for contract in customer.contracts:
        known = {
            order.period
            for order in desk.orders
            if order.customer == customer.id and order.contract == contract.id
        }
        for period in periods(contract, day):
            if period.first not in known:
                yield Draft(_order(customer, contract, period), period)


def _order(customer: Customer, contract: Contract, period: Period) -> Order:
    words = contract.text or contract.title or contract.id
    line = OrderLine(
        Money(period.price.amount, period.price.currency),
        f"{words}, {period.first} – {period.last}",
        account=contract.account,
        tax=contract.tax,
    )
    return Order(
        "",
        customer.id,
        period.on,
        period.price.currency,
        (line,),
        terms=contract.terms,
        contract=contract.id,
        period=period.first,
    )


_COLUMNS = (
    Column("number", NC_("order", "number"), "code"),
    Column("contract", N_("contract"), "code"),
    Column("customer", N_("customer"), "code"),
    Column("first", N_("first day"), "date"),
    Column("last", N_("last day"), "date"),
    Column("date", N_("date"), "date", optional=1),
    Column("currency", N_("cur."), "code"),
    Column("amount", N_("amount"), "money"),
    Column("decision", N_("decision"), "code", words="order-decision", sparse=True),
)


def _answer(
    books: OpenBooks,
    drafts: list[Draft],
    until: dt.date,
    *,
    written: bool,
    notes: tuple[Text | str, ...],
) -> Answer:
    rows = [
        {
            "number": row.order.id,
            "contract": row.order.contract,
            "customer": row.order.customer,
            "first": row.period.first,
            "last": row.period.last,
            "date": row.order.date,
            "currency": row.order.currency,
            "amount": Money(total(row.order) or Decimal(0), row.order.currency),
            "decision": row.order.decisions[-1].decision if row.order.decisions else "",
        }
        for row in drafts
    ]
    count = len(rows)
    if not rows:
        said: Text | str = Text(N_("Nothing is due by {date} that has no order."), {"date": until})
    elif written:
        said = Text(N_("{count} order entered."), {}, N_("{count} orders entered."), count)
    else:
        one, many = (
            N_("{count} order is due; `--write` enters it."),
            N_("{count} orders are due; `--write` enters them."),
        )
        said = Text(one, {}, many, count)
    answer = Answer(
        "order-due/1",
        facts={"until": until, "written": written},
        tables=(Table("rows", _COLUMNS, rows),),
        notes=(*notes, said),
    )
    return with_circumstances(books, answer, Query())
