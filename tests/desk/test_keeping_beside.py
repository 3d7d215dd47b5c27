"""What was read is kept by a copy of the process, while this one makes the answer."""

from __future__ import annotations

import datetime as dt
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ledgercli.books.proof import many
from ledgercli.books.store import keeping, records
from ledgercli.cli import main
from ledgercli.desk import keeping_beside, reading, reports
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Query, Request

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems keep it themselves")

NOW = dt.datetime(2026, 11, 21, 6, tzinfo=dt.UTC)
LEDGER = """\
option "operating_currency" "EUR"
include "part*.beancount"
2026-01-01 open Assets:Receivable:Acme
2026-01-01 open Income:Sales
"""
PART = """\
2026-02-01 * "Acme" "Work" ^INV-1
  Assets:Receivable:Acme  100 EUR
  Income:Sales
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Books that are kept by a copy, however small they are."""
    monkeypatch.setattr(reading, "_MANY_ROWS", 0)
    monkeypatch.setattr(keeping_beside, "can_fork", lambda: True)
    # Two processes read them, which know what is open before anything is kept.
    monkeypatch.setattr(many, "_BYTES_PER_CHILD", 1)
    monkeypatch.setattr(many, "_cores", lambda: 2)
    books = tmp_path / "books"
    (books / "customers").mkdir(parents=True)
    (books / "ledgercli.yaml").write_text("receivables: {terms: net 30}\n")
    (books / "customers/Acme.yaml").write_text("name: Acme Ltd\n")
    (books / "main.beancount").write_text(LEDGER)
    for number in range(2):
        (books / f"part{number}.beancount").write_text(PART.replace("INV-1", f"INV-{number}"))
    # What is written in this very moment is not kept.
    time.sleep(0.02)
    return books


def opened(root: Path, later: Callable[[Callable[[], object]], object] | None) -> OpenBooks:
    cache = root.parent / "cache"
    return open_books(Request(start=root, now=NOW, books=root, cache=cache, later=later))


def aging(books: OpenBooks) -> object:
    return reports.aging(books, Query(), basis=None, buckets=None)


def test_the_answer_does_not_wait_for_what_is_kept(
    root: Path, monkeypatch: pytest.MonkeyPatch, no_process_is_left: Callable[[], bool]
) -> None:
    reader, writer = os.pipe()
    here, kept = os.getpid(), keeping.keep

    def slow(*told: object) -> object:
        assert os.getpid() != here
        assert select.select([reader], [], [], 10)[0]
        return kept(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "keep", slow)
    waiting: list[Callable[[], object]] = []
    books = opened(root, waiting.append)
    answer = aging(books)
    assert books.ledger.kept_summary("17") is None, "of another day nothing can be there yet"
    os.write(writer, b"!")
    # First for those who have read, which were sent home, then for what is kept.
    assert [type(wait()) for wait in waiting] == [type(None), bytes]
    assert no_process_is_left()
    store, mark = books.kept_in or (None, b"")
    assert store is not None
    again = opened(root, waiting.append)
    assert (books.tier, again.tier, len(waiting)) == ("proof", "store", 2)
    assert again.kept_in is not None
    assert again.kept_in[1] == mark
    assert aging(again) == answer
    os.close(reader)
    os.close(writer)


def test_without_anybody_to_wait_all_is_done_with_the_answer(
    root: Path, no_process_is_left: Callable[[], bool]
) -> None:
    opened(root, None)
    assert no_process_is_left()
    assert opened(root, None).tier == "store"


@pytest.mark.parametrize("moment", ["before", "in the midst", "after"])
def test_a_copy_that_is_killed_does_no_harm(
    moment: str, root: Path, monkeypatch: pytest.MonkeyPatch, no_process_is_left: Callable[[], bool]
) -> None:
    here, kept, dumped = os.getpid(), keeping.keep, records.dump

    def dies() -> None:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)

    def dying(*told: object) -> object:
        if moment == "before":
            dies()
        found = kept(*told)  # type: ignore[arg-type]
        if moment == "after":
            dies()
        return found

    def dying_dump(told: object) -> bytes:
        if moment == "in the midst":
            dies()
        return dumped(told)

    monkeypatch.setattr(reading, "keep", dying)
    monkeypatch.setattr(keeping, "dump", dying_dump)
    waiting: list[Callable[[], object]] = []
    answer = aging(opened(root, waiting.append))
    for wait in waiting:
        wait()
    assert no_process_is_left()
    again = opened(root, None)
    assert again.tier == "store"
    assert aging(again) == answer


def test_what_cannot_be_kept_is_told_when_it_is_asked_for(
    root: Path, monkeypatch: pytest.MonkeyPatch, no_process_is_left: Callable[[], bool]
) -> None:
    monkeypatch.setattr("ledgercli.books.store.database.Store.write", lambda *_, **__: False)
    waiting: list[Callable[[], object]] = []
    books = opened(root, waiting.append)
    assert aging(books)
    for wait in waiting:
        wait()
    assert [one.reason for one in books.refusals] == [keeping.NOTHING_KEPT, keeping.UNWRITABLE]
    assert books.kept_in is None
    assert no_process_is_left()
    assert opened(root, None).tier == "proof"


def test_a_command_ends_when_its_copy_has_ended(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    no_process_is_left: Callable[[], bool],
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LEDGERCLI_CACHE", str(root.parent / "cache"))
    asked = ["--books", str(root), "aging", "--as-of", "2026-11-21", "-f", "csv"]
    assert main(asked) == 0
    assert no_process_is_left()
    printed = capsys.readouterr().out
    assert "Acme,Acme Ltd,EUR" in printed
    assert opened(root, None).tier == "store"
    # Nor is one left behind by a command that fails in between.
    (root / "customers/Acme.yaml").write_text("name: Acme Limited\n")
    (root / "main.beancount").write_text(LEDGER + "\n")
    monkeypatch.setattr("ledgercli.desk.reports.aging", lambda *_, **__: 1 // 0)
    assert main(asked) == 2
    assert no_process_is_left()
