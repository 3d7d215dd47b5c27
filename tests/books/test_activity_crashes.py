"""What is left of the log when the process that appends is killed: every byte of a write, tried."""

from __future__ import annotations

import functools
import signal
import subprocess
import sys
from pathlib import Path

import activity_crashes
import pytest
from activity_crashes import append_with_room_for, dies, note

from ledgercli.books.activity import append_events, read_events
from ledgercli.books.errors import BooksLockedError


def numbers(root: Path) -> set[str]:
    return {str(event.details["number"]) for event in read_events(root)[0]}


def test_a_write_cut_at_any_byte_leaves_whole_lines_and_is_healed(tmp_path: Path) -> None:
    log = tmp_path / "activity" / "2026-11.jsonl"
    append_events(tmp_path, [note(0)])
    before = log.read_bytes()
    batch = [note(number, size=2) for number in range(1, 3)]
    append_events(tmp_path, batch)
    whole = log.read_bytes()
    # The second line holds every kind of byte; of the first both ends will do.
    first_end = whole.index(b"\n", len(before))
    cuts = [*range(len(before), len(before) + 3), *range(first_end - 2, len(whole))]
    for cut in cuts:
        log.write_bytes(before)
        died_of = dies(functools.partial(append_with_room_for, tmp_path, batch, cut))
        assert died_of == signal.SIGXFSZ
        left = log.read_bytes()
        assert left == whole[:cut]
        complete = left[: left.rfind(b"\n") + 1]
        fragment = left[len(complete) :]
        events, findings = read_events(tmp_path)
        # A line that lacks nothing but its line feed is whole.
        whole_without_feed = fragment != b"" and whole[cut : cut + 1] == b"\n"
        assert len(events) == complete.count(b"\n") + whole_without_feed
        told = ["torn-line"] if fragment and not whole_without_feed else []
        assert [finding.code for finding in findings] == told
        append_events(tmp_path, [note(9)])
        assert read_events(tmp_path)[1] == ()
        assert {"0", "9"} | {str(event.details["number"]) for event in events} == numbers(tmp_path)
        kept = sorted(log.parent.glob("*.torn-*"))
        assert [path.read_bytes() for path in kept] == ([fragment] if told else [])
        for path in kept:
            path.unlink()
    assert len(cuts) > 100


@pytest.mark.parametrize("after", [1, 2, 7])
def test_what_was_acknowledged_before_a_kill_is_there(tmp_path: Path, after: int) -> None:
    with subprocess.Popen(
        [sys.executable, activity_crashes.__file__, str(tmp_path)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(after)]
        process.kill()
        said += process.stdout.readlines()
    acknowledged = [line.strip().decode() for line in said if line.endswith(b"\n")]
    assert len(acknowledged) >= after
    append_events(tmp_path, [note(0)])  # neither the lock nor a fragment is in the way
    events, findings = read_events(tmp_path)
    assert findings == ()
    found = {str(event.details["number"]) for event in events}
    assert set(acknowledged) <= found
    assert len(found) <= len(acknowledged) + 2  # one more may have been under way


def test_a_writer_that_is_alive_is_not_disturbed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, activity_crashes.__file__, str(tmp_path)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        locked = 0
        for number in range(50):
            try:
                append_events(tmp_path, [note(1000 + number)])
            except BooksLockedError:
                locked += 1
        process.kill()
    append_events(tmp_path, [note(0)])
    events, findings = read_events(tmp_path)
    assert findings == ()
    ours = [event for event in events if int(event.details["number"]) >= 1000]
    assert len(ours) + locked == 50
