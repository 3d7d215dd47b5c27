"""Forecasts made again at past month ends are kept: they say the same, until something changes."""

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
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that gets longer whenever past forecasts are made."""
    counts: list[int] = []

    def counted(*asked: object) -> object:
        counts.append(1)
        return backtest.made_again(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(forecast_reports, "made_again", counted)
    return counts


def answer(root: Path, query: Query | None = None, *, tests: int = 12, cache: str = "c") -> Answer:
    books = open_books(
        Request(start=root, now=NOW, books=root, cache=root.parent / cache), with_events=True
    )
    return forecast_reports.receipts(books, query or Query(), weeks=4, tests=tests)


def test_the_second_time_they_are_read(root: Path, made: list[int]) -> None:
    first = answer(root)
    assert len(first.tables[2].rows) > 1
    assert answer(root) == first
    assert len(made) == 1


def test_another_question_has_its_own(root: Path, made: list[int]) -> None:
    whole = answer(root)
    euros = Query(currencies=(str(whole.tables[0].rows[0]["currency"]),))
    part = answer(root, euros)
    assert answer(root, euros) == part
    assert answer(root) == whole
    assert len(made) == 2
    fewer = answer(root, tests=3)
    assert len(fewer.tables[2].rows) < len(whole.tables[2].rows)
    past = Query(as_of=dt.date(2026, 6, 30))
    assert answer(root, past) == answer(root, past, cache="d")


def test_a_promise_makes_them_anew(root: Path, made: list[int]) -> None:
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
    assert answer(root) == answer(root, cache="d")
    assert len(made) == 3


def test_what_rests_on_the_activity_log_is_not_kept(
    tell: Tell, root: Path, made: list[int]
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
    assert len(made) == 2
    plain = tell(customers="[{id: C1, terms: net 30}]").root
    assert answer(plain, cache="kept") == answer(plain, cache="kept")
    assert len(made) == 3
