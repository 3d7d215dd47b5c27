"""`remind book`: claims become documents of the ledger, once, and nothing is half-written."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledgercli.books.errors import BooksLockedError, FileUnwritableError
from ledgercli.books.files import LOCK_NAME
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.reminders import booking, reminding
from ledgercli.desk.reminders.booking_errors import (
    ClaimAccountError,
    LedgerNotCleanError,
    NoClaimsOfError,
    NotInLedgerError,
)
from ledgercli.desk.reminders.claim_accounts import account_of
from ledgercli.desk.request import Query, Request
from ledgercli.model.answer import Text
from ledgercli.output.json_format import render

CLAIMS = (
    "{interest_account: Income:Interest, fee_account: Income:Fees, tax_account: Liabilities:VAT,"
    " tax: 19%, taxed: [fee]}"
)
SETTINGS = """\
reminders:
  policies:
    standard:
      deadline: 10 days
      interest: {rate: 36.5%}
      levels:
        - {name: friendly, after: 5 days, template: reminder, fee: {amount: 10 EUR, per: document}}
        - {name: firm, after: 30 days, template: reminder-firm}
"""
LEDGER = """\
2026-01-01 open Assets:Receivable:Acme
2026-01-01 open Assets:Receivable:Beta
2026-01-01 open Assets:Bank
2026-01-01 open Income:Sales
2026-01-01 open Income:Interest
2026-01-01 open Income:Fees
2026-01-01 open Liabilities:VAT

2026-02-01 * "Acme" "Goods" ^INV-1
  due: 2026-03-01
  Assets:Receivable:Acme   1000.00 EUR
  Income:Sales

2026-02-01 * "Beta" "Goods" ^INV-2
  due: 2026-03-01
  Assets:Receivable:Beta   500.00 EUR
  Income:Sales
"""
CUSTOMERS = """\
- {id: C1, name: 'Acme "East" GmbH', accounts: ['Assets:Receivable:Acme'],
   addresses: {billing: {lines: [Street 1], city: Berlin}}}
- {id: C2, name: Beta, accounts: ['Assets:Receivable:Beta'],
   addresses: {billing: {lines: [Street 2], city: Berlin}}}
"""
#: Both letters go out on the fifth day, and claims are booked five days later.
SENT, BOOKED = dt.date(2026, 3, 6), dt.date(2026, 3, 11)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Books whose first letters are written and recorded."""
    (tmp_path / "ledgercli.yaml").write_text(SETTINGS + f"claims: {CLAIMS}\n", encoding="utf-8")
    (tmp_path / "main.beancount").write_text(LEDGER, encoding="utf-8")
    (tmp_path / "customers").mkdir()
    (tmp_path / "customers" / "all.yaml").write_text(CUSTOMERS, encoding="utf-8")
    reminding.run(opener(tmp_path)(), Query(as_of=SENT), types=(), dry_run=False)
    return tmp_path


def opener(root: Path, day: dt.date = BOOKED) -> Callable[[], OpenBooks]:
    now = dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)
    request = Request(start=root, now=now, books=root)
    return lambda: open_books(request, with_events=True)


def book(
    root: Path,
    *subjects: str,
    write: bool = False,
    on: dt.date = BOOKED,
    customers: tuple[str, ...] = (),
) -> dict[str, Any]:
    reopen = opener(root, on)
    answer = booking.book(
        reopen(),
        Query(as_of=on, customers=customers),
        subjects=subjects,
        write=write,
        reopen=reopen,
    )
    found: dict[str, Any] = json.loads(render(answer))
    return found


def claims(root: Path, on: dt.date = BOOKED) -> list[str]:
    rows = book(root, on=on)["rows"]
    return [f"{row['number']} {row['amount']} + {row['tax']}" for row in rows]


DIFF = """\
--- a/main.beancount
+++ b/main.beancount
@@ -15,3 +15,22 @@
   due: 2026-03-01
   Assets:Receivable:Beta   500.00 EUR
   Income:Sales
+
+2026-03-11 * "Acme \\"East\\" GmbH" "Fee for the late payment of INV-1" ^FEE-INV-1-20260311
+  customer: "C1"
+  invoice: "FEE-INV-1-20260311"
+  due: 2026-03-11
+  claim-for: "INV-1"
+  claim-amount: "10.00 EUR"
+  Assets:Receivable:Acme  11.90 EUR
+  Income:Fees  -10.00 EUR
+  Liabilities:VAT  -1.90 EUR
+
+2026-03-11 * "Acme \\"East\\" GmbH" "Interest on INV-1, 2026-03-02 to 2026-03-11" ^INT-INV-1-20260311
+  customer: "C1"
+  invoice: "INT-INV-1-20260311"
+  due: 2026-03-11
+  claim-for: "INV-1"
+  claim-amount: "10.00 EUR"
+  Assets:Receivable:Acme  10.00 EUR
+  Income:Interest  -10.00 EUR
"""


def test_the_diff_is_shown_and_nothing_is_written(root: Path) -> None:
    before = (root / "main.beancount").read_bytes()
    answer = book(root, "INV-1")
    assert answer["diff"] == DIFF
    assert (answer["written"], answer["file"]) == (False, "main.beancount")
    assert (root / "main.beancount").read_bytes() == before


def test_what_is_written_is_what_was_shown_and_loads_clean(root: Path) -> None:
    answer = book(root, "INV-1", write=True)
    assert (answer["diff"], answer["written"]) == (DIFF, True)
    books = opener(root)()
    assert books.ledger_errors == ()
    rows = {
        item.document.number: (item.document.kind, item.document.customer, str(item.open))
        for item in books.position(BOOKED).items
    }
    assert rows == {
        "INV-1": ("invoice", "C1", "1000.00"),
        "INV-2": ("invoice", "C2", "500.00"),
        "FEE-INV-1-20260311": ("fee", "C1", "11.90"),
        "INT-INV-1-20260311": ("interest", "C1", "10.00"),
    }


def test_twice_adds_nothing_on_any_day(root: Path) -> None:
    book(root, write=True)
    after = (root / "main.beancount").read_bytes()
    for day in (BOOKED, SENT, dt.date(2026, 3, 8)):
        again = book(root, write=True, on=day)
        assert (again["rows"], again["diff"], again["written"]) == ([], "", False)
    assert (root / "main.beancount").read_bytes() == after


def test_later_days_bring_more_interest_only(root: Path) -> None:
    book(root, write=True)
    later = BOOKED + dt.timedelta(days=3)
    assert claims(root, later) == [
        "INT-INV-1-20260314 3.00 + 0.00",
        "INT-INV-2-20260314 1.50 + 0.00",
    ]
    # What was booked before is of the days before.
    assert '"Interest on INV-1, 2026-03-12 to 2026-03-14"' in book(root, on=later)["diff"]


def test_what_is_booked_is_asked_for_once(root: Path) -> None:
    due = dt.date(2026, 3, 31)
    (before,) = [row for row in planned(root, due) if row["customer"] == "C1"]
    assert (before["interest"], before["carried"], before["claimed"]) == (
        "30.00",
        "10.00",
        "1040.00",
    )
    book(root, "INV-1", write=True)
    (after,) = [row for row in planned(root, due) if row["customer"] == "C1"]
    assert (after["interest"], after["carried"]) == ("20.00", "0.00")
    # The tax on the fee is the only thing that has come to it.
    assert after["claimed"] == "1041.90"
    assert {row["number"]: row["interest"] for row in after["documents"]} == {
        "INV-1": "20.00",
        "FEE-INV-1-20260311": "0.00",
        "INT-INV-1-20260311": "0.00",
    }


def planned(root: Path, day: dt.date) -> list[dict[str, Any]]:
    answer = reminding.plan(opener(root, day)(), Query(as_of=day))
    found: list[dict[str, Any]] = json.loads(render(answer))["letters"]
    return found


def test_by_letter_by_customer_or_all(root: Path) -> None:
    everything = claims(root)
    assert everything == [
        "FEE-INV-1-20260311 10.00 + 1.90",
        "INT-INV-1-20260311 10.00 + 0.00",
        "FEE-INV-2-20260311 10.00 + 1.90",
        "INT-INV-2-20260311 5.00 + 0.00",
    ]
    by_letter = book(root, "C2-EUR-friendly")["rows"]
    assert [row["about"] for row in by_letter] == ["INV-2", "INV-2"]
    by_customer = book(root, customers=("C2",))["rows"]
    assert by_customer == by_letter
    with pytest.raises(NoClaimsOfError, match="no document and no letter `INV-9` as of 2026-03-11"):
        book(root, "INV-9")


@pytest.mark.parametrize(
    ("links", "warned"),
    [("^INT-7", ["INT-7"]), ("^INT-7 ^INV-1", []), ("^INT-7 ^INV-1 ^INV-3", ["INT-7"])],
)
def test_claims_in_the_ledger_that_name_no_document_are_told(
    root: Path, links: str, warned: list[str]
) -> None:
    other = '2026-02-01 * "Acme" "More" ^INV-3\n  Assets:Receivable:Acme  1 EUR\n  Income:Sales\n'
    claim = (
        f'\n2026-03-10 * "Acme" "Interest by hand" {links}\n'
        "  Assets:Receivable:Acme  3.00 EUR\n  Income:Interest\n"
    )
    (root / "main.beancount").write_text(f"{LEDGER}\n{other}{claim}", encoding="utf-8")
    reopen = opener(root)

    def told(subject: str) -> list[str]:
        query = Query(as_of=BOOKED)
        answer = booking.book(reopen(), query, subjects=(subject,), write=False, reopen=reopen)
        return [str(text.values["numbers"]) for text in answer.warnings if isinstance(text, Text)]

    assert told("INV-1") == warned
    assert told("INV-2") == []


def test_nothing_is_booked_that_no_letter_has_claimed(tmp_path: Path) -> None:
    (tmp_path / "ledgercli.yaml").write_text(SETTINGS + f"claims: {CLAIMS}\n", encoding="utf-8")
    (tmp_path / "main.beancount").write_text(LEDGER, encoding="utf-8")
    assert book(tmp_path)["rows"] == []


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ("{}", "interest_account"),
        ("{interest_account: Income:Interest}", "fee_account"),
        ("{interest_account: Income:Interest, fee_account: Income:Fees, tax: 6%}", "tax_account"),
    ],
)
def test_accounts_have_to_be_named(root: Path, settings: str, key: str) -> None:
    (root / "ledgercli.yaml").write_text(SETTINGS + f"claims: {settings}\n", encoding="utf-8")
    with pytest.raises(ClaimAccountError, match=key):
        book(root)


def test_an_account_that_is_not_open_leaves_the_ledger_as_it_was(root: Path) -> None:
    settings = CLAIMS.replace("Income:Interest", "Income:Nothing")
    (root / "ledgercli.yaml").write_text(SETTINGS + f"claims: {settings}\n", encoding="utf-8")
    before = (root / "main.beancount").read_bytes()
    with pytest.raises(LedgerNotCleanError, match="Income:Nothing"):
        book(root, write=True)
    assert (root / "main.beancount").read_bytes() == before


def with_file(root: Path, name: str) -> None:
    settings = CLAIMS.replace("{", f"{{file: {name}, ", 1)
    (root / "ledgercli.yaml").write_text(SETTINGS + f"claims: {settings}\n", encoding="utf-8")


def test_a_file_of_its_own_that_the_ledger_includes(root: Path) -> None:
    with_file(root, "claims/2026.beancount")
    (root / "claims").mkdir()
    with pytest.raises(NotInLedgerError, match="claims/2026"):
        book(root, write=True)
    assert not (root / "claims" / "2026.beancount").exists()
    # A pattern is enough: the file is made by the first booking.
    with (root / "main.beancount").open("a", encoding="utf-8") as file:
        file.write('\ninclude "claims/*.beancount"\n')
    (root / "claims" / "2025.beancount").write_text("", encoding="utf-8")
    assert len(book(root, write=True)["rows"]) == 4
    assert (root / "claims" / "2026.beancount").read_text(encoding="utf-8").startswith("2026-03-11")
    assert book(root, write=True)["rows"] == []


def test_a_folder_that_is_not_there_is_said(root: Path) -> None:
    with_file(root, "claims/2026.beancount")
    with pytest.raises(FileUnwritableError):
        book(root, write=True)


def test_files_outside_the_books_are_refused(root: Path) -> None:
    from ledgercli.books.errors import OutsideBooksError

    with_file(root, "../elsewhere.beancount")
    with pytest.raises(OutsideBooksError):
        book(root, write=True)


def test_one_writer_at_a_time(root: Path) -> None:
    from filelock import FileLock

    with FileLock(str(root / LOCK_NAME)), pytest.raises(BooksLockedError):
        book(root, write=True)
    # Looking needs no lock.
    with FileLock(str(root / LOCK_NAME)):
        assert len(book(root)["rows"]) == 4


def test_a_crash_while_writing_leaves_the_old_file(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (root / "main.beancount").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ledgercli.books.files.os.fsync", full)
    with pytest.raises(FileUnwritableError, match="No space left"):
        book(root, write=True)
    monkeypatch.undo()
    assert (root / "main.beancount").read_bytes() == before
    assert [path.name for path in root.glob(".ledgercli-*")] == []


def test_line_ends_and_a_missing_last_one(root: Path) -> None:
    path = root / "main.beancount"
    path.write_bytes(LEDGER.rstrip("\n").replace("\n", "\r\n").encode())
    book(root, "INV-1", write=True)
    written = path.read_bytes()
    assert written.count(b"\n") == written.count(b"\r\n")
    assert opener(root)().ledger_errors == ()


def test_after_a_booked_claim_bounced_payments_bring_the_rest(root: Path) -> None:
    """The account of a document says all of it."""
    book(root, "INV-1", write=True)
    books = opener(root)()
    position = books.position(BOOKED)
    (item,) = [each for each in position.items if each.document.number == "INV-1"]
    account = account_of(position, books, BOOKED)(item)
    assert account.interest_left == 0
    assert account.fee_left == 0
    assert [(row.kind, row.text, str(row.amount)) for row in account.booked] == [
        ("fee", "FEE-INV-1-20260311", "10.00"),
        ("interest", "INT-INV-1-20260311", "10.00"),
    ]
    assert account.accrual
    assert account.accrual.amount == 10


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "Verzugszinsen zu INV-1, 2026-03-02 bis 2026-03-11"),
        ("zh-CN", "INV-1 逾期利息，2026-03-02 至 2026-03-11"),
        ("fr", "Interest on INV-1, 2026-03-02 to 2026-03-11"),
    ],
)
def test_the_narration_speaks_the_language_of_the_books(
    root: Path, language: str, words: str
) -> None:
    text = (root / "ledgercli.yaml").read_text(encoding="utf-8")
    (root / "ledgercli.yaml").write_text(f"language: {language}\n{text}", encoding="utf-8")
    assert words in book(root, "INV-1")["diff"]
