"""Taking open items over, and running beside the old system."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stories import NOW

from ledgercli.books.errors import FolderForFileError, OutsideBooksError
from ledgercli.books.foreign.errors import (
    EmptyForeignFileError,
    ForeignFileError,
    NoHeadingsError,
)
from ledgercli.desk.checking import all_findings
from ledgercli.desk.exchange import open_items
from ledgercli.desk.exchange.exchange_errors import (
    CutOverMissingError,
    LedgerRefusedError,
    NoRecordsHereError,
    NotALedgerFileError,
    NotAnAccountError,
    NotReceivableError,
)
from ledgercli.desk.exchange.foreign_files import ForeignFile
from ledgercli.desk.exchange.open_items import TakeOver
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Request
from ledgercli.model.answer import Answer

DAY = dt.date(2026, 11, 21)
LEDGER = """\
option "operating_currency" "EUR"
2026-01-01 open Assets:Receivable:Acme
2026-01-01 open Assets:Receivable:Beta  EUR
"""
CUSTOMERS = """\
- {id: C1, name: Acme, accounts: [Assets:Receivable:Acme], terms: net 30}
- {id: C2, name: Beta, ids: {datev: "10002"}, aliases: [Beta, "Assets"], terms: net 30}
- {id: C3, name: Gamma, terms: net 30}
"""
LIST = """\
customer,number,date,due,currency,amount,open
C1,INV-1,2026-09-01,2026-10-01,EUR,100.00,100.00
C1,INV-2,2026-11-10,,EUR,50.00,20.00
10002,INV-1,2025-06-30,2025-07-30,EUR,7.00,7.00
Gamma,G-9,2026-10-10,2026-11-09,USD,1.10,1.10
C1,CN-7,2026-10-01,,EUR,,-30.00
"""

AT_DAY = TakeOver(day=DAY)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "customers").mkdir()
    (tmp_path / "main.beancount").write_text(LEDGER)
    (tmp_path / "ledgercli.yaml").write_text("receivables: {terms: net 30}\n")
    (tmp_path / "customers" / "all.yaml").write_text(CUSTOMERS)
    return tmp_path


def books(root: Path) -> OpenBooks:
    return open_books(Request(start=root, now=NOW, books=root))


def take_over(
    root: Path,
    text: str = LIST,
    profile: str = "csv-items",
    how: TakeOver = AT_DAY,
    *,
    write: bool = False,
) -> Answer:
    (root / "list.csv").write_text(text, encoding="utf-8")
    file = ForeignFile(root / "list.csv", profile)
    return open_items.take_over(books(root), file, how, write=write, reopen=lambda: books(root))


def differences(answer: Answer) -> dict[tuple[str, str], Decimal]:
    rows = answer.table("rows").rows
    return {
        (row["customer"], row["currency"]): row["difference"].amount
        for row in rows
        if row["difference"].amount
    }


def test_items_are_taken_over_once_and_both_sides_are_equal(root: Path) -> None:
    before = (root / "main.beancount").read_bytes()
    dry = take_over(root)
    assert (root / "main.beancount").read_bytes() == before
    assert not (root / "opening-items.beancount").exists()
    assert dry.facts["new"] == 5
    assert differences(dry) == {}
    answer = take_over(root, write=True)
    assert (answer.facts["new"], answer.facts["written"]) == (5, True)
    assert differences(answer) == {}
    assert answer.closing_facts == {"equal": True}
    opened = books(root)
    assert opened.ledger_errors == ()
    found = {(i.document.customer, i.document.number): i for i in opened.position(DAY).open_items}
    # The credit pays what is oldest, which the books say is assumed.
    assert {key: str(item.open) for key, item in found.items()} == {
        ("C1", "INV-1"): "70.00",
        ("C1", "INV-2"): "20.00",
        ("C2", "INV-1"): "7.00",
        ("C3", "G-9"): "1.10",
    }
    assert found["C1", "INV-1"].document.due == dt.date(2026, 10, 1)
    assert found["C1", "INV-2"].document.due == dt.date(2026, 12, 10)  # by the terms
    assert found["C2", "INV-1"].days_overdue(DAY) == 479
    assert [row.code for row in all_findings(opened, DAY) if row.severity == "error"] == []
    after = {path: path.read_bytes() for path in root.glob("*.beancount")}
    again = take_over(root, write=True)
    assert (again.facts["new"], again.facts["known"], again.facts["written"]) == (0, 5, False)
    assert {path: path.read_bytes() for path in root.glob("*.beancount")} == after


RETENTION = """\
customer,number,date,due,currency,amount,open,retention,retention until
C1,INV-1,2026-03-02,2026-04-01,EUR,1000.00,300.00,50.00,2027-06-30
C1,INV-2,2026-03-02,,EUR,40.00,40.00,,acceptance + 12 months
C2,,2026-05-02,2026-06-01,EUR,9.00,9.00,2.00,12 months from delivery
C3,G-1,2026-05-02,,USD,100.00,100.00,0,
"""


def test_retention_money_is_taken_over_as_documents_of_its_own(root: Path) -> None:
    answer = take_over(root, RETENTION, write=True)
    assert (answer.facts["new"], differences(answer)) == (4, {})
    made = (root / "opening-items.beancount").read_text()
    expected = """\
2026-03-02 * "Acme" "INV-1" ^INV-1
  opening-item: "C1/EUR/INV-1"
  original-amount: "1000.00 EUR"
  Assets:Receivable:Acme  250.00 EUR
    customer: "C1"
    invoice: "INV-1"
    due: 2026-04-01
  Assets:Receivable:Acme  50.00 EUR
    customer: "C1"
    invoice: "INV-1"
    retention: 2027-06-30
  Equity:Opening-Balances  -300.00 EUR

2026-03-02 * "Acme" "INV-2" ^INV-2
  opening-item: "C1/EUR/INV-2"
  Assets:Receivable:Acme  40.00 EUR
    customer: "C1"
    invoice: "INV-2"
    retention: "acceptance + 12 months"
  Equity:Opening-Balances  -40.00 EUR
"""
    assert expected in made
    opened = books(root)
    assert [row.code for row in all_findings(opened, DAY) if row.severity == "error"] == []
    documents = [item.document for item in opened.position(DAY).open_items]
    said = [(one.number, str(one.amount), one.due, one.retention) for one in documents]
    assert said[:3] == [
        ("INV-1/1", "250.00", dt.date(2026, 4, 1), ""),
        ("INV-1/2", "50.00", dt.date(2027, 6, 30), "2027-06-30"),
        ("INV-2", "40.00", None, "acceptance + 12 months"),
    ]
    assert sorted(one[1:] for one in said if one[0].startswith("opening-items")) == [
        ("2.00", None, "12 months from delivery"),
        ("7.00", dt.date(2026, 6, 1), ""),
    ]
    again = take_over(root, RETENTION, write=True)
    assert (again.facts["new"], again.facts["known"]) == (0, 4)
    file = ForeignFile(root / "list.csv", "csv-items")
    compared = open_items.compare(opened, file, AT_DAY)
    assert compared.closing_facts == {"equal": True}
    numbers = {row["number"] for row in compared.table("documents").rows}
    assert not numbers & {"INV-1", "INV-1/1", "INV-1/2", "INV-2"}


def test_what_is_new_in_a_later_list_is_added(root: Path) -> None:
    take_over(root, write=True)
    answer = take_over(root, LIST + "C2,INV-2,2026-11-20,,EUR,5,5\n", write=True)
    assert (answer.facts["new"], answer.facts["known"]) == (1, 5)
    assert differences(answer) == {}
    assert (root / "main.beancount").read_text().count("include") == 1


def test_documents_that_the_books_have_are_left_alone(root: Path) -> None:
    with (root / "main.beancount").open("a") as ledger:
        ledger.write(
            "2026-01-01 open Income:Sales\n"
            '2026-09-01 * "Acme" "" ^INV-1\n  Assets:Receivable:Acme  99 EUR\n  Income:Sales\n'
        )
    answer = take_over(root)
    assert (answer.facts["new"], answer.facts["known"]) == (4, 1)
    assert differences(answer) == {("C1", "EUR"): Decimal(-1)}


def test_running_beside_the_old_system(root: Path) -> None:
    take_over(root, write=True)
    (root / "list.csv").write_text(
        "customer,number,date,open\nC1,INV-1,2026-09-01,70\nC1,INV-2,2026-11-10,20\n"
        "C2,INV-1,2025-06-30,6.50\nC2,INV-3,2026-11-01,1\n"
    )
    file = ForeignFile(root / "list.csv", "csv-items")
    answer = open_items.compare(books(root), file, TakeOver(day=DAY))
    assert answer.schema == "opening-compare/1"
    assert differences(answer) == {
        ("C2", "EUR"): Decimal("-0.50"), ("C3", "USD"): Decimal("1.10"),
    }  # fmt: skip
    documents = [
        (row["customer"], row["number"], str(row["theirs"].amount), str(row["ours"].amount))
        for row in answer.table("documents").rows
    ]
    assert documents == [
        ("C2", "INV-1", "6.50", "7.00"),
        ("C2", "INV-3", "1", "0"),
        ("C3", "G-9", "0", "1.10"),
    ]
    assert answer.closing_facts == {"equal": False}


def test_rows_without_a_customer_here_are_rejected_and_counted(root: Path) -> None:
    answer = take_over(root, LIST + "99,INV-8,2026-11-20,,EUR,5,5\n", write=True)
    assert [(row.code, row.place.line) for row in answer.task_findings] == [("row-rejected", 7)]
    assert differences(answer) == {("?", "EUR"): Decimal(-5)}
    assert "INV-8" not in (root / "opening-items.beancount").read_text()


@pytest.mark.parametrize("write", [False, True])
def test_a_list_of_balances_needs_a_day(root: Path, write: bool) -> None:  # noqa: FBT001
    text = "客户编码,客户名称,方向,期末余额\nC1,,借,10\nC2,,贷,3\n"
    with pytest.raises(CutOverMissingError):
        take_over(root, text, "yuebiao", TakeOver(), write=write)
    answer = take_over(root, text, "yuebiao", write=write)
    assert differences(answer) == {}
    # Another day's balances are not added to these.
    if write:
        later = take_over(
            root, text.replace("10", "12"), "yuebiao", TakeOver(day=dt.date(2026, 12, 31))
        )
        assert later.facts["new"] == 0
        assert differences(later) == {("C1", "EUR"): Decimal(-2)}


def test_what_beancount_does_not_accept_is_taken_back(root: Path) -> None:
    # An account that was closed before the items.
    closed = "2010-01-01 open Equity:Old\n2011-01-01 close Equity:Old\n"
    ledger = root / "main.beancount"
    ledger.write_text(ledger.read_text() + closed)
    before = {path: path.read_bytes() for path in root.glob("*.beancount")}
    with pytest.raises(LedgerRefusedError):
        take_over(root, how=TakeOver(DAY, equity="Equity:Old"), write=True)
    assert {path: path.read_bytes() for path in root.glob("*.beancount")} == before


def test_accounts_and_file_of_ones_own(root: Path) -> None:
    (root / "main.beancount").write_text(LEDGER + 'include "ledger/*.beancount"\n')
    (root / "ledger").mkdir()
    (root / "ledger" / "a.beancount").write_text("")
    how = TakeOver(DAY, None, "Assets:Receivable:Old", "Equity:Vortrag", "ledger/open.beancount")
    answer = take_over(root, how=how, write=True)
    assert differences(answer) == {}
    text = (root / "ledger" / "open.beancount").read_text()
    assert "2024-01-01 open Assets:Receivable:Old\n2024-01-01 open Equity:Vortrag\n" in text
    assert (root / "main.beancount").read_text().count("include") == 1
    with pytest.raises(OutsideBooksError):
        take_over(root, how=TakeOver(DAY, into="../x.beancount"))


@pytest.mark.parametrize("account", ["Assets:Bank", "Assets:Receivables2", "Receivable", ""])
def test_items_go_to_no_account_on_which_nobody_would_owe_them(root: Path, account: str) -> None:
    with pytest.raises(NotReceivableError, match=f"`{account}` is not a receivable account"):
        take_over(root, how=TakeOver(DAY, account=account))


@pytest.mark.parametrize("equity", ["nope", "Nope:Opening", "Equity", "Equity:opening", ""])
def test_the_other_side_is_an_account_name_even_as_long_as_nothing_is_written(
    root: Path, equity: str
) -> None:
    with pytest.raises(NotAnAccountError, match=f"`{equity}` is not an account name") as refused:
        take_over(root, how=TakeOver(DAY, equity=equity))
    assert refused.value.values["roots"] == "Assets`, `Equity`, `Expenses`, `Income`, `Liabilities"


def test_an_account_of_a_record_counts_only_if_it_is_receivable(root: Path) -> None:
    first = "accounts: [Liabilities:CustomerDeposits:Acme, Assets:Recievable, Assets:Receivable:A]"
    records = root / "customers" / "all.yaml"
    records.write_text(CUSTOMERS.replace("accounts: [Assets:Receivable:Acme]", first))
    take_over(root, write=True)
    text = (root / "opening-items.beancount").read_text()
    assert "Assets:Receivable:A  100.00 EUR" in text
    assert "Deposits" not in text
    assert "Recievable" not in text


@pytest.mark.parametrize("into", ["customers", "customers/new.yaml", "x", "folder.beancount"])
def test_items_go_to_no_file_that_is_none_of_a_ledger(root: Path, into: str) -> None:
    (root / "folder.beancount").mkdir()
    with pytest.raises(NotALedgerFileError):
        take_over(root, how=TakeOver(DAY, into=into), write=True)
    assert "include" not in (root / "main.beancount").read_text()


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (b"", EmptyForeignFileError, "`list.csv` is empty"),
        (b"\xef\xbb\xbf \r\n ,,\r\n", EmptyForeignFileError, "`list.csv` is empty"),
        (b"\x8a\x00\x01\x02\x03\xff\x10,\x07", ForeignFileError, "neither text nor a workbook"),
        (b"PK\x03\x04 cut off", ForeignFileError, "not a workbook, or only a part of one"),
        (b"a,b\n1,2\n", NoHeadingsError, "`currency`, `amount`, `open`, …"),
    ],
)
def test_what_is_no_list_is_said(
    root: Path, content: bytes, error: type[Exception], said: str
) -> None:
    (root / "list.csv").write_bytes(content)
    file = ForeignFile(root / "list.csv", "csv-items")
    with pytest.raises(error, match=said):
        open_items.compare(books(root), file, AT_DAY)
    with pytest.raises(FolderForFileError, match="is a folder, not a file"):
        open_items.compare(books(root), ForeignFile(root, "csv-items"), AT_DAY)


def test_line_ends_of_windows_stay(root: Path) -> None:
    (root / "main.beancount").write_bytes(LEDGER.replace("\n", "\r\n").encode())
    take_over(root, write=True)
    content = (root / "main.beancount").read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert books(root).ledger_errors == ()


def test_a_ledger_alone_takes_nothing(root: Path) -> None:
    bare = open_books(Request(start=root, now=NOW, ledger=root / "main.beancount"))
    file = ForeignFile(root / "list.csv", "csv-items")
    with pytest.raises(NoRecordsHereError):
        open_items.take_over(bare, file, TakeOver(), write=True, reopen=lambda: bare)


ROW = st.tuples(
    st.sampled_from(["C1", "C2", "C3"]),
    st.integers(1, 6),
    st.dates(dt.date(2023, 1, 1), DAY),
    st.decimals(-500, 500, places=2),
    st.sampled_from(["EUR", "USD", "CNY"]),
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, min_size=1, max_size=8))
def test_whatever_the_list_aging_equals_it(
    rows: list[tuple[str, int, dt.date, Decimal, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("books")
    (root / "customers").mkdir()
    (root / "main.beancount").write_text(LEDGER)
    (root / "ledgercli.yaml").write_text("receivables: {terms: net 30}\n")
    (root / "customers" / "all.yaml").write_text(CUSTOMERS)
    lines = [
        f"{customer},N-{number},{day},{amount},{currency}\n"
        for customer, number, day, amount, currency in rows
    ]
    text = "customer,number,date,open,currency\n" + "".join(lines)
    answer = take_over(root, text, write=True)
    assert differences(answer) == {}
    assert books(root).ledger_errors == ()
    assert take_over(root, text).facts["new"] == 0
