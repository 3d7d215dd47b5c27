"""Forecasts and anomalies, from the books to JSON documents."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from stories import Tell

from ledgercli.cli import main

LEDGER = """
2026-01-01 * "Goods" ^INV-1
  Assets:Receivable:C1  100 EUR
  Income:Sales
2026-01-01 * "Goods" ^INV-2
  Assets:Receivable:C1  100 EUR
  Income:Sales
2026-02-05 * "Pays, five days late" ^INV-1
  Assets:Bank  100 EUR
  Assets:Receivable:C1
2026-02-25 * "Pays, 25 days late" ^INV-2
  Assets:Bank  100 EUR
  Assets:Receivable:C1
2026-03-01 * "Goods" ^INV-3
  Assets:Receivable:C1  90 EUR
  Income:Sales
2026-03-01 * "Goods" ^INV-4
  Assets:Receivable:C2  10 EUR
  Income:Sales
"""


def event(kind: str, on: str, customer: str, number: str = "", **details: object) -> str:
    row = {
        "v": 1,
        "id": f"{kind}-{on}-{customer}",
        "at": f"{on}T06:00:00Z",
        "date": on,
        "by": "me",
        "kind": kind,
        "customer": customer,
        "document": {"number": number, "currency": "EUR"},
        **details,
    }
    return json.dumps(row) + "\n"


def report(root: object, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["--books", str(root), "report", *words, "-f", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_receipts_in_full(tell: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    root = tell(LEDGER).root
    asked = ["receipts-forecast", "--weeks", "1", "--customer", "C1", "--as-of", "2026-03-31"]
    found = report(root, capsys, *asked)
    assert found["rows"] == [
        {
            "currency": "EUR",
            "from": "2026-04-01",
            "to": "2026-04-07",
            "expected": "45.00",
            "low": "0.00",
            "high": "90.00",
        }
    ]
    assert found["sums"] == [
        {
            "currency": "EUR",
            "open": "90.00",
            "expected": "45.00",
            "low": "0.00",
            "high": "90.00",
            "later": "45.00",
            "later_percent": "50",
            "undated": "0.00",
        }
    ]
    # At the end of February nothing was open; before, nothing was paid.
    assert found["backtest"] == []
    assert found["accuracy"] == []


def test_receipts_know_promises_and_insolvency(
    tell: Tell, capsys: pytest.CaptureFixture[str]
) -> None:
    log = event("promise", "2026-03-20", "C1", "INV-3", until="2026-04-14", amount="60 EUR")
    log += event("insolvency", "2026-03-30", "C2")
    root = tell(LEDGER, files={"activity/2026-03.jsonl": log}).root
    asked = ["receipts-forecast", "--weeks", "4", "--as-of", "2026-03-31"]
    # No promise has been judged yet: even chances. 30 of 60 in the second week, the rest as ever.
    assert [row["expected"] for row in report(root, capsys, *asked)["rows"]] == [
        "30.00", "30.00", "0.00", "30.00",
    ]  # fmt: skip
    # The day before the insolvency is known, C2 is expected to pay like the books.
    asked[-1] = "2026-03-29"
    assert report(root, capsys, *asked)["sums"][0]["expected"] == "100.00"
    assert report(root, capsys, *asked, "--customer", "C2")["sums"][0]["open"] == "10.00"


def test_receipts_are_compared_with_what_came(
    tell: Tell, capsys: pytest.CaptureFixture[str]
) -> None:
    more = """
2026-04-05 * "Pays, five days late" ^INV-3
  Assets:Bank  90 EUR
  Assets:Receivable:C1
2026-04-20 * "Goods, paid at once" ^INV-5
  Assets:Receivable:C1  7 EUR
  Income:Sales
2026-04-21 * "Pays" ^INV-5
  Assets:Bank  7 EUR
  Assets:Receivable:C1
"""
    root = tell(LEDGER + more).root
    found = report(root, capsys, "receipts-forecast", "--as-of", "2026-04-28")
    # At the end of February nothing was open, and nothing came.
    (row,) = found["backtest"]
    assert row["date"] == "2026-03-31"
    assert (row["expected"], row["actual"], row["other"]) == ("100.00", "90.00", "7.00")
    assert row["error"] == "11.1"
    # The day before the four weeks are over the month is not compared yet.
    found = report(root, capsys, "receipts-forecast", "--as-of", "2026-04-27")
    assert found["backtest"] == []


def test_revenue_in_full(tell: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = "".join(
        f'2025-{month:02}-10 * "Goods" ^INV-{month}\n'
        f"  Assets:Receivable:C1  {100 + 10 * month} EUR\n  Income:Sales\n"
        for month in range(1, 13)
    )
    ledger += '2026-01-05 * "Goods" ^INV-13\n  Assets:Receivable:C2  400 EUR\n  Income:Sales\n'
    root = tell(ledger).root
    asked = ["revenue-forecast", "--months", "1", "--test-months", "1", "--as-of", "2026-01-20"]
    found = report(root, capsys, *asked, "--customer", "C1")
    assert found["rows"] == [
        {
            "currency": "EUR",
            "month": "2026-01",
            "expected": "230.00",
            "low": "230.00",
            "high": "230.00",
            "so_far": "0.00",
            "last_year": "110.00",
        }
    ]
    assert found["backtest"] == [
        {
            "currency": "EUR",
            "month": "2025-12",
            "expected": "220.00",
            "low": "220.00",
            "high": "220.00",
            "actual": "220.00",
            "error": "0",
            "held": True,
            "last_year": None,
        }
    ]
    (accuracy,) = found["accuracy"]
    assert (accuracy["error"], accuracy["naive_error"], accuracy["better"]) == ("0", None, None)
    # A month on, the year before is known too, and farther off.
    asked[-1] = "2026-02-01"
    (accuracy,) = report(root, capsys, *asked)["accuracy"]
    assert (accuracy["error"], accuracy["naive_error"]) == ("42.5", "72.5")
    assert accuracy["better"] == "forecast"


def test_revenue_of_too_few_months(tell: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    found = report(tell(LEDGER).root, capsys, "revenue-forecast", "--as-of", "2026-03-31")
    assert (found["rows"], found["models"], found["accuracy"]) == ([], [], [])


def commit(root: Path, on: str) -> None:
    for words in (["add", "-A"], ["commit", "-qm", "x"]):
        environment = {**os.environ, "GIT_AUTHOR_DATE": on, "GIT_COMMITTER_DATE": on}
        subprocess.run(["git", "-C", root, *words], check=True, env=environment)


def test_changed_bank_accounts_from_git(
    tell: Tell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Wang")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "wang@example.com")
    record = "- id: C1\n  bank: [{{iban: {}}}]\n- id: C2\n"
    root = tell(LEDGER, customers=record.format("DE89370400440532013000")).root
    subprocess.run(["git", "-C", root, "init", "-q"], check=True)
    commit(root, "2026-01-10T12:00:00Z")
    file = root / "customers" / "all.yaml"
    file.write_text(record.format("FR1420041010050500013M02606"), encoding="utf-8")
    commit(root, "2026-03-20T12:00:00Z")
    file.write_text(f"{file.read_text(encoding='utf-8')}# more\n", encoding="utf-8")
    commit(root, "2026-03-21T12:00:00Z")
    row, double = report(root, capsys, "anomalies", "--as-of", "2026-03-31")["rows"][::-1]
    assert (row["kind"], double["kind"]) == ("bank", "duplicate")
    commit_made = row["values"].pop("commit")
    assert row == {
        "severity": "warning",
        "kind": "bank",
        "date": "2026-03-20",
        "customer": "C1",
        "name": "C1",
        "number": "",
        "currency": "",
        "amount": None,
        "score": None,
        "reason": f"…3000 became …2606, by Wang, {commit_made}",
        "values": {"old": ["…3000"], "new": ["…2606"], "by": "Wang"},
        "file": "customers/all.yaml",
        "line": 1,
    }
    # The day before nobody knew.
    (double,) = report(root, capsys, "anomalies", "--as-of", "2026-03-19")["rows"]
    assert double["kind"] == "duplicate"


def test_what_counts_as_out_of_the_ordinary_is_a_setting(
    tell: Tell, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "receivables: {terms: net 30}\nanomalies: {duplicate_days: 60 days}"
    more = '2026-02-01 * "Goods" ^INV-5\n  Assets:Receivable:C1  90 EUR\n  Income:Sales\n'
    root = tell(LEDGER + more, settings=text).root
    first, row = report(root, capsys, "anomalies", "--as-of", "2026-03-31")["rows"]
    assert (first["number"], first["values"]) == ("INV-2", {"other": "INV-1", "days": 0})
    assert (row["kind"], row["reason"]) == ("duplicate", "the same amount as INV-5, 28 days apart")
    assert (row["amount"], row["file"], row["line"]) == ("90.00", "main.beancount", 14)
    asked = ["anomalies", "--as-of", "2026-03-31", "--customer", "C2"]
    assert report(root, capsys, *asked)["rows"] == []
    asked[2] = "2026-04-30"
    assert report(root, capsys, *asked[:3], "--months", "1")["rows"] == []
