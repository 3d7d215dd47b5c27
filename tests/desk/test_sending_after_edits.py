"""People edit plans and letters, merge, copy and rewrite: no letter goes out twice or wrong."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from mail_room import MailRoom, failure
from test_sending import (
    DAY,
    FOLDER,
    LEDGER,
    NEXT,
    PAID,
    codes,
    edit,
    held,
    opened,
    options,
    room,
    root,
    run,
    send,
    told,
)

from ledgercli.books.activity import read_events
from ledgercli.desk.reminders import adopting, approving, reminding
from ledgercli.desk.reminders.reminder_errors import PlanUnusableError
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer

__all__ = ["room", "root"]
PLAN = f"{FOLDER}/plan.yaml"
LETTER = f"{FOLDER}/C1-EUR-friendly.en.txt"


LATE = """\
2026-02-01 * "Acme" "Goods" ^INV-3
  due: 2026-03-01
  Assets:Receivable:Acme   50.00 EUR
  Income:Sales
"""
FINAL = dt.date(2026, 4, 10)


def write(root: Path, day: dt.date = DAY, room: MailRoom | None = None) -> Answer:
    chosen = options(root, room) if room else None
    query = Query(as_of=day)
    return reminding.write(opened(root, day), query, types=(), dry_run=False, options=chosen)


def entry(root: Path, name: str = "C1") -> str:
    """Return the entry of a customer's letter in the plan."""
    text = (root / PLAN).read_text(encoding="utf-8")
    return next(part for part in text.split("\n  - ") if part.startswith(f"letter: {name}-"))


def to_acme(room: MailRoom) -> int:
    return sum(1 for message in room.taken if message.customer == "C1")


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        (PLAN, "number: 1\n", "number: 7\n"),
        (PLAN, "letter: C1-EUR-friendly", "letter: C1-again"),
        ("ledgercli.yaml", "books@example.com", "books@other.example"),
    ],
)
def test_what_was_sent_stays_sent_whatever_is_edited(
    root: Path, room: MailRoom, name: str, before: str, after: str
) -> None:
    write(root)
    send(root, room)
    edit(root, name, before, after)
    assert told(send(root, room))[0] in {"C1 already-sent", "C1 held changed"}
    assert told(run(root, room, NEXT)) == []
    assert to_acme(room) == 1


@pytest.mark.parametrize("renamed", [False, True])
def test_an_entry_that_is_there_twice(root: Path, room: MailRoom, *, renamed: bool) -> None:
    write(root)
    text = entry(root)
    again = text.replace("letter: C1-EUR-friendly", "letter: C1-copy") if renamed else text
    edit(root, PLAN, text, f"{text}\n  - {again}")
    assert sorted(told(send(root, room))) == ["C1 held pending", "C1 sent", "C2 sent"]
    other = "C1 held changed" if renamed else "C1 already-sent"
    assert sorted(told(send(root, room))) == sorted(["C1 already-sent", other, "C2 already-sent"])
    assert to_acme(room) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("raised: true", "raised: false"),
        ("deadline: 2026-03-16", "deadline: 2026-03-07"),
        ("level: 1\n    level_name: friendly", "level: 2\n    level_name: final"),
        ("level: 1, level_name: friendly, raised", "level: 0, level_name: friendly, raised"),
        ("policy: standard", "policy: other"),
        ("review: none", "review: required"),
    ],
)
def test_what_the_plan_says_of_the_books_is_no_ones_to_edit(
    root: Path, room: MailRoom, before: str, after: str
) -> None:
    write(root)
    text = entry(root)
    edit(root, PLAN, text, text.replace(before, after))
    assert text.replace(before, after) != text
    assert told(send(root, room)) == ["C1 held changed", "C2 sent"]
    assert told(send(root, room)) == ["C1 held changed", "C2 already-sent"]
    assert to_acme(room) == 0


def test_a_review_that_was_edited_away(root: Path, room: MailRoom) -> None:
    run(root, room)
    day = dt.date(2026, 4, 1)
    folder = "letters/2026-04-01"
    write(root, day)
    edit(root, f"{folder}/plan.yaml", "review: required", "review: none")
    before = len(room.taken)
    assert told(send(root, room, day)) == ["C1 held changed", "C2 held changed"]
    assert len(room.taken) == before


def test_an_edited_letter_after_a_payment_is_not_sent(root: Path, room: MailRoom) -> None:
    edit(root, "main.beancount", LEDGER, LEDGER + LATE)
    write(root)
    edit(root, LETTER, "Dear", "Dear friends, dear")
    edit(root, "main.beancount", LATE, LATE + PAID)
    assert told(run(root, room)) == ["C1 held settled", "C2 sent"]
    assert told(run(root, room)) == ["C1 held settled"]
    assert to_acme(room) == 0
    (root / LETTER).unlink()
    assert told(run(root, room)) == ["C1 sent"]
    assert to_acme(room) == 1
    assert "INV-1" not in room.taken[-1].text


@pytest.mark.parametrize("text", ["", "  \n", "<<<<<<< HEAD\nDear\n=======\nHello\n>>>>>>> b\n"])
def test_a_letter_that_is_none(root: Path, room: MailRoom, text: str) -> None:
    write(root)
    (root / LETTER).write_text(text, encoding="utf-8")
    assert told(send(root, room))[0] in {"C1 held missing", "C1 held edited-partly"}
    assert to_acme(room) == 0


def test_a_folder_of_a_day_to_come(root: Path, room: MailRoom) -> None:
    write(root, DAY + dt.timedelta(days=5))
    assert told(send(root, room, DAY, "2026-03-11")) == ["C1 held early", "C2 held early"]
    assert room.taken == []


def test_a_copied_folder(root: Path, room: MailRoom) -> None:
    write(root)
    shutil.copytree(root / FOLDER, root / "letters/2026-03-07")
    assert told(send(root, room, NEXT)) == ["C1 sent", "C2 sent"]
    assert told(send(root, room, NEXT, FOLDER)) == ["C1 held changed", "C2 held changed"]
    assert told(run(root, room, NEXT)) == []
    assert to_acme(room) == 1


def test_sent_lines_lost_from_the_log(root: Path, room: MailRoom) -> None:
    write(root)
    send(root, room)
    log = next((root / "activity").glob("*.jsonl"))
    written = log.read_text(encoding="utf-8").splitlines(keepends=True)
    lines = [line for line in written if '"status":"sent"' not in line.replace(" ", "")]
    assert 0 < len(lines) < len(written)
    log.write_text("".join(lines), encoding="utf-8")
    assert told(send(root, room)) == ["C1 held log-lost", "C2 held log-lost"]
    assert told(run(root, room, NEXT)) == ["C1 held log-lost", "C2 held log-lost"]
    assert to_acme(room) == 1


@pytest.mark.parametrize("what", ["entry", "folder"])
@pytest.mark.parametrize("day", [DAY, NEXT])
def test_an_attempt_whose_letter_is_gone(
    root: Path, room: MailRoom, what: str, day: dt.date
) -> None:
    write(root)
    room.after = lambda _message: failure("cut", temporary=True, uncertain=True)
    send(root, room)
    room.after = lambda _message: None
    if what == "entry":
        edit(root, PLAN, f"\n  - {entry(root)}", "\n")
    else:
        shutil.rmtree(root / FOLDER)
    answer = run(root, room, day, 23)
    assert codes(answer)[0] == "letter-stuck C1"
    assert held(root, day, room)[0] == "C1 uncertain"
    assert to_acme(room) == 1


def test_a_letter_left_out_and_taken_in_again(root: Path, room: MailRoom) -> None:
    """Two folders have a letter to the same customer, both approved."""
    run(root, room)
    day = dt.date(2026, 4, 1)
    later = day + dt.timedelta(days=1)
    write(root, day)
    edit(root, "letters/2026-04-01/plan.yaml", "skip: false", "skip: true")
    write(root, later)
    edit(root, "letters/2026-04-01/plan.yaml", "skip: true", "skip: false")
    approved = approving.approve(opened(root, later), later, (), by="me", dry_run=False)
    assert [row["state"] for row in approved.table("letters").rows] == ["approved"] * 4
    assert told(run(root, room, later)) == ["C1 sent", "C2 sent"]
    assert told(run(root, room, later)) == []
    assert to_acme(room) == 2


def test_an_invoice_that_turns_up_after_the_letter_of_the_day(root: Path, room: MailRoom) -> None:
    run(root, room)
    before = (root / LETTER).read_bytes()
    edit(root, "main.beancount", LEDGER, LEDGER + LATE)
    assert told(run(root, room)) == []
    assert held(root, DAY, room) == ["C1 wait"]
    sent = [event.number for event in read_events(root)[0] if event.details["status"] == "sent"]
    assert sent == ["INV-1", "INV-2"]
    assert (root / LETTER).read_bytes() == before
    assert told(run(root, room, NEXT)) == ["C1 sent"]
    assert to_acme(room) == 2
    assert "INV-3" in room.taken[-1].text


def test_uncertain_is_settled_by_adopting(root: Path, room: MailRoom) -> None:
    room.after = lambda _message: failure("cut", temporary=True, uncertain=True)
    run(root, room)
    run(root, room, NEXT)
    room.after = lambda _message: None
    later = NEXT + dt.timedelta(days=1)
    assert told(run(root, room, later)) == ["C1 held uncertain", "C2 held uncertain"]
    query = Query(as_of=later)
    adopting.adopt(
        opened(root, later), query, level="friendly", sent=DAY, documents=(), dry_run=False
    )
    assert told(run(root, room, later)) == []
    # The next level comes in its time.
    assert told(run(root, room, FINAL)) == ["C1 held review", "C2 held review"]


def test_a_lost_log_is_told_in_every_run(root: Path, room: MailRoom) -> None:
    run(root, room)
    shutil.rmtree(root / "activity")
    for answer in (run(root, room, NEXT), write(root, NEXT, room)):
        assert codes(answer) == ["letter-stuck C1", "letter-stuck C2"]
    assert to_acme(room) == 1


@pytest.mark.parametrize(
    ("before", "after", "place", "reason"),
    [
        ("    skip: false\n", "    skipp: yes\n", "11:5", "unknown key `skipp`"),
        ("    channel: email\n", "    channel: fax\n", "12:14", "no channel `fax`"),
        ("skip: false", "skip: perhaps", "11:11", "must be `true` or `false`"),
    ],
)
def test_a_slip_in_the_plan_sends_nothing(
    root: Path, room: MailRoom, before: str, after: str, place: str, reason: str
) -> None:
    """A `skip` that nobody understands must not send the letter."""
    write(root)
    text = (root / PLAN).read_text(encoding="utf-8")
    (root / PLAN).write_text(text.replace(before, after, 1), encoding="utf-8")
    match = rf"plan\.yaml:{place}: .*{reason}"
    with pytest.raises(PlanUnusableError, match=match):
        send(root, room)
    with pytest.raises(PlanUnusableError, match=match):
        run(root, room)
    with pytest.raises(PlanUnusableError, match=match):
        write(root)
    assert room.taken == []


@pytest.mark.parametrize(
    ("before", "after", "state"),
    [
        ("number: 1\n", "number: 7\n", "held changed"),
        ("    number: 1\n", "", "held changed"),
        ("[C1-EUR-friendly.en.txt]", "[C2-EUR-friendly.en.txt]", "held edited-partly"),
        ("to: acme@example.org", "to: 'acme@example.org, beta@example.org'", "held undeliverable"),
        (
            "to: acme@example.org",
            'to: "acme@example.org\\nBcc: x@example.org"',
            "held undeliverable",
        ),
    ],
)
def test_what_the_letter_says_cannot_be_changed_in_the_plan(
    root: Path, room: MailRoom, before: str, after: str, state: str
) -> None:
    """Neither its number, nor the text of another customer's letter, nor more than one address."""
    write(root)
    edit(root, PLAN, before, after)
    assert told(send(root, room, dry_run=True)) == [f"C1 {state}", "C2 to-send"]
    assert told(send(root, room)) == [f"C1 {state}", "C2 sent"]
    assert to_acme(room) == 0


def test_a_file_of_ones_own_goes_along(root: Path, room: MailRoom) -> None:
    write(root)
    (root / FOLDER / "terms.pdf").write_bytes(b"%PDF-1.7 terms")
    edit(root, PLAN, "[C1-EUR-friendly.en.txt]", "[C1-EUR-friendly.en.txt, terms.pdf]")
    assert told(send(root, room)) == ["C1 sent", "C2 sent"]
    assert [each.name for each in room.taken[0].attachments] == ["terms.pdf"]


def by_status(root: Path, status: str) -> list[str]:
    events = [event for event in read_events(root)[0] if event.details.get("status") == status]
    return [f"{event.customer} {event.details['reason']}" for event in events]


def test_a_letter_that_is_overtaken_is_told_once(root: Path, room: MailRoom) -> None:
    """C1 could not be reached, and the address was corrected; C2 has paid in between."""
    room.fails = lambda message: failure("no such user", temporary=message.customer == "C2")
    assert told(run(root, room)) == ["C1 failed permanent", "C2 failed temporary"]
    room.fails = lambda _message: None
    edit(root, "customers/C1.yaml", "acme@", "new@")
    paid = PAID.replace("Acme", "Beta").replace("INV-1", "INV-2").replace("100.00", "200.00")
    edit(root, "main.beancount", LEDGER, LEDGER + paid)
    answer = run(root, room, NEXT, dry_run=True)
    assert told(answer) == ["C1 held changed", "C1 to-send", "C2 held settled"]
    answer = run(root, room, NEXT)
    assert told(answer) == ["C1 held changed", "C1 sent", "C2 held settled"]
    assert codes(answer) == ["letter-held C1", "letter-held C2"]
    assert by_status(root, "withdrawn") == ["C1 changed", "C2 settled"]
    for days in (1, 2, 9):
        later = run(root, room, NEXT + dt.timedelta(days=days))
        assert (told(later), codes(later)) == ([], [])
    assert to_acme(room) == 1


def test_a_letter_that_waits_for_approval_in_vain_is_told_once(root: Path, room: MailRoom) -> None:
    run(root, room)
    answer = run(root, room, FINAL)
    assert told(answer) == ["C1 held review", "C2 held review"]
    edit(root, "main.beancount", LEDGER, LEDGER + PAID.replace("2026-03-06", "2026-04-11"))
    after = FINAL + dt.timedelta(days=1)
    assert told(run(root, room, after)) == ["C1 held settled", "C2 held review"]
    assert told(run(root, room, after)) == ["C2 held review"]
    named = f"letters/{FINAL}/C1-EUR-final"
    answer = approving.approve(opened(root, after), after, (named,), by="me", dry_run=False)
    (row,) = answer.table("letters").rows
    assert (row["state"], row["detail"].values) == ("impossible", {"date": after})


def test_one_left_out_or_held_in_the_plan_is_no_news(root: Path, room: MailRoom) -> None:
    room.fails = lambda _message: failure("later", temporary=True)
    run(root, room)
    edit(root, PLAN, entry(root, "C1"), entry(root, "C1").replace("skip: false", "skip: yes"))
    edit(root, "customers/C2.yaml", "id: C2,", "id: C2, reminders: {never: true},")
    room.fails = lambda _message: None
    assert told(run(root, room, NEXT)) == ["C1 sent"]
    assert told(run(root, room, NEXT + dt.timedelta(days=1))) == []
    assert by_status(root, "withdrawn") == []


def test_a_letter_written_again_the_same_day_is_told_once(root: Path, room: MailRoom) -> None:
    room.fails = lambda _message: failure("no such user")
    run(root, room)
    room.fails = lambda _message: None
    edit(root, "customers/C1.yaml", "acme@", "new@")
    assert told(run(root, room))[0] == "C1 sent"


def test_a_plan_of_an_earlier_day_that_cannot_be_read(root: Path, room: MailRoom) -> None:
    room.fails = lambda _message: failure("later", temporary=True)
    run(root, room)
    room.fails = lambda _message: None
    edit(root, PLAN, "version: 1", "version: [")
    answer = run(root, room, NEXT)
    (finding, *_) = answer.task_findings
    assert (finding.code, finding.place.file) == ("yaml-syntax", PLAN)
    assert told(answer) == ["C1 sent", "C2 sent"]


def test_books_with_errors_say_of_no_letter_that_it_is_not_due(root: Path, room: MailRoom) -> None:
    """Whoever deleted the letters, as that finding advises, would lose what he edited."""
    write(root)
    edit(root, "main.beancount", LEDGER, f"{LEDGER}\n2026-03-01 open Equity:X EUR EUR\n")
    answer = run(root, room)
    assert "letter-not-due" not in " ".join(codes(answer))
    assert room.taken == []


def test_a_lost_letter_is_told_once_whatever_levels_it_raises(root: Path, room: MailRoom) -> None:
    edit(root, "main.beancount", LEDGER, LEDGER + LATE)
    run(root, room)
    later = DAY + dt.timedelta(days=30)
    edit(
        root, "main.beancount", LATE, f"{LATE}{LATE.replace('03-01', '04-01').replace('-3', '-4')}"
    )
    edit(root, "ledgercli.yaml", ", review: required", "")
    shutil.copytree(root / "activity", root.parent / "before")
    run(root, room, later)
    shutil.rmtree(root / "activity")
    shutil.copytree(root.parent / "before", root / "activity")
    answer = run(root, room, later + dt.timedelta(days=1))
    assert sorted(codes(answer)) == ["letter-stuck C1", "letter-stuck C2"]
    assert all("EUR-final" in each.values["letter"] for each in answer.task_findings)
