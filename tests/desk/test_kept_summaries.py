"""Sums of past days are kept beside those of the latest, and made anew when the books change."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal
from pathlib import Path

import pytest

from ledgercli.books.store.database import Store
from ledgercli.desk import summary_store
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Request
from ledgercli.receivables import summing

NOW = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)
KEY = ("Acme", "EUR")
LEDGER = """\
2026-01-01 open Assets:Receivable:Acme
2026-01-01 open Income:Sales
"""


def month_ends(count: int) -> list[dt.date]:
    return [dt.date(2026, month, 28) for month in range(1, count + 1)]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return books with an invoice of 10 EUR in each month, which were not written just now."""
    moment = Store.moment
    monkeypatch.setattr(Store, "moment", lambda self: (moment(self) or 0) + 10**10)
    (tmp_path / "customers").mkdir()
    (tmp_path / "ledgercli.yaml").write_text("")
    (tmp_path / "customers/Acme.yaml").write_text("name: Acme\n")
    invoices = [
        f'2026-{month:02}-03 * "Work" ^INV-{month}\n'
        "  Assets:Receivable:Acme  10 EUR\n  Income:Sales\n"
        for month in range(1, 13)
    ]
    (tmp_path / "main.beancount").write_text(LEDGER + "".join(invoices))
    return tmp_path


def opened(root: Path) -> OpenBooks:
    return open_books(Request(start=root, now=NOW, books=root, cache=root / "cache"))


def balances(root: Path, days: list[dt.date]) -> list[Decimal]:
    """Return what a process for each day tells."""
    return [opened(root).summary(day).balances[KEY] for day in days]


def never(*_: object, **__: object) -> object:
    pytest.fail("it is summed up once more")


def test_a_past_day_is_summed_up_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    days = [NOW.date(), *month_ends(3)]
    expected = [Decimal(amount) for amount in (60, 10, 20, 30)]
    assert balances(root, days) == expected
    monkeypatch.setattr(summing.Summing, "summary", never)
    assert balances(root, days) == expected
    # The days before the next invoice are the same to it, the day of that is another.
    same = [dt.date(2026, 3, 2), dt.date(2026, 3, 3), dt.date(2026, 4, 2)]
    assert balances(root, same) == [20, 30, 30]
    with pytest.raises(pytest.fail.Exception):
        balances(root, [dt.date(2026, 4, 3)])


def test_a_change_makes_them_anew(root: Path) -> None:
    days = [NOW.date(), *month_ends(3)]
    balances(root, days)
    main = root / "main.beancount"
    time.sleep(0.02)  # longer than the clock of the file system takes to tick
    main.write_text(main.read_text().replace("10 EUR", "11 EUR"))
    assert balances(root, days) == [66, 11, 22, 33]


def test_there_are_never_many(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary_store, "_PAST_MAX", 2)
    expected = [Decimal(10 * month) for month in range(1, 6)]
    counts = []
    assert balances(root, [NOW.date()]) == [60]
    for day, balance in zip(month_ends(5), expected, strict=True):
        assert balances(root, [day]) == [balance]
        store = Store(root / "cache", str(root))
        counts.append(len(store.keys("summary")))
        store.close()
    assert counts == [2, 3, 2, 3, 2]
    assert balances(root, month_ends(5)) == expected
