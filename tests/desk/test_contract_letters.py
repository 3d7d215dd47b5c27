"""Letters about contracts on disk and by mail: who gets one, once, and what a lost log changes."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
from mail_room import MailRoom, failure

from ledgercli.desk.customers.contract_letters import write_contract_letters
from ledgercli.desk.customers.customer_moving import rename
from ledgercli.desk.opening import open_books
from ledgercli.desk.reminders.reminder_errors import LetterTypeError
from ledgercli.desk.request import Query, Request
from ledgercli.model.answer import Answer
from ledgercli.model.values import Duration

DAY = dt.date(2026, 11, 2)
CUSTOMERS = """\
- id: C1
  contacts: [{email: a@example.org}]
  contracts: [{id: CT-1, start: 2026-01-01, end: 2026-12-31, notice: 30 days}]
- {id: C2, contracts: [{id: CT-2, start: 2026-01-01, end: 2026-12-02}]}
- {id: C3, contracts: [{id: CT-3, start: 2026-01-01, end: 2026-12-03}]}
- {id: C4, status: closed, contracts: [{id: CT-4, start: 2026-01-01, end: 2026-11-30}]}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "books"
    (root / "customers").mkdir(parents=True)
    (root / "ledgercli.yaml").write_text(
        "company: {name: Example Ltd}\nmail: {from: books@example.com}\n", encoding="utf-8"
    )
    (root / "main.beancount").write_text("2026-01-01 open Assets:Receivable\n", encoding="utf-8")
    (root / "customers" / "all.yaml").write_text(CUSTOMERS, encoding="utf-8")
    return root


def write(
    root: Path,
    room: MailRoom | None = None,
    day: dt.date = DAY,
    *,
    types: tuple[str, ...] = (),
    dry_run: bool = False,
) -> Answer:
    now = dt.datetime.combine(day, dt.time(6), tzinfo=dt.UTC)
    books = open_books(Request(start=root, now=now, books=root), with_events=True)
    options = room.options(root.parent / "state") if room else None
    query = Query(as_of=day)
    return write_contract_letters(
        books, query, options, within=Duration(30), types=types, dry_run=dry_run
    )


def rows(answer: Answer) -> list[tuple[str, str, str | None]]:
    return [(row["contract"], row["state"], row["sending"]) for row in answer.table("rows").rows]


def test_contracts_up_to_the_day_and_no_closed_customer(root: Path) -> None:
    assert rows(write(root)) == [("CT-1", "written", None), ("CT-2", "written", None)]
    folder = root / "letters" / "contracts" / "2026-11-02"
    assert sorted(path.name for path in folder.glob("*.txt")) == [
        "C1-CT-1-contract.en.txt",
        "C2-CT-2-contract.en.txt",
    ]
    assert rows(write(root)) == [("CT-1", "unchanged", None), ("CT-2", "unchanged", None)]
    # A day later C3's is 30 days away too.
    assert [row[0] for row in rows(write(root, day=DAY + dt.timedelta(days=1)))] == [
        "CT-1",
        "CT-2",
        "CT-3",
    ]


def test_a_letter_that_somebody_edited_stays(root: Path) -> None:
    write(root)
    path = root / "letters" / "contracts" / "2026-11-02" / "C1-CT-1-contract.en.txt"
    path.write_text("By hand.\n", encoding="utf-8")
    answer = write(root)
    assert rows(answer)[0][1] == "edited"
    assert [finding.code for finding in answer.task_findings] == ["letter-edited"]
    assert path.read_text(encoding="utf-8") == "By hand.\n"


def test_a_dry_run_writes_nothing(root: Path) -> None:
    room = MailRoom()
    assert rows(write(root, room, dry_run=True))[0] == ("CT-1", "written", "to-send")
    assert not (root / "letters").exists()
    assert not (root / "activity").exists()
    assert room.taken == []


def test_each_mail_goes_once_for_each_end(root: Path) -> None:
    room = MailRoom()
    assert rows(write(root, room)) == [("CT-1", "written", "sent"), ("CT-2", "written", None)]
    assert rows(write(root, room, DAY + dt.timedelta(days=1)))[0][2] == "already-sent"
    (message,) = room.taken
    assert message.recipient == "a@example.org"
    assert message.subject == "Your contract CT-1 ends on 31 December 2026"
    assert "<html" in message.html
    # Past the day for notice the end itself is another matter.
    assert ("CT-1", "written", "sent") in rows(write(root, room, dt.date(2026, 12, 2)))


def test_a_customer_with_another_id_gets_no_second_mail(root: Path) -> None:
    room = MailRoom()
    write(root, room)
    now = dt.datetime.combine(DAY, dt.time(7), tzinfo=dt.UTC)
    books = open_books(Request(start=root, now=now, books=root))
    rename(books, customer="C1", new="ACME", dry_run=False, write_ledger=False)
    assert rows(write(root, room))[0] == ("CT-1", "written", "already-sent")
    assert len(room.taken) == 1


def test_a_lost_log_does_not_send_twice(root: Path) -> None:
    room = MailRoom()
    write(root, room)
    shutil.rmtree(root / "activity")
    answer = write(root, room)
    assert rows(answer)[0][2] == "already-sent"
    assert "the log does not have it" in str(answer.table("rows").rows[0]["reason"])
    assert len(room.taken) == 1


def test_a_lost_log_does_not_send_twice_to_a_customer_with_another_id(root: Path) -> None:
    room = MailRoom()
    write(root, room)
    shutil.rmtree(root / "activity")
    now = dt.datetime.combine(DAY, dt.time(7), tzinfo=dt.UTC)
    for old, new in (("C1", "ACME"), ("ACME", "ACME-2")):
        books = open_books(Request(start=root, now=now, books=root))
        rename(books, customer=old, new=new, dry_run=False, write_ledger=False)
    assert rows(write(root, room))[0] == ("CT-1", "written", "already-sent")
    assert len(room.taken) == 1


def test_the_record_outside_of_the_books_has_nothing_of_an_address(root: Path) -> None:
    write(root, MailRoom())
    (file,) = (root.parent / "state" / "mails").iterdir()
    letters = {json.loads(line)["letter"] for line in file.read_text("utf-8").splitlines()}
    assert letters == {"notices/2026-12-01-CT-1"}


def test_an_unknown_type_is_refused(root: Path) -> None:
    with pytest.raises(LetterTypeError):
        write(root, types=("doc",))


def test_a_mail_that_is_refused_is_told_and_tried_again(root: Path) -> None:
    room = MailRoom(fails=lambda _message: failure("no such mailbox"))
    answer = write(root, room)
    assert rows(answer)[0][2] == "failed"
    assert [finding.code for finding in answer.task_findings] == ["letter-not-sent"]
    assert rows(write(root, MailRoom()))[0][2] == "sent"
