"""Many letters get their names in batches, each while the next is made; a fault loses none."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fault_points import DAY, make_books

from ledgercli.books import new_files
from ledgercli.books.errors import FileUnwritableError
from ledgercli.desk.opening import open_books
from ledgercli.desk.reminders import letter_files, reminding
from ledgercli.desk.reminders.letter_files import LetterFolder
from ledgercli.desk.request import Query, Request

CUSTOMERS = 7


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letter_files, "BATCH_FILES", 2)
    monkeypatch.setattr(new_files, "_AT_ONCE", 1)


def write(root: Path) -> list[str]:
    now = dt.datetime.combine(DAY, dt.time(6), tzinfo=dt.UTC)
    books = open_books(Request(start=root, now=now, books=root), with_events=True)
    answer = reminding.write(books, Query(), types=(), dry_run=False)
    return [row["state"] for row in answer.tables[0].rows]


def letters_of(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (root / "letters").rglob("*.txt")}


def files_of(root: Path) -> dict[str, bytes]:
    files = (path for path in (root / "letters").rglob("*") if path.is_file())
    return {path.name: path.read_bytes() for path in files}


def after(count: int, function: Callable[..., Any], asked: list[str]) -> Callable[..., Any]:
    """Return ``function``, which finds the disk full at call ``count``."""

    def limited(path: str, *more: Any, **named: Any) -> Any:  # noqa: ANN401 - as it is
        if str(path).endswith(".tmp"):
            asked.append(str(path))
            if len(asked) == count:
                raise OSError(28, "No space left on device")
        return function(path, *more, **named)

    return limited


@pytest.mark.parametrize("step", ["open", "replace"])
def test_a_disk_that_is_full_at_any_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    make_books(tmp_path / "right", CUSTOMERS)
    asked: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr(os, step, after(0, getattr(os, step), asked))
        assert write(tmp_path / "right") == ["written"] * CUSTOMERS
    right = letters_of(tmp_path / "right")
    assert len(right) == CUSTOMERS
    for count in range(1, len(asked) + 1):
        root = tmp_path / str(count)
        make_books(root, CUSTOMERS)
        with monkeypatch.context() as patched:
            patched.setattr(os, step, after(count, getattr(os, step), []))
            with pytest.raises(FileUnwritableError):
                write(root)
        made = letters_of(root)
        assert made.items() <= right.items()
        assert not list((root / "letters").rglob("*.tmp"))
        assert "edited" not in write(root)
        assert letters_of(root) == right
        assert write(root) == ["unchanged"] * CUSTOMERS


def test_a_run_without_more_threads_writes_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(_thread: threading.Thread) -> None:
        raise RuntimeError

    for name in ("with", "without"):
        make_books(tmp_path / name, CUSTOMERS)
    write(tmp_path / "with")
    monkeypatch.setattr(threading.Thread, "start", none_left)
    write(tmp_path / "without")
    assert files_of(tmp_path / "with") == files_of(tmp_path / "without")


def test_letters_have_names_only_after_their_record_and_a_flush(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, replace = os.sync, os.replace

    def noted(source: str, target: str) -> None:
        done.append(Path(target).name)
        replace(source, target)

    def flushed() -> None:
        sync()
        done.append("flush")

    monkeypatch.setattr(os, "replace", noted)
    monkeypatch.setattr(os, "sync", flushed)
    folder = LetterFolder.of(tmp_path, DAY, dry_run=False)
    with folder:
        for name in "abcde":
            folder.put(f"{name}.txt", 1, "", lambda _number, _revision: "text")
            if flushing := folder._settling._flushing:  # noqa: SLF001 - for one order
                flushing.join()
        folder.put_plan("plan")
    record = ["flush", ".written.json"]
    assert done == [
        "flush",
        *record,
        *("a.txt", "b.txt", "flush"),
        *record,
        *("c.txt", "d.txt", "flush", "e.txt"),
        *("flush", "plan.yaml"),
    ]
