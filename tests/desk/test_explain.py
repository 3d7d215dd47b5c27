"""`explain`: everything that made a figure, as a tree that adds up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from stories import Tell, day

from ledgercli.desk.reports import explain
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer, Node, Text
from ledgercli.model.errors import LedgercliError

LEDGER = """
2026-01-10 * "Acme" "Goods" ^INV-1
  Assets:Receivable:C1  100 EUR
  Income:Sales
2026-02-01 * "Paid" ^INV-1
  Assets:Receivable:C1  -100 EUR
  Assets:Bank
2026-02-05 * "Bounced" ^INV-1
  Assets:Receivable:C1  60 EUR
  Assets:Bank
2026-02-10 * "Paid"
  Assets:Receivable:C1  -25 EUR
  Assets:Bank
2026-02-11 * "For what?" ^INV-7
  Assets:Receivable:C1  -3 EUR
  Assets:Bank
2026-02-11 * "In advance"
  Liabilities:CustomerDeposits:C1  -5 EUR
  Assets:Bank
"""
QUERY = Query(as_of=day("2026-02-20"))


def said(text: Text | str) -> str:
    """Return the words of a node without a language."""
    if isinstance(text, str):
        return text
    message = text.message if text.count == 1 or not text.plural else text.plural
    values: dict[str, Any] = {
        key: said(value) if isinstance(value, Text) else value for key, value in text.values.items()
    }
    return message.format(**values, **({} if "count" in values else {"count": text.count}))


def lines(nodes: tuple[Node, ...], depth: int = 0) -> list[str]:
    found = []
    for node in nodes:
        amount = f" = {node.amount}" if node.amount else ""
        place = f" @ {node.place}" if node.place else ""
        found.append("  " * depth + said(node.text) + amount + place)
        found.extend(lines(node.children, depth + 1))
    return found


def tree(answer: Answer) -> list[str]:
    return lines(answer.tree)


DOCUMENT = [
    "INV-1 of C1: open = 35 EUR",
    "  opened 2026-01-10: Acme | Goods = 100 EUR @ main.beancount:2",
    "  customer C1 by the name of the account Assets:Receivable:C1",
    "  due 2026-02-09, by the terms `net 30` of the settings",
    "  2026-02-01 Paid: it names this document = -100 EUR @ main.beancount:5",
    "  2026-02-05 Bounced: a bounced payment re-opens what was paid = 60 EUR @ main.beancount:8",
    "  2026-02-10 Paid: oldest due first (assumed) = -25 EUR @ main.beancount:11",
    "  11 days overdue",
]


def test_a_document(tell: Tell) -> None:
    assert tree(explain(tell(LEDGER).books, QUERY, subject="INV-1")) == DOCUMENT


def test_a_customer(tell: Tell) -> None:
    found = tree(explain(tell(LEDGER).books, QUERY, subject="c1"))
    assert found[0] == "C1 C1: balance of 5 postings = 32 EUR"
    assert found[1:9] == [f"  {line}" for line in DOCUMENT]
    assert "main.beancount:14" in found[9]
    assert found[-1] == "  deposits, not in the balance = 5 EUR"


def test_the_parts_of_a_document_add_up_to_it(tell: Tell) -> None:
    (node,) = explain(tell(LEDGER).books, QUERY, subject="INV-1").tree
    parts = [child.amount.amount for child in node.children if child.amount]
    assert node.amount is not None
    assert sum(parts, Decimal(0)) == node.amount.amount


def test_the_number_of_the_whole_tells_all_instalments(tell: Tell) -> None:
    """
    2026-01-31 * "Goods" ^INV-1
      terms: "30% net 0, 70% end of next month"
      Assets:Receivable:C1  100 EUR
      Income:Sales
    """
    books = tell().books
    assert [line for line in tree(explain(books, QUERY, subject="INV-1")) if line[0] != " "] == [
        "INV-1/1 of C1: open = 30.00 EUR",
        "INV-1/2 of C1: open = 70.00 EUR",
    ]
    assert len(explain(books, QUERY, subject="INV-1/2").tree) == 1


def test_a_day_before_the_document_there_is_none(tell: Tell) -> None:
    books = tell(LEDGER).books
    with pytest.raises(LedgercliError):
        explain(books, Query(as_of=day("2026-01-09")), subject="INV-1")
    (row,) = explain(books, Query(as_of=day("2026-01-10")), subject="INV-1").table("documents").rows
    assert (row["customer_by"], row["due_by"], row["status"]) == ("component", "books", "open")


LATE = """
2026-01-10 * "Acme" "Goods" ^INV-1
  due: 2026-01-31
  Assets:Receivable:C1  1000 EUR
  Income:Sales
2026-02-10 * "Paid" ^INV-1
  Assets:Receivable:C1  -400 EUR
  Assets:Bank
"""
POLICY = """
reminders: {{policies: {{standard: {{interest: {interest}, levels: [
  {{name: friendly, after: 5 days, template: reminder}}]}}}}}}
rates: {{own: {{2026-01-01: {{rate: 27.5%, source: gazette}}, 2026-02-11: 64%, until: 2026-02-20}}}}
"""


def claims_of(tell: Tell, interest: str, as_of: str) -> list[str]:
    books = tell(LATE, settings=POLICY.format(interest=interest)).books
    found = tree(explain(books, Query(as_of=day(as_of)), subject="INV-1"))
    return found[next(at for at, row in enumerate(found) if "overdue" in row) + 1 :]


def test_the_segments_of_interest(tell: Tell) -> None:
    assert claims_of(tell, "{rate: 9%, above: own}", "2026-02-20") == [
        "  interest on arrears, 9% above own, act/365: claimed from level 1 on = 22.00 EUR",
        "    2026-02-01 to 2026-02-10: 10 days on 1000 EUR at 36.5% a year = 10.000000 EUR",
        "      `own` of 2026-01-01: gazette",
        "    2026-02-11 to 2026-02-20: 10 days on 600 EUR at 73% a year = 12.000000 EUR",
        "      `own` of 2026-02-11",
    ]


def test_a_rate_that_is_not_known_is_said_and_never_nought(tell: Tell) -> None:
    assert claims_of(tell, "{rate: own × 1}", "2026-02-22")[0::5] == [
        "  interest on arrears, own × 1, act/365: a rate is unknown, none is claimed",
        "    2026-02-21 to 2026-02-22: 2 days on 600 EUR, no rate of `own` is known",
    ]


def test_a_rate_by_the_day(tell: Tell) -> None:
    assert claims_of(tell, "{rate: 0.1% per day}", "2026-02-01") == [
        "  interest on arrears, 0.1% per day, act/365: claimed from level 1 on = 1.00 EUR",
        "    2026-02-01 to 2026-02-01: 1 day on 1000 EUR at 0.1% a day = 1.000000 EUR",
    ]


def test_segments_in_json(tell: Tell) -> None:
    books = tell(LATE, settings=POLICY.format(interest="{rate: 9%, above: own}")).books
    answer = explain(books, Query(as_of=day("2026-02-10")), subject="INV-1")
    (row,) = answer.table("documents").rows
    assert row["fee"].amount == 0
    assert row["claims"] == []
    (segment,) = row["segments"]
    assert {key: str(value) for key, value in segment.items()} == {
        "from": "2026-02-01",
        "to": "2026-02-10",
        "days": "10",
        "principal": "1000 EUR",
        "percent": "36.5",
        "per": "year",
        "table": "own",
        "row": "2026-01-01",
        "source": "gazette",
        "amount": "10.000000 EUR",
    }
