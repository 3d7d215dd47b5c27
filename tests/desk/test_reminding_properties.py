"""What must hold whatever the dates, the payments and the gaps between runs are."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from mail_room import MailRoom

from ledgercli.books.activity import read_events
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.reminders import reminding
from ledgercli.desk.request import Query, Request
from ledgercli.model.event import Event

START = dt.date(2026, 1, 1)
GRACE, DEADLINE = 3, 10
SETTINGS = f"""\
mail: {{from: books@example.com}}
receivables: {{allocation: explicit}}
reminders:
  policies:
    standard:
      deadline: {DEADLINE} days
      grace: {GRACE} days
      channel: email
      levels:
        - {{name: notice, after: -3 days, template: due-soon}}
        - {{name: first, after: 5 days, template: reminder}}
        - {{name: second, after: 20 days, template: reminder-firm}}
        - {{name: third, after: 14 days since previous, template: final-notice}}
"""
LEVELS = ("first", "second", "third")


def write_books(
    root: Path, documents: list[tuple[int, int]], payments: list[tuple[int, int]]
) -> None:
    """Write books of one customer; documents and payments are (day, amount).

    Payments name nothing: they stay credit, and a letter must never ask for more than the rest.
    """
    (root / "customers").mkdir(parents=True)
    (root / "ledgercli.yaml").write_text(SETTINGS, encoding="utf-8")
    ledger = [
        "2025-01-01 open Assets:Receivable:C1\n2025-01-01 open Income:Sales\n2025-01-01 open Assets:Bank\n"
    ]
    for number, (due, amount) in enumerate(documents, start=1):
        ledger.append(
            f'2025-06-01 * "C1" "Goods" ^INV-{number}\n  due: {START + dt.timedelta(days=due)}\n'
            f"  Assets:Receivable:C1  {amount} EUR\n  Income:Sales\n"
        )
    for number, (day, amount) in enumerate(payments, start=1):
        ledger.append(
            f'{START + dt.timedelta(days=day)} * "C1" "Paid" ^PAY-{number}\n'
            f"  Assets:Receivable:C1  -{amount} EUR\n  Assets:Bank\n"
        )
    (root / "main.beancount").write_text("".join(ledger), encoding="utf-8")
    record = (
        "{id: C1, accounts: ['Assets:Receivable:C1'], contacts: [{name: A, email: a@example.org}]}"
    )
    (root / "customers/C1.yaml").write_text(record, encoding="utf-8")


def opened(root: Path) -> OpenBooks:
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return open_books(Request(start=root, now=now, books=root), with_events=True)


def run(books: OpenBooks, room: MailRoom, day: dt.date) -> None:
    books.now = dt.datetime.combine(day, dt.time(6), tzinfo=dt.UTC)
    options = room.options()
    reminding.run(books, Query(as_of=day), types=(), dry_run=False, options=options)


def sent(root: Path) -> list[Event]:
    events, findings = read_events(root)
    assert findings == ()
    return [event for event in events if event.details["status"] == "sent"]


documents = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 100)), min_size=1, max_size=3)
payments = st.lists(st.tuples(st.integers(0, 70), st.integers(1, 150)), max_size=2)
gaps = st.lists(st.integers(1, 25), min_size=1, max_size=7)


@settings(max_examples=25)
@given(documents=documents, payments=payments, gaps=gaps)
def test_whatever_the_runs(
    documents: list[tuple[int, int]], payments: list[tuple[int, int]], gaps: list[int]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "books"
        write_books(root, documents, payments)
        books, room = opened(root), MailRoom()
        day = START
        for gap in gaps:
            day += dt.timedelta(days=gap)
            asked = sum(amount for due, amount in documents if START + dt.timedelta(days=due) < day)
            all_of = sum(amount for _, amount in documents)
            credit = sum(
                amount for paid, amount in payments if START + dt.timedelta(days=paid) <= day
            )
            before = len(room.taken)
            run(books, room, day)
            letters = room.taken[before:]
            assert len(letters) <= 1
            for letter in letters:
                # Nobody who owes nothing after their credit is ever written to.
                overdue = letter.facts["level"] != 0
                assert (asked if overdue else all_of) - credit > 0
                assert Decimal(str(letter.facts["claimed"])) > 0
            log = (root / "activity").exists() and sorted((root / "activity").iterdir())
            contents = [path.read_bytes() for path in log or ()]
            run(books, room, day)
            assert len(room.taken) == before + len(letters)
            assert contents == [path.read_bytes() for path in log or ()]
        check_steps(sent(root))


def check_steps(events: list[Event]) -> None:
    """Each document goes up one level a letter, never before deadline and grace have passed."""
    by_document: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_document[event.number].append(event)
    for rows in by_document.values():
        dunning = [row for row in rows if row.details["level"]]
        assert [row.details["level_name"] for row in dunning] == list(LEVELS[: len(dunning)])
        for earlier, later in pairwise(dunning):
            deadline = dt.date.fromisoformat(earlier.details["deadline"])
            assert later.date > deadline + dt.timedelta(days=GRACE)
        assert len([row for row in rows if not row.details["level"]]) <= 1


@settings(max_examples=15)
@given(gaps=gaps)
def test_gaps_reach_what_one_step_a_run_allows(gaps: list[int]) -> None:
    """One document, due on the first day: the level follows from the dates of the runs alone."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "books"
        write_books(root, [(0, 50)], [])
        books, room = opened(root), MailRoom()
        day, level, last = START, 0, START
        for gap in gaps:
            day += dt.timedelta(days=gap)
            overdue = (day - START).days
            allowed = level == 0 or (day - last).days > DEADLINE + GRACE
            due = [overdue >= 5, overdue >= 20, (day - last).days >= 14, False][level]
            if allowed and due:
                level, last = level + 1, day
            run(books, room, day)
        assert [event.details["level_name"] for event in sent(root)] == list(LEVELS[:level])
        shutil.rmtree(root)
