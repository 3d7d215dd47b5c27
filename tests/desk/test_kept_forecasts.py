"""Forecasts are kept, and those of past days: they say the same, until something changes."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
from stories import Tell
from test_ways_of_loading import EXAMPLES

from ledgercli.books.store.database import Store
from ledgercli.desk import forecast_reports, kept_positions
from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Query, Request
from ledgercli.model.answer import Answer
from ledgercli.receivables.forecast import backtest
from ledgercli.receivables.forecast.backtest import Asked, Forecasts
from ledgercli.receivables.forecast.past import Past

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an example of few postings, of which forecasts are kept all the same."""
    moment = Store.moment
    monkeypatch.setattr(Store, "moment", lambda self: (moment(self) or 0) + 10**10)
    monkeypatch.setattr(kept_positions, "POSTINGS_MIN", 1)
    shutil.copytree(EXAMPLES / "trading-cn", tmp_path / "books")
    return tmp_path / "books"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[dt.date]:
    """Return a list of the days of which forecasts were made, and not read."""
    days: list[dt.date] = []
    make = backtest.Asked.forecast

    def noted(asked: Asked, past: Past, day: dt.date, weeks: int) -> Forecasts:
        days.append(day)
        return make(asked, past, day, weeks)

    monkeypatch.setattr(backtest.Asked, "forecast", noted)
    return days


def answer(root: Path, query: Query | None = None, *, tests: int = 12, cache: str = "c") -> Answer:
    books = open_books(
        Request(start=root, now=NOW, books=root, cache=root.parent / cache), with_events=True
    )
    return forecast_reports.receipts(books, query or Query(), weeks=4, tests=tests)


def test_the_second_time_they_are_read(root: Path, made: list[dt.date]) -> None:
    first = answer(root)
    assert len(first.tables[2].rows) > 1
    assert len(made) == 13
    assert answer(root) == first
    assert len(made) == 13


def test_another_question_has_its_own(root: Path, made: list[dt.date]) -> None:
    whole = answer(root)
    euros = Query(currencies=(str(whole.tables[0].rows[0]["currency"]),))
    part = answer(root, euros)
    assert len(made) == 26
    assert answer(root, euros) == part
    assert answer(root) == whole
    assert len(made) == 26
    fewer = answer(root, tests=3)
    assert len(fewer.tables[2].rows) < len(whole.tables[2].rows)
    assert len(made) == 27
    past = Query(as_of=dt.date(2026, 6, 30))
    assert answer(root, past) == answer(root, past, cache="d")


def pay(root: Path, day: str, amount: str) -> None:
    """Write a payment into the ledger of the example."""
    account, other = "Assets:1122应收账款:中原劳保", "Equity:4001实收资本"
    words = f'\n{day} * "中原劳保" "收款"\n  {account}  -{amount} CNY\n  {other}\n'
    with (root / "main.beancount").open("a", encoding="utf-8") as file:
        file.write(words)


def test_after_a_posting_only_days_that_know_of_it_are_made(
    root: Path, made: list[dt.date]
) -> None:
    answer(root)
    september, today = dt.date(2026, 9, 30), dt.date(2026, 11, 21)
    for day, amount, days in (
        ("2026-11-20", "1.11", [today]),
        ("2026-09-10", "2.22", [september, today]),
    ):
        made.clear()
        pay(root, day, amount)
        told = answer(root)
        assert made == days
        assert told == answer(root, cache=day)


def test_a_promise_makes_those_anew_that_know_of_it(root: Path, made: list[dt.date]) -> None:
    answer(root)
    row = {
        "v": 1,
        "id": "p-1",
        "at": "2026-08-01T06:00:00Z",
        "date": "2026-08-01",
        "by": "me",
        "kind": "promise",
        "customer": "EX001",
        "until": "2026-12-01",
    }
    (root / "activity").mkdir(exist_ok=True)
    log = root / "activity" / "2026-08.jsonl"
    text = log.read_text() if log.exists() else ""
    log.write_text(text + json.dumps(row) + "\n")
    made.clear()
    told = answer(root)
    assert made == [dt.date(2026, 8, 31), dt.date(2026, 9, 30), NOW.date()]
    assert told == answer(root, cache="d")


def test_what_rests_on_the_activity_log_is_not_kept(
    tell: Tell, root: Path, made: list[dt.date]
) -> None:
    """
    2026-06-10 * "Goods" ^INV-1
      Assets:Receivable:C1  100.10 EUR
      Income:Sales
    2026-07-30 * "Pays" ^INV-1
      Assets:Receivable:C1  -40.05 EUR
      Assets:Bank
    """
    due = tell(customers="[{id: C1, terms: net 30 from delivery}]").root
    assert answer(due, cache="kept") == answer(due, cache="kept")
    assert len(made) == 26
    plain = tell(customers="[{id: C1, terms: net 30}]").root
    assert answer(plain, cache="kept") == answer(plain, cache="kept")
    assert len(made) == 39
