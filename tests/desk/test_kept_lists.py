"""Lists of customers that are kept beside the records say what the records say."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from pathlib import Path

import pytest
from test_ways_of_loading import opened, write_books

from ledgercli.desk.customers import customer_finding, customers
from ledgercli.desk.opening import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer

TEXTS = ("acme", "ACME LTD", "acne", "nobody at all")


def answers(books: OpenBooks) -> list[Answer]:
    found = [customer_finding.find(books, text=text, limit=5) for text in TEXTS]
    return [*found, customers.list_(books, Query(as_of=dt.date(2026, 11, 21)))]


def sealed(books: OpenBooks) -> OpenBooks:
    books.customers_source = lambda: pytest.fail("records were opened")
    return books


def test_a_warm_list_opens_no_record_and_says_the_same(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    cold = answers(opened(root, cache))
    assert answers(opened(root, cache)) == cold, "made from the records, and kept"
    assert answers(sealed(opened(root, cache))) == cold


def test_what_was_kept_of_other_records_is_not_used(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    for _ in range(2):
        before = answers(opened(root, cache))
    (root / "customers" / "new.yaml").write_text("id: N1\nname: Acme Two\ntags: [x]\n")
    after = [answers(opened(root, cache)) for _ in range(3)]
    assert after[0] == after[1] == after[2] != before
    assert "N1" in repr(after[2])


def test_damaged_lists_are_made_anew(tmp_path: Path) -> None:
    root, cache = write_books(tmp_path / "books"), tmp_path / "cache"
    for _ in range(2):
        expected = answers(opened(root, cache))
    (store,) = cache.glob("*.sqlite3")
    with contextlib.closing(sqlite3.connect(store)) as connection:
        rows = connection.execute("SELECT key, bytes FROM part WHERE kind = 'list'").fetchall()
        assert sorted(key for key, _ in rows) == ["heads", "words"]
        for key, content in rows:
            other = content.replace(b"Acme Ltd", b"Acme Lte") if key == "heads" else content[:9]
            assert other != content
            update = "UPDATE part SET bytes = ? WHERE kind = 'list' AND key = ?"
            connection.execute(update, (other, key))
        connection.commit()
    assert answers(opened(root, cache)) == expected
    assert answers(sealed(opened(root, cache))) == expected
