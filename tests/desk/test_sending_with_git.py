"""Sending from books that are kept with git: commits, clones, resets, and who is behind whom."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest
from fault_points import DAY, make_books
from mail_room import MailRoom

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.reminders import reminding
from ledgercli.desk.reminders.reminder_errors import BehindError
from ledgercli.desk.reminders.verifying import show, verify
from ledgercli.desk.request import Query, Request
from ledgercli.model.answer import Answer

LATER = dt.date(2026, 4, 1)


@pytest.fixture(autouse=True)
def plain_git(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GLOBAL", "SYSTEM"):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", "/dev/null")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Wang")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "w@example.com")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "repository" / "books"
    make_books(root, 2)
    git(root.parent, "init", "-q", "-b", "main")
    git(root.parent, "add", ".")
    git(root.parent, "commit", "-q", "-m", "Books")
    return root


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def opened(root: Path, day: dt.date = DAY) -> OpenBooks:
    now = dt.datetime.combine(day, dt.time(6), tzinfo=dt.UTC)
    return open_books(Request(start=root, now=now, books=root), with_events=True)


def run(root: Path, room: MailRoom, day: dt.date = DAY, *, commit: bool = True) -> Answer:
    state = next(path for path in root.parents if path.name.startswith("test_")) / "state"
    options = room.options(state, commit=commit)
    query = Query(as_of=day)
    return reminding.run(opened(root, day), query, types=(), dry_run=False, options=options)


def states(answer: Answer) -> list[str]:
    return [row["sending"] for row in answer.table("letters").rows]


def test_a_commit_has_letters_and_log_and_nothing_else(root: Path) -> None:
    (root / "staged.txt").write_text("mine", encoding="utf-8")
    git(root, "add", "staged.txt")
    with (root / "main.beancount").open("a", encoding="utf-8") as ledger:
        ledger.write("; a change of mine\n")
    (root / "untracked.txt").write_text("mine too", encoding="utf-8")
    run(root, MailRoom())
    assert (
        git(root, "log", "-1", "--format=%s|%an").strip() == "Reminders of 2026-03-06: 2 sent|Wang"
    )
    committed = git(root, "show", "--name-only", "--format=", "HEAD").split()
    assert committed == [
        "books/.gitattributes",
        "books/activity/2026-03.jsonl",
        "books/letters/2026-03-06/.written.json",
        "books/letters/2026-03-06/C1-EUR-friendly.en.txt",
        "books/letters/2026-03-06/C2-EUR-friendly.en.txt",
        "books/letters/2026-03-06/plan.yaml",
    ]
    status = git(root, "status", "--porcelain").splitlines()
    assert [line for line in status if "ledgercli.lock" not in line] == [
        " M books/main.beancount",
        "A  books/staged.txt",
        "?? books/untracked.txt",
    ]
    before = git(root, "rev-parse", "HEAD")
    run(root, MailRoom())
    assert git(root, "rev-parse", "HEAD") == before


def test_a_commit_that_fails_is_told_and_loses_nothing(root: Path) -> None:
    hook = root.parent / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'not on a Friday' >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    answer = run(root, MailRoom())
    assert states(answer) == ["sent", "sent"]
    (found,) = answer.task_findings
    assert (found.code, found.values["reason"]) == (
        "commit-failed",
        "not on a Friday",
    )
    hook.unlink()
    room = MailRoom()
    assert states(run(root, room)) == []
    assert room.taken == []


def test_letters_that_a_reset_took_out_of_the_log(root: Path) -> None:
    room = MailRoom()
    run(root, room)
    git(root, "reset", "-q", "--hard", "HEAD~1")
    assert not (root / "activity").exists()
    assert states(run(root, room)) == []
    assert len(room.taken) == 2
    git(root, "reset", "-q", "--hard", "HEAD@{1}")
    assert states(run(root, room, LATER)) == ["sent", "sent"]


def test_a_second_clone_without_the_last_push(root: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(root.parent), "clone")
    room = MailRoom()
    run(root, room)
    other = tmp_path / "clone" / "books"
    assert states(run(other, room)) == []
    held = reminding.plan(opened(other), Query(as_of=DAY), room.options(tmp_path / "state"))
    assert {row["reason"] for row in held.table("held").rows} == {"log-lost"}
    # Once it has the commit, but not before, it goes on.
    git(other, "fetch", "-q")
    with pytest.raises(BehindError, match="behind `origin/main`, commits they lack: 1"):
        run(other, room, LATER)
    with pytest.raises(BehindError):
        reminding.send(opened(other), Query(as_of=DAY), "", dry_run=False)
    git(other, "merge", "-q", "--ff-only", "origin/main")
    assert states(run(other, room, LATER)) == ["sent", "sent"]
    assert len(room.taken) == 4


def test_other_books_in_the_same_repository_are_others(root: Path) -> None:
    other = root.parent / "others"
    shutil.copytree(root, other)
    room = MailRoom()
    run(root, room)
    assert states(run(other, room)) == ["sent", "sent"]


def test_books_that_come_under_git_later(tmp_path: Path) -> None:
    root = tmp_path / "plain" / "books"
    make_books(root, 1)
    room = MailRoom()
    run(root, room, commit=False)
    shutil.rmtree(root / "activity")
    git(root, "init", "-q")
    git(root, "add", "main.beancount")
    git(root, "commit", "-q", "-m", "Books")
    assert states(run(root, room)) == []
    assert len(room.taken) == 1


def test_figures_are_verified_at_the_revision_of_the_letter(root: Path) -> None:
    run(root, MailRoom())
    ledger = root / "main.beancount"
    ledger.write_text(
        ledger.read_text(encoding="utf-8").replace("101.00", "77.00"), encoding="utf-8"
    )
    books = opened(root)
    answer = verify(books, Request(start=root, now=books.now, books=root), "C1")
    assert answer.facts["revision"] == git(root, "rev-parse", "--short", "HEAD~1").strip()
    assert (answer.facts["verified"], answer.warnings) == (True, ())
    assert answer.facts["wording_follows"] is True


def test_changes_that_were_not_committed_are_said(root: Path) -> None:
    ledger = root / "main.beancount"
    text = ledger.read_text(encoding="utf-8")
    ledger.write_text(text.replace("101.00", "77.00"), encoding="utf-8")
    run(root, MailRoom())
    books = opened(root)
    answer = verify(books, Request(start=root, now=books.now, books=root), "C1")
    assert answer.facts["verified"] is False
    (warning,) = answer.warnings
    assert not isinstance(warning, str)
    assert "not committed" in warning.message


def test_a_changed_letter_is_found_in_the_history(root: Path) -> None:
    run(root, MailRoom())
    file = root / "letters/2026-03-06/C1-EUR-friendly.en.txt"
    sent = file.read_bytes()
    file.write_text("something else\n", encoding="utf-8")
    content, path, findings = show(opened(root), "C1-EUR-friendly")
    assert (content, path, findings) == (sent, "letters/2026-03-06/C1-EUR-friendly.en.txt", ())
