"""The general ledger as the books open it: every posting, what it weighs, and whose it is."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

from stories import NOW, Story, Tell, short

from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Request
from ledgercli.model.general_ledger import BookPosting


def shown(story: Story) -> list[str]:
    """Return every posting as account, amount and customer."""
    return [
        f"{row.account} {short(row.amount)} {row.currency} {row.customer}".rstrip()
        for row in story.books.general_ledger.postings
    ]


def one(story: Story, account: str) -> BookPosting:
    (found,) = (row for row in story.books.general_ledger.postings if row.account == account)
    return found


def test_whose_a_posting_is(tell: Tell) -> None:
    """
    2026-01-10 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales  -80 EUR
      Income:Freight  -20 EUR
        customer: "C2"
    2026-01-11 * "Cost of it"
      customer: "bert"
      Expenses:Goods  30 EUR
      Assets:Stock
    2026-01-12 * "For two"
      Assets:Receivable:C1  10 EUR
      Assets:Receivable:C2  10 EUR
      Income:Sales
    2026-01-13 * "For nobody we know"
      Expenses:Gifts  5 EUR
        customer: "C9"
      Assets:Bank
    2026-01-14 * "Deposit earned"
      Liabilities:CustomerDeposits:C2  7 EUR
      Income:Sales
    2026-01-15 * "Sale to somebody"
      Assets:Receivable:Who  3 EUR
      Income:Sales
    """
    story = tell(customers="[{id: C1}, {id: C2, aliases: [Bert]}]")
    assert shown(story) == [
        "Assets:Receivable:C1 100 EUR C1",
        "Income:Sales -80 EUR C1",
        "Income:Freight -20 EUR C2",
        "Expenses:Goods 30 EUR C2",
        "Assets:Stock -30 EUR C2",
        "Assets:Receivable:C1 10 EUR C1",
        "Assets:Receivable:C2 10 EUR C2",
        "Income:Sales -20 EUR",
        "Expenses:Gifts 5 EUR ?",
        "Assets:Bank -5 EUR",
        "Liabilities:CustomerDeposits:C2 7 EUR C2",
        "Income:Sales -7 EUR C2",
        "Assets:Receivable:Who 3 EUR ?",
        "Income:Sales -3 EUR ?",
    ]


def test_what_a_posting_weighs(tell: Tell) -> None:
    """
    2026-01-10 * "Sale in dollars"
      Assets:Bank  90 EUR
      Income:Sales  -100 USD @ 0.90 EUR
    2026-01-11 * "Shares"
      Assets:Shares  10 HOOL {5 EUR}
      Assets:Cash  -50 EUR
    2026-01-12 * "Exchange"
      Assets:Dollars  10 USD @ 0.90 EUR
      Equity:Exchange
    """
    story = tell()
    assert shown(story) == [
        "Assets:Bank 90 EUR",
        "Income:Sales -90 EUR",
        "Assets:Shares 50 EUR",
        "Assets:Cash -50 EUR",
        "Assets:Dollars 10 USD",
        "Equity:Exchange -9 EUR",
    ]
    sale, shares, dollars = (
        one(story, name) for name in ("Income:Sales", "Assets:Shares", "Assets:Dollars")
    )
    assert (str(sale.units), sale.weight) == ("-100 USD", None)
    assert (str(shares.units), shares.weight) == ("10 HOOL", None)
    assert dollars.units is None
    assert dollars.weight is not None
    assert short(dollars.weight.amount) == "9"


def test_product_and_quantity(tell: Tell) -> None:
    """
    2026-01-10 * "Ute" "Coffee and tea"
      item: "COFFEE"
      Assets:Receivable:C1  100 EUR
      Income:Sales  -60 EUR
        qty: 3
      Income:Sales  -40 EUR
        product: "TEA"
        quantity: 2.5 KG
    """
    rows = tell().books.general_ledger.postings
    assert [(row.product, row.quantity and short(row.quantity), row.line) for row in rows] == [
        ("COFFEE", None, 3),
        ("COFFEE", "3", 4),
        ("TEA", "2.5", 6),
    ]
    first = rows[0].transaction
    assert (first.payee, first.file, first.line) == ("Ute", "main.beancount", 1)
    assert {row.transaction.number for row in rows} == {0}
    assert rows[0].date == dt.date(2026, 1, 10)


def test_the_keys_of_products_are_those_of_the_settings(tell: Tell) -> None:
    """
    2026-01-10 * "Goods"
      Assets:Bank  100 EUR
      Income:Sales
        artikel: 4711
        product: "OTHER"
    """
    story = tell(settings="statements: {products: [artikel]}")
    assert one(story, "Income:Sales").product == "4711"


def test_kinds_follow_the_names_of_the_roots(tell: Tell) -> None:
    """
    option "name_assets" "Aktiva"
    option "name_income" "Ertrag"
    2000-01-01 open Aktiva:Bank
    2000-01-01 open Ertrag:Umsatz
    2026-01-10 * "Goods"
      Aktiva:Bank  100 EUR
      Ertrag:Umsatz
    2026-01-11 * "Nothing"
      Aktiva:Bank  0 EUR
      Expenses:Rent  0 EUR
    """
    ledger = tell().books.general_ledger
    assert ledger.accounts == {
        "Aktiva:Bank": "asset",
        "Ertrag:Umsatz": "income",
        "Expenses:Rent": "expense",
    }
    assert len(ledger.postings) == 2


def test_an_earlier_revision_has_its_own_postings(tell: Tell, tmp_path: Path) -> None:
    """
    2026-01-10 * "Goods"
      Assets:Bank  100 EUR
      Income:Sales
    """
    root = tell().root
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", "-C", str(root), *words], check=True)
    ledger = root / "main.beancount"
    ledger.write_text(ledger.read_text().replace("100 EUR", "200 EUR"))
    for known_at, amount in ((None, 200), ("HEAD", 100)):
        books = open_books(Request(start=root, now=NOW, books=root, known_at=known_at))
        assert books.general_ledger.postings[0].amount == amount
        assert books.general_ledger is books.general_ledger
