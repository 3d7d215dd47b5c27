"""The reports of metrics, from the books to whole JSON documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from stories import Tell

from ledgercli.cli import main

LEDGER = """
2026-01-10 * "Goods" ^INV-1
  due: 2026-02-09
  Assets:Receivable:C1  100.00 EUR
  Income:Sales
2026-02-01 * "Goods" ^INV-2
  due: 2026-03-03
  Assets:Receivable:C2  300.00 EUR
  Income:Sales
2026-02-19 * "Pays" ^INV-1
  Assets:Bank  100.00 EUR
  Assets:Receivable:C1
2026-03-05 * "Dollars" ^INV-3
  due: 2026-03-31
  Assets:Receivable:C1  50.00 USD
  Income:Sales
2026-03-20 * "Lost" ^INV-2 #write-off
  Expenses:BadDebt  60.00 EUR
  Assets:Receivable:C2
2026-03-01 price USD  0.80 EUR
"""
CUSTOMERS = """
- {id: C1, name: Anna, segments: {region: north}}
- {id: C2, name: Bert, segments: {region: south}}
- {id: C3, name: Never}
"""

Ask = Callable[..., dict[str, Any]]


def promise(on: str, until: str, customer: str, number: str, **details: object) -> str:
    row = {
        "v": 1,
        "id": f"{customer}-{on}-{number}",
        "at": f"{on}T06:00:00Z",
        "date": on,
        "by": "me",
        "kind": "promise",
        "customer": customer,
        "document": {"number": number, "currency": "EUR"},
        "until": until,
        **details,
    }
    return json.dumps(row) + "\n"


@pytest.fixture
def ask(tell: Tell, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Return what asks for a report of these books at the end of March 2026 as JSON."""
    promises = (
        promise("2026-02-10", "2026-02-19", "C1", "INV-1")
        + promise("2026-03-01", "2026-03-10", "C2", "INV-2")
        + promise("2026-03-11", "2026-04-01", "C2", "INV-2")
        + promise("2026-03-01", "2026-03-10", "C2", "INV-9")
    )
    root = tell(LEDGER, customers=CUSTOMERS, files={"activity/2026-03.jsonl": promises}).root

    def run(*words: str, as_of: str = "2026-03-31", code: int = 0) -> dict[str, Any]:
        asked = ["--books", str(root), "report", *words, "--as-of", as_of, "-f", "json"]
        assert main(asked) == code
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return run


def test_dso_in_full(ask: Ask) -> None:
    assert ask("dso", "--months", "1", "--currency", "EUR") == {
        "schema": "ledgercli/dso/1",
        "as_of": "2026-03-31",
        "over": 3,
        "rows": [
            {
                "currency": "EUR",
                "date": "2026-03-31",
                "receivables": "240.00",
                "current": "0.00",
                "sales": "400.00",
                "days": 90,
                "simple": "54",
                "average": "27",
                "best_possible": "0",
                "delinquent": "54",
                # March sold nothing in euro: 31 days; then 240 of February's 300 in 28 days.
                "count_back": "53.4",
                "count_back_at_least": False,
            }
        ],
        "rounding": {},
        "tie_out": True,
    }


def test_dso_of_a_customer_without_sales_lately(ask: Ask) -> None:
    found = ask("dso", "--months", "1", "--over", "1", "--customer", "C2")
    (row,) = found["rows"]
    assert (row["simple"], row["best_possible"], row["delinquent"]) == (None, None, None)
    assert row["count_back"] == "53.4"


def test_days_that_the_books_do_not_reach_back_over_are_told(
    tell: Tell, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(as_of: str) -> str:
        root = tell(LEDGER, customers=CUSTOMERS).root
        words = ["report", "dso", "--over", "3", "--days", "90", "--months", "2"]
        assert main(["--books", str(root), *words, "--as-of", as_of, "--currency", "EUR"]) == 0
        return " ".join(capsys.readouterr().out.split())

    # The books begin in January: at the end of March all three months are known.
    said = "Up to 2026-02-28 the books do not reach back over all of these months"
    assert said in told("2026-03-31")
    assert "do not reach back" not in told("2026-04-30")
    assert "3 months count as 90 days" in told("2026-04-30")


def test_aging_history_is_the_aging_of_each_month_end(ask: Ask) -> None:
    found = ask("aging-history", "--months", "3", "--buckets", "10,20", "--convert", "EUR")
    assert [list(row["amounts"].values()) for row in found["rows"] if row["currency"] == "EUR"] == [
        ["100.00", "0.00", "0.00", "0.00"],
        ["300.00", "0.00", "0.00", "0.00"],
        ["0.00", "0.00", "0.00", "240.00"],
    ]
    dollars = [row for row in found["rows"] if row["currency"] == "USD"]
    assert [row["total"] for row in dollars] == ["0.00", "0.00", "50.00"]
    # At the end of January there was no price yet: unknown, never 0.
    assert [row["converted"] for row in dollars] == [None, None, "40.00"]
    assert [row["overdue_percent"] for row in found["rows"]] == [
        "0", "0", "100", None, None, "0",
    ]  # fmt: skip
    assert found["tie_out"] is True


def test_aging_history_does_not_look_ahead(ask: Ask) -> None:
    early = ask("aging-history", "--months", "2", as_of="2026-02-28")
    late = ask("aging-history", "--months", "3", "--currency", "EUR")
    assert early["rows"] == late["rows"][:2]


def test_collection_of_each_month(ask: Ask) -> None:
    found = ask("collection", "--months", "3", "--currency", "EUR")
    assert [(row["month"], row["effectiveness"], row["rate"]) for row in found["rows"]] == [
        ("2026-01", None, "0"),
        ("2026-02", "100", "25"),
        ("2026-03", "20", "0"),  # 60 of 300, by writing off: the rate knows payments alone
    ]


def test_roll_forward_ties(ask: Ask) -> None:
    found = ask("roll-forward", "--months", "2")
    assert found["tie_out"] is True
    assert [(row["opening"], row["closing"], row["ledger"]) for row in found["rows"]] == [
        ("100.00", "300.00", "300.00"),
        ("300.00", "240.00", "240.00"),
        ("0.00", "0.00", "0.00"),
        ("0.00", "50.00", "50.00"),
    ]


@pytest.mark.parametrize(
    ("by", "group", "name"),
    [("customer", "C1", "Anna"), ("month", "2026-02", None), ("region", "north", None)],
)
def test_days_to_pay_by(ask: Ask, by: str, group: str, name: str | None) -> None:
    found = ask("days-to-pay", "--by", by)
    assert found["rows"] == [
        {
            "group": group,
            "name": name,
            "currency": "EUR",
            "invoices": 1,
            "amount": "100.00",
            "days_to_pay": "40",
            "weighted_days_to_pay": "40",
            "days_late": "10",
            "weighted_days_late": "10",
            "late_percent": "100",
        }
    ]
    assert (found["by"], found["from"], found["to"]) == (by, "2025-04-01", "2026-03-31")


def test_days_to_pay_looks_at_the_months_asked_for(ask: Ask) -> None:
    assert ask("days-to-pay", "--months", "1")["rows"] == []
    assert len(ask("days-to-pay", "--months", "2")["rows"]) == 1


def test_concentration_of_sales_and_of_what_is_owed(ask: Ask) -> None:
    sales = ask("concentration")
    assert [
        (row["customer"], row["currency"], row["share"], row["class"]) for row in sales["rows"]
    ] == [
        ("C2", "EUR", "75", "A"),
        ("C1", "EUR", "25", "A"),
        ("C1", "USD", "100", "A"),
    ]
    assert [(row["herfindahl"], row["equal_customers"]) for row in sales["indices"]] == [
        (6250, "1.6"),
        (10000, "1"),
    ]
    owed = ask("concentration", "--of", "open", "--currency", "EUR")
    assert [(row["customer"], row["amount"]) for row in owed["rows"]] == [("C2", "240.00")]


def test_retention_and_cohorts(ask: Ask) -> None:
    rows = ask("retention", "--months", "3", "--lost-after", "1")["rows"]
    assert [tuple(row.values()) for row in rows] == [
        ("2026-01", 0, 1, 0, 0, 1, None),
        ("2026-02", 1, 1, 0, 1, 1, "0"),
        ("2026-03", 1, 0, 1, 1, 1, "0"),
    ]
    rows = ask("cohorts", "--by", "month")["rows"]
    assert rows == [
        {"cohort": "2026-01", "customers": 1, "retained": {"0": "100", "1": "0", "2": "100"}},
        {"cohort": "2026-02", "customers": 1, "retained": {"0": "100", "1": "0", "2": None}},
    ]


def test_bad_debt_beside_the_sales(ask: Ask) -> None:
    found = ask("bad-debt", "--by", "region")
    assert found["rows"] == [
        {
            "group": "south",
            "name": None,
            "currency": "EUR",
            "written_off": "60.00",
            "sales": "300.00",
            "ratio": "20",
        }
    ]
    assert found["totals"] == [
        {"currency": "EUR", "written_off": "60.00", "sales": "400.00", "ratio": "15"},
        {"currency": "USD", "written_off": "0.00", "sales": "50.00", "ratio": "0"},
    ]


def test_promises_kept_broken_and_running(ask: Ask) -> None:
    found = ask("promises")
    assert [tuple(row.values()) for row in found["rows"]] == [
        # The promise about a number that is not in the books counts for nothing.
        ("C2", "Bert", 0, 1, 1, "0"),
        ("C1", "Anna", 1, 0, 0, "100"),
    ]
    # On the day promised for it can still be kept.
    assert [row["running"] for row in ask("promises", as_of="2026-03-10")["rows"]] == [1, 0]
    assert [row["broken"] for row in ask("promises", as_of="2026-03-11")["rows"]][:1] == [1]


@pytest.mark.parametrize(
    "words",
    [
        ["dso", "--months", "0"],
        ["dso", "--over", "121"],
        ["retention", "--lost-after", "0"],
        ["cohorts", "--by", "week"],
        ["concentration", "--of", "profit"],
        ["aging-history", "--buckets", "30,10"],
    ],
)
def test_what_cannot_be_asked(
    tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--books", str(tmp_path), "report", *words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert words[1] in told.err


def test_an_unknown_segment_is_told(tell: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    root = tell(LEDGER, customers=CUSTOMERS).root
    asked = ["--books", str(root), "report", "bad-debt", "--by", "regoin", "--as-of", "2026-03-31"]
    assert main(asked) == 0
    assert "no customer has the segment `regoin`" in capsys.readouterr().err


@pytest.mark.parametrize(
    "name",
    ["aging-history", "dso", "collection", "roll-forward", "days-to-pay", "concentration", "retention", "cohorts", "bad-debt", "promises"],
)  # fmt: skip
def test_empty_books_have_nothing_to_tell(
    tell: Tell, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    root = tell("2026-01-01 open Assets:Receivable:C1", customers="").root
    for output_format in ("table", "json", "csv"):
        asked = ["--books", str(root), "report", name, "--as-of", "2026-03-31", "-f", output_format]
        assert main(asked) == 0
        assert capsys.readouterr().out


def test_what_reports_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--list"]) == 0
    told = capsys.readouterr().out.splitlines()
    named = {line.split()[0] for line in told[2:]}
    assert {"dso", "roll-forward", "limitation"} <= named
    assert main(["remind", "--list"]) == 2


def test_the_list_of_reports_in_other_formats(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["report", "-f", "json", "--list"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["schema"] == "ledgercli/commands/1"
    assert {"name": "dso", "about": "Days sales outstanding, three ways."} in listed["rows"]
    assert main(["report", "--list", "-o", str(tmp_path / "reports.csv")]) == 0
    lines = (tmp_path / "reports.csv").read_text(encoding="utf-8").splitlines()
    assert (lines[0], len(lines) - 1) == ("name,about", len(listed["rows"]))
    capsys.readouterr()
    for line in ("report -f csv dso", "report -f csv", "report -o x.csv dso"):
        assert main(line.split()) == 2
        assert "of a report go behind its name" in capsys.readouterr().err
    assert main(["report"]) == 2


@pytest.mark.parametrize("books", ["wholesale", "trading-cn"])
@pytest.mark.parametrize(
    "as_of", ["2025-11-30", "2026-02-28", "2026-06-30", "2026-10-31", "2026-11-21"]
)
def test_figures_of_the_example_books_agree(
    books: str, as_of: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Path(__file__).parent.parent.parent / "examples" / books

    def ask(*words: str) -> dict[str, Any]:
        asked = ["--books", str(root), *words, "--as-of", as_of, "-f", "json", "--fail-on", "never"]
        assert main(asked) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    ledger = {row["currency"]: row["balance"] for row in ask("balances")["totals"]}
    aged = {row["currency"]: row for row in ask("aging")["totals"]}
    rolled = ask("report", "roll-forward", "--months", "14")
    assert rolled["tie_out"] is True
    month = as_of[:7]
    closing = {row["currency"]: row["closing"] for row in rolled["rows"] if row["month"] == month}
    history = {
        row["currency"]: row
        for row in ask("report", "aging-history", "--months", "2")["rows"]
        if row["date"] == as_of
    }
    dso = {row["currency"]: row for row in ask("report", "dso", "--months", "1")["rows"]}
    collected = ask("report", "collection", "--months", "1")["rows"]
    assert closing.keys() >= ledger.keys()
    for currency, balance in closing.items():
        assert balance == ledger.get(currency, "0.00")
        assert balance == dso[currency]["receivables"]
        assert balance == {row["currency"]: row["closing"] for row in collected}[currency]
    for currency, row in aged.items():
        assert history[currency]["amounts"] == row["amounts"]
        assert history[currency]["total"] == row["total"] == closing[currency]
