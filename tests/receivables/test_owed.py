"""What customers are told they owe: write-offs are left out, and what takes them back."""

from __future__ import annotations

from datetime import timedelta

from stories import Tell, day, short

from ledgercli.receivables.owed import OwedStatement, owed_statements
from ledgercli.receivables.position import Position

LEDGER = """
2025-11-10 * "C1" "Goods" ^INV-1
  Assets:Receivable:C1  100 EUR
  Income:Sales
2026-01-20 * "C1" "Goods" ^INV-2
  Assets:Receivable:C1  50 EUR
  Income:Sales
2026-02-01 * "Half, the rest given up" ^INV-1
  Assets:Receivable:C1  -40 EUR
  Assets:Bank
2026-03-01 * "Given up" ^INV-1 #write-off
  Assets:Receivable:C1  -60 EUR
  Expenses:BadDebt
2026-03-05 * "Paid" ^INV-2
  Assets:Receivable:C1  -50 EUR
  Assets:Bank
"""
#: The written-off document is taken up again, and paid.
RECOVERED = """
2026-04-01 * "Taken up again" ^INV-1
  Assets:Receivable:C1  60 EUR
  Expenses:BadDebt
2026-04-01 * "Paid after all" ^INV-1
  Assets:Receivable:C1  -60 EUR
  Assets:Bank
"""


def only(position: Position, start: str | None = None) -> OwedStatement:
    (one,) = owed_statements(position, day(start) if start else None).values()
    return one


def lines(one: OwedStatement) -> list[str]:
    return [
        f"{row.date} {row.kind} +{short(row.debit)} -{short(row.credit)} ={short(row.balance)}"
        for row in one.rows
    ]


def test_an_amount_written_off_is_still_owed(tell: Tell) -> None:
    one = only(tell(LEDGER).at("2026-03-05"), "2026-01-01")
    assert lines(one) == [
        "2026-01-20 invoice +50 -0 =150",
        "2026-02-01 payment +0 -40 =110",
        "2026-03-05 payment +0 -50 =60",
    ]
    assert (short(one.opening), short(one.debits), short(one.credits)) == ("100", "50", "90")
    assert (short(one.closing), short(one.written_off)) == ("60", "60")
    # The day before it was given up, and the day itself, say the same of it.
    before = only(tell(LEDGER).at("2026-02-28"), "2026-01-01")
    on_the_day = only(tell(LEDGER).at("2026-03-01"), "2026-01-01")
    assert short(before.closing) == short(on_the_day.closing) == "110"
    assert (short(before.written_off), short(on_the_day.written_off)) == ("0", "60")


def test_what_is_taken_up_again_is_not_owed_twice(tell: Tell) -> None:
    one = only(tell(LEDGER + RECOVERED).at("2026-04-01"), "2026-03-01")
    assert lines(one) == ["2026-03-05 payment +0 -50 =60", "2026-04-01 payment +0 -60 =0"]
    assert (short(one.closing), short(one.written_off)) == ("0", "0")


def test_a_payment_with_a_write_off_in_one_transaction(tell: Tell) -> None:
    one = only(
        tell("""
2026-01-10 * "C1" "Goods" ^INV-1
  Assets:Receivable:C1  100 EUR
  Income:Sales
2026-02-01 * "Paid, the rest given up" ^INV-1 #write-off
  Assets:Receivable:C1  -95 EUR
  Assets:Receivable:C1  -5 EUR
  Assets:Bank
""").at("2026-02-01")
    )
    # The tag is the transaction's: all of it was written off, and all of it is owed.
    assert short(one.closing) == "100"


def test_it_begins_with_the_year_or_with_the_oldest_open_document(tell: Tell) -> None:
    story = tell(LEDGER)
    assert only(story.at("2026-01-31")).start == day("2025-11-10")
    # Paid or written off, nothing is open any more.
    assert only(story.at("2026-03-05")).start == day("2026-01-01")
    assert only(story.at("2025-12-31")).start == day("2025-01-01")


def test_customers_and_currencies_stand_apart(tell: Tell) -> None:
    position = tell(
        LEDGER
        + """
2026-03-06 * "C2" "Goods" ^INV-9
  Assets:Receivable:C2  7 EUR
  Assets:Receivable:C2  8 USD
  Income:Sales
"""
    ).at("2026-03-06")
    closing = {key: short(one.closing) for key, one in owed_statements(position).items()}
    assert closing == {("C1", "EUR"): "60", ("C2", "EUR"): "7", ("C2", "USD"): "8"}


def test_the_balance_does_not_depend_on_where_it_begins(tell: Tell) -> None:
    position = tell(LEDGER + RECOVERED).at("2026-05-01")
    for offset in range(-10, 190):
        start = day("2025-11-10") + timedelta(days=offset)
        one = owed_statements(position, start)[("C1", "EUR")]
        assert one.closing == one.opening + one.debits - one.credits == 0
        assert all(row.date >= start for row in one.rows)
