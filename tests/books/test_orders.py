"""Orders as files: read with care, and changed in their own lines alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from ledgercli.books.file_changes import write_changes
from ledgercli.books.orders import OrderExistsError, changed_order, new_order, read_orders
from ledgercli.model.order import Decision, Delivery, Order, OrderInvoice, OrderLine, Quantity
from ledgercli.model.terms import Terms
from ledgercli.model.values import Money, Percent

DAY = dt.date(2026, 11, 21)
EUR = Money(Decimal("12.50"), "EUR")
FULL = Order(
    id="SO-1",
    customer="C1",
    date=DAY,
    currency="EUR",
    lines=(
        OrderLine(
            EUR, "Bolts: M8", Quantity(Decimal(10)), "P-1", "Income:Sales", Percent(Decimal(19))
        ),
        OrderLine(EUR),
    ),
    status="closed",
    deliver_by=DAY,
    terms=Terms.parse("net 14"),
    contract="CT-7",
    period=DAY,
    split_from="SO-0",
    accepted=DAY,
    decisions=(
        Decision(
            DAY, "approved", EUR, "2026-11-21T10:00:00Z", "W <w@example.com>", EUR, EUR, "x", DAY
        ),
    ),
    deliveries=(Delivery(DAY, {"1": Quantity(Decimal("0.5"))}, "W", "DHL"),),
    invoices=(OrderInvoice("INV-1", DAY, EUR, {"1": Quantity(Decimal(1))}, "W", "writing"),),
    notes="two\nlines",
    fields={"own": "value"},
)

BY_HAND = """\
# Placed by phone
customer: C1     # Acme
date: 2026-11-21
lines:
    - {price: 10, text: 'Bolts', quantity: 2}   # in boxes
    - price: 5 EUR
      text: Nuts
own: kept
"""


def write(root: Path, name: str, text: str) -> None:
    (root / "orders").mkdir(exist_ok=True)
    (root / "orders" / name).write_text(text, encoding="utf-8")


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    write_changes(tmp_path, [new_order(tmp_path, FULL)])
    orders, findings = read_orders(tmp_path)
    assert not findings
    assert orders == (replace(FULL, file="orders/SO-1.yaml", line=2),)
    with pytest.raises(OrderExistsError):
        new_order(tmp_path, FULL)


def test_an_order_by_hand_takes_its_number_from_the_file(tmp_path: Path) -> None:
    write(tmp_path, "SO-7.yaml", BY_HAND)
    (order,), findings = read_orders(tmp_path)
    assert (order.id, order.currency) == ("SO-7", "EUR")
    assert [str(line.price) for line in order.lines] == ["10 EUR", "5 EUR"]
    assert [finding.code for finding in findings] == ["unknown-key"]


def test_a_change_touches_its_own_lines_alone(tmp_path: Path) -> None:
    write(tmp_path, "SO-7.yaml", BY_HAND)
    (order,), _ = read_orders(tmp_path)
    delivery = Delivery(DAY, {"1": Quantity(Decimal(2))})
    after = replace(order, status="closed", deliveries=(delivery,))
    change = changed_order(tmp_path, order, after)
    write_changes(tmp_path, [change])
    lines = (tmp_path / "orders/SO-7.yaml").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(("status", "deliveries", "  - {date"))]
    assert kept == BY_HAND.splitlines()
    (again,), _ = read_orders(tmp_path)
    assert again == after


def test_one_of_a_list_of_orders_is_changed(tmp_path: Path) -> None:
    text = "".join(
        f"- {{id: {name}, customer: C1, date: 2026-11-21, lines: [{{price: 1 EUR}}]}}\n"
        for name in ("A", "B")
    )
    write(tmp_path, "all.yaml", text)
    (first, second), findings = read_orders(tmp_path)
    assert not findings
    write_changes(tmp_path, [changed_order(tmp_path, second, replace(second, status="closed"))])
    (same, other), _ = read_orders(tmp_path)
    assert same == first
    assert (other.id, other.status) == ("B", "closed")


def test_two_orders_of_one_number_are_told(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "id: X\n" + BY_HAND.replace("own: kept\n", ""))
    write(tmp_path, "b.yaml", "id: x\n" + BY_HAND.replace("own: kept\n", ""))
    orders, findings = read_orders(tmp_path)
    assert [order.file for order in orders] == ["orders/a.yaml"]
    assert [finding.code for finding in findings] == ["duplicate-id"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("price: 10,", "price: 10 USD,", "order-currency"),
        ("price: 5 EUR", "price: 5", "order-currency"),
        ("price: 10,", "price: -10,", "order-negative"),
        ("price: 10,", "price: 10, tax: -1%,", "order-negative"),
        ("quantity: 2", "quantity: 0", "invalid-value"),
        ("quantity: 2", "quantity: -1", "invalid-value"),
        ("quantity: 2", "quantity: NaN", "invalid-value"),
        ("2026-11-21", "2026-02-30", "invalid-value"),
        ("customer: C1 ", "client: C1 ", "missing-key"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, old: str, new: str, code: str) -> None:
    write(tmp_path, "SO-7.yaml", BY_HAND.replace(old, new))
    _, findings = read_orders(tmp_path)
    assert code in [finding.code for finding in findings]


def test_books_without_orders_have_none(tmp_path: Path) -> None:
    assert read_orders(tmp_path) == ((), ())
