"""Two people add to the log, git joins both sides: real repositories, real merges."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from ledgercli.books.activity import append_events, read_events
from ledgercli.model.event import Event

NOTE = Event("", "2026-11-21T06:00:00Z", dt.date(2026, 11, 20), "me", "note", "C001")
IDENTITY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Test"), ("EMAIL", "test@example.com"))
}


def git(root: Path, *arguments: str, fails: bool = False) -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(root),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "LC_ALL": "C",
        **IDENTITY,
    }
    ran = subprocess.run(
        ["git", "-C", str(root), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode != 0) is fails, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository with one commit that has nothing to do with the log."""
    root = tmp_path / "books"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    (root / "ledgercli.yaml").write_text("language: en\n")
    commit(root, "Books")
    return root


def commit(root: Path, subject: str) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", subject)


def note(text: str, at: str = "2026-11-21T06:00:00Z") -> Event:
    return replace(NOTE, at=at, details={"text": text})


def texts(root: Path) -> list[str]:
    """Return what the notes say, in the order of the log; nothing may be wrong with it."""
    events, findings = read_events(root)
    assert findings == ()
    return [str(event.details.get("text", event.kind)) for event in events]


def sides(root: Path, ours: list[Event], theirs: list[Event]) -> None:
    """Append on two branches, and stand on the one of ``ours``."""
    git(root, "checkout", "-q", "-b", "theirs")
    append_events(root, theirs)
    commit(root, "Theirs")
    git(root, "checkout", "-q", "main")
    append_events(root, ours)
    commit(root, "Ours")


def test_both_sides_of_a_merge_stay(root: Path) -> None:
    append_events(root, [note("first")])
    commit(root, "The first entry")
    sides(
        root,
        [note(f"ours {i}", f"2026-11-22T0{i}:00:00Z") for i in range(3)],
        [note(f"theirs {i}", f"2026-11-22T0{i}:30:00Z") for i in range(3)],
    )
    git(root, "merge", "-q", "theirs")
    assert texts(root) == [
        "first",
        *(f"{side} {i}" for i in range(3) for side in ("ours", "theirs")),
    ]
    assert git(root, "status", "--porcelain").replace("?? .ledgercli.lock\n", "") == ""


def test_a_file_that_is_new_on_both_sides_is_joined(root: Path) -> None:
    # The file of attributes is new on both sides as well: nobody made it before.
    sides(root, [note("ours")], [note("theirs", "2026-11-21T07:00:00Z")])
    git(root, "merge", "-q", "theirs")
    assert texts(root) == ["ours", "theirs"]
    assert (root / ".gitattributes").read_text() == "activity/*.jsonl merge=union eol=lf\n"


def test_a_new_month_on_both_sides_is_joined(root: Path) -> None:
    append_events(root, [note("november")])
    commit(root, "November")
    sides(
        root,
        [note("ours", "2026-12-01T06:00:00Z")],
        [note("theirs", "2026-12-01T05:00:00Z")],
    )
    git(root, "merge", "-q", "theirs")
    assert texts(root) == ["november", "theirs", "ours"]


def test_the_same_entry_on_both_sides_counts_once(root: Path) -> None:
    append_events(root, [note("first")])
    commit(root, "The first entry")
    shared = note("shared", "2026-11-22T06:00:00Z")
    sides(
        root,
        [note("ours", "2026-11-22T05:00:00Z"), shared],
        [shared, note("theirs", "2026-11-22T07:00:00Z")],
    )
    git(root, "merge", "-q", "theirs")
    lines = (root / "activity" / "2026-11.jsonl").read_text().splitlines()
    assert len([line for line in lines if "shared" in line]) >= 1
    assert texts(root) == ["first", "ours", "shared", "theirs"]


def test_a_retraction_on_one_side_holds_after_the_merge(root: Path) -> None:
    (first,) = append_events(root, [note("first")])
    commit(root, "The first entry")
    retract = replace(
        NOTE, at="2026-11-22T06:00:00Z", kind="retract", details={"retracts": first.id}
    )
    sides(root, [retract], [note("theirs", "2026-11-22T07:00:00Z")])
    git(root, "merge", "-q", "theirs")
    in_force = [
        event.details.get("text")
        for event in read_events(root)[0]
        if event.in_force(dt.date(2026, 11, 22)) and event.kind == "note"
    ]
    assert in_force == ["theirs"]


def test_a_rebase_joins_too(root: Path) -> None:
    append_events(root, [note("first")])
    commit(root, "The first entry")
    sides(root, [note("ours", "2026-11-22T05:00:00Z")], [note("theirs", "2026-11-22T06:00:00Z")])
    git(root, "rebase", "-q", "theirs")
    assert texts(root) == ["first", "ours", "theirs"]


def test_an_editor_took_a_line_feed_away_on_one_side(root: Path) -> None:
    append_events(root, [note("first")])
    commit(root, "The first entry")
    sides(root, [note("ours", "2026-11-22T05:00:00Z")], [note("theirs", "2026-11-22T06:00:00Z")])
    log = root / "activity" / "2026-11.jsonl"
    log.write_bytes(log.read_bytes().rstrip(b"\n"))
    commit(root, "An editor")
    git(root, "merge", "-q", "theirs")
    assert texts(root) == ["first", "ours", "theirs"]


def test_without_the_attribute_git_stops_and_nothing_is_lost(root: Path) -> None:
    append_events(root, [note("first")])
    (root / ".gitattributes").write_text("activity/*.jsonl -merge\n")
    commit(root, "The first entry")
    (root / ".gitattributes").write_text("activity/*.jsonl merge=text\n")
    commit(root, "Somebody wants conflicts")
    sides(root, [note("ours", "2026-11-22T05:00:00Z")], [note("theirs", "2026-11-22T06:00:00Z")])
    git(root, "merge", "-q", "theirs", fails=True)
    events, findings = read_events(root)
    assert [event.details["text"] for event in events] == ["first", "ours", "theirs"]
    assert [finding.code for finding in findings] == ["conflict-marker"]
