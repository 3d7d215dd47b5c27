"""Contribution of customers, products, and what is bought together, from whole ledgers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from stories import Story, Tell, day

from ledgercli.desk import sales_reports
from ledgercli.desk.request import Query
from ledgercli.desk.statement_reports import income
from ledgercli.model.answer import Answer
from ledgercli.output.values import say

CUSTOMERS = """
- {id: C1, name: One, tags: [a, b], segments: {region: north}}
- {id: C2, name: Two, tags: [b]}
- {id: C3, name: Three}
"""


def lines(answer: Answer, *keys: str, table: str = "rows") -> list[str]:
    def shown(cell: Any) -> str:  # noqa: ANN401 - a cell of any kind
        return "-" if cell is None else say(cell)

    return [" ".join(shown(row[key]) for key in keys) for row in answer.table(table).rows]


def brought(
    story: Story, by: str = "customer", *, months: int = 2, query: Query | None = None
) -> Answer:
    asked = query or Query(as_of=day("2026-03-31"))
    return sales_reports.contribution(story.books, asked, months=months, by=by)


SUMS = ("group", "revenue", "costs", "contribution", "margin")


def test_contribution(tell: Tell) -> None:
    """
    2026-01-31 * "before" ^INV-0
      Assets:Receivable:C1  1000.00 EUR
      Income:Sales
    2026-02-01 * "first day" ^INV-1
      Assets:Receivable:C1  119.00 EUR
      Income:Sales  -100.00 EUR
      Liabilities:VAT
    2026-03-31 * "last day, for cash"
      customer: "C2"
      Assets:Bank  50.00 EUR
      Income:Sales
    2026-03-02 * "goods for a customer"
      Expenses:Goods  40.00 EUR
        customer: "C1"
      Expenses:Rent  300.00 EUR
      Assets:Bank
    2026-03-03 * "discount" ^INV-1
      Assets:Receivable:C1  -19.00 EUR
      Expenses:Discounts
    2026-03-04 * "interest"
      Income:Interest  -7.00 EUR
      Assets:Bank
    2026-04-01 * "after" ^INV-2
      Assets:Receivable:C2  1000.00 EUR
      Income:Sales
    2026-03-05 * "dear"
      customer: "C3"
      Expenses:Travel  5.00 EUR
      Assets:Bank
    """
    story = tell(customers=CUSTOMERS)
    assert lines(brought(story), *SUMS) == [
        "C1 100.00 EUR 59.00 EUR 41.00 EUR 41",
        "C2 50.00 EUR 0.00 EUR 50.00 EUR 100",
        "C3 0.00 EUR 5.00 EUR -5.00 EUR -",
    ]
    assert lines(brought(story), *SUMS[1:4], table="nobody") == ["7.00 EUR 300.00 EUR -293.00 EUR"]
    assert lines(brought(story, "tag"), *SUMS[:2]) == [
        "b 150.00 EUR",
        "a 100.00 EUR",
        "- 0.00 EUR",
    ]
    assert lines(brought(story, "month"), *SUMS[:3]) == [
        "2026-02 100.00 EUR 0.00 EUR",
        "2026-03 50.00 EUR 64.00 EUR",
    ]
    assert lines(brought(story, "region"), *SUMS[:2]) == ["north 100.00 EUR", "- 50.00 EUR"]
    one = Query(as_of=day("2026-03-31"), customers=("C2",))
    assert lines(brought(story, query=one), *SUMS[:2]) == ["C2 50.00 EUR"]
    assert brought(story, "colour").warnings != ()


def test_with_what_is_of_nobody_it_is_the_income_statement(tell: Tell) -> None:
    story = tell(test_contribution.__doc__, customers=CUSTOMERS)
    answer = brought(story)
    rows = [*answer.table("rows").rows, *answer.table("nobody").rows]
    total = sum((row["contribution"].amount for row in rows), Decimal(0))
    asked = Query(as_of=day("2026-03-31"))
    statement = income(story.books, asked, first=day("2026-02-01"), compare="none", depth=0)
    results = [row["amount"].amount for row in statement.table("rows").rows]
    assert total == results[-1] == Decimal("-207.00")


PRODUCTS = """
2026-01-05 * "a" ^INV-1
  Assets:Receivable:C1  130.00 EUR
  Income:Sales  -100.00 EUR
    product: "Tea"
    quantity: 10
  Income:Sales  -30.00 EUR
    product: "Cup"
    quantity: 3
2026-01-06 * "b" ^INV-2
  Assets:Receivable:C2  60.00 EUR
  Income:Sales  -50.00 EUR
    product: "Tea"
    quantity: 5
  Income:Sales  -10.00 EUR
    product: "Cup"
2026-01-07 * "c" ^INV-3
  product: "Tea"
  Assets:Receivable:C1  20.00 EUR
  Income:Sales  -20.00 EUR
    quantity: 2
2026-01-08 * "return" ^INV-3
  Assets:Receivable:C1  -10.00 EUR
  Income:Sales  10.00 EUR
    product: "Tea"
    quantity: 1
2026-01-09 * "unnamed" ^INV-4
  Assets:Receivable:C2  5.00 EUR
  Income:Sales
2026-01-10 * "pot" ^INV-5
  product: "Pot"
  Assets:Receivable:C2  5.00 EUR
  Income:Sales
"""
AT = Query(as_of=day("2026-01-31"))


def test_products_with_returns_and_unknown_quantities(tell: Tell) -> None:
    story = tell(PRODUCTS, customers=CUSTOMERS)
    answer = sales_reports.products(story.books, AT, months=1, by="product")
    keys = ("product", "revenue", "quantity", "price", "times", "customers", "last", "share")
    assert lines(answer, *keys) == [
        "Tea 160.00 EUR 16 10.00 EUR 4 2 2026-01-08 76.2",
        "Cup 40.00 EUR - - 2 2 2026-01-06 19",
        "- 5.00 EUR - - 1 1 2026-01-09 2.4",
        "Pot 5.00 EUR - - 1 1 2026-01-10 2.4",
    ]


def test_who_buys_what(tell: Tell) -> None:
    story = tell(PRODUCTS, customers=CUSTOMERS)
    answer = sales_reports.products(story.books, AT, months=1, by="customer")
    assert lines(answer, "customer", "product", "revenue", "times") == [
        "C1 Tea 110.00 EUR 3",
        "C1 Cup 30.00 EUR 1",
        "C2 Tea 50.00 EUR 1",
        "C2 Cup 10.00 EUR 1",
        "C2 - 5.00 EUR 1",
        "C2 Pot 5.00 EUR 1",
    ]


@pytest.mark.parametrize(("least", "count"), [(1, 1), (2, 1), (3, 0)])
def test_what_is_bought_together(tell: Tell, least: int, count: int) -> None:
    """Cup in 2 of 4 baskets, tea in 3, both in 2: lift 2 x 4 / (2 x 3)."""
    story = tell(PRODUCTS, customers=CUSTOMERS)
    answer = sales_reports.bought_together(story.books, AT, months=1, least=least)
    keys = ("first", "second", "together", "support", "confidence", "lift")
    assert lines(answer, *keys) == ["Cup Tea 2 50 100 1.33"][:count]
