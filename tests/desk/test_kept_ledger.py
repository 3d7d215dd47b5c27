"""The general ledger that is kept says what Beancount's load says, and only of that state."""

from __future__ import annotations

import contextlib
import datetime as dt
import marshal
import shutil
import sqlite3
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_ways_of_loading import EXAMPLES, opened

from ledgercli.books.store.database import Store
from ledgercli.desk import general_ledgers
from ledgercli.desk.kept_ledger import as_plain, kept_ledger, ledger_of
from ledgercli.desk.open_books import OpenBooks
from ledgercli.model.catalogue import ledger as codes
from ledgercli.model.finding import Finding, Place
from ledgercli.model.general_ledger import (
    AccountKind,
    BookPosting,
    BookTransaction,
    Budget,
    GeneralLedger,
    Role,
)
from ledgercli.model.values import Money


def sealed(books: OpenBooks, monkeypatch: pytest.MonkeyPatch) -> GeneralLedger:
    """Return the general ledger without a load by Beancount."""
    with monkeypatch.context() as patch:
        patch.setattr(general_ledgers, "read", lambda *_: pytest.fail("Beancount was asked"))
        return books.general_ledger


@pytest.mark.parametrize("name", ["wholesale", "trading-cn"])
def test_a_warm_ledger_says_what_a_cold_one_says(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, cache = tmp_path / "books", tmp_path / "cache"
    shutil.copytree(EXAMPLES / name, root)
    cold = opened(root, cache).general_ledger
    assert len(cold.postings) > 400
    assert sealed(opened(root, cache), monkeypatch) == cold
    assert opened(root, None).general_ledger == cold


def test_after_a_change_of_anything_it_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, cache = tmp_path / "books", tmp_path / "cache"
    shutil.copytree(EXAMPLES / "wholesale", root)
    before = opened(root, cache).general_ledger
    with (root / "main.beancount").open("a", encoding="utf-8") as file:
        file.write('2020-01-01 open Assets:Kept\n2026-01-01 custom "budget" Assets:Kept "wrong"\n')
    after = opened(root, cache).general_ledger
    assert (len(after.accounts), len(after.findings)) == (len(before.accounts) + 1, 1)
    assert sealed(opened(root, cache), monkeypatch) == after
    with (root / "ledgercli.yaml").open("a", encoding="utf-8") as file:
        file.write("\nstatements: {products: [sku]}\n")
    assert opened(root, cache).general_ledger == opened(root, None).general_ledger


def test_what_is_damaged_or_of_another_state_is_made_anew(tmp_path: Path) -> None:
    root, cache = tmp_path / "books", tmp_path / "cache"
    shutil.copytree(EXAMPLES / "trading-cn", root)
    expected = opened(root, cache).general_ledger
    (file,) = cache.glob("*.sqlite3")
    for spoilt in ("substr(bytes, 1, 900)", "x'00'", "bytes || x'01'"):
        with contextlib.closing(sqlite3.connect(file)) as connection:
            changed = connection.execute(
                f"UPDATE part SET bytes = {spoilt} WHERE kind = 'general ledger'"  # noqa: S608
            )
            assert changed.rowcount == 1
            connection.commit()
        assert opened(root, cache).general_ledger == expected


def test_what_changed_while_it_was_read_is_not_kept(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache", "books")
    asked: list[bytes] = []

    def ask(mark: bytes, *, holds: bool) -> int:
        def make() -> GeneralLedger:
            asked.append(mark)
            return GeneralLedger()

        assert kept_ledger(store, mark, make, lambda: holds) == GeneralLedger()
        store.close()
        return len(asked)

    assert ask(b"1", holds=False) == 1
    assert ask(b"1", holds=True) == 2
    assert ask(b"1", holds=True) == 2
    assert ask(b"2", holds=True) == 3
    assert ask(b"1", holds=True) == 4


WORDS = st.text(max_size=3)
AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False)
MONEY = st.none() | st.builds(Money, AMOUNTS, st.sampled_from(["EUR", "USD"]))
ACCOUNTS: dict[str, AccountKind] = {"Assets:A": "asset", "Income:B": "income"}
TRANSACTIONS = st.builds(
    BookTransaction,
    st.just(0),
    st.dates(),
    WORDS,
    WORDS,
    WORDS,
    st.frozensets(WORDS, max_size=2),
    st.frozensets(WORDS, max_size=2),
    st.none() | WORDS,
    WORDS,
    st.integers(0, 9),
)
POSTINGS = st.tuples(
    AMOUNTS,
    st.sampled_from(sorted(ACCOUNTS)),
    MONEY,
    MONEY,
    st.none() | WORDS,
    WORDS,
    WORDS,
    st.none() | AMOUNTS,
    st.integers(0, 9),
)


@settings(max_examples=30)
@given(st.lists(st.tuples(TRANSACTIONS, st.lists(POSTINGS, min_size=1, max_size=3)), max_size=3))
def test_what_is_kept_is_what_was_there(
    found: list[tuple[BookTransaction, list[tuple[Any, ...]]]],
) -> None:
    postings = []
    for number, (transaction, rows) in enumerate(found):
        numbered = replace(transaction, number=number)
        for amount, account, weight, units, named, customer, product, quantity, line in rows:
            role: Role = "receivable" if account == "Assets:A" else ""
            more = (weight, units, named, customer, product, quantity, line)
            kind = ACCOUNTS[account]
            postings.append(BookPosting(numbered, account, kind, amount, "EUR", role, *more))
    budget = Budget("Income:B", dt.date(2026, 1, 1), "month", Decimal("1.50"), "EUR")
    finding = Finding(codes.BAD_BUDGET, {}, Place("a.beancount", 3))
    ledger = GeneralLedger(tuple(postings), ACCOUNTS, (budget,), (finding,))
    kept = ledger_of(*marshal.loads(marshal.dumps(as_plain(ledger))))  # noqa: S302 - our own
    assert kept == ledger
    assert [str(row.amount) for row in kept.postings] == [str(row.amount) for row in postings]
