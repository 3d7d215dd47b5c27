"""Queries over Beancount's tables and ours."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from stories import Tell

from ledgercli.cli import main
from ledgercli.desk import querying
from ledgercli.desk.request import Query

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
        ("SELECT x FROM nowhere", "no table `nowhere`\n  hint: the tables are: accounts, activity"),
        ("SELECT customer FROM items", "no table `items`\n  hint: did you mean `documents`? The"),
        ("SELECT x FROM #postngs", "no table `postngs`\n  hint: did you mean `postings`? The"),
        ("SELECT x FROM (SELECT id AS x FROM custmers)", "no table `custmers`"),
        ("SELECT nope FROM year", 'column "nope" not found in table "postings"'),
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


TABLES = ("documents", "settlements", "allocations", "aging", "customers", "activity", "orders")
ORDER = """\
customer: C1
date: 2026-03-01
lines: [{text: Chairs, quantity: 2, price: 50 EUR}]
deliver_by: 2026-04-01
"""
CUSTOMERS = "[{id: C1, name: '=SUM(1)', tags: [north, eu], segments: {region: east, size: s}}]"
CALL = (
    '{"v": 1, "id": "1", "at": "2026-03-01T06:00:00Z", "date": "2026-03-01", "by": "me",'
    ' "kind": "call", "customer": "C1", "text": "Again"}\n'
)


@pytest.fixture
def small(tell: Tell) -> Path:
    """Return books with a row in each of our tables."""
    ledger = """
        2026-01-10 * "Goods" ^INV-1
          Assets:Receivable:C1  100.10 EUR
          Income:Sales
        2026-02-10 * "Pays" ^INV-1
          Assets:Receivable:C1  -40.05 EUR
          Assets:Bank
    """
    files = {"orders/SO-1.yaml": ORDER, "activity/2026-03.jsonl": CALL}
    return tell(ledger, customers=CUSTOMERS, files=files).root


@pytest.mark.parametrize("table", TABLES)
def test_every_format_has_the_same_rows(
    table: str, small: Path, tmp_path: Path, capsys: Capture
) -> None:
    text = f"SELECT * FROM {table}"  # noqa: S608 - no SQL, and a name of ours
    line = ["--books", str(small), "query", text, "--as-of", "2026-03-31"]
    files = [tmp_path / f"rows.{suffix}" for suffix in ("json", "csv", "xlsx", "txt")]
    for file in files:
        assert main([*line, "-o", str(file)]) == 0
    document = json.loads(files[0].read_text("utf-8"))
    rows = document["rows"]
    assert rows
    with files[1].open(encoding="utf-8", newline="") as opened:
        listed = list(csv.DictReader(opened))
    book = openpyxl.load_workbook(files[2])
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A2"
    head, *cells = list(sheet.iter_rows(values_only=True))
    printed = files[3].read_text("utf-8")
    assert list(head) == list(listed[0]) == list(rows[0])
    assert len(cells) == len(listed) == len(rows)
    for plain, separated, row in zip(rows, listed, cells, strict=True):
        for key, in_book in zip(plain, row, strict=True):
            value = plain[key]
            assert separated[key] == as_text(value, formula="'"), key
            if isinstance(in_book, float | int) and not isinstance(in_book, bool):
                assert Decimal(str(in_book)) == Decimal(value), key
            elif isinstance(in_book, dt.datetime):
                assert in_book.date().isoformat() == value, key
            elif not isinstance(value, bool):
                assert (in_book or "") == as_text(value, between=", "), key
    assert str(rows[0].get("number") or rows[0].get("customer") or rows[0]["id"]) in printed


def as_text(value: object, *, formula: str = "", between: str = "; ") -> str:
    """Return a value of JSON as other formats have it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return between.join(map(str, value))
        case dict():
            return between.join(f"{key}: {item}" for key, item in value.items())
    text = str(value)
    return f"{formula}{text}" if text.startswith("=") else text


def test_beancounts_tables_say_that_no_day_and_no_filter_is_theirs(
    small: Path, capsys: Capture
) -> None:
    line = ["--books", str(small), "query", "SELECT account, number"]
    assert main([*line, "--as-of", "2026-01-31", "--customer", "C1"]) == 0
    captured = capsys.readouterr()
    assert captured.out.endswith("Beancount's tables hold all that is in the ledger, of any day.\n")
    assert "As of" not in captured.out
    assert "-40.05" in captured.out
    assert "warning: filters of customers and currencies do not reach" in captured.err
    both = "SELECT number FROM documents WHERE date IN (SELECT date FROM postings)"
    assert main([*line[:-1], both, "--as-of", "2026-01-31"]) == 0
    assert "As of 2026-01-31" in capsys.readouterr().out


def test_amounts_of_several_currencies_are_not_added_in_silence(capsys: Capture) -> None:
    def warned(text: str) -> str:
        line = ["--books", str(EXAMPLES / "wholesale"), "query", text, "--as-of", AS_OF]
        assert main(line) == 0
        return capsys.readouterr().err

    told = "warning: amounts of EUR, USD are added: ask for `currency`, and group by it\n"
    assert warned("SELECT sum(open) AS o FROM documents") == told
    assert warned("SELECT customer, SUM(amount) AS o FROM aging GROUP BY customer") == told
    # In one currency, or told by currency, there is nothing to warn of.
    assert not warned("SELECT sum(open) AS o FROM documents WHERE customer = 'C1012'")
    assert not warned("SELECT sum(open) AS o FROM documents WHERE currency = 'EUR'")
    assert not warned("SELECT currency, sum(open) AS o FROM documents GROUP BY currency")
    assert not warned("SELECT number, open FROM documents")
    assert not warned("SELECT sum(number) AS n FROM postings")


def test_names_are_known_without_the_records_of_customers(tell: Tell) -> None:
    """
    2026-01-10 * "Goods" ^INV-1
      Assets:Receivable:C1  100.10 EUR
      Income:Sales
    2026-02-10 * "Pays" ^INV-1
      Assets:Receivable:C2  -40.05 EUR
      Assets:Bank
    """
    books = tell(customers="[{id: C1, name: Acme}, {id: C2}]").books
    query = Query(as_of=dt.date(2026, 12, 31))
    books.selected(query)
    made = querying.tables(books, query)
    # Asked for each row again they would be what a query of large books waits for.
    books.customers_source = lambda: pytest.fail("the records were read")
    rows = {name: list(made[name].rows()) for name in ("documents", "settlements")}
    assert [row[1:4] for row in rows["documents"]] == [("C1", "Acme", "EUR")]
    assert [row[2:5] for row in rows["settlements"]] == [("C2", "C2", "EUR")]
