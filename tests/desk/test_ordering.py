"""Orders at the desk: entered, approved, delivered, invoiced; and what they may not do."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from order_books import BOSS, CLERK, DAY, SETTINGS, Shop, tax

from ledgercli.books.orders import OrderExistsError
from ledgercli.desk.orders import order_splitting, ordering
from ledgercli.desk.orders.order_answers import order_answer
from ledgercli.desk.orders.order_errors import (
    BadOrderError,
    BadQuantityError,
    CapExceededError,
    FutureDayError,
    NotApprovedError,
    NotApproverError,
    NothingLeftError,
    OrderAccountError,
    OrderBegunError,
    OrderClosedError,
    OrderFilesError,
    OrderNotFoundError,
)
from ledgercli.desk.reminders.booking_errors import LedgerNotCleanError
from ledgercli.output import language
from ledgercli.output.wording import error_lines


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop.make(tmp_path / "books")


def test_from_entry_to_the_invoice(shop: Shop) -> None:
    number = shop.add("3 x 33.335", tax=tax("19%"))
    assert number == "SO-2026-0001"
    assert shop.state(number) == "approved"
    assert shop.exposure() == Decimal("119.01")
    shop.deliver(number, "1")
    assert shop.state(number) == "in-delivery"
    shop.invoice(number)
    shop.deliver(number)
    assert shop.state(number) == "delivered"
    shop.invoice(number)
    assert shop.state(number) == "invoiced"
    assert shop.exposure() == Decimal("119.01")
    assert (
        shop.ledger().split("Liabilities:VAT\n")[1]
        == """\

2026-11-21 * "Acme GmbH" "Goods" ^INV-2026-0001 ^SO-2026-0001
  customer: "C1"
  invoice: "INV-2026-0001"
  order: "SO-2026-0001"
  Assets:Receivable  39.67 EUR
  Income:Sales  -33.34 EUR
  Liabilities:VAT  -6.33 EUR

2026-11-21 * "Acme GmbH" "2 × Goods" ^INV-2026-0002 ^SO-2026-0001
  customer: "C1"
  invoice: "INV-2026-0002"
  order: "SO-2026-0001"
  Assets:Receivable  79.34 EUR
  Income:Sales  -66.67 EUR
  Liabilities:VAT  -12.67 EUR
"""
    )
    assert not shop.books().ledger_errors
    with pytest.raises(NothingLeftError):
        shop.invoice(number)


@pytest.mark.parametrize(
    ("amount", "state"), [("499.99", "approved"), ("500.00", "approved"), ("500.01", "held")]
)
def test_automatic_up_to_an_amount(shop: Shop, amount: str, state: str) -> None:
    assert shop.state(shop.add(amount)) == state


def test_an_order_in_parts_is_judged_like_one(shop: Shop) -> None:
    assert shop.state(shop.add("300")) == "approved"
    assert shop.state(shop.add("200")) == "approved"
    assert shop.state(shop.add("0.01")) == "held"


@pytest.mark.parametrize(
    ("open_before", "state"), [("599.99", "approved"), ("600.00", "approved"), ("600.01", "held")]
)
def test_within_the_limit(shop: Shop, open_before: str, state: str) -> None:
    first = shop.add(open_before)
    shop.approve(first)
    shop.invoice(first)
    assert shop.state(shop.add("400")) == state


@pytest.mark.parametrize(("days", "state"), [(30, "approved"), (31, "held")])
def test_nothing_is_overdue_for_too_long(shop: Shop, days: int, state: str) -> None:
    shop.invoice(shop.add("10"))
    shop.day = DAY + dt.timedelta(days=30 + days)
    assert shop.state(shop.add("10")) == state


def test_a_cap_is_how_far_above_the_limit_a_person_may_go(shop: Shop) -> None:
    at, above = shop.add("1100.00"), shop.add("1100.01")
    with pytest.raises(NotApproverError):
        shop.approve(at, CLERK)
    with pytest.raises(CapExceededError) as raised:
        shop.approve(above)
    assert "100.01 EUR above the limit of 1000 EUR" in str(raised.value)
    said = "the exposure is 1,100.01 EUR, 100.01 EUR above the limit of 1,000.00 EUR"
    assert said in error_lines(raised.value)
    language.install("zh")
    assert "EUR 1,100.01" in error_lines(raised.value)
    assert "EUR 1,000.00" in error_lines(raised.value)
    language.install("en")
    page = order_answer(shop.books(), shop.order(above), shop.books().orders)
    (held,) = page.table("decisions").rows
    assert held["reason"] == "over-limit, above-automatic"
    assert held["reasons"] == ["over-limit", "above-automatic"]
    shop.approve(at)
    assert shop.exposure() == Decimal("1100.00")
    decision = shop.order(at).decisions[-1]
    assert (decision.decision, decision.by, decision.date) == ("approved", BOSS, DAY)
    assert (str(decision.exposure), str(decision.limit)) == ("1100.00 EUR", "1000 EUR")
    assert decision.expires == dt.date(2026, 12, 5)


@pytest.mark.parametrize(("days", "state"), [(13, "approved"), (14, "approved"), (15, "expired")])
def test_an_approval_expires(shop: Shop, days: int, state: str) -> None:
    number = shop.add("700")
    shop.approve(number)
    shop.day = DAY + dt.timedelta(days=days)
    assert shop.state(number) == state
    if state == "approved":
        shop.deliver(number)
    else:
        with pytest.raises(NotApprovedError):
            shop.deliver(number)
        with pytest.raises(NotApprovedError):
            shop.invoice(number)
        shop.approve(number)
        shop.deliver(number)


def test_an_order_that_was_raised_by_hand_waits_again(shop: Shop) -> None:
    number = shop.add("400")
    path = shop.root / f"orders/{number}.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("price: 400", "price: 400.01"))
    assert shop.state(number) == "raised"
    with pytest.raises(NotApprovedError):
        shop.deliver(number)


def test_an_approval_is_judged_anew_when_the_ledger_has_grown(shop: Shop) -> None:
    number = shop.add("400")
    shop.pay("-600.00")
    assert shop.state(number) == "approved"
    shop.pay("-0.01")
    assert shop.state(number) == "outgrown"
    with pytest.raises(NotApprovedError):
        shop.invoice(number)


def test_what_was_delivered_is_invoiced_whatever_the_limit_says(shop: Shop) -> None:
    number = shop.add("400")
    shop.deliver(number)
    shop.pay("-5000")
    answer = shop.invoice(number)
    assert len(answer.warnings) == 1
    assert shop.state(number) == "invoiced"


def test_closing_frees_what_was_not_delivered_alone(shop: Shop) -> None:
    number = shop.add("4 x 100")
    shop.deliver(number, "3")
    shop.work(ordering.close, number)
    assert shop.exposure() == Decimal(300)
    assert shop.state(shop.add("250")) == "approved"
    shop.work(ordering.reopen_order, number)
    assert shop.state(number) == "held"
    assert shop.exposure() == Decimal(550)
    shop.invoice(number)
    assert shop.order(number).invoices[0].amount.amount == 300


def test_what_a_person_rejected_no_rule_lets_through(shop: Shop) -> None:
    number = shop.add("100")
    shop.who = BOSS
    shop.work(ordering.reject, number, reason="no")
    shop.who = CLERK
    assert shop.exposure() == 0
    with pytest.raises(NotApproverError):
        shop.work(ordering.approve, number)
    shop.work(ordering.close, number)
    shop.work(ordering.reopen_order, number)
    assert shop.state(number) == "held"
    shop.approve(number)
    assert shop.state(number) == "approved"


def test_an_order_that_waited_is_approved_by_the_rules_once_it_fits(shop: Shop) -> None:
    shop.pay("-900")
    number = shop.add("101")
    assert shop.state(number) == "held"
    shop.pay("1")
    shop.work(ordering.approve, number)
    assert shop.order(number).decisions[-1].decision == "automatic"


def test_an_order_is_cancelled_unless_it_was_begun(shop: Shop) -> None:
    first, second = shop.add("100"), shop.add("2 x 100")
    shop.work(ordering.cancel, first)
    assert shop.state(first) == "cancelled"
    with pytest.raises(OrderClosedError):
        shop.deliver(first)
    shop.deliver(second, "1")
    with pytest.raises(OrderBegunError):
        shop.work(ordering.cancel, second)


def test_no_more_than_is_left(shop: Shop) -> None:
    number = shop.add("2 x 100")
    for quantity in ("2.01", "0"):
        with pytest.raises(BadQuantityError):
            shop.deliver(number, quantity)
    with pytest.raises(BadQuantityError):
        shop.invoice(number, "2.01")
    shop.deliver(number, "2")
    with pytest.raises(NothingLeftError):
        shop.deliver(number)
    tomorrow = DAY + dt.timedelta(days=1)
    with pytest.raises(FutureDayError):
        shop.invoice(number, day=tomorrow)
    with pytest.raises(FutureDayError):
        shop.work(ordering.deliver, number, quantities={}, day=tomorrow)


def test_a_split_order_is_worth_what_was_approved(shop: Shop) -> None:
    whole = shop.add("11 x 100")
    shop.approve(whole)
    answer = shop.work(order_splitting.split, whole, quantities={1: Decimal(4)})
    part = answer.facts["number"]
    assert (shop.state(whole), shop.state(part)) == ("approved", "approved")
    assert shop.exposure() == Decimal(1100)
    path = shop.root / f"orders/{part}.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('quantity: "4"', 'quantity: "5"'))
    assert shop.state(part) == "raised"
    with pytest.raises(BadOrderError):
        shop.work(order_splitting.split, whole, quantities={1: Decimal(7)})


def test_a_split_that_rounds_up_is_decided_about_anew(shop: Shop) -> None:
    whole = shop.add("2 x 250.0025")  # 500.005, rounded 500.01
    shop.approve(whole)
    answer = shop.work(order_splitting.split, whole, quantities={1: Decimal(1)})
    assert shop.exposure() <= Decimal("500.01")
    assert shop.order(str(answer.facts["number"])).decisions[-1].amount.amount == Decimal("250.00")


def test_numbers_that_are_there_or_cannot_be(shop: Shop) -> None:
    shop.add("1", number="A-1")
    with pytest.raises(OrderExistsError):
        shop.add("1", number="a-1")
    with pytest.raises(BadOrderError):
        shop.add("1", number="../x")
    with pytest.raises(OrderNotFoundError) as raised:
        shop.deliver("A-2")
    assert raised.value.values["suggestion"] == "A-1"


def test_a_file_with_an_error_stops_all_writing(shop: Shop) -> None:
    shop.add("1")
    (shop.root / "orders" / "bad.yaml").write_text("customer: C1\ndate: 2026-11-21\n")
    with pytest.raises(OrderFilesError):
        shop.add("1")


def test_the_ledger_stays_as_it_was_where_an_account_is_missing(shop: Shop) -> None:
    number = shop.add("10")
    settings = shop.root / "ledgercli.yaml"
    settings.write_text(SETTINGS.replace("Income:Sales", "Income:Nowhere"), encoding="utf-8")
    ledger, order = shop.ledger(), shop.order(number)
    with pytest.raises(LedgerNotCleanError):
        shop.invoice(number)
    assert shop.ledger() == ledger
    assert shop.order(number) == order
    settings.write_text("orders: {auto_up_to: 500 EUR}\n", encoding="utf-8")
    with pytest.raises(OrderAccountError):
        shop.invoice(number)


def test_a_dry_run_changes_nothing(shop: Shop) -> None:
    number = shop.add("10")
    before = {path: path.read_bytes() for path in shop.root.rglob("*") if path.is_file()}
    answer = shop.invoice(number, write=False)
    assert answer.verbatim
    assert "+  Assets:Receivable  10.00 EUR" in answer.verbatim
    after = {path: path.read_bytes() for path in shop.root.rglob("*") if path.is_file()}
    assert after == before


def test_a_family_has_one_limit(tmp_path: Path) -> None:
    customers = """\
- {id: TOP, name: Top, credit: {limit: 1000 EUR}}
- {id: C1, name: One, parent: TOP}
- {id: C2, name: Two, parent: TOP}
"""
    shop = Shop.make(tmp_path / "books", SETTINGS.replace("500 EUR", "5000 EUR"), customers)
    assert shop.state(shop.add("600", "C1")) == "approved"
    assert shop.state(shop.add("400.00", "C2")) == "approved"
    assert shop.state(shop.add("0.01", "C2")) == "held"
