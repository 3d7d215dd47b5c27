"""Small books with orders, and their desk, for tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ledgercli.desk import reports
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.orders import invoicing, order_desk, ordering
from ledgercli.desk.orders.order_answers import order_rows
from ledgercli.desk.orders.order_desk import Desk
from ledgercli.desk.orders.ordering import NewOrder
from ledgercli.desk.request import Query, Request
from ledgercli.model.answer import Answer
from ledgercli.model.order import Order, OrderLine, Quantity
from ledgercli.model.values import Money, Percent

DAY = dt.date(2026, 11, 21)
BOSS, CLERK = "Wang Min <wang@example.com>", "Clerk <clerk@example.com>"
SETTINGS = """\
orders:
  auto_up_to: 500 EUR
  expires: 14 days
  approvers:
    - {who: wang@example.com, above_limit: 10%}
  accounts: {sales: "Income:Sales", tax: "Liabilities:VAT", receivable: "Assets:Receivable"}
"""
LEDGER = """\
2026-01-01 open Assets:Receivable
2026-01-01 open Assets:Bank
2026-01-01 open Income:Sales
2026-01-01 open Liabilities:VAT
"""
CUSTOMERS = """\
- {id: C1, name: Acme GmbH, credit: {limit: 1000 EUR}, terms: net 30}
- {id: C2, name: Beta Ltd}
"""


@dataclass
class Shop:
    """Books in a folder, a day, and who works there."""

    root: Path
    day: dt.date = DAY
    who: str = CLERK

    @classmethod
    def make(cls, root: Path, settings: str = SETTINGS, customers: str = CUSTOMERS) -> Shop:
        root.mkdir(parents=True, exist_ok=True)
        (root / "ledgercli.yaml").write_text(settings, encoding="utf-8")
        (root / "main.beancount").write_text(LEDGER, encoding="utf-8")
        (root / "customers").mkdir()
        (root / "customers" / "all.yaml").write_text(customers, encoding="utf-8")
        return cls(root)

    def books(self) -> OpenBooks:
        now = dt.datetime.combine(self.day, dt.time(12), tzinfo=dt.UTC)
        return open_books(Request(start=self.root, now=now, books=self.root), with_orders=True)

    def work(self, task: Callable[..., Answer], *arguments: Any, **options: Any) -> Answer:  # noqa: ANN401
        """Do a task at the desk, as ``who``."""
        with order_desk.at_work(self.books(), {}, self.books) as desk:
            desk._identity = self.who  # noqa: SLF001 - git knows nobody here
            return task(desk, *arguments, **options)

    def add(self, amount: str, customer: str = "C1", **options: Any) -> str:  # noqa: ANN401
        """Enter an order of one line ``[QUANTITY x] PRICE``; return its number."""
        many, _, price = amount.rpartition(" x ")
        line = OrderLine(
            Money(Decimal(price), "EUR"),
            "Goods",
            Quantity(Decimal(many or 1)),
            tax=options.pop("tax", None),
        )
        wanted = NewOrder(customer, (line,), **options)
        return str(self.work(ordering.add, wanted).facts["number"])

    def invoice(self, number: str, quantity: str | None = None, **options: Any) -> Answer:  # noqa: ANN401
        chosen = {} if quantity is None else {1: Decimal(quantity)}
        given = {"quantities": chosen, "day": None, "ahead": False, "write": True, **options}
        return self.work(invoicing.invoice, number, reopen=self.books, **given)

    def deliver(self, number: str, quantity: str | None = None) -> Answer:
        chosen = {} if quantity is None else {1: Decimal(quantity)}
        return self.work(ordering.deliver, number, quantities=chosen, day=None)

    def approve(self, number: str, who: str = BOSS) -> Answer:
        before, self.who = self.who, who
        try:
            return self.work(ordering.approve, number)
        finally:
            self.who = before

    def pay(self, amount: str) -> None:
        """Append a payment of the first customer to the ledger."""
        with (self.root / "main.beancount").open("a", encoding="utf-8") as file:
            file.write(
                f'\n{self.day} * "Acme GmbH" "pays"\n  customer: "C1"\n'
                f"  Assets:Bank  {amount} EUR\n  Assets:Receivable\n"
            )

    def order(self, number: str) -> Order:
        return order_desk.find_order(self.books().orders, number)

    def state(self, number: str) -> str:
        answer = order_rows(self.books(), Query(), states=(), everything=True)
        return next(
            str(row["status"]) for row in answer.table("rows").rows if row["number"] == number
        )

    def exposure(self, customer: str = "C1") -> Decimal:
        """Return what `limits` says that a customer is exposed to."""
        answer = reports.limits(self.books(), Query(), extra=None, group="customer")
        found = [row for row in answer.table("rows").rows if row["customer"] == customer]
        return Decimal(found[0]["exposure"].amount) if found else Decimal(0)

    def ledger(self) -> str:
        return (self.root / "main.beancount").read_text(encoding="utf-8")


def tax(text: str) -> Percent:
    return Percent.parse(text)


__all__ = ["BOSS", "CLERK", "DAY", "Desk", "Shop", "tax"]
