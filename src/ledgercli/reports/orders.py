"""Orders as tables: one a line, and one with its lines and decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_, NC_
from ledgercli.model.order import Decision, Order
from ledgercli.model.record import dataclass
from ledgercli.model.state_words import ORDER_STATES
from ledgercli.model.values import Money
from ledgercli.receivables.orders import (
    amount_of,
    counted,
    delivered,
    invoiced,
    invoiced_amount,
    line_amount,
    total,
)
from ledgercli.reports.common import CURRENCY, CUSTOMER, NAME, totals_table


@dataclass(frozen=True, slots=True)
class Shown:
    """An order with what is said of it: ``state`` in a word, the name of the customer."""

    order: Order
    state: str
    name: str


_AMOUNTS = (
    Column("amount", N_("amount"), "money"),
    Column("delivered", N_("shipped"), "money", optional=2),
    Column("invoiced", N_("invoiced"), "money", optional=1),
    Column("open", N_("not invoiced"), "money"),
)
_COLUMNS = (
    Column("number", NC_("order", "number"), "code"),
    Column("date", N_("date"), "date"),
    CUSTOMER,
    Column("name", NAME.label, NAME.kind, flexible=True, optional=3),
    CURRENCY,
    *_AMOUNTS,
    Column("deliver_by", N_("deliver by"), "date", sparse=True, optional=4),
    Column("contract", N_("contract"), "code", sparse=True, optional=5),
    Column("status", N_("status"), "code", words="order-state"),
)
_LINES = (
    Column("line", N_("line"), "number"),
    Column("text", N_("text"), flexible=True),
    Column("product", N_("product"), "code", sparse=True, optional=3),
    Column("quantity", N_("quantity"), "number"),
    Column("price", N_("price"), "money"),
    Column("tax", N_("tax"), "text", sparse=True),
    Column("amount", N_("amount"), "money"),
    Column("delivered", N_("shipped"), "number", optional=1),
    Column("invoiced", N_("invoiced"), "number", optional=2),
    Column("account", N_("account"), "code", shown=False),
)
_DECISIONS = (
    Column("date", N_("date"), "date"),
    Column("decision", N_("decision"), "code", words="order-decision"),
    Column("amount", N_("amount"), "money"),
    Column("exposure", N_("exposure"), "money", optional=1),
    Column("limit", N_("limit"), "money", optional=2),
    Column("limit_currency", N_("cur."), "code", shown=False),
    Column("expires", N_("holds until"), "date"),
    Column("by", N_("by"), flexible=True),
    Column("reason", N_("reason"), shown=False),
    Column("reasons", N_("reason"), "strings", words="order-reason", flexible=True, wraps=True),
    Column("at", N_("at"), "code", shown=False),
)
_INVOICES = (
    Column("number", N_("number"), "code"),
    Column("date", N_("date"), "date"),
    Column("amount", N_("amount"), "money"),
    Column("state", N_("status"), "code", words="order-invoice"),
    Column("by", N_("by"), flexible=True),
)
_DELIVERIES = (
    Column("date", N_("date"), "date"),
    Column("amount", N_("amount"), "money"),
    Column("lines", N_("lines"), "text"),
    Column("text", N_("text"), flexible=True),
    Column("by", N_("by"), flexible=True),
)
_RULE = N_(
    "Not invoiced is what is approved or shipped and on no invoice; it counts towards the exposure."
)


def _reasons(decision: Decision) -> list[str]:
    """Return why a decision was made: those of the rules one by one, a person's in one text."""
    if decision.decision == "held":
        return decision.reason.split(", ") if decision.reason else []
    return [decision.reason] if decision.reason else []


def _figures(order: Order, as_of: dt.date) -> dict[str, Any]:
    def money(amount: Decimal) -> Money:
        return Money(amount, order.currency)

    return {
        "amount": money(total(order)),
        "delivered": money(amount_of(order, delivered(order, as_of))),
        "invoiced": money(invoiced_amount(order, as_of)),
        "open": money(counted(order, as_of)),
    }


def order_list(shown: Sequence[Shown], as_of: dt.date) -> Answer:
    """Return the orders, one a line, with totals by currency."""
    rows = [
        {
            "number": row.order.id,
            "date": row.order.date,
            "customer": row.order.customer,
            "name": row.name,
            "currency": row.order.currency,
            **_figures(row.order, as_of),
            "deliver_by": row.order.deliver_by,
            "contract": row.order.contract,
            "status": row.state,
        }
        for row in shown
    ]
    keys = ("amount", "delivered", "invoiced", "open")
    return Answer(
        "orders/1",
        facts={"as_of": as_of},
        tables=(
            Table("rows", _COLUMNS, rows, empty=N_("No orders.")),
            totals_table(rows, keys, _AMOUNTS),
        ),
        notes=(Text(N_("As of {date}, end of day."), {"date": as_of}), _RULE),
    )


def order_page(shown: Shown, as_of: dt.date, why: str, notes: Sequence[Text | str]) -> Answer:
    """Return one order: what was ordered, decided, delivered, invoiced. ``why`` it waits."""
    order = shown.order
    facts = {
        "number": order.id,
        "customer": order.customer,
        "name": shown.name,
        "date": order.date,
        "currency": order.currency,
        "status": shown.state,
        **_figures(order, as_of),
        "deliver_by": order.deliver_by,
        "accepted": order.accepted,
        "terms": order.terms.words if order.terms else None,
        "contract": order.contract or None,
        "split_from": order.split_from or None,
        "file": order.file,
    }
    details = [
        (N_("customer"), f"{order.customer} {shown.name}".strip()),
        (N_("date"), order.date),
        (N_("status"), Text(ORDER_STATES[shown.state])),
    ]
    labels = {
        "amount": N_("amount"),
        "delivered": N_("shipped"),
        "invoiced": N_("invoiced"),
        "open": N_("not invoiced"),
        "deliver_by": N_("deliver by"),
        "accepted": N_("accepted"),
        "terms": N_("terms"),
        "contract": N_("contract"),
        "split_from": N_("split from"),
    }
    details += [(label, facts[key]) for key, label in labels.items() if facts[key]]
    said: list[Text | str] = [*notes]
    if why:
        said.append(why)
    if order.notes:
        said.append(Text("{text}", {"text": order.notes}))
    return Answer(
        "order/1",
        facts=facts,
        tables=_tables(order, as_of),
        title=order.id,
        details=tuple(details),
        notes=tuple(said),
    )


def _tables(order: Order, as_of: dt.date) -> tuple[Table, ...]:
    done, billed = delivered(order, as_of), invoiced(order, as_of)
    lines = [
        {
            "line": place,
            "text": line.text,
            "product": line.product,
            "quantity": _number(line.quantity.value),
            "price": Money(line.price.amount, order.currency),
            "tax": str(line.tax) if line.tax else "",
            "amount": Money(
                line_amount(line, line.quantity.value, order.currency).total, order.currency
            ),
            "delivered": _number(done.get(place, Decimal(0))),
            "invoiced": _number(billed.get(place, Decimal(0))),
            "account": line.account,
        }
        for place, line in enumerate(order.lines, 1)
    ]
    decisions = [
        {
            "date": row.date,
            "decision": row.decision,
            "amount": row.amount,
            "exposure": row.exposure,
            "limit": row.limit,
            "limit_currency": row.exposure.currency if row.exposure else None,
            "expires": row.expires,
            "by": row.by,
            "reason": row.reason,
            "reasons": _reasons(row),
            "at": row.at,
        }
        for row in order.decisions
    ]
    invoices = [
        {
            "number": row.number,
            "date": row.date,
            "amount": row.amount,
            "state": row.state,
            "by": row.by,
        }
        for row in order.invoices
    ]
    deliveries = [
        {
            "date": row.date,
            "amount": Money(
                amount_of(order, {int(key): one.value for key, one in row.quantities.items()}),
                order.currency,
            ),
            "lines": ", ".join(f"{key}: {one}" for key, one in row.quantities.items()),
            "text": row.text,
            "by": row.by,
        }
        for row in order.deliveries
    ]
    tables = [Table("lines", _LINES, lines)]
    tables.append(Table("decisions", _DECISIONS, decisions, N_("decisions"), "extra"))
    tables.append(Table("deliveries", _DELIVERIES, deliveries, N_("deliveries"), "extra"))
    tables.append(Table("invoices", _INVOICES, invoices, N_("invoices"), "extra"))
    return tuple(tables)


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
