"""An aging answer with names of several scripts, and amounts of several currencies."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ledgercli.model.answer import Answer, Column, Frame, Node, Row, Table, Text
from ledgercli.model.values import Money

BUCKETS = ("not_due", "1-30", "31-60", "61-90", "91+")


def money(amount: str, currency: str = "EUR") -> Money:
    return Money(Decimal(amount), currency)


def _row(customer: str, name: str, currency: str, *amounts: str, unallocated: str = "0") -> Row:
    total = sum(map(Decimal, amounts)) + Decimal(unallocated)
    return {
        "customer": customer,
        "name": name,
        "currency": currency,
        "amounts": {
            key: money(amount, currency) for key, amount in zip(BUCKETS, amounts, strict=True)
        },
        "unallocated": money(unallocated, currency),
        "total": Money(total, currency),
        "oldest_due": dt.date(2026, 1, 5),
        "max_days_overdue": 320,
    }


def aging(*, large: bool = False) -> Answer:
    group = tuple(Column(key, "not due" if key == "not_due" else key, "money") for key in BUCKETS)
    columns = (
        Column("customer", "customer", "code"),
        Column("name", "name", flexible=True),
        Column("currency", "cur.", "code"),
        Column("amounts", "", "group", columns=group),
        Column("unallocated", "unallocated", "money", sparse=True),
        Column("total", "total", "money"),
        Column("oldest_due", "oldest due", "date", optional=2),
        Column("max_days_overdue", "days", "number", optional=3),
        Column("bar", "age", "bar", source="amounts", optional=1),
    )
    rows = [
        _row("C001", "Acme GmbH", "EUR", "100", "0", "25.50", "0", "1234.56"),
        _row("K-华联", "上海华联商贸有限责任公司", "CNY", "1250.00", "0", "0", "88", "0"),
        _row("C003", "Evil\x1b[31m\u202eLtd", "JPY", "1100", "5", "0", "0", "0"),
    ]
    if large:
        rows.append(
            _row("C004", "Grand", "EUR", "1234567.89", "0", "0", "0", "7654321", unallocated="-50")
        )
    totals = [
        {
            "currency": "EUR",
            "amounts": {key: money("100") for key in BUCKETS},
            "unallocated": money("0"),
            "total": money("500"),
        }
    ]
    shown = tuple(c for c in columns if c.key in {"currency", "amounts", "unallocated", "total"})
    return Answer(
        "aging/1",
        {"as_of": dt.date(2026, 11, 21), "basis": "due", "buckets": list(BUCKETS)},
        (Table("rows", columns, rows), Table("totals", shown, totals, role="totals")),
        {"tie_out": True},
        (Text("As of {date}, end of day.", {"date": dt.date(2026, 11, 21)}),),
    )


def statement() -> Answer:
    lines = (
        Column("date", "date", "date"),
        Column("number", "number", "code"),
        Column("text", "text", flexible=True),
        Column("debit", "debit", "money"),
        Column("balance", "balance", "money"),
        Column("file", shown=False),
    )
    columns = (
        Column("currency", "cur.", "code"),
        Column("opening", "opening balance", "money"),
        Column("rows", "rows", "table", columns=lines),
        Column("closing", "closing balance", "money"),
    )
    rows = [
        {
            "currency": "EUR",
            "opening": money("10"),
            "rows": [
                {
                    "date": dt.date(2026, 11, 1),
                    "number": "INV-1",
                    "text": "=Goods",
                    "debit": money("90.5"),
                    "balance": money("100.5"),
                    "file": "main.beancount",
                }
            ],
            "closing": money("100.5"),
        },
        {
            "currency": "USD",
            "opening": money("-3", "USD"),
            "rows": [],
            "closing": money("-3", "USD"),
        },
    ]
    frames = (
        Frame("opening", "opening balance", "text", "balance", "before"),
        Frame("closing", "closing balance", "text", "balance", "after"),
    )
    table = Table(
        "statements",
        columns,
        rows,
        role="sections",
        section="rows",
        heading="Acme, {currency}",
        frames=frames,
    )
    return Answer("statement/1", {"as_of": dt.date(2026, 11, 21)}, (table,))


def tree() -> Answer:
    children = (
        Node(
            Text("opened {date}: {text}", {"date": dt.date(2026, 1, 2), "text": "Goods"}),
            money("100"),
            "main.beancount:12",
        ),
        Node("overdue", children=(Node("deep"),)),
        Node("last"),
    )
    return Answer("explain/1", tree=(Node("INV-1", money("100"), children=children),))
