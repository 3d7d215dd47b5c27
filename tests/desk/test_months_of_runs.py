"""Seven months of runs over the example books, with gaps: what must hold whatever the books say."""

import datetime as dt
import itertools
import json
import random
import re
import shutil
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ledgercli.books.activity import read_events
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.opening import open_books
from ledgercli.desk.reminders import reminding
from ledgercli.desk.request import Query, Request
from ledgercli.model.settings import Policy
from ledgercli.output.json_format import render

EXAMPLES = Path(__file__).parents[2] / "examples"
FIRST, LAST = dt.date(2026, 6, 1), dt.date(2026, 12, 31)
DocumentKey = tuple[str, str, str]


def opened(name: str, root: Path) -> OpenBooks:
    """Return a copy of the books in which every letter goes by post and none was sent yet."""
    shutil.copytree(EXAMPLES / name, root, ignore=shutil.ignore_patterns("letters"))
    for path in [root / "ledgercli.yaml", *(root / "customers").glob("*.yaml")]:
        text = path.read_text(encoding="utf-8").replace("channel: email", "channel: post")
        # Nobody is there to approve a letter.
        text = text.replace("review: required", "review: none")
        path.write_text(re.sub(r"(?m)^ *require_fresh:.*\n", "", text), encoding="utf-8")
    for path in (root / "activity").glob("*.jsonl"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if json.loads(line)["kind"] not in {"reminder", "retract"}]
        path.write_text("".join(kept), encoding="utf-8")
    now = dt.datetime(2027, 2, 28, 12, tzinfo=dt.UTC)
    return open_books(Request(start=root, now=now, books=root), with_events=True)


def days(seed: int) -> list[dt.date]:
    """Return days of runs: mostly weekly, sometimes daily, sometimes after a long gap."""
    chance, found = random.Random(seed), [FIRST]  # noqa: S311 - the same days every time
    while found[-1] < LAST:
        found.append(found[-1] + dt.timedelta(chance.choice([1, 2, 7, 7, 7, 9, 16, 31])))
    return found


def policy_of(books: OpenBooks, customer: str) -> Policy:
    record = next(each for each in books.customers if each.id == customer)
    reminders = books.settings.reminders
    return reminders.policies[record.reminders.policy or reminders.default_policy]


def planned(books: OpenBooks, day: dt.date) -> dict[str, Any]:
    fresh = replace(books, events=read_events(books.root)[0])
    found: dict[str, Any] = json.loads(render(reminding.plan(fresh, Query(as_of=day))))
    return found


def check_letter(books: OpenBooks, letter: dict[str, Any], day: dt.date) -> None:
    """A letter adds up, and asks only those who owe something overdue beyond their credit."""
    key = (letter["customer"], letter["currency"])
    position = books.position(day)
    open_items = [
        item
        for item in position.open_items
        if (item.document.customer, item.document.currency) == key
    ]
    total = sum(Decimal(row["open"]) for row in letter["documents"])
    credit = Decimal(letter["unallocated"]) + Decimal(letter["deposits"])
    assert total == Decimal(letter["total"])
    claims = sum(Decimal(letter[key]) for key in ("fee", "interest", "carried"))
    assert Decimal(letter["claimed"]) == total - credit + claims
    assert credit == position.unallocated.get(key, 0) + max(position.deposits.get(key, 0), 0)
    owed = {item.document.number: item.open for item in open_items}
    assert all(Decimal(row["open"]) <= owed[row["number"]] for row in letter["documents"])
    if letter["level"]:
        assert all(row["days_overdue"] > 0 for row in letter["documents"])
        assert sum(item.open for item in open_items if item.is_overdue(day)) > credit
    raised = [row["level"] for row in letter["documents"] if row["raised"]]
    assert letter["level"] == max(raised)


def check_log(books: OpenBooks) -> None:
    """No level is skipped or repeated, and none comes before the deadline printed and ``grace``."""
    steps: dict[DocumentKey, list[tuple[dt.date, int, str | None]]] = defaultdict(list)
    for event in read_events(books.root)[0]:
        if event.details.get("status") == "sent" and event.details["level"]:
            step = (event.date, event.details["level"], event.details["deadline"])
            steps[event.customer, event.currency, event.number].append(step)
    assert len(steps) > 20
    for (customer, _, _), unsorted in steps.items():
        taken = sorted(unsorted)
        assert [level for _, level, _ in taken] == list(range(1, len(taken) + 1))
        grace = policy_of(books, customer).grace
        for (_, _, deadline), (later, _, _) in itertools.pairwise(taken):
            assert deadline is None or later > grace.after(dt.date.fromisoformat(deadline))


@pytest.mark.parametrize(("name", "seed"), [("wholesale", 1), ("trading-cn", 2)])
def test_months_of_runs(name: str, seed: int, tmp_path: Path) -> None:
    books = opened(name, tmp_path / name)
    letters: dict[str, list[dt.date]] = defaultdict(list)
    for day in days(seed):
        plan = planned(books, day)
        for letter in plan["letters"]:
            check_letter(books, letter, day)
            if letter["level"]:
                letters[letter["customer"]].append(day)
        reminding.run(books, Query(as_of=day), types=(), dry_run=False)
        assert planned(books, day)["letters"] == []
    check_log(books)
    for customer, sent in letters.items():
        wait = policy_of(books, customer).wait
        for first, following in itertools.pairwise(dict.fromkeys(sent)):
            assert wait is None or following >= wait.after(first)
