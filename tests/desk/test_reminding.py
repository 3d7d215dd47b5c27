# ruff: noqa: ANN401 - helpers take whatever field a test changes
"""Reminders on real books: what is written where, what is recorded, what a second run does."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mail_room import MailRoom

from ledgercli.books.errors import FileUnreadableError
from ledgercli.desk.errors import SubjectNotFoundError
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.reminders import adopting, reminder_log, reminding
from ledgercli.desk.reminders.letter_files import file_name, letter_name
from ledgercli.desk.reminders.reminder_errors import (
    LetterTypeError,
    LevelNotFoundError,
    NoBooksError,
    RunInThePastError,
)
from ledgercli.desk.request import Query, Request
from ledgercli.model.answer import Answer
from ledgercli.output.json_format import render

SETTINGS = """\
company: {name: Example Ltd}
reminders:
  policies:
    standard:
      deadline: 10 days
      levels:
        - {name: notice, after: -3 days, template: due-soon}
        - {name: friendly, after: 5 days, template: reminder}
        - {name: firm, after: 30 days, template: reminder-firm, fee: {amount: 40 EUR, per: document}}
"""
LEDGER = """\
2026-01-01 open Assets:Receivable:Acme
2026-01-01 open Assets:Receivable:Beta
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
CUSTOMERS = {
    "C1": "{id: C1, name: Acme, accounts: ['Assets:Receivable:Acme'],"
    " addresses: {home: {lines: [Street 1]}}}",
    "C2": (
        "{id: C2, name: Beta, accounts: ['Assets:Receivable:Beta'], language: de,"
        " reminders: {channel: email}, contacts: [{name: B, email: b@beta.example}]}"
    ),
}
#: Five days overdue.
DAY = dt.date(2026, 3, 6)

Opener = Callable[[], OpenBooks]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "ledgercli.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "main.beancount").write_text(LEDGER, encoding="utf-8")
    (tmp_path / "customers").mkdir()
    for name, text in CUSTOMERS.items():
        (tmp_path / "customers" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def opened(root: Path, today: dt.date = DAY) -> OpenBooks:
    now = dt.datetime.combine(max(DAY, today), dt.time(6), tzinfo=dt.UTC)
    return open_books(Request(start=root, now=now, books=root), with_events=True)


def run(root: Path, day: dt.date = DAY, *, dry_run: bool = False, **query: Any) -> Answer:
    options = MailRoom().options()
    asked = Query(as_of=day, **query)
    return reminding.run(opened(root, day), asked, types=(), dry_run=dry_run, options=options)


def write(root: Path, day: dt.date = DAY, *types: str, dry_run: bool = False) -> Answer:
    return reminding.write(opened(root), Query(as_of=day), types=types, dry_run=dry_run)


def states(answer: Answer) -> list[tuple[str, str, bool]]:
    rows = answer.table("letters").rows
    return [(row["customer"], row["state"], row["recorded"]) for row in rows]


def log(root: Path, status: str = "sent", customer: str = "C1") -> list[dict[str, Any]]:
    """Return the entries of the log of one status about one customer."""
    entries = [
        json.loads(line)
        for file in sorted((root / "activity").glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    chosen = [entry for entry in entries if entry["customer"] == customer]
    return [entry for entry in chosen if entry["status"] == status]


def tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.startswith(".ledgercli.lock")
    }


def test_the_plan_as_json(root: Path) -> None:
    document = json.loads(render(reminding.plan(opened(root), Query(as_of=DAY, customers=("C1",)))))
    assert document == {
        "schema": "ledgercli/remind-plan/1",
        "as_of": "2026-03-06",
        "letters": [
            {
                "customer": "C1",
                "currency": "EUR",
                "level": 1,
                "level_name": "friendly",
                "template": "reminder",
                "channel": "post",
                "total": "100.00",
                "unallocated": "0.00",
                "deposits": "0.00",
                "fee": "0.00",
                "interest": "0.00",
                "carried": "0.00",
                "claimed": "100.00",
                "documents": [
                    {
                        "number": "INV-1",
                        "due": "2026-03-01",
                        "open": "100.00",
                        "days_overdue": 5,
                        "level": 1,
                        "level_name": "friendly",
                        "raised": True,
                        "interest": "0.00",
                    }
                ],
            }
        ],
        "held": [],
    }


def test_planning_writes_nothing(root: Path) -> None:
    before = tree(root)
    reminding.plan(opened(root), Query(as_of=DAY))
    write(root, dry_run=True)
    run(root, dry_run=True)
    assert tree(root) == before


def test_letters_are_written_in_the_types_asked_for(root: Path) -> None:
    answer = write(root, DAY, "html", "txt")
    assert states(answer) == [("C1", "written", False), ("C2", "written", False)]
    assert sorted(name for name in tree(root) if name.startswith("letters/")) == [
        "letters/2026-03-06/.written.json",
        "letters/2026-03-06/C1-EUR-friendly.en.html",
        "letters/2026-03-06/C1-EUR-friendly.en.txt",
        "letters/2026-03-06/C2-EUR-friendly.de.html",
        "letters/2026-03-06/C2-EUR-friendly.de.txt",
        "letters/2026-03-06/plan.yaml",
    ]
    assert log(root) == []
    before = tree(root)
    assert states(write(root, DAY, "html", "txt")) == [
        ("C1", "unchanged", False),
        ("C2", "unchanged", False),
    ]
    assert tree(root) == before


def test_an_edited_letter_is_left_alone_and_still_counts_as_sent(root: Path) -> None:
    write(root)
    letter = root / "letters/2026-03-06/C1-EUR-friendly.en.txt"
    letter.write_text("Dear Acme, by hand\n", encoding="utf-8")
    again = write(root)
    assert states(again)[0] == ("C1", "edited", False)
    assert [finding.code for finding in again.task_findings] == ["letter-edited"]
    assert states(run(root))[0] == ("C1", "edited", True)
    assert letter.read_text(encoding="utf-8") == "Dear Acme, by hand\n"


def test_a_file_nobody_knows_is_not_overwritten(root: Path) -> None:
    letter = root / "letters/2026-03-06/C1-EUR-friendly.en.txt"
    letter.parent.mkdir(parents=True)
    letter.write_text("mine", encoding="utf-8")
    assert states(write(root))[0] == ("C1", "edited", False)
    assert letter.read_text(encoding="utf-8") == "mine"


def test_an_unedited_letter_follows_the_books(root: Path) -> None:
    write(root)
    ledger = root / "main.beancount"
    ledger.write_text(LEDGER.replace("100.00 EUR", "150.00 EUR"), encoding="utf-8")
    assert states(write(root))[0] == ("C1", "written", False)
    letter = root / "letters/2026-03-06/C1-EUR-friendly.en.txt"
    assert "EUR 150.00" in letter.read_text(encoding="utf-8")


def test_a_letter_that_is_not_due_any_more_is_named(root: Path) -> None:
    write(root)
    ledger = root / "main.beancount"
    paid = '\n2026-03-06 * "Acme" ^INV-1\n  Assets:Receivable:Acme  -100.00 EUR\n  Income:Sales\n'
    ledger.write_text(LEDGER + paid, encoding="utf-8")
    answer = write(root, DAY, "html")
    assert [(finding.code, finding.place.file) for finding in answer.task_findings] == [
        ("letter-not-due", "letters/2026-03-06/C1-EUR-friendly.en.txt")
    ]
    assert (root / "letters/2026-03-06/C1-EUR-friendly.en.txt").exists()


def test_a_letter_that_was_sent_is_not_named_as_not_due(root: Path) -> None:
    run(root)
    assert run(root).task_findings == ()


def test_a_record_that_cannot_be_read_stops_writing(root: Path) -> None:
    write(root)
    (root / "letters/2026-03-06/.written.json").write_text("{", encoding="utf-8")
    with pytest.raises(FileUnreadableError):
        write(root)


def test_a_run_sends_and_records_each_document(root: Path) -> None:
    answer = run(root)
    assert states(answer) == [("C1", "written", True), ("C2", "written", True)]
    (event,) = log(root)
    del event["id"]
    letter = root / event["letter"]
    (begun,) = log(root, "sending")
    assert begun["message_id"] == event["message_id"]
    assert begun["documents"] == [{"number": "INV-1", "level": 1, "level_name": "friendly"}]
    event["message_id"] = "<7>"
    assert event == {
        "v": 1,
        "at": "2026-03-06T06:00:00Z",
        "date": "2026-03-06",
        "by": "ledgercli",
        "kind": "reminder",
        "customer": "C1",
        "document": {"number": "INV-1", "currency": "EUR"},
        "status": "sent",
        "policy": "standard",
        "level": 1,
        "level_name": "friendly",
        "channel": "post",
        "deadline": "2026-03-16",
        "amount": "100.00",
        "fee": "0.00",
        "letter": "letters/2026-03-06/C1-EUR-friendly.en.txt",
        "letter_number": 1,
        "message_id": "<7>",
        "attempt": 1,
        "to": "",
        "receipt": "taken 1",
        "sha256": hashlib.sha256(letter.read_bytes()).hexdigest(),
        "edited": False,
    }


def test_a_second_run_on_the_day_changes_nothing(root: Path) -> None:
    run(root)
    before = tree(root)
    assert states(run(root)) == []
    assert tree(root) == before


def test_runs_take_the_next_step_and_then_stop(root: Path) -> None:
    start = dt.date(2026, 2, 25)
    for offset in range(60):
        run(root, start + dt.timedelta(days=offset), customers=("C1",))
    steps = [(event["date"], event["level_name"], event["fee"]) for event in log(root)]
    assert steps == [
        ("2026-02-26", "notice", "0.00"),
        ("2026-03-06", "friendly", "0.00"),
        ("2026-03-31", "firm", "40.00"),
    ]
    numbers = [event["letter_number"] for event in log(root)]
    assert numbers == [1, 2, 3]
    held = reminding.plan(opened(root), Query(as_of=dt.date(2026, 4, 26), customers=("C1",)))
    assert [row["reason"] for row in held.table("held").rows] == ["final"]


def test_a_missed_night_is_caught_up(root: Path) -> None:
    run(root, dt.date(2026, 3, 20), customers=("C1",))
    assert [event["level_name"] for event in log(root)] == ["friendly"]


def test_a_run_before_the_last_reminder_is_refused(root: Path) -> None:
    run(root)
    with pytest.raises(RunInThePastError, match="2026-03-06"):
        run(root, DAY - dt.timedelta(days=1))
    run(root, DAY)


def test_errors_in_the_ledger_hold_all_letters(root: Path) -> None:
    ledger = root / "main.beancount"
    ledger.write_text(LEDGER + "\n2026-02-02 open\n", encoding="utf-8")
    answer = run(root)
    assert states(answer) == []
    assert log(root) == []
    reasons = reminding.plan(opened(root), Query(as_of=DAY)).table("held").rows
    assert {row["reason"] for row in reasons} == {"ledger-errors"}


def test_a_broken_line_of_the_log_holds_all_letters(root: Path) -> None:
    (root / "activity").mkdir()
    (root / "activity/2026-03.jsonl").write_text('{"v": 1}\n{"v": 1}\n', encoding="utf-8")
    assert states(run(root)) == []


def test_an_error_about_one_customer_holds_that_customer(root: Path) -> None:
    record = CUSTOMERS["C2"].replace("channel: email", "policy: nothing")
    (root / "customers/C2.yaml").write_text(record, encoding="utf-8")
    answer = reminding.plan(opened(root), Query(as_of=DAY))
    assert [row["customer"] for row in answer.table("letters").rows] == ["C1"]
    held = [(row["customer"], row["reason"]) for row in answer.table("held").rows]
    assert held == [("C2", "unknown-policy")]


def test_a_broken_template_stops_its_letters_only(root: Path) -> None:
    (root / "templates").mkdir()
    template = root / "templates/reminder.en.txt.j2"
    template.write_text("one\n{{ letter.gone }}\n", encoding="utf-8")
    answer = run(root)
    assert states(answer) == [("C1", "failed", False), ("C2", "written", True)]
    (found,) = answer.task_findings
    assert (found.code, found.place.file, found.place.line) == (
        "template-error",
        "templates/reminder.en.txt.j2",
        2,
    )
    assert log(root) == []


def test_unknown_letter_types_are_refused(root: Path) -> None:
    with pytest.raises(LetterTypeError, match="docx"):
        write(root, DAY, "docx")


def test_a_bare_ledger_has_no_place_for_letters(root: Path) -> None:
    request = Request(
        start=root,
        now=dt.datetime(2026, 3, 6, tzinfo=dt.UTC),
        ledger=root / "main.beancount",
    )
    books = open_books(request, with_events=True)
    assert len(reminding.plan(books, Query(as_of=DAY)).table("letters").rows) == 2
    with pytest.raises(NoBooksError):
        reminding.write(books, Query(as_of=DAY), types=(), dry_run=False)


def adopt(root: Path, level: str, *documents: str, **changes: Any) -> list[tuple[str, int]]:
    query = replace(Query(as_of=DAY), **changes)
    answer = adopting.adopt(
        opened(root), query, level=level, sent=None, documents=documents, dry_run=False
    )
    return [(row["number"], row["level"]) for row in answer.table("rows").rows]


def test_adopting_a_level_goes_on_from_there(root: Path) -> None:
    assert adopt(root, "friendly") == [("INV-1", 1), ("INV-2", 1)]
    assert adopt(root, "1") == []  # the log has it
    assert states(run(root, dt.date(2026, 3, 30))) == []
    later = run(root, dt.date(2026, 3, 31))
    assert [row["level_name"] for row in later.table("letters").rows] == ["firm", "firm"]


def test_adopting_some_documents(root: Path) -> None:
    assert adopt(root, "2", "INV-2") == [("INV-2", 2)]
    assert adopt(root, "1", customers=("C1",)) == [("INV-1", 1)]
    with pytest.raises(SubjectNotFoundError, match="INV-9"):
        adopt(root, "1", "INV-9")
    with pytest.raises(LevelNotFoundError, match="eleven"):
        adopt(root, "eleven")


def test_nothing_overdue_is_nothing_to_adopt(root: Path) -> None:
    assert adopt(root, "1", as_of=dt.date(2026, 3, 1)) == []
    assert adopt(root, "1", as_of=dt.date(2026, 3, 2)) == [("INV-1", 1), ("INV-2", 1)]


def test_history_lists_what_was_sent(root: Path) -> None:
    run(root)
    answer = reminder_log.history(opened(root), Query(as_of=DAY))
    rows = [(row["date"], row["customer"], row["level_name"]) for row in answer.table("rows").rows]
    assert rows == [(DAY, "C1", "friendly"), (DAY, "C2", "friendly")]
    earlier = reminder_log.history(opened(root), Query(as_of=DAY - dt.timedelta(days=1)))
    assert earlier.table("rows").rows == []


@pytest.mark.parametrize(
    ("customer", "expected"),
    [
        ("C1", "C1-EUR-firm.en.txt"),
        ("../../etc/passwd", "_.._etc_passwd-EUR-firm.en.txt"),
        ("a/b\\c:d", "a_b_c_d-EUR-firm.en.txt"),
        ("客户A", "客户A-EUR-firm.en.txt"),
        ("-rf", "rf-EUR-firm.en.txt"),
        ("x" * 300, "x" * 180 + ".en.txt"),
    ],
)
def test_file_names_are_harmless(customer: str, expected: str) -> None:
    assert file_name(letter_name(customer, "EUR", "firm"), "en", "txt") == expected
