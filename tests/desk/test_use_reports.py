"""Credit limits over time, and how often customers buy."""

from __future__ import annotations

import json
from typing import Any

import pytest
from stories import Tell

from ledgercli.cli import main

LEDGER = """
2026-01-10 * "Goods" ^INV-1
  Assets:Receivable:C1  100 EUR
  Income:Sales
2026-01-20 * "Goods" ^INV-2
  Assets:Receivable:C1  60 EUR
  Income:Sales
2026-02-04 * "Goods" ^INV-3
  Assets:Receivable:C1  50 EUR
    due: 2026-03-01
  Assets:Receivable:C1  50 EUR
    due: 2026-04-01
  Income:Sales
2026-02-10 * "Pays" ^INV-1
  Assets:Bank  100 EUR
  Assets:Receivable:C1
2026-02-11 * "Paid in advance"
  Assets:Bank  30 EUR
  Assets:Receivable:C2
2026-03-01 * "Goods" ^INV-4
  Assets:Receivable:C3  5 EUR
  Income:Sales
"""
CUSTOMERS = """
- {id: C1, credit: {limit: {2026-01-01: 150 EUR, 2026-02-01: 200 EUR}}}
- {id: C2, credit: {limit: 50 EUR}}
- {id: C3}
"""


def report(root: object, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["--books", str(root), "report", *words, "-f", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_limits_over_time(tell: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    root = tell(LEDGER, customers=CUSTOMERS).root
    found = report(root, capsys, "limit-use", "--months", "3", "--as-of", "2026-02-28")
    # The limit of C1 begins in January; C2's credit frees nothing of it.
    keys = ("date", "customers", "limit", "exposure", "used_percent", "unused", "excess")
    assert [[row[key] for key in keys] for row in found["rows"]] == [
        ["2025-12-31", 1, "50.00", "0.00", "0", "50.00", "0.00"],
        ["2026-01-31", 2, "200.00", "160.00", "80", "50.00", "10.00"],
        ["2026-02-28", 2, "250.00", "160.00", "64", "90.00", "0.00"],
    ]
    counts = [(row["warnings"], row["breaches"], row["unknown"]) for row in found["rows"]]
    assert counts == [(0, 0, 0), (0, 1, 0), (1, 0, 0)]
    one = report(root, capsys, "limit-use", "--months", "1", "--customer", "C2")
    assert [row["limit"] for row in one["rows"]] == ["50.00"]


def test_the_use_of_limits_is_explained_down_to_files_and_lines(
    tell: Tell, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tell(LEDGER, customers=CUSTOMERS).root
    asked = ("limit-use", "--months", "1", "--as-of", "2026-02-28")
    figures = report(root, capsys, *asked, "--explain")["explanation"]
    keys = ("kind", "amount", "customer", "number", "file", "line")
    told = {
        one["figure"]: [[part[key] for key in keys] for part in one["inputs"]] for one in figures
    }
    assert all(one["ties"] is not False for one in figures)
    customers, ledger = "customers/all.yaml", "main.beancount"
    assert told["limit"] == [
        ["limit", "200.00", "C1", None, customers, 2],
        ["limit", "50.00", "C2", None, customers, 3],
    ]
    # What C2 paid in advance frees nothing of the limit of C1, so it is no part of the sum.
    text = (root / ledger).read_text().splitlines()
    lines = [number for number, line in enumerate(text, 1) if "Receivable:C1  " in line]
    assert told["exposure"] == [
        ["open", "60.00", "C1", "INV-2", ledger, lines[1]],
        ["open", "50.00", "C1", "INV-3/1", ledger, lines[2]],
        ["open", "50.00", "C1", "INV-3/2", ledger, lines[3]],
    ]
    assert told["warnings"] == [["customer", "1", "C1", None, customers, 2]]
    for language in ("en", "zh"):
        assert main(["--books", str(root), "--lang", language, "report", *asked, "--explain"]) == 0
        printed = capsys.readouterr().out
        assert f"{customers}:2" in printed
        assert f"{ledger}:{lines[1]}" in printed


def test_frequency(tell: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    root = tell(LEDGER, customers=CUSTOMERS).root
    found = report(root, capsys, "frequency", "--months", "3", "--as-of", "2026-03-01")
    assert found["rows"] == [
        {
            "customer": "C1",
            "name": "C1",
            # Instalments are one; gaps of 10 and 15 days.
            "count": 3,
            "first": "2026-01-10",
            "last": "2026-02-04",
            "days_since": 25,
            "gap": "12.5",
            "next": "2026-02-17",
            "gaps": "2",
        },
        {
            "customer": "C3",
            "name": "C3",
            "count": 1,
            "first": "2026-03-01",
            "last": "2026-03-01",
            "days_since": 0,
            "gap": None,
            "next": None,
            "gaps": None,
        },
    ]
    assert found["repurchase"] == [
        {"buyers": 2, "repeated": 1, "repurchase_rate": "50", "invoices_each": "2"}
    ]
    # The day before C3 had bought nothing; in February alone C1 bought once.
    before = report(root, capsys, "frequency", "--months", "1", "--as-of", "2026-02-28")
    assert [(row["customer"], row["count"]) for row in before["rows"]] == [("C1", 1)]
    assert before["repurchase"][0]["repurchase_rate"] == "0"
