"""Customers are read by another process from the start, and files are taken in turns."""

from __future__ import annotations

import contextlib
import datetime as dt
import marshal
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from ledgercli.books import customers
from ledgercli.books.proof import hands, many, one_file
from ledgercli.books.proof.rules import Rules
from ledgercli.books.proof.summary import Facts, FileSummary
from ledgercli.books.store.records import load
from ledgercli.books.turns import Turns
from ledgercli.desk import book_records, reading
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Request
from ledgercli.model.refusal import Refusal

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems read alone")

NOW = dt.datetime(2026, 11, 21, 6, tzinfo=dt.UTC)
OPENS = """\
option "operating_currency" "EUR"
include "part*.beancount"
2026-01-01 open Assets:Receivable:Acme
2026-01-01 open Assets:Receivable:B
2026-01-01 open Income:Sales
"""
WORK = """\
2026-02-01 * "{name}" "Work" ^INV-{number}
  Assets:Receivable:{name}  {number}00 EUR
  Income:Sales
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Books that two processes read, however small they are."""
    monkeypatch.setattr(book_records, "_AHEAD_BYTES", 0)
    monkeypatch.setattr(many, "_BYTES_PER_CHILD", 1)
    monkeypatch.setattr(many, "_cores", lambda: 2)
    books = tmp_path / "books"
    (books / "customers").mkdir(parents=True)
    (books / "ledgercli.yaml").write_text("receivables: {terms: net 30}\n")
    (books / "customers/Acme.yaml").write_text("name: Acme Ltd\nterms: net 10\n")
    (books / "customers/B.yaml").write_text("name: B\nstatus: nonsense\nparent: Acme\n")
    (books / "customers/broken.yaml").write_text("name: [\n")
    (books / "main.beancount").write_text(OPENS)
    for number in range(1, 7):
        text = WORK.format(name="B" if number % 2 else "Acme", number=number)
        (books / f"part{number}.beancount").write_text(text)
    time.sleep(0.02)
    return books


def opened(root: Path, cache: str = "cache") -> OpenBooks:
    return open_books(Request(start=root, now=NOW, books=root, cache=root.parent / cache))


def kept(root: Path, cache: str) -> tuple[object, ...]:
    """Return what is kept of records and files, and the rows in some order."""
    (store,) = (root.parent / cache).glob("*.sqlite3")
    with contextlib.closing(sqlite3.connect(store)) as connection:
        asked = "SELECT key, bytes FROM part WHERE kind = ? ORDER BY key"
        parts = {
            kind: dict(connection.execute(asked, [kind]).fetchall())
            for kind in ("records", "file", "rows")
        }
    rows = {key: sorted(marshal.loads(content)) for key, content in parts["rows"].items()}  # noqa: S302
    files = {key: marshal.loads(content) for key, content in parts["file"].items()}  # noqa: S302
    return load(parts["records"][""]), files, rows


def told(books: OpenBooks) -> tuple[object, ...]:
    summary = books.summary(NOW.date())
    return books.customers, books.names, books.record_findings, repr(books.view), repr(summary)


def test_customers_read_ahead_are_those_that_one_process_reads(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = opened(root)
    assert told(opened(root)) == told(ahead)
    assert opened(root).tier == "store"
    monkeypatch.setattr(reading, "is_worth_reading_ahead", lambda _: False)
    alone = opened(root, "other")
    assert told(alone) == told(ahead)
    assert len(alone.customers) == 2
    assert len(alone.record_findings) >= 2
    assert kept(root, "other") == kept(root, "cache")


def test_a_file_that_was_read_ahead_is_known_to_have_changed(root: Path) -> None:
    opened(root)
    file = root / "customers/Acme.yaml"
    before = file.stat()
    file.write_text("name: Acme Ltg\nterms: net 10\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    books = opened(root)
    assert (books.tier, books.names["Acme"]) == ("proof", "Acme Ltg")


def test_nothing_is_kept_of_a_file_that_changes_while_it_is_read_ahead(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, read_ahead = os.getpid(), book_records.read_ahead

    def changing(folder: Path, began: int) -> object:
        assert os.getpid() != here
        time.sleep(0.02)
        (root / "customers/Acme.yaml").write_text("name: Acme Limited\n")
        return read_ahead(folder, began)

    monkeypatch.setattr(reading, "read_ahead", changing)
    assert opened(root).names["Acme"] == "Acme Limited"
    monkeypatch.setattr(reading, "read_ahead", read_ahead)
    time.sleep(0.02)
    assert opened(root).tier == "proof"
    assert opened(root).tier == "store"


def test_who_dies_ahead_is_made_good(
    root: Path, monkeypatch: pytest.MonkeyPatch, no_process_is_left: Callable[[], bool]
) -> None:
    expected = told(opened(root))

    def dying(_root: Path, _began: int) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(reading, "read_ahead", dying)
    assert told(opened(root, "other")) == expected
    assert no_process_is_left()


def test_who_dies_over_a_file_is_made_good(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = told(opened(root))
    here, summarize = os.getpid(), one_file.summarize

    def dying(*asked: object) -> object:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.01)
        return summarize(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(hands, "summarize", dying)
    assert told(opened(root, "other")) == expected


def test_customers_are_not_read_twice_where_beancount_reads_the_ledger(
    root: Path, monkeypatch: pytest.MonkeyPatch, no_process_is_left: Callable[[], bool]
) -> None:
    with (root / "part3.beancount").open("a") as file:
        file.write("2026-03-01 open Income:Sales\n")
    here, read_records = os.getpid(), customers.read_records

    def reading_there(*asked: object) -> object:
        assert os.getpid() != here
        return read_records(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(customers, "read_records", reading_there)
    books = opened(root)
    assert books.tier == "beancount"
    assert books.names["Acme"] == "Acme Ltd"
    assert no_process_is_left()


def refusing(monkeypatch: pytest.MonkeyPatch, refused: Iterable[str]) -> list[str]:
    """Let files be refused; return what this process reads of them."""
    read: list[str] = []

    def summary(name: str, *_: object) -> FileSummary | Refusal:
        read.append(name)
        time.sleep(0.002)
        return Refusal(name) if name in refused else FileSummary(b"", Facts("", name), [])

    monkeypatch.setattr(hands, "summarize", summary)
    return read


def test_after_a_refused_file_no_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "_BYTES_PER_CHILD", 1)
    monkeypatch.setattr(many, "_cores", lambda: 2)
    files = []
    for number in range(400):
        file = tmp_path / f"{number:03}"
        file.write_text("x" * 10)
        files.append((str(file), file.name))
    read = refusing(monkeypatch, [files[20][0], files[21][0]])
    for _ in range(3):
        with many.Crew() as crew:
            found = crew.summarize_all(files, Rules())
        # Whoever reads it: of the two it is the first.
        assert found == Refusal(files[20][0])
    assert len(read) < 80


def test_each_thing_is_taken_once() -> None:
    for count in (0, 1, 7, 8_001, 30_000):
        turns, things = Turns(), list(range(count))
        turns.give(count, 2)
        first, second = turns.of(things), turns.of(things)
        taken = [next(first) for _ in range(min(count, 3))]
        rest = [*second, *first]
        assert sorted([*taken, *rest]) == [(thing, thing) for thing in things]
        turns.close()
