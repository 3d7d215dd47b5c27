"""Reports of the books' own, from their files to what is printed, checked and mailed."""

from __future__ import annotations

import json
import mailbox
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import Tell

from ledgercli.cli import main
from ledgercli.cli.build import root_command
from ledgercli.cli.session import begin
from ledgercli.cli.tree import COMMANDS, Branch
from ledgercli.desk.built_in_reports import BUILT_IN
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer, Column, Table
from ledgercli.model.own_report import Caption, OwnReport
from ledgercli.model.values import Money
from ledgercli.reports.own import arranged

Capture = pytest.CaptureFixture[str]
Run = Callable[..., tuple[int, str, str]]
LEDGER = """
2026-01-10 * "Goods" ^INV-1
  due: 2026-02-09
  Assets:Receivable:C1  100.00 EUR
  Income:Sales
2026-02-01 * "Goods" ^INV-2
  due: 2026-03-03
  Assets:Receivable:C2  300.00 EUR
  Income:Sales
2026-02-02 * "Goods" ^INV-3
  due: 2026-03-04
  Assets:Receivable:C1  50.00 USD
  Income:Sales
2026-02-03 * "Goods" ^INV-4
  due: 2026-03-05
  Assets:Receivable:C1  25.50 EUR
  Income:Sales
"""
CUSTOMERS = "- {id: C1, name: Anna, tags: [north]}\n- {id: C2, name: Bert}\n"
REPORTS = {
    "reports/owed.yaml": "title: {en: What is owed, zh: 欠款}\ntable: documents\n"
    "where: {status: [overdue, partial]}\ngroup: [customer, name]\nsort: [-open]\ntop: 1\n"
    "columns: [customer, open]\nlabels: {open: {en: owed, zh: 欠}}\ntotals: yes\n"
    "chart: {kind: stacked-bars, category: [customer], series: [open], split: currency}\n",
    "reports/sums.yaml": "query: |\n  SELECT currency, sum(open) AS open FROM documents\n"
    "  GROUP BY currency ORDER BY currency\nkinds: {open: money}\n",
    "reports/ages.yaml": "title: Ages\nreport: aging\noptions: {buckets: '10,20'}\n"
    "filter: {tags: [north], currencies: [EUR]}\n",
    "reports/bank.yaml": "query: SELECT account, sum(number) AS sum WHERE currency = 'USD'"
    " GROUP BY account\n",
}


@pytest.fixture
def run(tell: Tell, capsys: Capture) -> Run:
    """Return what runs a command on books with reports, at the end of March 2026."""
    root = tell(LEDGER, customers=CUSTOMERS, files=REPORTS).root

    def asked(*words: str, files: dict[str, str] | None = None) -> tuple[int, str, str]:
        for name, text in (files or {}).items():
            (root / name).write_text(text, encoding="utf-8")
        code = main(["--books", str(root), *words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return asked


def report(run: Run, name: str, *words: str) -> dict[str, Any]:
    code, out, errors = run("report", name, "--as-of", "2026-03-31", "-f", "json", *words)
    assert (code, errors) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_rows_of_a_table_are_grouped_and_the_largest_kept_by_currency(run: Run) -> None:
    assert report(run, "owed") == {
        "schema": "ledgercli/own/1",
        "report": "owed",
        "as_of": "2026-03-31",
        "rows": [
            {"customer": "C2", "currency": "EUR", "open": "300.00"},
            {"customer": "C1", "currency": "USD", "open": "50.00"},
        ],
        "totals": [
            {"currency": "EUR", "open": "300.00"},
            {"currency": "USD", "open": "50.00"},
        ],
    }
    assert report(run, "owed", "--customer", "C1")["rows"][0] == {
        "customer": "C1",
        "open": "125.50",
        "currency": "EUR",
    }
    assert [row["open"] for row in report(run, "owed", "--as-of", "2026-03-04")["rows"]] == [
        "300.00"
    ]


def test_titles_and_headings_are_in_the_language(run: Run) -> None:
    line = ("report", "owed", "--as-of", "2026-03-31")
    assert run(*line)[1].splitlines()[:3] == ["What is owed", "", "customer  cur.    owed"]
    assert run("--lang", "zh", *line)[1].splitlines()[0] == "欠款"
    page = run(*line, "-f", "html")[1]
    assert "<h1>What is owed</h1>" in page
    assert page.count('<figure class="chart stacked-bars">') == 2
    assert ">owed</th>" in page


def test_a_query_has_amounts_where_it_says_so(run: Run) -> None:
    assert report(run, "sums")["rows"] == [
        {"currency": "EUR", "open": "425.50"},
        {"currency": "USD", "open": "50.00"},
    ]
    assert report(run, "bank")["rows"][0]["account"] == "Assets:Receivable:C1"


def test_a_report_of_the_program_keeps_what_it_says_of_itself(run: Run) -> None:
    ages = report(run, "ages")
    assert ages["buckets"] == ["not_due", "1-10", "11-20", "21+"]
    assert ages["tie_out"] is True
    assert [row["total"] for row in ages["rows"]] == ["125.50"]
    assert [row["total"] for row in report(run, "ages", "--currency", "USD")["rows"]] == ["50.00"]


def test_own_reports_are_listed_and_have_help(run: Run) -> None:
    listed = [line.split() for line in run("report", "--list")[1].splitlines()]
    assert ["ages", "Ages"] in listed
    assert ["owed", "What", "is", "owed"] in listed
    assert "report owed [OPTIONS]" in run("report", "owed", "--help")[1]
    code, _out, errors = run("report", "owned")
    assert code == 2
    assert "there is no command `owned`" in errors


def test_amounts_of_two_currencies_share_no_axis(run: Run) -> None:
    own = {
        "reports/sums.yaml": "table: documents\ncolumns: [number, open]\n"
        "chart: {kind: pareto, category: [number], series: [open]}\n",
        "reports/bank.yaml": "query: SELECT month, sum(number) AS s WHERE account ~ 'Bank'"
        " GROUP BY month\nchart: {kind: line, category: [month], series: [s]}\n",
    }
    page = run("report", "sums", "--as-of", "2026-03-31", "-f", "html", files=own)[1]
    assert page.count('<figure class="chart pareto">') == 2
    assert list(report(run, "sums")["rows"][0]) == ["number", "currency", "open"]


@pytest.mark.parametrize("key", ["-text", "text", "count", "-state"])
def test_whatever_is_in_a_column_can_be_sorted(key: str, run: Run) -> None:
    own = {"reports/sums.yaml": f"report: today\nsort: [{key}]\n"}
    assert run("report", "sums", "--as-of", "2026-03-31", files=own)[0] == 0


def test_a_report_that_is_wrong_is_not_run(run: Run) -> None:
    wrong = {"reports/sums.yaml": "table: documents\ncolumns: [oepn]\n"}
    code, out, errors = run("report", "sums", files=wrong)
    assert (code, out) == (2, "")
    assert "the report `sums` cannot be run" in errors
    code, _out, errors = run("report", "sums", files={"reports/sums.yaml": "- 1\n"})
    assert (code, "`sums` cannot be read" in errors) == (2, True)


def test_check_looks_at_queries_without_running_them(run: Run) -> None:
    assert run("check")[0] == 0
    wrong = {"reports/bank.yaml": "query: SELECT acount, number\n"}
    code, out, _errors = run("check", "report-query", files=wrong)
    assert code == 1
    assert out.startswith("reports/bank.yaml:1:15: error[report-query]")
    wrong = {"reports/bank.yaml": "query: |\n  SELECT customer\n  FROM items\n"}
    code, out, _errors = run("check", "report-query", files=wrong)
    place = "reports/bank.yaml:3:8: error[report-query]: the query does not work: "
    assert out.startswith(f"{place}there is no table `items`\n")


def test_digests_carry_them_and_say_what_they_cannot(run: Run, tell: Tell, capsys: Capture) -> None:
    with_digests = (
        "mail: {from: us@us.example}\nagenda: {channel: 'maildir:out'}\ndigests:\n"
        "  - {to: a@us.example, every: month, reports: [owed, dso, gone], attach: xlsx}\n"
    )
    sent = {
        **REPORTS,
        "reports/sums.yaml": REPORTS["reports/sums.yaml"] + "every: week\nto: b@us.example\n",
    }
    root = tell(LEDGER, customers=CUSTOMERS, settings=with_digests, files=sent).root
    line = ["--books", str(root), "digest", "send", "--as-of", "2026-03-31", "-f", "csv"]
    assert main(line) == 1
    captured = capsys.readouterr()
    assert [
        [cell for cell in row.split(",") if cell][:4] for row in captured.out.splitlines()[1:]
    ] == [
        ["a@us.example", "month-owed-dso-gone", "2026-03", "sent"],
        ["b@us.example", "week-sums", "2026-W14", "sent"],
    ]
    assert "error[unknown-report]: there is no report `gone`" in captured.err
    mails = sorted(mailbox.Maildir(root / "out", create=False), key=lambda mail: mail["To"])
    names = [[part.get_filename() for part in mail.walk() if part.get_filename()] for mail in mails]
    assert names == [["owed-2026-03.xlsx", "dso-2026-03.xlsx"], ["sums-2026-W14.csv"]]
    text = next(part for part in mails[0].walk() if part.get_content_type() == "text/plain")
    body: Any = text.get_payload(decode=True)
    assert body.decode().startswith("What is owed\r\n")


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_report_of_the_program_runs_with_its_defaults(name: str, books: OpenBooks) -> None:
    answer = BUILT_IN[name].run(books, Query(), {})
    assert isinstance(answer, Answer)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> OpenBooks:
    from stories import write_story

    return write_story(tmp_path_factory.mktemp("books"), LEDGER, customers=CUSTOMERS).books


def test_options_are_those_of_the_command_line() -> None:
    root: Any = root_command()
    context = root.make_context("ledgercli", ["x"], obj=begin({}, language_said=True))
    group = root.get_command(context, "report")
    inner = group.make_context("report", ["x"], parent=context)
    for name, built_in in BUILT_IN.items():
        command = group.get_command(inner, name) or root.get_command(context, name)
        known = {flag.removeprefix("--") for one in command.params for flag in one.opts}
        assert set(built_in.options) <= known, name


def test_every_report_of_the_command_line_can_be_an_own_one() -> None:
    branch = COMMANDS.commands["report"]
    assert isinstance(branch, Branch)
    lacking = sorted(branch.commands.keys() - BUILT_IN.keys())
    assert lacking == [], "name them in desk/built_in_reports.py, with their options"


def test_a_report_of_the_whole_ledger_says_that_customers_do_not_filter_it(run: Run) -> None:
    income = {"reports/sums.yaml": "report: income\noptions: {depth: 1}\n"}
    line = ("report", "sums", "--as-of", "2026-03-31", "--customer", "C1")
    code, _out, errors = run(*line, files=income)
    assert code == 0
    assert "warning: the report is of the whole ledger" in errors


AMOUNTS = st.decimals(-1000, 1000, places=2)
ROWS = st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(["EUR", "USD"]), AMOUNTS))


@given(ROWS)
@settings(max_examples=25)
def test_groups_add_up_and_never_across_currencies(rows: list[tuple[str, str, Decimal]]) -> None:
    columns = (
        Column("customer", "customer", "code"),
        Column("currency", "cur.", "code"),
        Column("open", "open", "money"),
    )
    table = [
        {"customer": customer, "currency": currency, "open": Money(amount, currency)}
        for customer, currency, amount in rows
    ]
    own = OwnReport(group=("customer",), sort=("-open",), totals=True, name="x")
    answer = arranged(Answer("x/1", tables=(Table("rows", columns, table),)), own, "en")
    for currency in ("EUR", "USD"):
        whole = sum((amount for _who, own, amount in rows if own == currency), Decimal(0))
        for key in ("rows", "totals") if whole else ("rows",):
            listed = [row for row in answer.table(key).rows if row["currency"] == currency]
            assert sum((row["open"].amount for row in listed), Decimal(0)) == whole
    assert len(answer.table("rows").rows) == len({row[:2] for row in rows})


def test_captions() -> None:
    caption = Caption.parse({"en": "Late", "zh": "逾期", "zh_TW": "逾期的"})
    assert [caption.said(one) for one in ("zh", "zh-CN", "zh_TW", "en", "de")] == [
        "逾期",
        "逾期",
        "逾期的",
        "Late",
        "Late",
    ]
    assert Caption.parse("Late").said("zh") == "Late"
    assert Caption.parse({"de": "Spät"}).said("zh") == "Spät"
    for wrong in ({}, "", {"en": {"x": "y"}}, ["Late"], None):
        with pytest.raises(ValueError, match="a text"):
            Caption.parse(wrong)
