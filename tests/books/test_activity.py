from __future__ import annotations

import datetime as dt
import errno
import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgercli.books.activity import append_events, event_id, event_line, read_events
from ledgercli.books.errors import FileUnwritableError, OutsideBooksError
from ledgercli.books.sent_log import SentLog, SentRecord
from ledgercli.model.event import EVENT_KINDS, Event
from ledgercli.model.finding import Finding

PROMISE = Event(
    id="",
    at="2026-11-21T06:00:03Z",
    date=dt.date(2026, 11, 20),
    by="王",
    kind="promise",
    customer="C001",
    number="INV-1",
    currency="EUR",
    details={"until": "2026-12-01", "amount": "5.00"},
)
NOTE = Event("", "2026-12-01T00:00:00Z", dt.date(2026, 11, 30), "me", "note", "C002")


def told(findings: tuple[Finding, ...]) -> list[str]:
    for finding in findings:  # every value that the words need is there
        finding.kind.message.format(**finding.values)
        finding.kind.hint.format(**finding.values)
    return [f"{f.place.file}:{f.place.line} {f.code}" for f in findings]


def log(root: Path, text: str | bytes, month: str = "2026-11") -> Path:
    file = root / "activity" / f"{month}.jsonl"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def line(event: Event) -> str:
    return event_line(replace(event, id=event_id(event))) + "\n"


def test_a_line_is_canonical_json_with_a_hash_of_the_rest() -> None:
    assert line(PROMISE) == (
        '{"v":1,"id":"a4760b0f5613dc5b","at":"2026-11-21T06:00:03Z","date":"2026-11-20","by":"王",'
        '"kind":"promise","customer":"C001","document":{"number":"INV-1","currency":"EUR"},'
        '"until":"2026-12-01","amount":"5.00"}\n'
    )


def test_what_is_appended_is_read_by_month_and_in_order(tmp_path: Path) -> None:
    written = append_events(tmp_path, [NOTE, PROMISE])
    assert [(event.file, event.line) for event in written] == [
        ("activity/2026-11.jsonl", 1),
        ("activity/2026-12.jsonl", 1),
    ]
    events, findings = read_events(tmp_path)
    assert events == written
    assert findings == ()
    later = append_events(tmp_path, [replace(PROMISE, at="2026-11-01T00:00:00Z")])
    assert later[0].line == 2
    assert [event.at for event in read_events(tmp_path)[0]] == [
        "2026-11-01T00:00:00Z",
        "2026-11-21T06:00:03Z",
        "2026-12-01T00:00:00Z",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "activity/*.jsonl merge=union eol=lf\n"),
        ("*.png binary", "*.png binary\nactivity/*.jsonl merge=union eol=lf\n"),
        ("activity/*.jsonl merge=ours\n", "activity/*.jsonl merge=ours\n"),
    ],
)
def test_git_is_told_how_to_merge_once(tmp_path: Path, before: str | None, after: str) -> None:
    attributes = tmp_path / ".gitattributes"
    if before is not None:
        attributes.write_text(before)
    append_events(tmp_path, [PROMISE])
    append_events(tmp_path, [NOTE])
    assert attributes.read_text() == after


def test_nothing_to_append_writes_nothing(tmp_path: Path) -> None:
    assert append_events(tmp_path, []) == ()
    assert list(tmp_path.iterdir()) == []


def test_a_torn_last_line_is_set_aside_by_the_next_append(tmp_path: Path) -> None:
    torn = line(NOTE)[:40]
    file = log(tmp_path, line(PROMISE) + torn)
    events, findings = read_events(tmp_path)
    assert [event.kind for event in events] == ["promise"]
    assert told(findings) == ["activity/2026-11.jsonl:2 torn-line"]
    (tmp_path / "activity" / "2026-11.jsonl.torn-1").write_text("an earlier one")
    (written,) = append_events(tmp_path, [replace(NOTE, at="2026-11-30T00:00:00Z")])
    assert written.line == 2
    assert file.read_text().startswith(line(PROMISE))
    assert (tmp_path / "activity" / "2026-11.jsonl.torn-2").read_text() == torn
    events, findings = read_events(tmp_path)
    assert [event.kind for event in events] == ["promise", "note"]
    assert findings == ()


def test_a_whole_last_line_without_its_line_feed_counts(tmp_path: Path) -> None:
    file = log(tmp_path, line(PROMISE).rstrip("\n"))
    assert read_events(tmp_path)[1] == ()
    append_events(tmp_path, [replace(NOTE, at="2026-11-30T00:00:00Z")])
    assert [path.name for path in file.parent.iterdir()] == ["2026-11.jsonl"]
    events, findings = read_events(tmp_path)
    assert [event.line for event in events] == [1, 2]
    assert findings == ()


def test_lines_that_a_merge_repeated_count_once(tmp_path: Path) -> None:
    other = replace(PROMISE, by="other")
    log(tmp_path, line(PROMISE) + line(other) + line(PROMISE).replace("\n", "\r\n"))
    log(tmp_path, line(PROMISE), "2026-10")
    events, findings = read_events(tmp_path)
    assert {event.by for event in events} == {"王", "other"}
    assert len(events) == 2
    assert findings == ()


def test_both_sides_of_a_conflict_are_read(tmp_path: Path) -> None:
    ours, theirs = line(PROMISE), line(replace(PROMISE, by="other"))
    log(tmp_path, f"<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> branch\n")
    events, findings = read_events(tmp_path)
    assert len(events) == 2
    assert told(findings) == ["activity/2026-11.jsonl:1 conflict-marker"]


def test_an_altered_entry_counts_as_it_stands(tmp_path: Path) -> None:
    log(tmp_path, line(PROMISE).replace('"5.00"', '"6.00"'))
    (event,), findings = read_events(tmp_path)
    assert event.details["amount"] == "6.00"
    assert told(findings) == ["activity/2026-11.jsonl:1 altered-event"]
    assert findings[0].customer == "C001"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("{", "this is not JSON"),
        ("[]", "not a JSON object"),
        ('{"v":2}', "`v` is not 1"),
        ('{"v":1,"a":NaN}', "NaN"),
        ('{"v":1,"id":"x"}', "`at` is missing"),
        (line(PROMISE).replace('"C001"', "5"), "`customer` is not text"),
        (line(PROMISE).replace("promise", "premise"), "the kind `premise` is not known"),
        (line(PROMISE).replace("2026-11-21T06", "2026-11-21T26"), "`at` is not a time"),
        (line(PROMISE).replace("03Z", "03+01:00"), "`at` is not a time"),
        (line(PROMISE).replace("2026-11-20", "2026-11-31"), "does not exist"),
        (line(PROMISE).replace('{"number":"INV-1","currency":"EUR"}', '"INV-1"'), "`document`"),
        (line(PROMISE).replace('"INV-1"', "1"), "`number` and `currency`"),
        ("[" * 100_000, "deep"),
        ('{"v":' + "9" * 5000 + "}", "Exceeds"),
    ],
)
def test_lines_that_are_no_entries_are_told_and_passed_over(
    tmp_path: Path, wrong: str, reason: str
) -> None:
    log(tmp_path, wrong.rstrip("\n") + "\n\n" + line(NOTE))
    events, findings = read_events(tmp_path)
    assert [event.kind for event in events] == ["note"]
    assert told(findings) == ["activity/2026-11.jsonl:1 invalid-event"]
    assert reason in findings[0].values["reason"]


def in_force(root: Path, as_of: str) -> list[str]:
    day = dt.date.fromisoformat(as_of)
    return [event.kind for event in read_events(root)[0] if event.in_force(day)]


def test_a_retract_counts_from_its_own_day_on(tmp_path: Path) -> None:
    (promise,) = append_events(tmp_path, [PROMISE])  # of 20 November
    retract = replace(NOTE, kind="retract", details={"retracts": promise.id})  # of 30 November
    (first,) = append_events(tmp_path, [retract])
    assert [in_force(tmp_path, day) for day in ("2026-11-19", "2026-11-20", "2026-11-29")] == [
        [],
        ["promise"],
        ["promise"],
    ]
    assert in_force(tmp_path, "2026-11-30") == ["retract"]
    back = replace(
        retract,
        at="2026-12-02T00:00:00Z",
        date=dt.date(2026, 12, 2),
        details={"retracts": first.id},
    )
    append_events(tmp_path, [back])
    assert in_force(tmp_path, "2026-12-01") == ["retract"]
    assert in_force(tmp_path, "2026-12-02") == ["promise", "retract"]


def test_a_retract_of_the_same_day_leaves_no_trace_on_any_day(tmp_path: Path) -> None:
    (promise,) = append_events(tmp_path, [PROMISE])
    append_events(
        tmp_path,
        [replace(NOTE, kind="retract", date=PROMISE.date, details={"retracts": promise.id})],
    )
    assert in_force(tmp_path, "2026-11-20") == ["retract"]
    # Written within the same second it is no other thing: the order of lines decides nothing.
    again = replace(NOTE, at=PROMISE.at, kind="retract", details={"retracts": promise.id})
    append_events(tmp_path, [again])
    assert in_force(tmp_path, "2026-11-30") == ["retract", "retract"]


def test_a_retract_of_nothing_is_told(tmp_path: Path) -> None:
    append_events(tmp_path, [replace(NOTE, kind="retract", details={"retracts": "0"})])
    assert told(read_events(tmp_path)[1]) == ["activity/2026-12.jsonl:1 unknown-retracted"]


def test_retracts_that_go_round_in_a_circle_end(tmp_path: Path) -> None:
    first = replace(NOTE, id="a", kind="retract", details={"retracts": "b"})
    second = replace(NOTE, id="b", kind="retract", details={"retracts": "a"})
    log(tmp_path, f"{event_line(first)}\n{event_line(second)}\n")
    events, findings = read_events(tmp_path)
    assert [event.in_force(dt.date(2026, 12, 1)) in {True, False} for event in events] == [True] * 2
    assert [finding.code for finding in findings] == ["altered-event"] * 2


def test_fractions_of_a_second_sort_in_their_place(tmp_path: Path) -> None:
    times = ["2026-11-21T06:00:03Z", "2026-11-21T06:00:03.25Z", "2026-11-21T06:00:04Z"]
    append_events(tmp_path, [replace(PROMISE, at=at) for at in reversed(times)])
    assert [event.at for event in read_events(tmp_path)[0]] == times


def test_a_full_disk_leaves_the_log_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append_events(tmp_path, [PROMISE])
    before = (tmp_path / "activity" / "2026-11.jsonl").read_bytes()

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(FileUnwritableError, match="No space left on device"):
        append_events(tmp_path, [replace(PROMISE, by="other")])
    assert (tmp_path / "activity" / "2026-11.jsonl").read_bytes() == before


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file grow beyond ``size`` bytes, as if the disk were full: a part of a write fits."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [0, 1, 40, 100])
def test_a_disk_that_is_full_in_the_middle_of_a_line_leaves_the_log_as_it_was(
    tmp_path: Path, room: int
) -> None:
    """What did not fit must not be written when the file is closed, behind what was cut back."""
    append_events(tmp_path, [PROMISE])
    path = tmp_path / "activity" / "2026-11.jsonl"
    before = path.read_bytes()
    second = replace(PROMISE, by="other")
    with files_of_at_most(len(before) + room), pytest.raises(FileUnwritableError):
        append_events(tmp_path, [second])
    assert path.read_bytes() == before
    append_events(tmp_path, [second])
    events, findings = read_events(tmp_path)
    assert (len(events), findings) == (2, ())


@pytest.mark.parametrize("room", [0, 1, 40, 100])
def test_a_full_disk_leaves_the_second_record_as_it_was(tmp_path: Path, room: int) -> None:
    log = SentLog(tmp_path / "state", tmp_path)
    first = SentRecord("2026-11-21T06:00:03Z", "sending", "<1@x>", "letters/a", "C1", "EUR", ())
    log.append([first])
    assert log.path is not None
    before = log.path.read_bytes()
    with files_of_at_most(len(before) + room), pytest.raises(FileUnwritableError):
        log.append([replace(first, state="sent")])
    assert log.path.read_bytes() == before
    assert log.read() == (first,)


def test_the_log_is_never_written_elsewhere(tmp_path: Path) -> None:
    root = tmp_path / "books"
    root.mkdir()
    (root / "activity").symlink_to(tmp_path)
    with pytest.raises(OutsideBooksError):
        append_events(root, [PROMISE])


def test_activity_that_is_no_folder_or_not_there(tmp_path: Path) -> None:
    assert read_events(tmp_path) == ((), ())
    (tmp_path / "activity").write_text("")
    assert told(read_events(tmp_path)[1]) == ["activity:0 not-a-folder"]


def test_activity_that_nobody_may_look_into_is_not_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "activity").mkdir()

    def forbidden(path: Path) -> Iterator[Path]:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(Path, "iterdir", forbidden)
    events, findings = read_events(tmp_path)
    assert (events, told(findings)) == ((), ["activity:0 file-unreadable"])
    assert findings[0].severity == "error"


_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


@settings(max_examples=50, deadline=None)
@given(
    st.builds(
        Event,
        id=st.just(""),
        at=st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2100, 1, 1)).map(
            lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}"
        ),
        date=st.dates(),
        by=_TEXT,
        kind=st.sampled_from([kind for kind in EVENT_KINDS if kind != "retract"]),
        customer=_TEXT,
        number=_TEXT,
        currency=_TEXT,
        details=st.dictionaries(
            st.sampled_from(["status", "note"]), _TEXT | st.lists(_TEXT, max_size=2)
        ),
    )
)
def test_every_entry_reads_back_as_written(event: Event) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "activity").mkdir()
        text = line(event)
        (root / "activity" / "2026-11.jsonl").write_text(text, encoding="utf-8", newline="")
        (read,), findings = read_events(root)
        assert replace(read, id="", file="", line=0) == event
        assert [finding.code for finding in findings if finding.code != "bidi-character"] == []
        assert json.loads(text)["id"] == read.id


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=100))
def test_no_bytes_in_the_log_raise(content: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        log(Path(folder), content)
        read_events(Path(folder))
        append_events(Path(folder), [replace(NOTE, at="2026-11-30T00:00:00Z")])
        kinds = [event.kind for event in read_events(Path(folder))[0]]
        assert kinds == ["note"]
