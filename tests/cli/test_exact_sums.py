"""Amounts of many digits: reports add them up as exactly as the position does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledgercli.cli import main

LEDGER = """\
2020-01-01 open Assets:Receivable:A
2020-01-01 open Income:Sales
2020-01-02 * "Large" ^INV-1
  Assets:Receivable:A  123456789012345678901234.11 EUR
  Income:Sales
2020-01-02 * "Small" ^INV-2
  Assets:Receivable:A  0.1234567891 EUR
  Income:Sales
"""
SUM = "123456789012345678901234.2334567891"


@pytest.mark.parametrize(
    ("command", "table", "key"),
    [
        (["balances"], "totals", "balance"),
        (["aging"], "rows", "total"),
        (["aging"], "totals", "total"),
        (["items"], "totals", "open"),
        (["limits"], "rows", "exposure"),
        (["statement", "A"], "statements", "closing"),
    ],
)
def test_no_digit_is_lost(
    command: list[str],
    table: str,
    key: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ledger = tmp_path / "main.beancount"
    ledger.write_text(LEDGER)
    told = ["--ledger", str(ledger), "--as-of", "2020-12-31", "--format", "json"]
    assert main([*command, *told]) == 0
    assert json.loads(capsys.readouterr().out)[table][0][key] == SUM
