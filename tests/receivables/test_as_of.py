"""As of a day; kinds of settlements; deposits, pads, pending transactions; rounding; tie-out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from stories import Tell, applied, credit, day, opened, transaction

from ledgercli.model.ledger import LedgerView
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.receivables.position import _tied, position


def test_the_day_before_the_day_and_after(tell: Tell) -> None:
    """
    2026-01-10 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-02-10 * "Paid" ^INV-1
      Assets:Receivable:C1  -60 EUR
      Assets:Bank
    """
    story = tell()
    assert [opened(story.at(date)) for date in ("2026-01-09", "2026-01-10", "2026-02-09")] == [
        {},
        {"INV-1": "100"},
        {"INV-1": "100"},
    ]
    assert [opened(story.at(date)) for date in ("2026-02-10", "2026-02-11")] == [
        {"INV-1": "40"},
        {"INV-1": "40"},
    ]
    assert story.at("2026-01-09").postings == {}


def test_a_payment_before_its_document_waits_for_it(tell: Tell) -> None:
    """
    2026-01-05 * "In advance" ^INV-1
      Assets:Receivable:C1  -60 EUR
      Assets:Bank
    2026-01-10 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    """
    story = tell()
    assert credit(story.at("2026-01-09")) == {"C1 EUR": "60"}
    assert story.codes("2026-01-09") == ["unknown-document:2"]
    assert credit(story.at("2026-01-10")) == {}
    assert applied(story.at("2026-01-10")) == ["2026-01-10 INV-1 60 named"]
    (finding,) = story.findings()
    assert (finding.code, finding.place.line) == ("payment-before-document", 2)
    assert finding.values == {
        "kind": "payment",
        "names": "INV-1",
        "customer": "C1",
        "currency": "EUR",
        "number": "INV-1",
        "date": "2026-01-05",
        "document_date": "2026-01-10",
    }


def test_a_guess_changes_with_what_is_known(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-01-10 * "Paid"
      Assets:Receivable:C1  -60 EUR
      Assets:Bank
    2026-01-20 * "Goods" ^INV-2
      Assets:Receivable:C1  60 EUR
      Income:Sales
    """
    story = tell()
    assert applied(story.at("2026-01-19")) == ["2026-01-10 INV-1 60 oldest-due?"]
    assert applied(story.at("2026-01-20")) == ["2026-01-20 INV-2 60 equal-amount?"]


@pytest.mark.parametrize(
    ("marks", "metadata", "kind"),
    [
        ("", "", "payment"),
        ("^PAY-1", "", "payment"),
        ("^CN-1", "", "credit-note"),
        ("#credit-note", "", "credit-note"),
        ("", '  credit-note: "CN-1"\n', "credit-note"),
        ("#write-off", "", "write-off"),
        ("#discount", "", "discount"),
        ("^CN-1 #write-off", "", "credit-note"),
        ("#write-off #discount", "", "write-off"),
    ],
)
def test_kinds_of_settlements(tell: Tell, marks: str, metadata: str, kind: str) -> None:
    story = tell(
        f'2026-01-10 * "Less" {marks}\n{metadata}'
        "  Assets:Receivable:C1  -60 EUR\n  Expenses:Other\n"
    )
    (receipt,) = story.at().receipts
    assert receipt.settlement.kind == kind
    assert receipt.settlement.number == (
        "CN-1" if "CN-1" in marks + metadata else marks[1:] if (marks == "^PAY-1") else ""
    )


def test_deposits_count_apart_until_they_are_used(tell: Tell) -> None:
    """
    2026-01-05 * "In advance" ^DEP-1
      Liabilities:CustomerDeposits:C1  -60 EUR
      Assets:Bank
    2026-01-10 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-01-20 * "The deposit is used" ^DEP-1 ^INV-1
      Liabilities:CustomerDeposits:C1  60 EUR
      Assets:Receivable:C1  -60 EUR
    """
    story = tell()
    key = ("C1", "EUR")
    assert story.at("2026-01-04").deposits == {}
    assert story.at("2026-01-19").deposits == {key: Decimal(60)}
    assert story.at("2026-01-19").balances == {key: Decimal(100)}
    assert story.at("2026-01-20").deposits == {}
    assert opened(story.at("2026-01-20")) == {"INV-1": "40"}


def test_pads_are_opening_items_without_a_number(tell: Tell) -> None:
    """
    2026-01-01 pad Assets:Receivable:C1 Equity:Opening
    2026-01-02 balance Assets:Receivable:C1  100 EUR
    """
    story = tell(settings="")
    (item,) = story.at().items
    document = item.document
    assert (document.kind, document.numbered, document.number) == (
        "opening",
        False,
        "main.beancount:1",
    )
    assert document.due_source == "assumed"
    assert story.codes() == []


def test_pending_transactions_count(tell: Tell) -> None:
    """
    2026-01-10 ! "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    """
    position = tell().at()
    assert opened(position) == {"INV-1": "100"}
    assert position.items[0].document.posting.transaction.flag == "!"


@pytest.mark.parametrize(
    ("currency", "paid", "expected"),
    [
        ("EUR", "99.994", "0.006"),
        ("EUR", "99.995", "0.005"),
        ("EUR", "99.9951", None),
        ("JPY", "99.5", "0.5"),
        ("JPY", "99.51", None),
        ("KWD", "99.9995", "0.0005"),
        ("KWD", "99.9996", None),
    ],
)
def test_below_half_a_unit_is_settled(
    tell: Tell, currency: str, paid: str, expected: str | None
) -> None:
    story = tell(
        f'2026-01-10 * "Goods" ^INV-1\n  Assets:Receivable:C1  100 {currency}\n  Income:Sales\n'
        f'2026-01-11 * "Paid" ^INV-1\n  Assets:Receivable:C1  -{paid} {currency}\n  Assets:Bank\n'
    )
    found = story.at()
    assert opened(found).get("INV-1") == expected
    rest = Decimal(100) - Decimal(paid)
    assert found.rounding == ({} if expected else {("C1", currency): rest})


def test_roundings_do_not_take_part_in_guesses(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:C1  100.004 EUR
      Income:Sales
    2026-01-02 * "Goods" ^INV-2
      Assets:Receivable:C1  50 EUR
      Income:Sales
    2026-01-10 * "Paid" ^INV-1
      Assets:Receivable:C1  -100 EUR
      Assets:Bank
    2026-01-11 * "Paid"
      Assets:Receivable:C1  -20 EUR
      Assets:Bank
    """
    position = tell().at()
    assert opened(position) == {"INV-2": "30"}
    assert {key: str(value) for key, value in position.rounding.items()} == {("C1", "EUR"): "0.004"}


def test_a_position_that_does_not_tie_says_so() -> None:
    view = LedgerView(
        receivables=tuple(
            transaction(day("2026-01-01"), ("Assets:Receivable", "10 EUR", {}), links=["INV-1"])
        )
    )
    found = position(view, (), ReceivablesSettings(), day("2026-01-31"))
    assert found.tie_out
    assert _tied(found) is found
    broken = _tied(replace(found, balances={("?", "EUR"): Decimal("9.5")}))
    assert not broken.tie_out
    assert broken.findings[-1].code == "tie-out"
    assert broken.findings[-1].values == {"computed": "10.00 EUR", "balance": "9.50 EUR"}
    assert broken.findings[-1].customer == "?"


def test_only_keeps_the_part_that_is_asked_for(tell: Tell) -> None:
    """
    2026-01-10 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Assets:Receivable:C1  30 USD
      Assets:Receivable:C2  7 EUR
      Income:Sales
    2026-01-11 * "Paid" ^INV-7
      Assets:Receivable:C1  -5 USD
      Assets:Receivable:C2  -2 EUR
      Assets:Bank
    """
    whole = tell().at()
    assert whole.only(None, None) is whole
    part = whole.only(frozenset({"C1"}), frozenset({"USD"}))
    key = ("C1", "USD")
    assert [row.document.key for row in part.items] == [key]
    assert [row.settlement.key for row in part.receipts] == [key]
    assert set(part.balances) == set(part.postings) == set(part.unallocated) == {key}
    assert opened(whole.only(None, frozenset({"EUR"}))) == {"INV-1": "7"}
