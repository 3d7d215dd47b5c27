"""Opening the books: which ones, what day it is, whose records count."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from stories import NOW, Tell, ledger_text, owners, write_story

from ledgercli.books.errors import BooksNotFoundError
from ledgercli.desk.checking import check
from ledgercli.desk.circumstances import NO_RECEIVABLES
from ledgercli.desk.errors import CustomerNotFoundError
from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Query, Request

LEDGER = '2026-01-10 * "Acme" "Goods" ^INV-1\n  Assets:Receivable:C1  100 EUR\n  Income:Sales\n'


def test_a_ledger_alone_needs_no_books(tmp_path: Path) -> None:
    ledger = tmp_path / "some.beancount"
    ledger.write_text(ledger_text(LEDGER), encoding="utf-8")
    for request in (
        Request(start=tmp_path, now=NOW, ledger=Path("some.beancount")),
        Request(start=tmp_path, now=NOW, environment={"BEANCOUNT_FILE": str(ledger)}),
    ):
        books = open_books(request)
        assert (books.inferred, [row.id for row in books.customers]) == (True, ["C1"])
        assert books.root == tmp_path
    with pytest.raises(BooksNotFoundError):
        open_books(Request(start=tmp_path, now=NOW))


def test_books_are_found_from_a_folder_within(tmp_path: Path) -> None:
    story = write_story(tmp_path, LEDGER)
    below = tmp_path / "customers"
    assert open_books(Request(start=below, now=NOW)).root == story.root
    named = Request(start=Path("/"), now=NOW, environment={"LEDGERCLI_BOOKS": str(tmp_path)})
    assert open_books(named).root == story.root


def test_records_that_cannot_be_read_make_nobody_else(tell: Tell) -> None:
    story = tell(LEDGER, customers="{id: [}")
    assert not story.books.inferred
    assert story.books.customers == ()
    assert owners(story.at()) == {"? EUR": "100"}


def test_a_fault_in_the_settings_leaves_inferred_customers(tell: Tell) -> None:
    story = tell(LEDGER, customers="", settings="languge: en")
    assert story.books.inferred
    assert owners(story.at()) == {"C1 EUR": "100"}


@pytest.mark.parametrize(
    ("zone", "moment", "today"),
    [
        ("Asia/Shanghai", "2026-11-21T15:59:59+00:00", "2026-11-21"),
        ("Asia/Shanghai", "2026-11-21T16:00:00+00:00", "2026-11-22"),
        ("America/New_York", "2026-11-21T04:59:59+00:00", "2026-11-20"),
        ("America/New_York", "2026-11-21T05:00:00+00:00", "2026-11-21"),
        ("Europe/Berlin", "2026-07-01T22:00:00+00:00", "2026-07-02"),
        ("Europe/Berlin", "2026-12-01T22:59:59+00:00", "2026-12-01"),
    ],
)
def test_today_is_the_day_in_the_books_time_zone(
    tell: Tell, zone: str, moment: str, today: str
) -> None:
    books = tell(LEDGER, settings=f"timezone: {zone}").books
    books = replace(books, now=dt.datetime.fromisoformat(moment))
    assert books.today.isoformat() == today
    assert books.as_of(Query()).isoformat() == today
    assert books.as_of(Query(as_of=dt.date(2020, 1, 1))).isoformat() == "2020-01-01"


def test_a_position_is_computed_once(tell: Tell) -> None:
    books = tell(LEDGER).books
    assert books.position(dt.date(2026, 1, 10)) is books.position(dt.date(2026, 1, 10))
    assert books.position(dt.date(2026, 1, 10)) is not books.position(dt.date(2026, 1, 11))


def test_receivable_accounts_named_from_outside(tell: Tell) -> None:
    root = tell(LEDGER + '2026-01-11 * "X" ^X\n  Assets:Debtors:C2  7 EUR\n  Income:Sales\n').root
    books = open_books(Request(start=root, now=NOW, receivable=("Assets:Debtors",)))
    assert [row.document.customer for row in books.position(dt.date(2026, 12, 31)).items] == ["C2"]


def test_customers_by_id_alias_or_name(tell: Tell) -> None:
    books = tell(LEDGER, customers="{id: C1, name: Acme GmbH, aliases: [ACM]}").books
    for text in ("C1", "c1", "acm", "acme  gmbh"):
        assert books.customer_id(text) == "C1"
    assert books.customer_id("?") == "?"
    with pytest.raises(CustomerNotFoundError) as caught:
        books.customer_id("C11")
    assert caught.value.exit_code == 2
    assert caught.value.values["customer"] == "C11"
    assert "C1" in caught.value.values["suggestion"]


def test_check_says_that_no_account_is_receivable(tmp_path: Path) -> None:
    ledger = tmp_path / "some.beancount"
    ledger.write_text("2026-01-01 open Assets:Debtors\n", encoding="utf-8")
    request = Request(start=tmp_path, now=NOW, ledger=ledger)
    assert check(open_books(request), Query(), codes=()).warnings == (NO_RECEIVABLES,)
    named = replace(request, receivable=("Assets:Debtors",))
    assert check(open_books(named), Query(), codes=()).warnings == ()
