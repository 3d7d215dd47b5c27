"""Scores are kept: they say the same, until the books or what the activity log says change."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from stories import Tell
from test_ways_of_loading import EXAMPLES

from ledgercli.books.store.database import Store
from ledgercli.customers import score
from ledgercli.customers.score import Scores
from ledgercli.desk import kept_positions
from ledgercli.desk.customers import scoring
from ledgercli.desk.customers.credit import credit_report, limits_review
from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Query, Request
from ledgercli.model.answer import Answer

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an example of few postings, of which scores are kept all the same."""
    moment = Store.moment
    monkeypatch.setattr(Store, "moment", lambda self: (moment(self) or 0) + 10**10)
    monkeypatch.setattr(kept_positions, "POSTINGS_MIN", 1)
    shutil.copytree(EXAMPLES / "wholesale", tmp_path / "books")
    return tmp_path / "books"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that gets longer whenever scores are made, and not read."""
    counts: list[int] = []
    make = score.scores

    def noted(*asked: object) -> Scores:
        counts.append(1)
        return make(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(scoring, "scores", noted)
    return counts


def answers(root: Path, cache: str = "c", as_of: dt.date | None = None) -> list[Answer]:
    """Return what rests on scores, each of books that are opened anew."""
    one = "C1001"
    tasks: list[Callable[..., Answer]] = [
        scoring.score,
        lambda books, query: scoring.score(books, Query(customers=(one,), as_of=query.as_of)),
        lambda books, query: credit_report(books, query, customer=one),
        lambda books, query: limits_review(books, query, everything=True),
    ]
    request = Request(start=root, now=NOW, books=root, cache=root.parent / cache)
    return [
        task(open_books(request, with_events=True, with_orders=True), Query(as_of=as_of))
        for task in tasks
    ]


def test_the_second_time_they_are_read(root: Path, made: list[int]) -> None:
    first = answers(root)
    assert len(first[0].tables[0].rows) > 1
    assert len(made) == 1
    assert answers(root) == first == answers(root, cache="other")
    assert len(made) == 2


def test_of_another_day_they_are_made(root: Path, made: list[int]) -> None:
    now = answers(root)
    for day in (dt.date(2026, 11, 20), dt.date(2026, 11, 22), dt.date(2026, 6, 30)):
        told = answers(root, as_of=day)
        assert told == answers(root, cache=str(day), as_of=day)
        assert told[0] != now[0]
    made.clear()
    assert answers(root) == now


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("promise", {"until": "2026-11-15"}),
        ("dispute", {"amount": "10.00 EUR"}),
        ("insolvency", {}),
    ],
)
def test_what_the_log_says_makes_them_anew(
    root: Path, made: list[int], kind: str, more: dict[str, str]
) -> None:
    before = answers(root)
    at = {"v": 1, "id": f"x-{kind}", "at": "2026-11-02T06:00:00Z", "date": "2026-11-02"}
    row = {**at, "by": "me", "kind": kind, "customer": "C1001", **more}
    with (root / "activity" / "2026-11.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(row) + "\n")
    told = answers(root)
    assert len(made) == 2
    assert told[1] != before[1]
    assert told == answers(root, cache="other")


def test_an_order_makes_them_anew(root: Path, made: list[int]) -> None:
    before = answers(root)
    (root / "orders").mkdir(exist_ok=True)
    (root / "orders" / "o.yaml").write_text(
        "{id: O-1, customer: C1001, date: 2026-11-01, status: approved,"
        " lines: [{name: Goods, quantity: 1, price: 90000 EUR}]}\n"
    )
    told = answers(root)
    assert len(made) == 2
    assert told != before
    assert told == answers(root, cache="other")


def test_what_rests_on_the_activity_log_is_not_kept(
    tell: Tell, root: Path, made: list[int]
) -> None:
    """
    2026-06-10 * "Goods" ^INV-1
      Assets:Receivable:C1001  100.10 EUR
      Income:Sales
    """
    due = tell(customers="[{id: C1001, terms: net 30 from delivery}]").root
    assert root != due
    assert answers(due) == answers(due)
    assert len(made) == 8
