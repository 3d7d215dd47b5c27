"""Worked examples that others have published, entered as books and asked of the reports."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from stories import Tell

from ledgercli.cli import main

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(tell: Tell, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Return what writes a book and gives the last row of a report on it.

    ``invoiced`` has amounts by day, the first of them is INV-1; ``paid`` those of payments, which
    settle the oldest unless a link follows the day. Terms are net 30.
    """

    def run(
        invoiced: Mapping[str, str], paid: Mapping[str, str], as_of: str, *words: str
    ) -> dict[str, Any]:
        lines = [
            f'{day} * "Goods" ^INV-{number}\n  Assets:Receivable:C1  {amount} USD\n  Income:Sales'
            for number, (day, amount) in enumerate(invoiced.items(), 1)
        ]
        lines += [
            f'{day.partition(" ")[0]} * "Pays" {day.partition(" ")[2]}\n  Assets:Bank  {amount} USD\n  Assets:Receivable:C1'
            for day, amount in paid.items()
        ]
        root = tell("\n".join(lines) + "\n", customers="- {id: C1, name: Anna}\n").root
        asked = ["--books", str(root), "report", *words, "--as-of", as_of, "--months", "1"]
        assert main([*asked, "-f", "json"]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)["rows"][-1]
        return found

    return run


QUARTER = ("dso", "--over", "3", "--days", "90")
YEAR = ("dso", "--over", "12", "--days", "365")


@pytest.mark.parametrize(
    ("invoiced", "paid", "as_of", "asked", "expected"),
    [
        # Oracle, JD Edwards EnterpriseOne, "Current Balance Divided by Sales": 10,869 of 17,674
        # in 90 days are 55.35, before rounding 55.347.
        (
            {"2026-10-05": "5538", "2026-11-05": "4566", "2026-12-05": "7570"},
            {"2026-12-20": "6805"},
            "2026-12-31",
            QUARTER,
            {"simple": "55.3"},
        ),
        # trymesha.com, "The 2 DSO Calculation Formulas": 150,000 of 1,800,000 in 365 days.
        ({"2026-06-15": "1800000"}, {"2026-12-01": "1650000"}, "2026-12-31", YEAR,
         {"simple": "30.4"}),
        # bit1024.com, DSO calculator: 50,000 of 200,000 in 365 days are 91.25.
        ({"2026-06-15": "200000"}, {"2026-12-01": "150000"}, "2026-12-31", YEAR,
         {"simple": "91.3"}),
        # collectthemoney.com, "Days Sales Outstanding": 5 of 9 million in a quarter of 91 days.
        ({"2026-05-15": "9000000"}, {"2026-06-01": "4000000"}, "2026-06-30",
         ("dso", "--days", "91"), {"simple": "50.6"}),
        # calculator7.snowdaycalculatornow.com, "Basic period-end DSO": 500 of 750 thousand in 30.
        ({"2026-04-15": "750000"}, {"2026-04-20": "250000"}, "2026-04-30",
         ("dso", "--over", "1"), {"simple": "20"}),
        # calculator.7search.cc: average of 300,000 and 250,000, sales 5,000,000: 20.075 days.
        (
            {"2025-12-15": "300000", "2026-06-15": "5000000"},
            {"2026-02-01": "300000", "2026-12-01": "4750000"},
            "2026-12-31",
            YEAR,
            {"average": "20.1", "simple": "18.3"},
        ),
        # growfin.ai, "What is Best Possible DSO?": 8,000 of 10,000 not past due, 30,000 in 28 days.
        (
            {"2025-12-20": "2000", "2026-02-10": "30000"},
            {"2026-02-20 ^INV-2": "22000"},
            "2026-02-28",
            ("dso", "--over", "1"),
            # 7.47 days are published; average days delinquent are the difference to 9.33.
            {"current": "8000.00", "best_possible": "7.5", "simple": "9.3", "delinquent": "1.9"},
        ),
        # Benji Pays, "The Count-Back Method Explained": months of 30 days.
        (
            {"2026-05-05": "70000", "2026-06-05": "80000", "2026-07-05": "100000"},
            {"2026-07-20": "38000"},
            "2026-07-31",
            QUARTER,
            {"count_back": "73.7"},
        ),
        # Calculator of debtor days, count back method: January to March of the calendar.
        (
            {"2026-01-05": "700000", "2026-02-05": "800000", "2026-03-05": "900000"},
            {"2026-03-20": "300000"},
            "2026-03-31",
            ("dso",),
            {"count_back": "76.7"},
        ),
    ],
)  # fmt: skip
def test_days_sales_outstanding(
    ask: Ask,
    invoiced: dict[str, str],
    paid: dict[str, str],
    as_of: str,
    asked: tuple[str, ...],
    expected: dict[str, str],
) -> None:
    found = ask(invoiced, paid, as_of, *asked)
    assert {key: found[key] for key in expected} == expected


def test_collection_effectiveness_of_a_year(ask: Ask) -> None:
    # Gaviti, "What is Collection Effectiveness Index (CEI)": 100,000 at first, 1,000,000 sold in
    # the year, 120,000 at the end, 100,000 of it current.
    invoiced = {"2025-12-15": "100000", "2026-06-15": "900000", "2026-12-15": "100000"}
    paid = {"2026-02-01": "100000", "2026-08-01": "880000"}
    found = ask(invoiced, paid, "2026-12-31", "collection", "--over", "12")
    assert [found[key] for key in ("opening", "billed", "closing", "current")] == [
        "100000.00",
        "1000000.00",
        "120000.00",
        "100000.00",
    ]
    assert found["effectiveness"] == "98"
    assert found["rate"] == "89.1"
    found = ask(invoiced, paid, "2026-12-31", "collection")
    assert (found["opening"], found["effectiveness"]) == ("20000.00", "0")


def test_collection_effectiveness_with_the_sales_of_an_average_month(ask: Ask) -> None:
    # CreditGuru, January to March: 6,200 at first, 10,890 sold, 6,340 at the end, 3,590 current.
    found = ask(
        {
            "2025-12-05": "6200",
            "2026-01-10": "3390",
            "2026-02-10": "3910",
            "2026-03-10": "3590",
        },
        {"2026-03-20": "10750"},
        "2026-03-31",
        "collection",
        "--over",
        "3",
    )
    assert (found["billed"], found["closing"], found["current"]) == (
        "10890.00",
        "6340.00",
        "3590.00",
    )
    assert found["effectiveness_average"] == "55.9"
    assert found["effectiveness"] == "79.6"
