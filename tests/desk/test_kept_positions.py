"""The position of today is kept: it says the same, until the books change or it is damaged."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import shutil
import sqlite3
import time
from pathlib import Path

import pytest
from stories import told
from test_ways_of_loading import EXAMPLES

from ledgercli.books.store.database import Store
from ledgercli.desk import kept_positions
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Request
from ledgercli.model.ledger import LedgerView
from ledgercli.receivables.position import Position

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
TODAY = NOW.date()


@pytest.fixture(params=["wholesale", "trading-cn"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an example of few postings, of which the position is kept all the same."""
    moment = Store.moment
    monkeypatch.setattr(Store, "moment", lambda self: (moment(self) or 0) + 10**10)
    monkeypatch.setattr(kept_positions, "POSTINGS_MIN", 1)
    shutil.copytree(EXAMPLES / request.param, tmp_path / "books")
    return tmp_path / "books"


def opened(root: Path) -> OpenBooks:
    cache = root.parent / "cache"
    return open_books(
        Request(start=root, now=NOW, books=root, cache=cache), with_events=True, with_orders=True
    )


def kept(root: Path) -> bytes | None:
    store = Store(root.parent / "cache", str(root))
    with contextlib.closing(store):
        return store.read("position", [""]).get("")


def figures(found: Position) -> object:
    view = LedgerView(found.view.receivables, found.view.deposits)
    return told(dataclasses.replace(found, recorded=None, view=view))


def short(found: Position) -> object:
    return found.balances, [(item.document.number, item.open) for item in found.items]


def never(*_: object, **__: object) -> object:
    pytest.fail("it is matched once more")


def test_the_second_is_read_and_is_the_same(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = opened(root).position(TODAY)
    if kept(root) is None:
        # Where documents are due from what the activity log tells, nothing is kept.
        assert any(item.document.event for item in first.items)
        return
    monkeypatch.setattr(kept_positions, "position", never)
    books = opened(root)
    second = books.position(TODAY)
    assert figures(second) == figures(first)
    assert second.view is books.view
    with pytest.raises(pytest.fail.Exception):
        opened(root).position(TODAY - dt.timedelta(60))


def test_a_past_day_takes_nobodys_place(root: Path) -> None:
    opened(root).position(TODAY)
    before = kept(root)
    opened(root).position(TODAY - dt.timedelta(60))
    assert kept(root) == before


@pytest.mark.parametrize("root", ["wholesale"], indirect=True)
def test_a_change_makes_it_anew(root: Path) -> None:
    before = opened(root).position(TODAY)
    main = root / "main.beancount"
    time.sleep(0.02)  # longer than the clock of the file system takes to tick
    main.write_text(
        main.read_text() + '\n2026-11-20 * "Work" ^INV-NEW\n'
        "  Assets:Receivable:Albufera  10.00 EUR\n  Equity:Opening-Balances\n"
    )
    after = opened(root).position(TODAY)
    assert "INV-NEW" in {item.document.number for item in after.items}
    assert short(opened(root).position(TODAY)) == short(after) != short(before)


@pytest.mark.parametrize("root", ["wholesale"], indirect=True)
def test_a_damaged_one_is_made_anew(root: Path) -> None:
    expected = short(opened(root).position(TODAY))
    whole = kept(root)
    assert whole is not None
    flipped = bytes([*whole[:90], whole[90] ^ 1, *whole[91:]])
    (path,) = (root.parent / "cache").glob("*.sqlite3")
    for content in (whole[:60], flipped):
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE part SET bytes = ? WHERE kind = 'position'", (content,))
            connection.commit()
        assert short(opened(root).position(TODAY)) == expected
        assert kept(root) is not None


def test_few_postings_are_not_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_positions, "POSTINGS_MIN", 2000)
    opened(root).position(TODAY)
    assert kept(root) is None
