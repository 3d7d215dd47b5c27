"""How the figures of reports came about: what is listed adds up to the figure, in every report."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import textwrap
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from stories import Tell

from ledgercli.cli import main
from ledgercli.cli.tree import COMMANDS, Branch
from ledgercli.desk.built_in_reports import BUILT_IN

EXAMPLES = Path(__file__).parents[2] / "examples"


def explanation(
    capsys: pytest.CaptureFixture[str], book: str, *words: str, output: str = "json"
) -> str:
    asked = ["--lang", "en", "--books", str(EXAMPLES / book), "report", *words]
    assert main([*asked, "--as-of", "2026-11-21", "-f", output]) == 0
    return capsys.readouterr().out


def rows(capsys: pytest.CaptureFixture[str], book: str, *words: str) -> list[dict[str, Any]]:
    found: dict[str, Any] = json.loads(explanation(capsys, book, *words, "--explain"))
    listed: list[dict[str, Any]] = found["explanation"]
    return listed


#: Several currencies, and accounts of a chart of numbers, are in the other book.
_BOTH = (
    "dso",
    "roll-forward",
    "days-to-pay",
    "balance-sheet",
    "cash-flow",
    "taxes",
    "ratios",
    "rfm",
    "limitation",
    "limits-review",
    "dashboard",
)
_BRANCH = COMMANDS.commands["report"]
assert isinstance(_BRANCH, Branch)
REPORTS = tuple(sorted(_BRANCH.commands))
#: What the example books have nothing of; other books in this room's tests do.
_NOTHING = {"nps", "targets", "budget", "bought-together"}


@pytest.mark.parametrize(
    ("report", "book"),
    [
        *((report, "wholesale") for report in REPORTS),
        *((report, "trading-cn") for report in _BOTH),
    ],
)
def test_inputs_add_up_and_formulas_give_the_figure(
    report: str, book: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = rows(capsys, book, report)
    assert bool(told) == (report not in _NOTHING)
    for figure in told:
        where = f"{report} {figure['row']} {figure['figure']}"
        assert figure["formula"], where
        if "÷" in figure["formula"] and figure["value"] is not None:
            value = Decimal(figure["value"])
            half = Decimal("0.51") if report in {"cohorts", "nps"} else half_of(value)
            assert abs(computed(figure["formula"]) - value) <= half, where
        if not figure["inputs"]:
            continue
        assert figure["ties"], where
        whole = Decimal(figure["adds_up_to"])
        total = sum(Decimal(one["amount"]) for one in figure["inputs"])
        assert abs(total - whole) <= half_of(whole), where


@pytest.mark.parametrize(
    "asked",
    [
        "days-to-pay --by region",
        "concentration --of open",
        "aging-history --months 1 --buckets 3m,1y",
        "contribution --by tag",
        "products --by customer",
        "taxes --by month",
        "cash-flow --depth 3",
    ],
)
def test_inputs_add_up_however_it_is_told(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, "wholesale", *asked.split())
    assert any(figure["inputs"] for figure in found)
    assert [figure for figure in found if figure["ties"] is False] == []


def half_of(value: Decimal) -> Decimal:
    """Return half a unit of the last place that is shown, of one decimal at least."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal("0.51").scaleb(min(exponent, -1))


def computed(formula: str) -> Decimal:
    """Return what a formula in words gives: its numbers, operators and brackets alone."""
    signs = {"÷": "/", "×": "*", "−": "-", "+": "+", "(": "(", ")": ")"}
    parts = re.findall(r"(?<![\w.])-?[\d,]+(?:\.\d+)?|[÷×−+()]", formula.rpartition(": ")[2])
    words = [signs.get(part) or f"Decimal('{part.replace(',', '')}')" for part in parts]
    found = eval(" ".join(words), {"Decimal": Decimal})  # noqa: S307 - numbers and operators
    assert isinstance(found, Decimal)
    return found


def test_the_formula_of_the_days_sales_outstanding(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("dso", "--currency", "EUR", "--explain-row", "2026-09-30")
    found = rows(capsys, "wholesale", *asked)
    told = {row["figure"]: row for row in found}
    assert {row["row"] for row in found} == {"EUR 2026-09-30"}
    assert told["simple"]["formula"] == "receivables 46,618.43 EUR ÷ sales 75,243.24 EUR × 92 days"
    assert told["simple"]["value"] == "57"
    assert round(Decimal("46618.43") * 92 / Decimal("75243.24"), 1) == Decimal("57.0")
    assert [one["amount"] for one in told["count_back"]["inputs"]] == ["30", "17.282184"]
    largest = max(told["receivables"]["inputs"], key=lambda one: Decimal(one["amount"]))
    assert (largest["number"], largest["file"], largest["line"]) == (
        "INV-2026-0094",
        "ledger/2026-q3.beancount",
        312,
    )


def test_people_see_the_largest_inputs_and_the_sum_of_the_rest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ("collection", "--currency", "EUR", "--months", "1", "--explain")
    told = explanation(capsys, "wholesale", *asked, output="table")
    assert "CEI: (opening 78,701.90 EUR + billed" in told.replace("\n│     ", " ")
    assert "… " in told
    assert "source: CreditGuru and Gaviti" in told


def test_csv_has_a_line_for_everything_that_went_in(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("roll-forward", "--months", "2", "--explain")
    figures = rows(capsys, "trading-cn", *asked)
    lines = list(
        csv.DictReader(io.StringIO(explanation(capsys, "trading-cn", *asked, output="csv")))
    )
    assert len(lines) == sum(max(len(row["inputs"]), 1) for row in figures)
    assert {line["figure"] for line in lines} == {row["figure"] for row in figures}


def test_of_many_rows_the_last_period_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    titles = {row["row"] for row in rows(capsys, "trading-cn", "roll-forward")}
    assert titles == {"CNY 2026-11", "USD 2026-11"}


def test_lines_of_equity_that_are_no_accounts_are_explained_too(
    tell: Tell, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    2025-03-01 * "Founded"
      Assets:Bank  1000 EUR
      Equity:Capital
    2025-06-01 * "Goods"
      Assets:Receivable:C1  400 EUR
      Income:Sales
    2026-02-28 * "Sale in dollars"
      Assets:Receivable:C1  100 USD @ 0.90 EUR
      Income:Sales  -90 EUR
    """
    ledger = test_lines_of_equity_that_are_no_accounts_are_explained_too.__doc__ or ""
    root = tell(textwrap.dedent(ledger)).root
    asked = ["--books", str(root), "report", "balance-sheet", "--as-of", "2026-03-31"]
    assert main([*asked, "--explain-row", "EUR", "--explain-row", "usd", "-f", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    told = [row for row in found["explanation"] if row["figure"] == "amount" and row["inputs"]]
    assert len(told) == len([row for row in found["rows"] if row["amount"] != "0.00"])
    assert all(row["ties"] for row in told)
    amounts = {(row["row"], one["amount"]) for row in told for one in row["inputs"]}
    assert ("EUR retained-earnings", "400.00") in amounts
    assert ("EUR current-result", "90.00") in amounts
    assert {("USD conversions", "100.00"), ("EUR conversions", "-90.00")} <= amounts


def test_feedback_budgets_and_what_is_bought_together(
    tell: Tell, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    2026-01-01 custom "budget" Expenses:Food "monthly" 310 EUR
    2026-01-05 * "Groceries"
      Expenses:Food  300 EUR
      Assets:Bank
    2026-01-06 * "Tea and cups" ^INV-1
      Assets:Receivable:C1  40 EUR
      Income:Sales  -30 EUR
        product: "tea"
      Income:Sales  -10 EUR
        product: "cup"
    2026-01-07 * "Tea and cups" ^INV-2
      Assets:Receivable:C2  50 EUR
      Income:Sales  -30 EUR
        product: "tea"
      Income:Sales  -20 EUR
        product: "cup"
    """
    books = ["--lang", "en", "--books", str(tell().root)]
    for score in ("10", "7", "9", "3"):
        asked = ["activity", "add", "feedback", "C1", "--score", score, "--date", "2026-01-09"]
        assert main([*books, *asked]) == 0
    found: dict[str, set[str]] = {}
    for report in ("nps", "budget", "bought-together"):
        capsys.readouterr()
        asked = ["report", report, "--as-of", "2026-01-31", "--explain", "-f", "json"]
        assert main([*books, *asked]) == 0
        told = json.loads(capsys.readouterr().out)["explanation"]
        assert [row["figure"] for row in told if row["ties"] is False] == []
        found[report] = {f"{row['figure']} {row['value']}" for row in told}
    assert found["nps"] >= {"promoters 2", "passives 1", "detractors 1", "score 25"}
    assert {"actual 300.00", "budget 310.00"} <= found["budget"]
    assert found["bought-together"] == {"together 2", "support 100", "confidence 100", "lift 1"}


def test_what_cannot_be_explained_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    root = tmp_path / "books"
    shutil.copytree(EXAMPLES / "wholesale", root)
    asked = ["--lang", "en", "--books", str(root), "report"]
    assert main([*asked, "dso", "--explain-row", "2026-13"]) == 2
    assert "no row of the report has `2026-13`" in capsys.readouterr().err
    (root / "reports").mkdir()
    for name, made_from in {"days": "dso", "open": "items"}.items():
        (root / "reports" / f"{name}.yaml").write_text(f"report: {made_from}\n", encoding="utf-8")
    assert main([*asked, "days", "--explain"]) == 2
    refused = capsys.readouterr().err
    assert "the report `days` does not explain its figures" in refused
    assert "it is made from `ledgercli report dso`, which has `--explain`" in refused
    assert main([*asked, "open", "--explain"]) == 2
    assert "`ledgercli explain DOCUMENT`" in capsys.readouterr().err


def test_own_reports_are_told_which_reports_explain_themselves() -> None:
    assert {name for name, one in BUILT_IN.items() if one.explains} == set(REPORTS)
