# ruff: noqa: ANN401 - helpers take whatever option a test changes
"""Letters on their way: what is sent, what is held and why, what is tried again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mail_room import MailRoom, failure

from ledgercli.books.activity import append_events, read_events
from ledgercli.books.errors import BooksLockedError, FileUnreadableError, FileUnwritableError
from ledgercli.books.plan_file import read_plan
from ledgercli.desk.customers.customer_moving import rename
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.reminders import adopting, reminding
from ledgercli.desk.reminders.reminder_errors import (
    PlanMissingError,
    PlanUnusableError,
    RunInTheFutureError,
    RunInThePastError,
    SentInFutureError,
    UnknownLetterError,
)
from ledgercli.desk.reminders.send_options import SendOptions
from ledgercli.desk.reminders.verifying import show, verify
from ledgercli.desk.request import Query, Request
from ledgercli.model.answer import Answer
from ledgercli.model.event import Event

DAY = dt.date(2026, 3, 6)
NEXT = DAY + dt.timedelta(days=1)
FOLDER = "letters/2026-03-06"
SETTINGS = """\
company: {name: Example Ltd}
mail: {from: "Example <books@example.com>"}
reminders:
  policies:
    standard:
      deadline: 10 days
      channel: email
      levels:
        - {name: friendly, after: 5 days, template: reminder}
        - {name: final, after: 30 days, template: final-notice, review: required}
"""
LEDGER = """\
2026-01-01 open Assets:Receivable:Acme
2026-01-01 open Assets:Receivable:Beta
2026-01-01 open Assets:Bank
2026-01-01 open Income:Sales
2026-02-01 * "Acme" "Goods" ^INV-1
  due: 2026-03-01
  Assets:Receivable:Acme   100.00 EUR
  Income:Sales
2026-02-01 * "Beta" "Goods" ^INV-2
  due: 2026-03-01
  Assets:Receivable:Beta   200.00 EUR
  Income:Sales
"""
PAID = """\
2026-03-06 * "Acme" "Paid" ^INV-1
  Assets:Receivable:Acme   -100.00 EUR
  Assets:Bank
"""
CUSTOMER = "{{id: {0}, name: {1}, accounts: ['Assets:Receivable:{1}'], contacts: [{{name: A, email: {2}}}]}}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "books"
    (root / "customers").mkdir(parents=True)
    (root / "ledgercli.yaml").write_text(SETTINGS, encoding="utf-8")
    (root / "main.beancount").write_text(LEDGER, encoding="utf-8")
    for identifier, name in (("C1", "Acme"), ("C2", "Beta")):
        text = CUSTOMER.format(identifier, name, f"{name.lower()}@example.org")
        (root / "customers" / f"{identifier}.yaml").write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def room() -> MailRoom:
    return MailRoom()


def opened(root: Path, day: dt.date = DAY, hour: int = 6) -> OpenBooks:
    now = dt.datetime.combine(day, dt.time(hour), tzinfo=dt.UTC)
    return open_books(Request(start=root, now=now, books=root), with_events=True)


def options(root: Path, room: MailRoom) -> SendOptions:
    return room.options(root.parent / "state")


def run(root: Path, room: MailRoom, day: dt.date = DAY, hour: int = 6, **more: Any) -> Answer:
    given = {"types": (), "dry_run": False, "options": options(root, room), **more}
    return reminding.run(opened(root, day, hour), Query(as_of=day), **given)


def write(root: Path, day: dt.date = DAY, *types: str) -> Answer:
    return reminding.write(opened(root, day), Query(as_of=day), types=types, dry_run=False)


def send(root: Path, room: MailRoom, day: dt.date = DAY, folder: str = "", **more: Any) -> Answer:
    given = {"dry_run": False, "options": options(root, room), **more}
    return reminding.send(opened(root, day), Query(as_of=day), folder, **given)


def told(answer: Answer) -> list[str]:
    """Return customer, state, reason of each letter, and the words of the reason."""
    rows = answer.table("letters").rows
    return [f"{row['customer']} {row['sending']} {row['reason']}".rstrip() for row in rows]


def codes(answer: Answer) -> list[str]:
    return [f"{finding.code} {finding.customer}".rstrip() for finding in answer.task_findings]


def edit(root: Path, name: str, before: str, after: str) -> None:
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def held(root: Path, day: dt.date = DAY, room: MailRoom | None = None) -> list[str]:
    chosen = options(root, room or MailRoom())
    answer = reminding.plan(opened(root, day), Query(as_of=day), chosen)
    return [f"{row['customer']} {row['reason']}" for row in answer.table("held").rows]


def test_what_was_written_is_sent_once(root: Path, room: MailRoom) -> None:
    write(root)
    assert told(send(root, room)) == ["C1 sent", "C2 sent"]
    first, second = room.taken
    assert (first.recipient, first.sender) == ("acme@example.org", "Example <books@example.com>")
    assert first.subject == "Payment reminder: EUR 100.00 overdue"
    text = (root / FOLDER / "C1-EUR-friendly.en.txt").read_text(encoding="utf-8")
    assert first.text == text
    assert first.message_id != second.message_id
    assert first.message_id.endswith("@example.com>")
    assert told(send(root, room)) == ["C1 already-sent", "C2 already-sent"]
    assert told(run(root, room)) == []
    assert len(room.taken) == 2


def test_the_plan_can_be_edited(root: Path, room: MailRoom) -> None:
    write(root)
    plan = f"{FOLDER}/plan.yaml"
    edit(
        root,
        plan,
        "letter: C1-EUR-friendly\n    skip: false",
        "letter: C1-EUR-friendly\n    skip: yes",
    )
    edit(root, plan, "to: beta@example.org", "to: other@example.org")
    edit(root, plan, 'subject: "Payment reminder: EUR 200.00 overdue"', "subject: About your bill")
    assert told(send(root, room)) == ["C1 skipped", "C2 sent"]
    (message,) = room.taken
    assert (message.recipient, message.subject) == ("other@example.org", "About your bill")
    # Writing again keeps what a person decided, and the letter that was sent.
    write(root)
    found, findings = read_plan(root, FOLDER)
    assert findings == ()
    assert found is not None
    assert [(letter.customer, letter.skip) for letter in found.letters] == [
        ("C1", True),
        ("C2", False),
    ]
    assert told(run(root, room)) == ["C1 skipped"]


def test_a_channel_chosen_in_the_plan(root: Path, room: MailRoom) -> None:
    write(root)
    edit(root, f"{FOLDER}/plan.yaml", "channel: email", "channel: post")
    send(root, room)
    assert room.opened == ["post"]
    assert [message.recipient for message in room.taken] == ["", ""]


@pytest.mark.parametrize(
    ("text", "line"),
    [("version: 2\n", 6), ("date: yesterday\n", 7), ("letters: [\n", 8)],
)
def test_a_plan_that_cannot_be_used_stops_everything(
    root: Path, room: MailRoom, text: str, line: int
) -> None:
    write(root)
    path = root / FOLDER / "plan.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[line - 1] = text
    path.write_text("".join(lines), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(PlanUnusableError, match=r"plan\.yaml:"):
        send(root, room)
    with pytest.raises(PlanUnusableError):
        write(root)
    assert path.read_bytes() == before
    assert room.taken == []


def test_an_edited_text_goes_out_as_edited(root: Path, room: MailRoom) -> None:
    write(root)
    (root / FOLDER / "C1-EUR-friendly.en.txt").write_text("Dear Acme\n", encoding="utf-8")
    send(root, room)
    assert room.taken[0].text == "Dear Acme\n"
    events = [event for event in read_events(root)[0] if event.details["status"] == "sent"]
    assert [event.details["edited"] for event in events] == [True, False]
    content, path, findings = show(opened(root), "C1")
    assert (content, findings) == (b"Dear Acme\n", ())
    assert path == f"{FOLDER}/C1-EUR-friendly.en.txt"


def test_one_of_several_files_edited_is_held(root: Path, room: MailRoom) -> None:
    write(root, DAY, "txt", "html")
    (root / FOLDER / "C1-EUR-friendly.en.txt").write_text("Dear Acme\n", encoding="utf-8")
    answer = send(root, room)
    assert told(answer) == ["C1 held edited-partly", "C2 sent"]
    assert codes(answer) == ["letter-stuck C1"]
    edit(root, f"{FOLDER}/plan.yaml", ", C1-EUR-friendly.en.html", "")
    assert told(send(root, room)) == ["C1 sent", "C2 already-sent"]
    assert (room.taken[-1].text, room.taken[-1].html) == ("Dear Acme\n", "")


def test_a_missing_file_is_held(root: Path, room: MailRoom) -> None:
    write(root)
    (root / FOLDER / "C1-EUR-friendly.en.txt").unlink()
    assert told(send(root, room)) == ["C1 held missing", "C2 sent"]


def promise(root: Path) -> None:
    event = Event(
        "", "2026-03-06T08:00:00Z", DAY, "me", "promise", "C1", "INV-1", "EUR",
        {"until": "2026-03-20"},
    )  # fmt: skip
    append_events(root, [event])


@pytest.mark.parametrize(
    ("change", "reason", "words"),
    [
        (lambda root: edit(root, "main.beancount", LEDGER, LEDGER + PAID), "settled", "has been settled"),
        (lambda root: edit(root, "main.beancount", "  100.00", "  90.00"), "changed", "was open then"),
        (lambda root: edit(root, "main.beancount", "^INV-1", "^INV-9"), "changed", "not in the ledger"),
        (lambda root: edit(root, "main.beancount", "due: 2026-03-01", "due: 2026-03-02"), "changed", "not due"),
        (lambda root: edit(root, "customers/C1.yaml", "acme@", "new@"), "changed", "recipient's"),
        (lambda root: edit(root, "customers/C1.yaml", "name: Acme,", "name: Acme GmbH,"), "changed", "recipient's"),
        (lambda root: edit(root, "ledgercli.yaml", "Example Ltd", "Example Inc"), "changed", "otherwise"),
        (promise, "promised", "promised until"),
        (lambda root: edit(root, "main.beancount", '* "Acme"', '! "Acme"'), "unreviewed", "flagged"),
        (lambda root: edit(root, "customers/C1.yaml", "id: C1,", "id: C1, reminders: {never: true},"), "paused", "paused"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("day", [DAY, NEXT])
def test_a_letter_that_no_longer_follows_is_held(
    root: Path, room: MailRoom, change: Any, reason: str, words: str, day: dt.date
) -> None:
    write(root)
    change(root)
    answer = send(root, room, day)
    assert told(answer)[0] == f"C1 held {reason}"
    assert words in answer.table("letters").rows[0]["detail"].message
    assert "C1" not in [message.customer for message in room.taken]
    assert codes(answer)[0] == "letter-held C1"


def test_credit_that_came_since_is_noticed(root: Path, room: MailRoom) -> None:
    write(root)
    credit = PAID.replace("^INV-1", "^PAY-1").replace("-100.00", "-30.00").replace("Paid", "?")
    edit(root, "ledgercli.yaml", "reminders:", "receivables: {allocation: explicit}\nreminders:")
    edit(root, "main.beancount", LEDGER, LEDGER + credit)
    answer = send(root, room)
    assert told(answer) == ["C1 held changed", "C2 sent"]


def test_a_letter_sent_later_than_it_was_written(root: Path, room: MailRoom) -> None:
    """The deadline is ten days after the writing: it must leave half of that."""
    write(root)
    assert told(send(root, room, DAY + dt.timedelta(days=6))) == ["C1 held stale", "C2 held stale"]
    assert told(send(root, room, DAY + dt.timedelta(days=5))) == ["C1 sent", "C2 sent"]
    (event, _) = [event for event in read_events(root)[0] if event.details["status"] == "sent"]
    assert event.date == DAY + dt.timedelta(days=5)
    assert event.details["deadline"] == "2026-03-16"


def test_a_newer_letter_replaces_one_that_was_never_sent(root: Path, room: MailRoom) -> None:
    write(root)
    run(root, room, NEXT)
    assert len(room.taken) == 2
    assert told(send(root, room, NEXT, FOLDER)) == ["C1 held changed", "C2 held changed"]
    assert len(room.taken) == 2


def test_folders_by_date_and_path(root: Path, room: MailRoom) -> None:
    with pytest.raises(PlanMissingError):
        send(root, room)
    write(root)
    for name in ("2026-03-06", "letters/2026-03-06", "letters/2026-03-06/", str(root / FOLDER)):
        assert len(send(root, room, folder=name, dry_run=True).table("letters").rows) == 2
    with pytest.raises(PlanMissingError, match="2026-03-07"):
        send(root, room, folder="2026-03-07")


def test_a_trial_shows_messages_and_touches_nothing(root: Path, room: MailRoom) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    answer = run(root, room, dry_run=True)
    assert told(answer) == ["C1 to-send", "C2 to-send"]
    message = answer.table("letters").rows[0]["message"]
    assert message.startswith("From: Example <books@example.com>\nTo: acme@example.org\n")
    assert "Subject: Payment reminder: EUR 100.00 overdue\n" in message
    assert "Please pay EUR 100.00" in message
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    assert not (root.parent / "state").exists()
    assert room.opened == []


# --- failures --------------------------------------------------------------------------------------


def test_a_failure_of_one_recipient_stops_nobody_else(root: Path, room: MailRoom) -> None:
    room.fails = lambda message: (
        failure("try later", temporary=True) if message.customer == "C1" else None
    )
    answer = run(root, room)
    assert told(answer) == ["C1 failed temporary", "C2 sent"]
    assert codes(answer) == ["letter-not-sent C1"]
    (event,) = [event for event in read_events(root)[0] if event.details["status"] == "failed"]
    assert event.details["next"] == "2026-03-06T06:15:00Z"
    # Not before its time, and neither as another letter on the next day.
    room.fails = lambda _message: None
    assert told(run(root, room)) == ["C1 held retry-later"]
    assert held(root) == ["C1 retry-later"]
    assert told(run(root, room, hour=7)) == ["C1 sent"]
    (first, second) = room.letters
    assert [first[0], second[0]] == ["C2", "C1"]


def test_back_off_doubles_up_to_a_day(root: Path, room: MailRoom) -> None:
    room.fails = lambda _message: failure("busy", temporary=True)
    now = dt.datetime(2026, 3, 6, 6, tzinfo=dt.UTC)
    waits = []
    for _attempt in range(9):
        books = replace(opened(root, now.date()), now=now)
        reminding.run(
            books, Query(as_of=now.date(), customers=("C1",)), types=(), dry_run=False,
            options=options(root, room),
        )  # fmt: skip
        failures = [e for e in read_events(root)[0] if e.details["status"] == "failed"]
        last = max(failures, key=lambda event: event.details["attempt"])
        due = dt.datetime.fromisoformat(last.details["next"])
        waits.append((due - now).total_seconds() / 60)
        now = due
    assert waits == [15, 30, 60, 120, 240, 480, 960, 1440, 1440]
    assert {e.details["message_id"] for e in failures} == {failures[0].details["message_id"]}


def test_what_cannot_be_delivered_waits_for_a_better_address(root: Path, room: MailRoom) -> None:
    room.fails = lambda message: (
        failure("no such user") if message.recipient == "acme@example.org" else None
    )
    assert told(run(root, room))[0] == "C1 failed permanent"
    answer = run(root, room, NEXT)
    assert told(answer) == ["C1 held undeliverable"]
    assert codes(answer) == ["letter-stuck C1"]
    assert held(root, NEXT) == ["C1 undeliverable"]
    edit(root, "customers/C1.yaml", "acme@", "new@")
    assert told(run(root, room, NEXT))[-1] == "C1 sent"
    assert room.taken[-1].recipient == "new@example.org"


def test_an_answer_that_never_came_is_repeated_once(root: Path, room: MailRoom) -> None:
    room.after = lambda message: (
        failure("dropped", temporary=True, uncertain=True) if message.customer == "C1" else None
    )
    run(root, room)
    answer = run(root, room, hour=8)
    assert told(answer) == ["C1 failed temporary"]
    assert told(run(root, room, hour=12)) == ["C1 held uncertain"]
    ids = [message for customer, message in room.letters if customer == "C1"]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    # Adopted, the case goes on; the letter is not sent a third time.
    adopting.adopt(
        opened(root), Query(as_of=DAY), level="friendly", sent=DAY, documents=("INV-1",), dry_run=False
    )  # fmt: skip
    assert told(run(root, room, NEXT)) == []
    assert held(root, NEXT) == []


def test_a_channel_that_is_down_is_not_asked_for_every_letter(root: Path) -> None:
    ledger = [LEDGER]
    for number in range(3, 9):
        ledger.append(f"2026-01-01 open Assets:Receivable:C{number}\n")
        ledger.append(
            f'2026-02-01 * "C{number}" "Goods" ^INV-{number}\n  due: 2026-03-01\n'
            f"  Assets:Receivable:C{number}  10 EUR\n  Income:Sales\n"
        )
        record = CUSTOMER.format(f"C{number}", f"C{number}", "x@example.org")
        (root / f"customers/C{number}.yaml").write_text(record, encoding="utf-8")
    (root / "main.beancount").write_text("".join(ledger), encoding="utf-8")
    room = MailRoom(fails=lambda _message: failure("refused", temporary=True, whole=True))
    answer = run(root, room)
    states = [line.split()[1] for line in told(answer)]
    assert states == ["failed"] * 3 + ["waiting"] * 5
    assert len([e for e in read_events(root)[0] if e.details["status"] == "sending"]) == 3
    room.fails = lambda _message: None
    assert {line.split()[1] for line in told(run(root, room, hour=9))} == {"sent"}
    assert len(room.letters) == 8


def test_a_channel_that_cannot_be_opened(root: Path, room: MailRoom) -> None:
    write(root)
    edit(root, "ledgercli.yaml", 'mail: {from: "Example <books@example.com>"}\n', "")
    answer = send(root, room, options=replace(options(root, room), opener=None))
    assert told(answer) == ["C1 waiting channel", "C2 waiting channel"]
    assert read_events(root)[0] == ()
    assert codes(answer) == ["letter-not-sent C1"]  # once for all letters of the channel


def test_no_space_for_the_log_stops_the_run(root: Path, room: MailRoom, monkeypatch: Any) -> None:
    import ledgercli.books.activity as log

    original = log._append  # noqa: SLF001 - the disk is full at just that place
    calls = []

    def full(path: Path, lines: bytes) -> int:
        calls.append(path)
        if len(calls) == 2:
            raise FileUnwritableError(path=path, reason="No space left on device")
        return original(path, lines)

    monkeypatch.setattr(log, "_append", full)
    with pytest.raises(FileUnwritableError):
        run(root, room)
    assert [customer for customer, _ in room.letters] == ["C1"]
    monkeypatch.setattr(log, "_append", original)
    assert told(run(root, room)) == ["C1 sent", "C2 sent"]
    assert [customer for customer, _ in room.letters] == ["C1", "C1", "C2"]
    assert room.letters[0] == room.letters[1]


def test_no_space_for_the_second_record_stops_the_run(root: Path, room: MailRoom) -> None:
    (root.parent / "state").write_text("a file is in the way", encoding="utf-8")
    with pytest.raises((FileUnwritableError, FileUnreadableError)):
        run(root, room)
    assert room.taken == []


# --- clocks and other runs ---------------------------------------------------------------------------


def test_a_clock_that_was_set_back(root: Path, room: MailRoom) -> None:
    room.fails = lambda message: (
        failure("busy", temporary=True) if message.customer == "C1" else None
    )
    run(root, room, hour=20)
    room.fails = lambda _message: None
    assert told(run(root, room, hour=5)) == ["C1 held retry-later"]
    assert told(run(root, room, hour=23)) == ["C1 sent"]
    assert told(run(root, room, hour=1)) == []
    with pytest.raises(RunInThePastError):
        run(root, room, DAY - dt.timedelta(days=1))
    assert len(room.letters) == 2


def test_two_runs_at_once(root: Path, room: MailRoom) -> None:
    second: list[BaseException] = []

    def meanwhile(_message: object) -> None:
        from ledgercli.books import files

        known = files._held.copy()  # noqa: SLF001 - as another process, which holds nothing
        files._held.clear()  # noqa: SLF001
        try:
            run(root, room)
        except BooksLockedError as error:
            second.append(error)
        finally:
            files._held.update(known)  # noqa: SLF001

    room.after = meanwhile
    assert told(run(root, room)) == ["C1 sent", "C2 sent"]
    assert len(second) == 2
    assert "process" in str(second[0])
    assert len(room.letters) == 2


def test_the_pace_of_mail_is_kept(root: Path, room: MailRoom) -> None:
    edit(
        root,
        "ledgercli.yaml",
        'mail: {from: "Example <books@example.com>"',
        'mail: {rate: 30 per minute, from: "Example <books@example.com>"',
    )
    slept: list[float] = []
    chosen = replace(options(root, room), sleep=slept.append)
    run(root, room, options=chosen)
    assert len(slept) == 1
    assert 1.5 < slept[0] <= 2


# --- approval ------------------------------------------------------------------------------------------


@pytest.fixture
def final(root: Path, room: MailRoom, monkeypatch: pytest.MonkeyPatch) -> dt.date:
    """Return the day on which the letter that needs approval is due."""
    import subprocess

    run(root, room)
    room.taken.clear()
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    for key, value in (("user.name", "Wang"), ("user.email", "w@example.com")):
        subprocess.run(["git", "-C", str(root), "config", key, value], check=True)
    return dt.date(2026, 3, 31)


def approve(root: Path, day: dt.date, *names: str) -> list[str]:
    answer = reminding.approve(opened(root, day), Query(as_of=day), names, dry_run=False)
    return [f"{row['customer']} {row['state']}" for row in answer.table("letters").rows]


def test_a_level_with_review_waits_for_approval(root: Path, room: MailRoom, final: dt.date) -> None:
    assert told(run(root, room, final)) == ["C1 held review", "C2 held review"]
    later = final + dt.timedelta(days=1)
    # The next night writes no second letter, and sends what was approved meanwhile.
    assert held(root, later) == ["C1 review", "C2 review"]
    assert approve(root, later, "C1-EUR-final") == ["C1 approved"]
    assert approve(root, later, "C1") == ["C1 approved-before"]
    assert told(run(root, room, later)) == ["C1 sent", "C2 held review"]
    assert [message.letter for message in room.taken] == ["letters/2026-03-31/C1-EUR-final"]
    assert not (root / "letters" / later.isoformat()).exists()
    (event,) = [e for e in read_events(root)[0] if e.details.get("status") == "approved"]
    assert (event.by, event.customer) == ("Wang <w@example.com>", "C1")
    assert approve(root, later) == ["C2 approved"]


def test_an_approval_is_for_the_text_as_it_is(root: Path, room: MailRoom, final: dt.date) -> None:
    write(root, final)
    assert approve(root, final) == ["C1 approved", "C2 approved"]
    (root / "letters/2026-03-31/C1-EUR-final.en.txt").write_text("Worse\n", encoding="utf-8")
    assert told(send(root, room, final)) == ["C1 held review", "C2 sent"]
    assert approve(root, final) == ["C1 approved"]
    assert told(send(root, room, final)) == ["C1 sent", "C2 already-sent"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    to: acme@example.org", "    to: other@example.org"),
        ("    channel: email", "    channel: dir:outbox"),
        ('    subject: "', '    subject: "Urgent: '),
    ],
)
def test_an_approval_is_for_whom_the_letter_goes_to(
    root: Path, room: MailRoom, final: dt.date, before: str, after: str
) -> None:
    write(root, final)
    approve(root, final)
    plan = root / "letters/2026-03-31/plan.yaml"
    text = plan.read_text(encoding="utf-8")
    assert before in text
    plan.write_text(text.replace(before, after, 1), encoding="utf-8")
    assert told(send(root, room, final)) == ["C1 held review", "C2 sent"]
    plan.write_text(text, encoding="utf-8")
    assert told(send(root, room, final)) == ["C1 sent", "C2 already-sent"]


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("", "# What `ledgercli remind send 2026-03-06` does, letter by letter."),
        ("de", "# What `ledgercli remind send 2026-03-06` does, letter by letter."),
        ("zh", "# `ledgercli remind send 2026-03-06` 按本文件逐封寄发"),
    ],
)
def test_the_heading_of_a_plan_is_in_the_language_of_the_books(
    root: Path, language: str, heading: str
) -> None:
    settings = root / "ledgercli.yaml"
    kept = [line for line in settings.read_text().splitlines() if not line.startswith("language")]
    settings.write_text("\n".join([*kept, f"language: {language}\n" if language else ""]))
    write(root)
    text = (root / FOLDER / "plan.yaml").read_text(encoding="utf-8")
    assert text.startswith(heading)
    found, findings = read_plan(root, FOLDER)
    assert found is not None
    assert findings == ()


def test_nothing_is_sent_before_its_day(root: Path, room: MailRoom) -> None:
    """Planning, writing and a trial may look ahead; who pays until then gets no letter."""
    query, books, work = Query(as_of=NEXT), opened(root, DAY), options(root, room)
    trial = reminding.run(books, query, types=(), dry_run=True, options=work)
    assert told(trial) == ["C1 to-send", "C2 to-send"]
    with pytest.raises(RunInTheFutureError, match="2026-03-07 is after today, 2026-03-06"):
        reminding.run(books, query, types=(), dry_run=False, options=work)
    reminding.write(books, query, types=(), dry_run=False, options=work)
    with pytest.raises(RunInTheFutureError):
        reminding.send(books, query, "", dry_run=False, options=work)
    with pytest.raises(SentInFutureError):
        adopting.adopt(books, query, level="final", sent=None, documents=(), dry_run=False)
    assert room.taken == []
    assert told(send(root, room, NEXT, "2026-03-07")) == ["C1 sent", "C2 sent"]


def test_approving_what_needs_none(root: Path, room: MailRoom, final: dt.date) -> None:
    assert approve(root, final) == []
    assert approve(root, final, "letters/2026-03-06/C1-EUR-friendly") == ["C1 not-needed"]
    with pytest.raises(UnknownLetterError, match="C1-EUR-frendly"):
        approve(root, final, "C1-EUR-frendly")


# --- the second record -------------------------------------------------------------------------------


def test_a_lost_log_holds_letters(root: Path, room: MailRoom) -> None:
    run(root, room)
    log = root / "activity" / "2026-03.jsonl"
    kept = log.read_bytes()
    log.unlink()
    assert held(root) == ["C1 log-lost", "C2 log-lost"]
    assert told(run(root, room)) == []
    assert len(room.letters) == 2
    log.write_bytes(kept)
    assert held(root) == []
    log.unlink()
    adopting.adopt(
        opened(root), Query(as_of=DAY), level="1", sent=DAY, documents=("INV-1",), dry_run=False
    )
    assert held(root) == ["C2 log-lost"]


def test_a_lost_log_holds_letters_to_a_customer_with_another_id(root: Path, room: MailRoom) -> None:
    run(root, room)
    (root / "activity" / "2026-03.jsonl").unlink()
    rename(opened(root), customer="C1", new="ACME", dry_run=False, write_ledger=False)
    assert held(root) == ["ACME log-lost", "C2 log-lost"]
    assert told(run(root, room)) == []
    assert len(room.letters) == 2


def test_a_letter_whose_log_was_lost_after_writing(root: Path, room: MailRoom) -> None:
    run(root, room)
    (root / "activity" / "2026-03.jsonl").unlink()
    answer = send(root, room)
    assert told(answer) == ["C1 held log-lost", "C2 held log-lost"]
    assert codes(answer) == ["letter-stuck C1", "letter-stuck C2"]


def test_failures_are_nothing_that_could_be_lost(root: Path, room: MailRoom) -> None:
    room.fails = lambda _message: failure("no such user")
    run(root, room)
    (root / "activity" / "2026-03.jsonl").unlink()
    room.fails = lambda _message: None
    assert told(run(root, room)) == ["C1 sent", "C2 sent"]


# --- verifying -----------------------------------------------------------------------------------------


def test_a_letter_is_verified(root: Path, room: MailRoom) -> None:
    run(root, room)
    books = opened(root)
    answer = verify(books, Request(start=root, now=books.now, books=root), "C1")
    assert answer.facts["verified"] is True
    assert answer.facts["revision"] == ""
    assert all(row["same"] for row in answer.table("figures").rows)
    edit(root, "main.beancount", "  100.00", "  90.00")
    books = opened(root)
    answer = verify(books, Request(start=root, now=books.now, books=root), "C1")
    assert answer.facts["verified"] is False
    wrong = [row for row in answer.table("figures").rows if not row["same"]]
    assert [(row["number"], row["figure"]) for row in wrong] == [
        ("INV-1", "open"),
        ("", "total"),
        ("", "claimed"),
    ]
    assert (wrong[0]["written"], wrong[0]["computed"]) == ("100.00 EUR", "90.00 EUR")
    assert codes(answer) == ["figures-differ C1"]


def test_a_letter_that_was_changed_after_sending(root: Path, room: MailRoom) -> None:
    run(root, room)
    file = root / FOLDER / "C1-EUR-friendly.en.txt"
    file.write_text("other\n", encoding="utf-8")
    content, _, findings = show(opened(root), room.taken[0].message_id)
    assert content == b"other\n"
    assert [finding.code for finding in findings] == ["letter-changed"]
