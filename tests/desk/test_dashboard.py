"""The dashboard says what the reports say that it is made from."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ledgercli.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"
AS_OF = "2026-11-21"


@pytest.fixture(params=["wholesale", "trading-cn"])
def books(request: pytest.FixtureRequest) -> str:
    return str(EXAMPLES / request.param)


def asked(capsys: pytest.CaptureFixture[str], books: str, *words: str) -> dict[str, Any]:
    assert main(["--books", books, *words, "--as-of", AS_OF, "-f", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_figures_are_those_of_the_reports(capsys: pytest.CaptureFixture[str], books: str) -> None:
    page = asked(capsys, books, "report", "dashboard", "--months", "3")
    aging = asked(capsys, books, "aging")
    assert page["schema"] == "ledgercli/dashboard/1"
    assert page["tie_out"] is True
    assert [(row["currency"], row["amounts"], row["total"]) for row in page["rows"]] == [
        (row["currency"], row["amounts"], row["total"]) for row in aging["totals"]
    ]
    dso = asked(capsys, books, "report", "dso", "--months", "3")["rows"]
    assert [row["dso"] for row in page["trend"]] == [row["simple"] for row in dso]
    history = asked(capsys, books, "report", "aging-history", "--months", "3")["rows"]
    assert [row["total"] for row in page["trend"]] == [row["total"] for row in history]
    limits = asked(capsys, books, "limits")["rows"]
    hot = [row["customer"] for row in limits if row["status"] in {"warning", "breach"}]
    assert sorted(row["customer"] for row in page["limits"]) == sorted(hot)
    items = asked(capsys, books, "items")["rows"]
    due = {row["number"]: row["due"] for row in items if row["due"] >= AS_OF}
    assert {row["number"]: row["due"] for row in page["next"]}.items() <= due.items()
    letters = asked(capsys, books, "remind", "plan")["letters"]
    (line,) = [row for row in page["matters"] if row["topic"] == "letters"]
    assert line["count"] == len(letters)


def test_overdue_customers_are_the_largest_of_their_currency(
    capsys: pytest.CaptureFixture[str], books: str
) -> None:
    page = asked(capsys, books, "report", "dashboard", "--months", "1")
    totals = asked(capsys, books, "aging", "--basis", "due")["totals"]
    for currency in {row["currency"] for row in page["overdue"]}:
        listed = [Decimal(row["overdue"]) for row in page["overdue"] if row["currency"] == currency]
        assert listed == sorted(listed, reverse=True)
        (whole,) = [row for row in totals if row["currency"] == currency]
        late = sum(Decimal(cell) for key, cell in whole["amounts"].items() if key != "not_due")
        assert sum(listed) <= late
        assert late == sum(listed) or len(listed) == 5


def test_filters_leave_one_customer(capsys: pytest.CaptureFixture[str]) -> None:
    books = str(EXAMPLES / "wholesale")
    page = asked(capsys, books, "report", "dashboard", "--customer", "C1024", "--months", "2")
    assert {row["customer"] for key in ("overdue", "limits", "next") for row in page[key]} == {
        "C1024"
    }
    assert [row["currency"] for row in page["rows"]] == ["EUR"]
    assert page["rows"][0]["overdue_percent"] == "33.3"
