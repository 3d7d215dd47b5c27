"""A person says where a case stands: the list of running cases whose policy changed gets shorter."""

import datetime as dt
from pathlib import Path

import pytest

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.reminders import adopting, reminding
from ledgercli.desk.reminders.reminder_errors import SentInFutureError
from ledgercli.desk.request import Query, Request

SETTINGS = """\
reminders:
  default_policy: three
  policies:
    two:
      levels:
        - {name: 30 days end of month, after: 30 days end of month, template: reminder}
        - {name: 60 days last reminder, after: 60 days since previous, template: final-notice}
    three:
      levels:
        - {name: 10 days net, after: 10 days, template: reminder}
        - {name: 30 days end of month, after: 30 days end of month, template: reminder-firm}
        - {name: 10 days last reminder, after: 10 days since previous, template: final-notice}
"""
LEDGER = """\
2000-01-01 open Assets:Receivable
2000-01-01 open Income:Sales

2013-01-18 * "C1" "Goods" ^SI_4
  due: 2013-02-28
  Assets:Receivable  1000 EUR
  Income:Sales
"""


def opened(root: Path, policy: str, day: str) -> OpenBooks:
    (root / "ledgercli.yaml").write_text(SETTINGS, encoding="utf-8")
    (root / "main.beancount").write_text(LEDGER, encoding="utf-8")
    (root / "customers").mkdir(exist_ok=True)
    home = "addresses: {home: {lines: [Street 1]}}"
    record = f"{{id: C1, {home}, reminders: {{policy: {policy}}}}}"
    (root / "customers" / "C1.yaml").write_text(record, encoding="utf-8")
    now = dt.datetime.fromisoformat(f"{day}T06:00:00+00:00")
    return open_books(Request(start=root, now=now, books=root), with_events=True)


def run(root: Path, policy: str, day: str) -> tuple[list[int], list[str]]:
    """Return the levels raised and the reasons to hold, of a run on ``day``."""
    books, query = opened(root, policy, day), Query(as_of=dt.date.fromisoformat(day))
    held = [row["reason"] for row in reminding.plan(books, query).table("held").rows]
    letters = reminding.run(books, query, types=(), dry_run=False).table("letters").rows
    return [row["level"] for row in letters], held


def adopt(root: Path, policy: str, day: str, level: str, sent: str = "") -> int:
    books, query = opened(root, policy, day), Query(as_of=dt.date.fromisoformat(day))
    on = dt.date.fromisoformat(sent) if sent else None
    answer = adopting.adopt(books, query, level=level, sent=on, documents=("SI_4",), dry_run=False)
    return len(answer.tables[0].rows)


def test_a_case_of_another_policy_goes_on_where_a_person_puts_it(tmp_path: Path) -> None:
    assert run(tmp_path, "two", "2013-03-31") == ([1], [])
    assert run(tmp_path, "two", "2013-05-31") == ([2], [])
    assert run(tmp_path, "three", "2013-07-31") == ([], ["policy-changed"])
    assert adopt(tmp_path, "three", "2013-07-31", "10 days net", sent="2013-03-31") == 1
    assert adopt(tmp_path, "three", "2013-08-01", "10 days net") == 0
    assert run(tmp_path, "three", "2013-08-01") == ([2], [])
    assert run(tmp_path, "three", "2013-08-10") == ([], [])
    assert run(tmp_path, "three", "2013-08-11") == ([3], [])


def test_a_renamed_level_is_adopted_at_its_own_number(tmp_path: Path) -> None:
    assert run(tmp_path, "two", "2013-03-31") == ([1], [])
    assert run(tmp_path, "two", "2013-05-31") == ([2], [])
    assert adopt(tmp_path, "three", "2013-06-01", "2") == 1
    assert run(tmp_path, "three", "2013-06-10") == ([], [])
    assert run(tmp_path, "three", "2013-06-11") == ([3], [])


def test_what_the_log_has_at_a_higher_level_is_left_alone(tmp_path: Path) -> None:
    assert run(tmp_path, "two", "2013-03-31") == ([1], [])
    assert run(tmp_path, "two", "2013-05-31") == ([2], [])
    assert adopt(tmp_path, "two", "2013-06-01", "1") == 0
    assert run(tmp_path, "two", "2013-06-02") == ([], ["final"])


def test_what_was_sent_was_sent_by_the_day(tmp_path: Path) -> None:
    with pytest.raises(SentInFutureError, match="2013-06-02 is after 2013-06-01"):
        adopt(tmp_path, "three", "2013-06-01", "1", sent="2013-06-02")
    assert not (tmp_path / "activity").exists()
    assert adopt(tmp_path, "three", "2013-06-01", "1", sent="2013-06-01") == 1
