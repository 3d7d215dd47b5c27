"""Queries over Beancount's tables and ours."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ledgercli.cli import main

Capture = pytest.CaptureFixture[str]
EXAMPLES = Path(__file__).parents[1] / "examples"
AS_OF = "2026-11-21"


def asked(capsys: Capture, text: str, *options: str, books: Path = EXAMPLES / "wholesale") -> Any:  # noqa: ANN401 - JSON
    """Return the rows of a query; it must end well."""
    code = main(["--books", str(books), "query", text, "--as-of", AS_OF, "-f", "json", *options])
    captured = capsys.readouterr()
    assert (code, captured.err) == (0, "")
    return json.loads(captured.out)["rows"]


def reported(capsys: Capture, *command: str) -> Any:  # noqa: ANN401 - JSON
    """Return the JSON of a report on the same books and day."""
    line = ["--books", str(EXAMPLES / "wholesale"), *command, "--as-of", AS_OF, "-f", "json"]
    assert main(line) == 0
    return json.loads(capsys.readouterr().out)


def test_documents_are_the_items(capsys: Capture) -> None:
    rows = asked(capsys, "SELECT number, customer, due, open, status FROM documents WHERE open > 0")
    items = reported(capsys, "items")["rows"]
    assert {tuple(row.values()) for row in rows} == {
        tuple(item[key] for key in ("number", "customer", "due", "open", "status"))
        for item in items
    }


def test_settlements_are_the_payments(capsys: Capture) -> None:
    rows = asked(capsys, "SELECT date, customer, amount, unallocated, file, line FROM settlements")
    payments = reported(capsys, "payments")["rows"]
    keys = ("date", "customer", "amount", "unallocated", "file", "line")
    assert sorted(map(str, (tuple(row.values()) for row in rows))) == sorted(
        str(tuple(payment[key] for key in keys)) for payment in payments
    )


def test_aging_ties_to_the_report(capsys: Capture) -> None:
    (row,) = asked(capsys, "SELECT sum(amount) AS total FROM aging WHERE customer = 'C1012'")
    (line,) = reported(capsys, "aging", "--customer", "C1012")["rows"]
    assert row["total"] == line["total"]


def test_tables_join_by_subqueries_and_filters_hold(capsys: Capture) -> None:
    text = "SELECT DISTINCT customer FROM documents WHERE customer IN (SELECT id FROM customers)"
    assert asked(capsys, text, "--customer", "C1012") == [{"customer": "C1012"}]
    assert asked(capsys, "SELECT id FROM customers", "--tag", "hotel") != []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT account, sum(position) WHERE account ~ 'Receivable' GROUP BY account",
        "SELECT account FROM accounts",
        "SELECT count(*) FROM transactions",
        "BALANCES",
    ],
)
def test_beancounts_tables_answer_as_bean_query_does(text: str, capsys: Capture) -> None:
    rows = asked(capsys, text)
    top = EXAMPLES / "wholesale/main.beancount"
    program = str(Path(sys.executable).with_name("bean-query"))
    done = subprocess.run(
        [program, "--no-errors", "-f", "csv", str(top), text],
        check=True,
        capture_output=True,
        text=True,
    )
    assert len(rows) == len(done.stdout.strip().splitlines()) - 1 > 0


def test_a_table_of_both_has_beancounts_under_another_name(tmp_path: Path, capsys: Capture) -> None:
    shutil.copytree(EXAMPLES / "wholesale", tmp_path / "books")
    (tmp_path / "books/paper.pdf").touch()
    with (tmp_path / "books/main.beancount").open("a") as file:
        file.write('2026-01-01 document Assets:Receivable:Zeitlos "paper.pdf"\n')
    (row,) = asked(capsys, "SELECT filename FROM beancount_documents", books=tmp_path / "books")
    assert row["filename"].endswith("paper.pdf")


def test_our_tables_do_not_load_the_ledger_with_beancount() -> None:
    code = (
        "import sys; from ledgercli.cli import main;"
        "main(['--books', sys.argv[1], 'query', 'SELECT id FROM customers']);"
        "print('ledgercli.books.beancount_load' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(EXAMPLES / "wholesale")],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stderr == "False\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELEC x", "syntax error in line 1 at `SELEC x`"),
        ("SELECT nope FROM documents", 'column "nope" not found in table "documents"'),
        ("SELECT x FROM nowhere", "nowhere"),
        ("SELECT sum(name) FROM documents", "sum"),
        ("", "give a query in quotes"),
    ],
)
def test_what_cannot_be_asked_is_an_error(text: str, said: str, capsys: Capture) -> None:
    assert main(["--books", str(EXAMPLES / "wholesale"), "query", text]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
    assert "bug" not in captured.err


def test_the_tables_are_listed(capsys: Capture) -> None:
    assert main(["--books", str(EXAMPLES / "wholesale"), "query", "--tables", "-f", "csv"]) == 0
    tables = {line.partition(",")[0] for line in capsys.readouterr().out.splitlines()[1:]}
    assert tables == {
        "documents",
        "settlements",
        "allocations",
        "aging",
        "customers",
        "activity",
        "orders",
    }
