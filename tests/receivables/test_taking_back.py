"""Positive postings that open nothing, or not only: re-allocations, refunds, bounced payments."""

from __future__ import annotations

import pytest
from stories import Tell, applied, credit, opened

INVOICES = """
2026-01-01 * "Goods" ^INV-1
  Assets:Receivable:C1  100 EUR
  Income:Sales
2026-01-02 * "Goods" ^INV-2
  Assets:Receivable:C1  100 EUR
  Income:Sales
2026-01-10 * "Paid" ^INV-1
  Assets:Receivable:C1  -100 EUR
  Assets:Bank
"""


def test_a_re_allocation_moves_a_payment_between_documents(tell: Tell) -> None:
    moved = """
2026-01-20 * "The payment was meant for INV-2"
  Assets:Receivable:C1  100 EUR
    invoice: "INV-1"
  Assets:Receivable:C1  -100 EUR
    invoice: "INV-2"
"""
    story = tell(INVOICES + moved)
    assert opened(story.at("2026-01-19")) == {"INV-2": "100"}
    position = story.at("2026-01-20")
    assert opened(position) == {"INV-1": "100"}
    assert applied(position) == [
        "2026-01-10 INV-1 100 named",
        "2026-01-20 INV-1 -100 re-allocated",
        "2026-01-20 INV-2 100 named",
    ]
    assert [row.settlement.kind for row in position.receipts] == ["payment", "re-allocation"]
    assert story.codes() == []


def test_a_re_allocation_gives_unallocated_credit_to_a_document(tell: Tell) -> None:
    moved = """
2026-01-11 * "Paid in advance" ^INV-9
  Assets:Receivable:C1  -60 EUR
  Assets:Bank
2026-01-20 * "Set off"
  Assets:Receivable:C1  60 EUR
  Assets:Receivable:C1  -60 EUR
    invoice: "INV-2"
"""
    story = tell(INVOICES + moved)
    assert credit(story.at("2026-01-19")) == {"C1 EUR": "60"}
    position = story.at()
    assert opened(position) == {"INV-2": "40"}
    assert credit(position) == {}
    advance = position.receipts[1]
    assert (str(advance.allocated), str(advance.used)) == ("0", "60")
    assert [(str(row.amount), row.number) for row in advance.uses] == [("60", "main.beancount:15")]


def test_credit_that_names_nothing_can_be_moved_before_it_is_guessed(tell: Tell) -> None:
    moved = """
2026-01-11 * "Paid"
  Assets:Receivable:C1  -40 EUR
  Assets:Bank
2026-01-20 * "It was for a later document"
  Assets:Receivable:C1  40 EUR
  Assets:Receivable:C1  -40 EUR
    invoice: "INV-3"
2026-02-01 * "Goods" ^INV-3
  Assets:Receivable:C1  50 EUR
  Income:Sales
"""
    story = tell(INVOICES + moved)
    assert opened(story.at("2026-01-19")) == {"INV-2": "60"}
    assert opened(story.at("2026-01-20")) == {"INV-2": "100"}
    assert credit(story.at("2026-01-20")) == {"C1 EUR": "40"}
    assert opened(story.at("2026-02-01")) == {"INV-2": "100", "INV-3": "10"}


def test_a_re_allocation_of_more_than_there_is(tell: Tell) -> None:
    moved = """
2026-01-20 * "Too much"
  Assets:Receivable:C1  130 EUR
    invoice: "INV-1"
  Assets:Receivable:C1  -130 EUR
    invoice: "INV-2"
"""
    story = tell(INVOICES + moved)
    position = story.at()
    assert opened(position) == {"INV-1": "100"}
    assert credit(position) == {}
    (finding,) = story.findings()
    assert (finding.code, finding.place.line, finding.customer) == (
        "excess-re-allocation",
        12,
        "C1",
    )
    assert finding.values == {"amount": "30.00 EUR"}


def test_between_customers_a_payment_is_one_and_opens_the_other(tell: Tell) -> None:
    moved = """
2026-01-20 * "C2 takes it over" ^INV-2
  Assets:Receivable:C2  100 EUR
  Assets:Receivable:C1  -100 EUR
"""
    story = tell(INVOICES + moved)
    position = story.at()
    assert [(row.document.customer, row.document.number) for row in position.open_items] == [
        ("C2", "INV-2")
    ]
    assert position.receipts[-1].settlement.kind == "payment"
    assert story.codes() == ["number-of-two-customers:12"]


def test_a_move_with_any_other_account_is_no_re_allocation(tell: Tell) -> None:
    moved = """
2026-01-20 * "Costs of the move" ^INV-7
  Assets:Receivable:C1  101 EUR
  Assets:Receivable:C1  -100 EUR
    invoice: "INV-2"
  Income:Fees  -1 EUR
"""
    assert opened(tell(INVOICES + moved).at()) == {"INV-7": "101"}


def test_a_move_beside_other_accounts_is_none_even_if_the_receivables_net_to_zero(
    tell: Tell,
) -> None:
    moved = """
2026-01-20 * "Exchanged for INV-7, bank costs beside it" ^INV-7
  Assets:Receivable:C1  100 EUR
  Assets:Receivable:C1  -100 EUR
    invoice: "INV-2"
  Expenses:Bank  5 EUR
  Assets:Bank
"""
    position = tell(INVOICES + moved).at()
    assert opened(position) == {"INV-7": "100"}
    assert [row.settlement.kind for row in position.receipts] == ["payment", "payment"]


def test_a_refund_takes_unallocated_credit_the_rest_opens_a_document(tell: Tell) -> None:
    refund = """
2026-01-11 * "Paid twice" ^INV-1
  Assets:Receivable:C1  -100 EUR
  Assets:Bank
2026-01-20 * "Back" #refund ^RF-1
  Assets:Receivable:C1  130 EUR
  Assets:Bank
"""
    story = tell(INVOICES + refund)
    assert credit(story.at("2026-01-19")) == {"C1 EUR": "100"}
    position = story.at()
    assert opened(position) == {"INV-2": "100", "RF-1": "30"}
    assert credit(position) == {}
    assert next(row.document.kind for row in position.items if row.document.number == "RF-1") == (
        "refund"
    )


def test_a_refund_within_the_credit_opens_nothing(tell: Tell) -> None:
    refund = """
2026-01-11 * "Paid twice" ^INV-1
  Assets:Receivable:C1  -100 EUR
  Assets:Bank
2026-01-20 * "Back" #refund ^INV-1
  Assets:Receivable:C1  99.99 EUR
  Assets:Bank
"""
    position = tell(INVOICES + refund).at()
    assert opened(position) == {"INV-2": "100"}
    assert credit(position) == {"C1 EUR": "0.01"}


def test_a_refund_acts_before_credit_is_guessed(tell: Tell) -> None:
    refund = """
2026-01-11 * "Paid"
  Assets:Receivable:C1  -100 EUR
  Assets:Bank
2026-01-20 * "Back" #refund ^RF-1
  Assets:Receivable:C1  100 EUR
  Assets:Bank
"""
    story = tell(INVOICES + refund)
    assert opened(story.at("2026-01-19")) == {}
    assert opened(story.at("2026-01-20")) == {"INV-2": "100"}


def test_a_refund_of_what_a_document_had_been_paid(tell: Tell) -> None:
    refund = """
2026-01-20 * "Back" #refund
  Assets:Receivable:C1  30 EUR
    invoice: "INV-1"
  Assets:Bank
"""
    position = tell(INVOICES + refund).at()
    assert opened(position) == {"INV-1": "30", "INV-2": "100"}
    assert applied(position)[1] == "2026-01-20 INV-1 -30 refunded"


def test_a_refund_on_two_postings_opens_one_document(tell: Tell) -> None:
    refund = """
2026-01-11 * "Paid twice" ^INV-1
  Assets:Receivable:C1  -10 EUR
  Assets:Bank
2026-01-20 * "Back" #refund ^RF-1
  Assets:Receivable:C1  30 EUR
  Assets:Receivable:C1  20 EUR
  Assets:Bank
"""
    story = tell(INVOICES + refund)
    assert opened(story.at()) == {"INV-2": "100", "RF-1": "40"}
    assert story.codes() == []


def test_equal_moves_of_a_day_do_not_depend_on_lines(tell: Tell) -> None:
    credit_of_10 = """
2026-01-11 * "Paid twice" ^INV-1
  Assets:Receivable:C1  -10 EUR
  Assets:Bank
"""
    # There is credit for one of the two only.
    moves = [
        '2026-01-20 * "Set off"\n  Assets:Receivable:C1  10 EUR\n'
        f'  Assets:Receivable:C1  -10 EUR\n    invoice: "{number}"\n'
        for number in ("INV-2", "INV-9")
    ]
    one = opened(tell(INVOICES + credit_of_10 + "".join(moves)).at())
    other = opened(tell(INVOICES + credit_of_10 + "".join(reversed(moves))).at())
    assert one == other == {"INV-2": "90"}


def test_credit_of_a_later_day_is_not_refunded(tell: Tell) -> None:
    refund = """
2026-01-20 * "Back" #refund ^RF-1
  Assets:Receivable:C1  30 EUR
  Assets:Bank
2026-01-21 * "Returned" ^INV-1 ^CN-1
  Assets:Receivable:C1  -30 EUR
  Income:Sales
"""
    position = tell(INVOICES + refund).at()
    assert opened(position) == {"INV-2": "100", "RF-1": "30"}
    assert credit(position) == {"C1 EUR": "30"}


@pytest.mark.parametrize(
    ("date", "amount", "expected"),
    [
        ("2026-01-09", "100", {"INV-1~2": "100", "INV-2": "100"}),
        ("2026-01-10", "100", {"INV-1": "100", "INV-2": "100"}),
        ("2026-01-20", "40", {"INV-1": "40", "INV-2": "100"}),
        ("2026-01-20", "100.01", {"INV-1": "100", "INV-1~2": "0.01", "INV-2": "100"}),
    ],
)
def test_a_bounce_reopens_what_had_been_paid_by_then(
    tell: Tell, date: str, amount: str, expected: dict[str, str]
) -> None:
    bounce = f'{date} * "Bounced" ^INV-1\n  Assets:Receivable:C1  {amount} EUR\n  Assets:Bank\n'
    story = tell(INVOICES + bounce)
    position = story.at()
    assert opened(position) == expected
    first = next(row.document for row in position.items if row.document.number == "INV-1")
    assert (str(first.amount), str(first.due)) == ("100", "2026-01-31")
    duplicate = "INV-1~2" in expected
    assert story.codes() == (["duplicate-number:11"] if duplicate else [])
    assert any(row.document.duplicate for row in position.items) == duplicate


def test_a_bounce_paid_again_and_bounced_again(tell: Tell) -> None:
    twice = """
2026-01-20 * "Bounced" ^INV-1
  Assets:Receivable:C1  100 EUR
  Assets:Bank
2026-01-25 * "Paid" ^INV-1
  Assets:Receivable:C1  -100 EUR
  Assets:Bank
2026-01-30 * "Bounced" ^INV-1
  Assets:Receivable:C1  60 EUR
  Assets:Bank
"""
    story = tell(INVOICES + twice)
    seen = [opened(story.at(f"2026-01-{day}")).get("INV-1") for day in (19, 20, 24, 25, 29, 30)]
    assert seen == [None, "100", "100", None, None, "60"]
    assert [row for row in applied(story.at()) if "INV-1" in row] == [
        "2026-01-10 INV-1 100 named",
        "2026-01-20 INV-1 -100 reopened",
        "2026-01-25 INV-1 100 named",
        "2026-01-30 INV-1 -60 reopened",
    ]
    assert story.codes() == []


def test_guessed_payments_do_not_make_a_bounce(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-01-10 * "Paid"
      Assets:Receivable:C1  -100 EUR
      Assets:Bank
    2026-01-20 * "Bounced" ^INV-1
      Assets:Receivable:C1  100 EUR
      Assets:Bank
    """
    story = tell()
    assert opened(story.at()) == {"INV-1~2": "100"}
    (finding,) = story.findings()
    assert (finding.code, finding.place.line) == ("duplicate-number", 8)
    assert finding.values == {"number": "INV-1", "customer": "C1", "other": "main.beancount:2"}


def test_a_bounce_of_instalments_takes_the_oldest_first(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      terms: "30% net 0, 70% net 30"
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-01-10 * "Paid" ^INV-1
      Assets:Receivable:C1  -100 EUR
      Assets:Bank
    2026-01-20 * "Bounced" ^INV-1
      Assets:Receivable:C1  40 EUR
      Assets:Bank
    2026-01-21 * "Bounced"
      invoice: "INV-1/2"
      Assets:Receivable:C1  5 EUR
      Assets:Bank
    """
    story = tell()
    assert opened(story.at()) == {"INV-1/1": "30", "INV-1/2": "15"}
    assert story.codes() == []


def test_each_copy_of_a_number_has_a_name_of_its_own(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:C1  7 EUR
      Income:Sales
    2026-02-01 * "Goods" ^INV-1
      Assets:Receivable:C1  3 EUR
      Income:Sales
    """
    story = tell()
    assert opened(story.at()) == {"INV-1": "100", "INV-1~2": "7", "INV-1~3": "3"}
    assert story.codes() == ["duplicate-number:5", "duplicate-number:8"]


def test_after_a_bounce_a_waiting_over_payment_pays_again(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-01-10 * "Paid" ^INV-1
      Assets:Receivable:C1  -100 EUR
      Assets:Bank
    2026-01-11 * "Paid again" ^INV-1
      Assets:Receivable:C1  -100 EUR
      Assets:Bank
    2026-01-20 * "One bounced" ^INV-1
      Assets:Receivable:C1  100 EUR
      Assets:Bank
    """
    story = tell()
    assert credit(story.at("2026-01-19")) == {"C1 EUR": "100"}
    assert opened(story.at()) == {}
    assert credit(story.at()) == {}
    assert applied(story.at())[-1] == "2026-01-20 INV-1 100 named"


def test_a_bounce_of_an_over_payment_reopens_what_had_been_paid(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-01-10 * "Paid" ^INV-1
      Assets:Receivable:C1  -120 EUR
      Assets:Bank
    2026-01-20 * "Bounced" ^INV-1
      Assets:Receivable:C1  120 EUR
      Assets:Bank
    """
    story = tell()
    assert credit(story.at("2026-01-19")) == {"C1 EUR": "20"}
    # Credit was not paid to the document, so what exceeds it is one of its own, and in error.
    assert "duplicate-number:8" in story.codes()
    assert opened(story.at()) == {"INV-1": "100"}
    assert credit(story.at()) == {}
