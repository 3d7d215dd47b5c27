"""What has no due date, and retention money, in every answer: nobody is asked to pay it."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Sequence
from decimal import Decimal

import pytest
from stories import Story, Tell, day, short

from ledgercli.desk import metric_reports, named_reports, reports
from ledgercli.desk.agenda.agenda import agenda
from ledgercli.desk.opening import open_books
from ledgercli.desk.reminders.planning import plan_of
from ledgercli.desk.request import Query, Request
from ledgercli.model.answer import Answer, Row, Text
from ledgercli.receivables.interest import Rate, item_interest
from ledgercli.receivables.metrics.payment_times import paid_invoices
from ledgercli.receivables.owed import owed_statements

#: Nothing of INV-1 is ever due: its acceptance is not recorded. INV-2 keeps 5 back until June.
LEDGER = """\
2026-01-01 * "Machine" ^INV-1
  terms: "net 10 from acceptance"
  Assets:Receivable:C1  60 EUR
  Income:Sales
2026-01-02 * "Machine" ^INV-2
  terms: "net 10"
  Assets:Receivable:C1  95 EUR
  Assets:Receivable:C1  5 EUR
    retention: 2026-06-30
  Income:Sales
2026-01-03 * "Paid" ^INV-2/1
  Assets:Receivable:C1  -95 EUR
  Assets:Bank
"""


@pytest.fixture
def story(tell: Tell) -> Story:
    """Open the books with activity and orders."""
    told = tell(
        LEDGER,
        customers="{id: C1, addresses: {billing: {lines: [Road 1], city: Bonn, country: DE}}}",
    )
    now = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
    request = Request(start=told.root, now=now, books=told.root)
    return Story(told.root, open_books(request, with_events=True, with_orders=True))


def asked(as_of: str) -> Query:
    return Query(as_of=day(as_of))


def rows(answer: Answer, table: str = "rows") -> Sequence[Row]:
    """Return the rows of a table of an answer."""
    return answer.table(table).rows


@pytest.mark.parametrize(
    ("as_of", "held", "reminded"),
    [
        ("2026-06-26", ["due-unknown"], []),
        # A notice would go three days before; of retention money none does.
        ("2026-06-27", ["retention", "due-unknown"], []),
        ("2026-06-30", ["retention", "due-unknown"], []),
        ("2026-07-04", ["due-unknown"], []),
        ("2026-07-05", ["due-unknown"], ["INV-2/2"]),
    ],
)
def test_nobody_is_reminded_of_it_before_its_day(
    story: Story, as_of: str, held: list[str], reminded: list[str]
) -> None:
    plan = plan_of(story.books, asked(as_of), ())
    assert [row.reason for row in plan.held] == held
    numbers = [row.item.document.number for letter in plan.letters for row in letter.documents]
    assert numbers == reminded


def test_the_items_say_what_is_waited_for(story: Story) -> None:
    listed = rows(reports.items(story.books, asked("2026-06-30"), settled=False))
    shown = [
        tuple(row[key] for key in ("number", "event", "retention", "days_overdue", "status"))
        for row in listed
    ]
    assert shown == [
        ("INV-2/2", None, "2026-06-30", 0, "open"),
        ("INV-1", "acceptance", None, None, "open"),
    ]


def test_the_agenda_has_the_day_of_retention_and_what_is_not_recorded(story: Story) -> None:
    def lines(as_of: str, until: str) -> list[tuple[str, str, str]]:
        answer = agenda(story.books, asked(as_of), until=day(until))
        return [(row["kind"], str(row["date"]), row["subject"]) for row in rows(answer)]

    unknown = ("occurrence", "2026-01-31", "INV-1")
    assert lines("2026-01-30", "2026-01-30") == []
    assert lines("2026-01-30", "2026-01-31") == [unknown]
    assert lines("2026-06-01", "2026-06-29") == [unknown]
    assert lines("2026-06-01", "2026-06-30") == [unknown, ("retention", "2026-06-30", "INV-2/2")]
    # What is late is reminded of, and goes off the agenda after a while.
    assert lines("2026-07-31", "2026-07-31") == [unknown]


def test_statements_tell_it_apart(story: Story) -> None:
    def parts(as_of: str) -> list[str]:
        found = owed_statements(story.at(as_of))["C1", "EUR"]
        return [short(each) for each in (found.closing, found.retention, found.due_unknown)]

    assert parts("2026-06-30") == ["65", "5", "60"]
    assert parts("2026-07-01") == ["65", "0", "60"]


def test_it_bears_no_interest_and_is_not_barred(story: Story) -> None:
    (item, waiting) = story.at("2026-12-31").open_items
    rate = Rate(Decimal(10))
    assert item_interest(waiting, day("2026-12-31"), rate).amount == 0
    answer = named_reports.limitation(story.books, asked("2026-12-31"), within=None)
    assert [(row["number"], str(row["barred_on"])) for row in rows(answer)] == [
        ("INV-2/2", "2030-01-01"),
        ("INV-1", "None"),
    ]
    (warning,) = answer.warnings
    assert isinstance(warning, Text)
    assert (warning.count, "not known to be due" in warning.message) == (1, True)
    assert item.document.retention


def test_paid_without_a_due_date_says_nothing_about_days_late(tell: Tell) -> None:
    """
    2026-01-01 * "Machine" ^INV-1
      terms: "net 10 from acceptance"
      accepted: 2026-02-01
      Assets:Receivable:C1  60 EUR
      Income:Sales
    2026-01-21 * "Paid" ^INV-1
      Assets:Receivable:C1  -60 EUR
      Assets:Bank
    """
    told = tell()
    assert list(paid_invoices(told.at("2026-01-31"))) == []
    (paid,) = paid_invoices(told.at("2026-02-01"))
    assert paid.days_late == -21


def test_days_to_pay_say_what_they_leave_out(tell: Tell) -> None:
    """
    2026-01-01 * "Machine" ^INV-1
      terms: "net 10 from acceptance"
      Assets:Receivable:C1  60 EUR
      Income:Sales
    2026-01-21 * "Paid" ^INV-1
      Assets:Receivable:C1  -60 EUR
      Assets:Bank
    """
    story = tell()
    answer = metric_reports.days_to_pay(story.books, asked("2026-01-31"), months=3, by="customer")
    assert rows(answer) == []
    last = answer.notes[-1]
    assert isinstance(last, Text)
    assert (last.count, "left out" in last.message) == (1, True)


def test_another_revision_knows_what_its_own_log_says(tell: Tell) -> None:
    told = tell(LEDGER)
    git = ["git", "-c", "user.name=U", "-c", "user.email=u@example.com", "-C", str(told.root)]
    log = told.root / "activity/2026-02.jsonl"
    log.parent.mkdir()
    line = (
        '{"v": 1, "id": "x", "at": "2026-02-03T08:00:00Z", "date": "2026-02-03", "by": "",'
        ' "kind": "occurrence", "customer": "C1", "event": "acceptance",'
        ' "document": {"number": "INV-1", "currency": "EUR"}}\n'
    )
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "before"]):
        subprocess.run([*git, *command], check=True)
    log.write_text(line)
    now = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
    dues = [
        next(
            item.document.due
            for item in open_books(
                Request(start=told.root, now=now, books=told.root, known_at=revision)
            )
            .position(day("2026-03-01"))
            .items
            if item.document.number == "INV-1"
        )
        for revision in ("HEAD", None)
    ]
    assert dues == [None, day("2026-02-13")]
