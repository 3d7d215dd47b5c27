"""Contracts and orders beside the ledger: what was shipped, invoiced, received; what is due."""

from __future__ import annotations

import datetime as dt
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from order_books import DAY, SETTINGS, Shop, tax

from ledgercli.desk import named_reports
from ledgercli.desk.orders import contract_orders, ordering
from ledgercli.desk.orders.order_errors import CapExceededError, NotApproverError
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.order import OrderLine, Quantity
from ledgercli.model.values import Money, Percent

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
CUSTOMERS = """\
- id: C1
  name: Acme GmbH
  credit: {limit: 1000 EUR}
  contracts:
    - {id: CT-7, title: Support, start: 2026-10-01, end: 2026-12-31, value: 100 EUR per month, tax: 19%}
"""
RULES = SETTINGS.replace("500 EUR", "1000 EUR")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop.make(tmp_path / "books", RULES, CUSTOMERS)


def figures(shop: Shop, *, by_order: bool = False) -> dict[str, list[str]]:
    """Return by contract: amount, delivered, invoiced, received, and the three gaps."""
    answer = named_reports.contracts(shop.books(), Query(), by_order=by_order)
    keys = (
        "amount",
        "delivered",
        "invoiced",
        "received",
        "invoiced_unpaid",
        "received_uninvoiced",
        "delivered_uninvoiced",
    )
    return {
        str(row["contract"]): [f"{row[key].amount.normalize():f}" for key in keys]
        for row in answer.table("rows").rows
    }


def book(shop: Shop, text: str) -> None:
    with (shop.root / "main.beancount").open("a", encoding="utf-8") as file:
        file.write(f"\n{DAY} * {text}\n")


def test_where_the_three_do_not_meet(shop: Shop) -> None:
    number = shop.add("4 x 100", tax=tax("19%"))
    assert figures(shop, by_order=True) == {number: ["476", "0", "0", "0", "0", "0", "0"]}
    shop.deliver(number, "3")
    shop.invoice(number, "1")
    settled = '"Acme GmbH" "{}" {}\n  customer: "C1"\n  Assets:Bank {} EUR\n  Assets:Receivable'
    book(shop, settled.format("part", "^INV-2026-0001", 50))
    book(shop, settled.format("in advance", f"^{number}-x", 5))
    book(shop, settled.format("credit", "^INV-2026-0001 ^CN-1", 9))
    assert figures(shop, by_order=True) == {number: ["476", "357", "119", "50", "60", "0", "238"]}
    shop.work(ordering.close, number)
    assert figures(shop, by_order=True) == {number: ["357", "357", "119", "50", "60", "0", "238"]}


def test_what_names_the_order_before_its_invoice_is_an_advance(shop: Shop) -> None:
    number = shop.add("100")
    book(
        shop,
        f'"Acme GmbH" "pays" ^{number}\n  customer: "C1"\n  Assets:Bank 30 EUR\n  Assets:Receivable',
    )
    assert figures(shop, by_order=True) == {number: ["100", "0", "0", "30", "0", "30", "0"]}


def due(shop: Shop, until: str, *, write: bool) -> Answer:
    return shop.work(
        contract_orders.due,
        Query(),
        since=None,
        until=dt.date.fromisoformat(until),
        write=write,
    )


def test_each_period_is_drafted_once(shop: Shop) -> None:
    shown = due(shop, "2026-11-21", write=False).table("rows").rows
    assert [str(row["first"]) for row in shown] == ["2026-10-01", "2026-11-01"]
    assert not shop.books().orders
    assert len(due(shop, "2026-11-21", write=True).table("rows").rows) == 2
    assert not due(shop, "2026-11-30", write=True).table("rows").rows
    last = due(shop, "2027-06-30", write=True).table("rows").rows
    assert [str(row["last"]) for row in last] == ["2026-12-31"]
    orders = shop.books().orders
    assert [str(order.decisions[-1].amount) for order in orders] == ["119.00 EUR"] * 3
    assert figures(shop)["CT-7"][0] == "357"
    shop.invoice("SO-2026-0001")
    assert figures(shop)["CT-7"] == ["357", "0", "119", "0", "119", "0", "0"]


def test_a_cancelled_period_is_not_drafted_again(shop: Shop) -> None:
    due(shop, "2026-10-01", write=True)
    shop.work(ordering.cancel, "SO-2026-0001")
    assert not due(shop, "2026-10-31", write=False).table("rows").rows


def test_the_chinese_example_with_approval(tmp_path: Path) -> None:
    """KH001 owes 120,887.40 of 200,000: 10 % above are 220,000."""
    root = tmp_path / "books"
    shutil.copytree(EXAMPLES / "trading-cn", root)
    with (root / "ledgercli.yaml").open("a", encoding="utf-8") as file:
        file.write("""
orders:
  auto_up_to: [20000 CNY, 3000 USD]
  approvers: [{who: 王敏, above_limit: 10%}]
  series: {orders: "销{year}-{n:03}", invoices: "YS{year}-{n:04}"}
  accounts:
    sales: Income:6001主营业务收入:内销
    tax: Liabilities:2221应交税费:应交增值税:销项税额
""")
    shop = Shop(root)

    def order(price: str) -> str:
        line = OrderLine(
            Money(Decimal(price), ""), "安全帽", Quantity(Decimal(1)), tax=Percent(Decimal(13))
        )
        wanted = ordering.NewOrder("华联商贸", (line,))
        return str(shop.work(ordering.add, wanted).facts["number"])

    number = order("87710.27")  # 99,112.61 with tax: one cent above 220,000
    assert shop.order(number).customer == "KH001"
    assert shop.state(number) == "held"
    with pytest.raises(CapExceededError):
        shop.approve(number, "王敏 <wangmin@yunshan.example>")
    fits = order("87710.26")
    with pytest.raises(NotApproverError):
        shop.approve(fits, "李雷 <lilei@yunshan.example>")
    shop.approve(fits, "王敏 <wangmin@yunshan.example>")
    assert shop.exposure("KH001") == Decimal("219999.99")
    answer = shop.invoice(fits)
    assert answer.facts["number"] == "YS2026-0001"
    assert "Assets:1122应收账款:华联商贸  99112.59 CNY" in shop.ledger()
    assert shop.exposure("KH001") == Decimal("219999.99")
    assert not shop.books().ledger_errors
