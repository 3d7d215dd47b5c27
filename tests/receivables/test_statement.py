"""Statements of account: one row per transaction, opening to closing."""

from __future__ import annotations

from stories import Tell, day, short

from ledgercli.receivables.position import Position
from ledgercli.receivables.statement import statements

LEDGER = """
2026-01-10 * "C1" "Goods" ^INV-1
  Assets:Receivable:C1  100 EUR
  Assets:Receivable:C1  19 EUR
  Assets:Receivable:C1  7 USD
  Income:Sales
2026-01-20 * "Paid" ^INV-1 ^PAY-1
  Assets:Receivable:C1  -100 EUR
  Assets:Receivable:C1  -10 EUR
  Assets:Bank
2026-01-25 * "Meant for another"
  Assets:Receivable:C1  10 EUR
    invoice: "INV-1"
  Assets:Receivable:C1  -10 EUR
    invoice: "INV-2"
2026-02-01 * "Bounced" ^INV-1
  Assets:Receivable:C1  60 EUR
  Assets:Bank
2026-02-01 * "Discount" ^INV-1 #discount
  Assets:Receivable:C1  -1 EUR
  Expenses:Discounts
2026-02-03 * "Back" #refund
  Assets:Receivable:C1  10 EUR
  Assets:Bank
2026-02-04 * "Returned" ^INV-1 ^CN-1
  Assets:Receivable:C1  -2 EUR
  Income:Sales
"""


def shown(position: Position, start: str | None = None) -> dict[str, list[str]]:
    return {
        f"{one.customer} {one.currency}": [
            short(one.opening),
            *(
                f"{row.date} {row.kind} {row.number} {row.text} +{short(row.debit)}"
                f" -{short(row.credit)} ={short(row.balance)} :{row.line}"
                for row in one.rows
            ),
            short(one.closing),
        ]
        for one in statements(position, day(start) if start else None)
    }


def test_a_row_for_every_transaction_but_re_allocations(tell: Tell) -> None:
    assert shown(tell(LEDGER).at("2026-02-04")) == {
        "C1 EUR": [
            "0",
            "2026-01-10 invoice INV-1 Goods +119 -0 =119 :1",
            "2026-01-20 payment PAY-1 Paid +0 -110 =9 :6",
            "2026-02-01 re-opening INV-1 Bounced +60 -0 =69 :15",
            "2026-02-01 discount INV-1 Discount +0 -1 =68 :18",
            "2026-02-03 refund  Back +10 -0 =78 :21",
            "2026-02-04 credit-note CN-1 Returned +0 -2 =76 :24",
            "76",
        ],
        "C1 USD": ["0", "2026-01-10 invoice INV-1 Goods +7 -0 =7 :1", "7"],
    }


def test_from_a_day_on_the_rest_is_the_opening_balance(tell: Tell) -> None:
    position = tell(LEDGER).at("2026-02-03")
    first = "2026-02-01 re-opening INV-1 Bounced +60 -0 =69 :15"
    assert shown(position, "2026-02-01")["C1 EUR"][:2] == ["9", first]
    assert shown(position, "2026-01-21")["C1 EUR"][:2] == ["9", first]
    assert shown(position, "2026-02-02")["C1 EUR"][0] == "68"
    assert shown(position, "2026-02-02")["C1 USD"] == ["7", "7"]
    assert shown(position, "2026-03-01")["C1 EUR"] == ["78", "78"]


def test_an_account_at_zero_without_movement_is_left_out(tell: Tell) -> None:
    """
    2026-01-10 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-01-20 * "Paid" ^INV-1
      Assets:Receivable:C1  -100 EUR
      Assets:Bank
    """
    story = tell()
    assert list(shown(story.at())) == ["C1 EUR"]
    assert list(shown(story.at(), "2026-01-20")) == ["C1 EUR"]
    assert shown(story.at(), "2026-01-21") == {}
    assert shown(story.at("2026-01-09")) == {}


def test_the_order_of_a_day_does_not_depend_on_lines(tell: Tell) -> None:
    first = '2026-01-10 * "Goods" ^INV-1\n  Assets:Receivable:C1  100 EUR\n  Income:Sales\n'
    second = '2026-01-10 * "Goods" ^INV-2\n  Assets:Receivable:C1  50 EUR\n  Income:Sales\n'
    third = '2026-01-10 * "Paid" ^INV-2\n  Assets:Receivable:C1  -50 EUR\n  Assets:Bank\n'
    one = [row.partition(" :")[0] for row in shown(tell(first + second + third).at())["C1 EUR"]]
    two = [row.partition(" :")[0] for row in shown(tell(third + second + first).at())["C1 EUR"]]
    assert one == two
    assert [row.split()[-1] for row in one[1:-1]] == ["=100", "=150", "=100"]
