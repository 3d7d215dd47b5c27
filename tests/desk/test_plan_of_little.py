"""The plan of books is made of few of their documents, and is that of all of them."""

from __future__ import annotations

import datetime as dt
import inspect
import shutil
from pathlib import Path

import pytest

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.reminders.planning import plan_of
from ledgercli.desk.request import Query, Request

EXAMPLES = Path(__file__).parents[2] / "examples"
DAYS = ["2026-03-31", "2026-07-15", "2026-11-20", "2026-11-21", "2026-12-31"]
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


def opened(root: Path) -> OpenBooks:
    request = Request(start=root, now=NOW, books=root)
    return open_books(request, with_events=True, with_orders=True)


@pytest.mark.parametrize("name", ["wholesale", "trading-cn"])
def test_the_plan_is_that_of_all_documents(name: str, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / name, tmp_path / "books")
    books, whole = opened(tmp_path / "books"), opened(tmp_path / "books")
    less = []
    for text in DAYS:
        as_of = dt.date.fromisoformat(text)
        everything = whole.position(as_of)
        # With the whole position at hand nothing else is asked for.
        assert whole.position_about(frozenset(), as_of) is everything
        few, all_of_it = (plan_of(one, Query(as_of=as_of), one.events) for one in (books, whole))
        assert repr(few) == repr(all_of_it)
        numbers = frozenset(event.number for event in books.events if event.kind == "reminder")
        less.append(len(everything.items) - len(books.position_about(numbers, as_of).items))
    assert max(less) > 0


def test_an_error_in_what_is_paid_holds_what_is_open(tmp_path: Path) -> None:
    """
    2026-01-01 open Assets:Receivable:Acme
    2026-01-01 open Assets:Bank
    2026-01-01 open Income:Sales
    2026-02-01 * "Work" ^INV-1
      terms: "soon"
      Assets:Receivable:Acme  100 EUR
      Income:Sales
    2026-03-01 * "Paid" ^INV-1
      Assets:Bank  100 EUR
      Assets:Receivable:Acme
    2026-04-01 * "More work" ^INV-2
      Assets:Receivable:Acme  70 EUR
      Income:Sales
    """
    root = tmp_path / "books"
    (root / "customers").mkdir(parents=True)
    (root / "ledgercli.yaml").write_text("{}\n")
    (root / "customers/Acme.yaml").write_text("accounts: [Assets:Receivable:Acme]\n")
    text = inspect.getdoc(test_an_error_in_what_is_paid_holds_what_is_open) or ""
    (root / "main.beancount").write_text(f"{text}\n")
    books = opened(root)
    found = plan_of(books, Query(as_of=NOW.date()), ())
    assert [(row.number, row.reason, dict(row.values)) for row in found.held] == [
        ("INV-2", "errors", {"what": "bad-terms"})
    ]
    assert found.letters == ()
